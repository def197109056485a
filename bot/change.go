package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// A change is what a coordinator does to a cycle: what it needs is asked for step by
// step, then it is shown with whom it has told, asked once, done in one transaction,
// written into the journal, and can be undone.
type change struct {
	what string // stable code: the journal's, and the command that begins it
	// of finds the cycle of what is changed; ErrNotFound: there is no such thing.
	of func(*turn, *proposal) (cycleID string, err error)
	// seen is how the thing stands: if that is another by the time it is confirmed,
	// somebody else was quicker.
	seen func(*turn, *proposal) string
	// cant says why it can't be done to this thing, and what to do; "": it can.
	cant   func(*turn, *proposal) chat.Text
	fields []field
	sure   func(*turn, *proposal) chat.Text // what would be done, and who would hear of it
	do     func(*turn, *proposal) (outcome, error)
	undo   func(*turn, *store.Entry) error // as undoing makes it
	// again leads back to where it was begun.
	again func(*turn, *proposal) chat.Button
}

// A field is one value that a change needs.
type field struct {
	name   string
	ask    func(*turn, *proposal) chat.Text
	hint   string // id of what hints at what can be typed; "": only the buttons answer
	offers func(*turn, *proposal) ([]offer, error)
	skip   string // id of the button that leaves it empty; "": it is needed
	// read takes what was typed or tapped, or says kindly why not.
	read func(t *turn, d *proposal, text string) (value string, sorry chat.Text, err error)
}

// An outcome is what came of a change.
type outcome struct {
	subject string // id of what was changed, or added
	acted   string // the person whom it is about, if it is about one
	before  any    // what undoing needs
	text    chat.Text
	buttons []chat.Button
}

// changes are all there are, by what they do.
var changes = map[string]*change{}

func init() { // they refer to what refers to them
	for _, list := range [][]change{sessionChanges, eventChanges, agendaChanges, pairChanges, personChanges} {
		for i := range list {
			changes[list[i].what] = &list[i]
			undoers[list[i].what] = list[i].undo
		}
	}
}

// changing is a command that begins a change of a thing.
func changing(what string, options ...option) command {
	return command{name: what, who: coordinator, options: append(options, anID("subject")), run: (*turn).begin}
}

// begin begins the change that the command names.
func (t *turn) begin() error {
	d := &proposal{What: t.command.name, CycleID: t.args["cycle"], Subject: t.args["subject"]}
	c := changes[d.What]
	if ok, err := t.open(c, d); err != nil || !ok {
		return err
	}
	d.Seen = c.seen(t, d)
	return t.step(c, d)
}

// open speaks of the cycle that a proposal is to change, if who asks coordinates it. ok:
// it can be changed like that; else the reply says why not.
func (t *turn) open(c *change, d *proposal) (ok bool, err error) {
	cycleID, err := c.of(t, d)
	if err == nil && !t.coordinates(cycleID) {
		err = store.ErrNotFound
	}
	if err == nil {
		err = t.look(cycleID)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		t.stale()
		return false, nil
	case err != nil:
		return false, err
	}
	d.CycleID = cycleID
	if c.cant == nil {
		return true, nil
	}
	if why := c.cant(t, d); why != "" {
		t.tell(why, c.again(t, d))
		return false, nil
	}
	return true, nil
}

// openProposal reads the proposal that is named. ok: it can be gone on with; else the reply
// says why not.
func (t *turn) openProposal() (c *change, d *proposal, ok bool, err error) {
	d, ok, err = t.proposal(t.args["proposal"])
	switch {
	case err != nil:
		return nil, nil, false, err
	case !ok:
		t.say("change.old", nil, t.button("manage", "manage"), t.button("help", "help"))
		return nil, nil, false, nil
	}
	c = changes[d.What]
	if c == nil { // of an earlier build
		t.stale()
		return nil, nil, false, nil
	}
	if done, err := t.doneBefore(d); err != nil || done {
		return nil, nil, false, err
	}
	if ok, err = t.open(c, d); err != nil || !ok {
		return nil, nil, false, err
	}
	if c.seen(t, d) != d.Seen {
		t.say("change.meanwhile", nil, c.again(t, d))
		return nil, nil, false, nil
	}
	return c, d, true, nil
}

