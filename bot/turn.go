package bot

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// A turn is one request being answered, in one transaction. Whatever it learns of the
// world it learns in it, so a turn may be run again from the start.
type turn struct {
	*speech
	h        *handler
	tx       *store.Tx
	request  *chat.Request
	writable bool // else the transaction is for reading only
	whole    bool // all of the cycle spoken of was read

	account store.Account // of who asks; zero: nobody whom the programme knows
	parts   []store.Part  // where they take part now, the cycle that concerns them most first

	pair    *store.Pair // that is spoken of, if any
	posting *posting    // the announcement that is spoken of, if any
	command *command
	line    string            // the command and its options so far, as a button says them
	rest    string            // what was typed of the options that are still to be read
	args    map[string]string // the options so far, by name
	later   []option          // those after the one that is being looked for
	pending pending           // the question that what was typed answers, if any
	steps   []string          // the line before each option that was chosen, for going back

	reply    chat.Reply
	effect   bool            // something was written that must not be written again
	consumed bool            // a question that had been asked: delivered again, it must not answer the next one
	menus    []store.Account // whose menus are to follow, once this is committed
	wakes    bool            // and it may make a message due at once
	forget   bool            // the chat is nobody's any more: once the reply is sent, where it went is forgotten
}

func newTurn(h *handler, tx *store.Tx, r *chat.Request, size size, writable bool) *turn {
	nobody := &store.Person{Language: r.Language}
	return &turn{
		speech: newSpeech(&store.Snapshot{}, nobody, tx.Now(), size),
		h:      h, tx: tx, request: r, writable: writable, args: map[string]string{},
	}
}

// answer answers the request.
func (t *turn) answer() (chat.Reply, error) {
	if reply, ok, err := t.handled(); ok || err != nil {
		return reply, err
	}
	if err := t.identify(); err != nil {
		return chat.Reply{}, err
	}
	err := t.do()
	if refusal := asRefusal(err); refusal != nil {
		if t.refuse(refusal); t.err == nil {
			t.err = errGivenUp
		}
		t.public()
		return t.reply, t.err
	}
	if errors.Is(err, errGivenUp) && t.err == nil {
		return t.reply, errGivenUp
	}
	t.leadOn()
	t.public()
	if err == nil && t.reply.Menu && t.me() != "" {
		err = t.newMenus(t.me())
	}
	if err = errors.Join(err, t.err); err != nil {
		return chat.Reply{}, err
	}
	if chat.UTF16Len(string(t.reply.Text))-t.written > chat.MaxText {
		return chat.Reply{}, errTooLong
	}
	if t.effect || t.consumed {
		t.reply.Kept = true
		return t.reply, t.note(t.reply)
	}
	return t.reply, nil
}

// do does what the request asks for.
func (t *turn) do() error {
	if t.request.Group {
		return t.inGroup()
	}
	if err := t.reached(); err != nil {
		return err
	}
	if err := t.understand(); err != nil {
		return err
	}
	return t.run()
}

// leadOn sees to it that there is a way on from every reply.
func (t *turn) leadOn() {
	switch {
	case len(t.reply.Buttons) > 0 || t.reply.Ask != "":
	case t.me() == "":
		t.reply.Ask = t.text("hint.code", nil).Plain()
	default:
		t.reply.Buttons = t.first()
	}
}

// identify finds out who asks, and where they take part.
func (t *turn) identify() error {
	account, person, err := t.tx.Identify(t.h.id, t.request.UserID)
	if errors.Is(err, store.ErrNotFound) {
		return t.guess()
	}
	if err != nil {
		return err
	}
	parts, err := t.tx.Standings(person.ID)
	if err != nil {
		return err
	}
	t.account = account
	t.takePart(&person, parts)
	return nil
}

// guess has the turn speak to somebody whose language nobody knows in the one of the latest
// cycle.
func (t *turn) guess() error {
	if t.request.Language != "" {
		return nil
	}
	cycles, err := t.tx.Cycles()
	if err != nil || len(cycles) == 0 {
		return err
	}
	latest := slices.MaxFunc(cycles, func(a, b store.Cycle) int { return cmp.Compare(a.Starts, b.Starts) })
	t.speech = newSpeech(&store.Snapshot{Cycle: store.Cycle{Language: latest.Language}}, &store.Person{}, t.now, t.size)
	return nil
}