// doneBefore reports whether a proposal was confirmed already, and says so: its entry in
// the journal has the same id.
func (t *turn) doneBefore(d *proposal) (bool, error) {
	e, err := t.tx.Entry(d.id)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	switch {
	case !t.coordinates(e.CycleID):
		t.stale()
	case !e.UndoneAt.IsZero():
		t.say("undo.twice", nil, t.lead("manage", "manage "+e.CycleID))
	default:
		t.say("change.done-already", nil, t.undoButton(d.id), t.lead("history", "history "+e.CycleID))
	}
	return true, nil
}

func (t *turn) undoButton(entry string) chat.Button { return t.button("undo", "undo "+entry) }

// missing is the first field that a proposal lacks, or nil.
func (c *change) missing(d *proposal) *field {
	for i := range c.fields {
		if _, ok := d.Values[c.fields[i].name]; !ok {
			return &c.fields[i]
		}
	}
	return nil
}

// step asks for what a proposal lacks, or whether to do it.
func (t *turn) step(c *change, d *proposal) error {
	if f := c.missing(d); f != nil {
		return t.askField(f, d, "", 0)
	}
	if err := t.putProposal(d); err != nil {
		return err
	}
	t.tell(c.sure(t, d), append([]chat.Button{t.button("do", "do "+d.id)}, t.wayOut(d)...)...)
	return nil
}

// askField asks for a field, with a word on what was said first, and with the offers
// from one on.
func (t *turn) askField(f *field, d *proposal, sorry chat.Text, from int) error {
	if err := t.putProposal(d); err != nil {
		return err
	}
	t.line = "fill " + d.id
	var buttons []chat.Button
	if f.offers != nil {
		offers, err := f.offers(t, d)
		if err != nil {
			return err
		}
		buttons = t.page(offers, from, "")
	}
	if f.skip != "" {
		buttons = append(buttons, chat.Button{Label: t.text(f.skip, nil).Plain(), Command: t.line + " " + nothing})
	}
	t.tell(chat.Join(sorry, f.ask(t, d)), append(buttons, t.wayOut(d)...)...)
	if f.hint == "" {
		return nil
	}
	t.reply.Ask = t.text(f.hint, nil).Plain()
	return t.await(t.line)
}

// nothing stands on a button for a value that is left empty.
const nothing = "-"

// wayOut are the buttons that lead a step back, and out.
func (t *turn) wayOut(d *proposal) (buttons []chat.Button) {
	if d.Back != "" {
		buttons = append(buttons, t.button("back", "fill "+d.Back))
	}
	return append(buttons, t.button("cancel", "cancel"))
}

// fillProposal takes the value that a proposal lacks.
func (t *turn) fillProposal() error {
	c, d, ok, err := t.openProposal()
	if err != nil || !ok {
		return err
	}
	f, text, from := c.missing(d), strings.TrimSpace(t.rest), 0
	if word, rest := cut(text); t.request.Tapped && strings.HasPrefix(word, pageMark) {
		from, _ = strconv.Atoi(word[len(pageMark):]) // of nonsense, the first page
		text = rest
	}
	switch {
	case f == nil:
		return t.step(c, d)
	case text == "":
		return t.askField(f, d, "", from)
	case t.request.Tapped && text == nothing && f.skip != "":
		return t.step(c, d.with(f.name, ""))
	}
	value, sorry, err := f.read(t, d, text)
	if err != nil {
		return err
	}
	if sorry != "" {
		return t.askField(f, d, sorry, from)
	}
	return t.step(c, d.with(f.name, value))
}