// reached notes that an account can be reached, which couldn't, once its person writes
// from the chat where it was tried.
func (t *turn) reached() error {
	a := &t.account
	if a.ID == "" || a.Reachable || t.request.ChatID != a.ChatID {
		return nil
	}
	if err := t.writes(); err != nil {
		return err
	}
	return t.tx.SetReachable(a.ID, true, "")
}

// takePart makes the turn speak to a person, as a member of the cycle that concerns
// them most.
func (t *turn) takePart(person *store.Person, parts []store.Part) {
	t.parts = nil
	for _, part := range parts {
		if part.LeftAt.IsZero() && !part.JoinedAt.IsZero() {
			t.parts = append(t.parts, part)
		}
	}
	sortParts(t.parts, t.now)
	c := &store.Snapshot{People: map[string]*store.Person{person.ID: person}}
	if len(t.parts) > 0 {
		c.Cycle, c.Members = t.parts[0].Cycle, []store.Member{t.parts[0].Member}
	}
	t.speech = newSpeech(c, person, t.now, t.size)
}

// look reads a cycle whole, and speaks of it from then on.
func (t *turn) look(cycleID string) error {
	if t.c.Cycle.ID == cycleID && t.whole {
		return nil
	}
	c, err := t.tx.Snapshot(cycleID)
	if err != nil {
		return err
	}
	t.speak(c)
	t.whole = true
	return nil
}

// speak makes the turn speak of what was read of a cycle.
func (t *turn) speak(c *store.Snapshot) {
	failed, written := t.err, t.written
	t.speech = newSpeech(c, t.to, t.now, t.size)
	t.err, t.written, t.whole = failed, written, false
}

// writes has the request run again in a transaction that can write, unless this is
// one.
func (t *turn) writes() error {
	if !t.writable {
		return errWrites
	}
	return nil
}

// act is to be called before the first write of an effect: the request then has it
// once, however often it is delivered.
func (t *turn) act() error {
	if err := t.writes(); err != nil {
		return err
	}
	t.effect, t.wakes = true, true
	return nil
}

// me is the id of who asks; "" for nobody whom the programme knows.
func (t *turn) me() string { return t.account.PersonID }

// say answers with a text.
func (t *turn) say(id string, args map[string]any, buttons ...chat.Button) {
	t.tell(t.text(id, args), buttons...)
}

// tell answers with words.
func (t *turn) tell(text chat.Text, buttons ...chat.Button) {
	t.reply.Message = chat.Message{Text: text, Buttons: buttons}
}

// refuse answers kindly what the store has refused.
func (t *turn) refuse(refusal *store.Refusal) {
	id, ok := refusals[refusal]
	if !ok {
		id = "refused.anything"
	}
	t.say(id, nil, t.button("help", "help"))
}

// refusals are the words for what the store refuses, where a command has none of its
// own.
var refusals = map[*store.Refusal]string{
	store.ErrBeforeCycle: "refused.before-cycle", store.ErrAfterCycle: "refused.after-cycle",
	store.ErrNoSuchTime: "refused.no-such-time", store.ErrFuture: "refused.future", store.ErrPast: "refused.past",
	store.ErrSameDay: "refused.same-day", store.ErrPairEnded: "refused.pair-ended", store.ErrState: "refused.too-late",
	store.ErrPartner: "refused.partner", store.ErrNotMember: "refused.not-member", store.ErrDates: "refused.dates",
	store.ErrRoles: "refused.roles", store.ErrKnown: "refused.known", store.ErrInPair: "refused.in-pair",
	store.ErrAccountTaken: "refused.account-taken",
}

// cut takes the first word of a text off.
func cut(text string) (word, rest string) {
	text = strings.TrimLeft(text, " ")
	word, rest, _ = strings.Cut(text, " ")
	return word, rest
}