// doProposal does what was asked, and confirmed.
func (t *turn) doProposal() error {
	c, d, ok, err := t.openProposal()
	if err != nil || !ok {
		return err
	}
	if c.missing(d) != nil {
		return t.step(c, d)
	}
	if err := t.act(); err != nil {
		return err
	}
	out, err := c.do(t, d)
	if err != nil {
		return err
	}
	kept, err := json.Marshal(out.before)
	if err != nil {
		return fmt.Errorf("keep what was before: %w", err)
	}
	err = t.tx.InsertEntry(&store.Entry{
		ID: d.id, CycleID: d.CycleID, By: t.me(), For: out.acted, What: d.What, Subject: out.subject, Before: string(kept),
	})
	t.tell(out.text, append([]chat.Button{t.undoButton(d.id)}, out.buttons...)...)
	return err
}

// undoing is an undoer of a change of a coordinator, given what it has kept.
func undoing[T any](back func(*turn, *store.Entry, *T) error) func(*turn, *store.Entry) error {
	return func(t *turn, e *store.Entry) error {
		if !t.coordinates(e.CycleID) {
			return t.giveUp("sorry.stale", nil, t.first()...)
		}
		if err := t.look(e.CycleID); err != nil {
			return err
		}
		var kept T
		if err := json.Unmarshal([]byte(e.Before), &kept); err != nil {
			return fmt.Errorf("read what was before: %w", err)
		}
		again, err := t.doneAgain(e)
		switch {
		case err != nil:
			return err
		case again:
			err = t.changedSince(e)
		default:
			err = back(t, e, &kept)
		}
		if errors.Is(err, store.ErrNotFound) {
			return t.giveUp("change.cant-undo", nil, t.button("manage", "manage "+e.CycleID))
		}
		return err
	}
}

// undoingUnless is undoing of what can be undone only as long as such a thing can be done:
// later nobody would hear of it in time.
func undoingUnless[T any](cant func(*turn, *proposal) chat.Text, back func(*turn, *store.Entry, *T) error) func(*turn, *store.Entry) error {
	return undoing(func(t *turn, e *store.Entry, kept *T) error {
		g := t.gathering(e.Subject)
		if g.id == "" { // it was taken away
			return store.ErrNotFound
		}
		if why := cant(t, &proposal{What: e.What, Subject: e.Subject}); why != "" {
			t.tell(why, t.button(g.own()))
			return errGivenUp
		}
		return back(t, e, kept)
	})
}

// doneAgain reports whether what an entry tells was done to the same thing once more: then
// it may stand as the entry left it, but by a later word.
func (t *turn) doneAgain(e *store.Entry) (bool, error) {
	all, err := t.tx.EntriesOf(e.CycleID, e.Subject)
	return slices.ContainsFunc(all, func(later store.Entry) bool {
		return later.What == e.What && later.At.After(e.At) && later.UndoneAt.IsZero()
	}), err
}

// changedSince answers that what became of a thing since stands in the way of undoing.
func (t *turn) changedSince(e *store.Entry) error {
	if g := t.gathering(e.Subject); g.id != "" {
		return t.giveUp("undo.changed-since", locale.Args{"Title": g.title}, t.button(g.own()))
	}
	if p := t.pairByID(e.Subject); p.ID != "" {
		return t.giveUp("undo.pair-changed", t.pairArgs(p), t.button("pair", "manage-pair "+p.ID))
	}
	if p := t.c.People[e.Subject]; p != nil {
		return t.giveUp("undo.person-changed", locale.Args{"Name": t.name(p.ID)}, t.button("see-person", "person "+e.CycleID+" "+p.ID))
	}
	return store.ErrNotFound // it was taken away
}

// giveUp answers that something isn't done after all: whatever was written of it is
// rolled back.
func (t *turn) giveUp(id string, args map[string]any, buttons ...chat.Button) error {
	t.say(id, args, buttons...)
	return errGivenUp
}
