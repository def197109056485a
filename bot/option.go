package bot

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// An option is a value that a command needs. One that isn't given is asked for, with
// buttons for the likely answers.
type option struct {
	name string
	ask  string // id of the question; "": never asked for, only buttons say it
	none string // id of what is said instead if there is nothing to choose from; "": it is asked for in any case
	hint string // id of what hints at what can be typed; "": only the buttons answer
	// asks puts the question, if it tells what was answered before; else ask does.
	asks func(*turn) chat.Text
	// offers are the likely answers; more are those behind the button "another", whose
	// label's id that is.
	offers  func(*turn) ([]offer, error)
	more    func(*turn) ([]offer, error)
	another string
	// read finds a value at the front of what was typed or is on a button.
	read func(t *turn, text string) (value, rest string, ok bool)
	// cant says kindly why a value that was read can't be; "": it can.
	cant     func(t *turn, value string) chat.Text
	optional bool // the command does without, but asks which of several is meant
	sole     bool // taken unasked if there is but one
	free     bool // whatever is typed is its value
	last     bool // if no other option follows, nothing else is understood after it
}

// An offer is a likely value of an option. A value has no space in it.
type offer struct{ label, value string }

// another stands on a command line where more is to be offered, or typed.
const another = "?"

// pageMark stands before the number of the first offer of a page. What was typed follows
// it: a page shows what fits that.
const pageMark = "@"

// offersAtOnce is how many offers have a button at once.
const offersAtOnce = 8

// fill finds the options of the command, and reports whether they are all there. If
// not, the reply asks for the first that is missing.
func (t *turn) fill() (ready bool, err error) {
	for i := range t.command.options {
		o := &t.command.options[i]
		t.later = t.command.options[i+1:]
		value, chosen, done, err := t.find(o)
		if err != nil || done {
			return false, err
		}
		if value == "" {
			continue // it does without
		}
		if o.cant != nil {
			if why := o.cant(t, value); why != "" {
				return false, t.askAnew(o, why)
			}
		}
		if chosen && o.last && len(t.later) == 0 && strings.TrimSpace(t.rest) != "" {
			return false, t.ask(o, t.rest, 0, false) // there is more than is understood
		}
		if chosen && !t.only(o) {
			t.steps = append(t.steps, t.line)
		}
		if strings.TrimSpace(t.rest) == "" {
			t.rest = t.kept()
		}
		t.args[o.name] = value
		t.line += " " + value
	}
	return true, nil
}

// askAnew asks for an option once more, with a word on what was given.
func (t *turn) askAnew(o *option, why chat.Text) error {
	t.rest, t.later = "", nil
	if err := t.ask(o, "", 0, false); err != nil {
		return err
	}
	t.reply.Text = chat.Join(why, t.reply.Text)
	return nil
}

// only reports whether an option was no choice: going back to it would lead nowhere. It
// looks only when there will be a question from which to go back.
func (t *turn) only(o *option) bool {
	if !o.sole || len(t.later) == 0 || t.rest != "" {
		return false
	}
	offers, err := o.offers(t)
	if err != nil && t.err == nil {
		t.err = err
	}
	return len(offers) == 1
}

// find finds one option. done: the reply asks for it.
func (t *turn) find(o *option) (value string, chosen, done bool, err error) {
	if typed, ok := t.request.Options[o.name]; ok {
		value, rest, ok := o.read(t, strings.TrimSpace(typed))
		if ok && rest == "" {
			return value, true, false, nil
		}
		return "", false, true, t.ask(o, typed, 0, false)
	}
	switch word, rest := cut(t.rest); {
	case o.free && word != "":
		value, rest, ok := o.read(t, t.rest)
		if t.rest = rest; ok {
			return value, true, false, nil
		}
	case o.ask == "":
		value, rest, ok := o.read(t, t.rest)
		if !ok {
			return "", false, false, nil
		}
		t.rest = rest
		return value, false, false, nil
	case word == another:
		return "", false, true, t.ask(o, rest, 0, true)
	case strings.HasPrefix(word, pageMark):
		from, _ := strconv.Atoi(word[len(pageMark):]) // of nonsense, the first page
		value, left, ok := o.read(t, rest)
		if t.rest = left; ok {
			return value, true, false, nil // it fits but one by now
		}
		return "", false, true, t.ask(o, rest, from, false)
	case word != "":
		if value, rest, ok := o.read(t, t.rest); ok {
			t.rest = rest
			return value, true, false, nil
		}
	}
	if o.sole {
		offers, err := o.offers(t)
		if err != nil {
			return "", false, false, err
		}
		if len(offers) == 1 {
			value, _, _ := o.read(t, offers[0].value)
			return value, false, false, nil
		}
	}
	if o.optional && t.args[among] == "" {
		return "", false, false, nil
	}
	return "", false, true, t.ask(o, t.rest, 0, false)
}

// ask asks for an option: with the offers from one on, or with more of them.
// unread is what was typed and isn't understood.
func (t *turn) ask(o *option, unread string, from int, more bool) error {
	typed := t.args[among]
	unread = strings.TrimPrefix(strings.Join(strings.Fields(unread), " "), typed)
	after, all := t.readLater(strings.TrimSpace(unread))
	if kept := t.kept(); kept != "" && (typed == "" || after == "") {
		after, all = kept, false
	}
	if all {
		unread = ""
	}
	if unread = strings.TrimSpace(unread); unread != "" && t.request.Tapped {
		t.stale()
		return nil
	}
	find := o.offers
	if more && o.more != nil {
		find = o.more
	}
	offers, err := find(t)
	if err != nil {
		return err
	}
	if len(offers) == 0 && o.none != "" {
		t.say(o.none, nil, t.button("whats-next", "next"), t.button("help", "help"))
		return nil
	}
	question := o.question(t)
	switch {
	case typed != "":
		question = chat.Join(t.severalFit(), question)
	case unread != "" && o.hint != "":
		question = chat.Join(t.text("ask.unread", locale.Args{"What": unread}), question)
	}
	if more && o.hint != "" {
		question = chat.Join(question, t.text(o.hint, nil))
	}
	buttons := t.page(offers, from, after)
	if o.more != nil && !more {
		buttons = append(buttons, chat.Button{Label: t.text(o.another, nil).Plain(), Command: t.line + " " + another})
	}
	t.tell(question, append(buttons, t.ways()...)...)
	if o.hint == "" {
		return nil
	}
	t.reply.Ask = t.text(o.hint, nil).Plain()
	return t.awaits(pending{t.line, after})
}

// askAgain asks for an option anew, as if the line said all that is known, with a word
// before the question; steps are the lines to go back to.
func (t *turn) askAgain(o *option, line string, why chat.Text, steps ...string) error {
	t.line, t.rest, t.later, t.steps = line, "", nil, steps
	if err := t.ask(o, "", 0, false); err != nil {
		return err
	}
	t.reply.Text = chat.Join(why, t.reply.Text)
	return nil
}

func (o *option) question(t *turn) chat.Text {
	if o.asks != nil {
		return o.asks(t)
	}
	return t.text(o.ask, nil)
}

// readLater reads what was typed as the options after the one that is asked for, and
// returns it as it stands on a command line. all: nothing else was typed.
func (t *turn) readLater(text string) (after string, all bool) {
	for i := range t.later {
		if text == "" || t.later[i].free {
			break
		}
		value, rest, ok := t.later[i].read(t, text)
		if !ok {
			return "", false
		}
		after, text = after+" "+value, rest
	}
	return after, text == ""
}

// stale answers a button that says what makes no sense (any more), or not from this
// person.
func (t *turn) stale() { t.say("sorry.stale", nil, t.first()...) }

// page returns the buttons of a page of offers; after follows each on its line.
func (t *turn) page(offers []offer, from int, after string) (buttons []chat.Button) {
	if from < 0 || from >= len(offers) {
		from = 0
	}
	to := len(offers)
	if to-from > offersAtOnce {
		to = from + offersAtOnce - 1
	}
	for _, o := range offers[from:to] {
		buttons = append(buttons, chat.Button{Label: label(o.label), Command: t.line + " " + o.value + after})
	}
	if line := t.pageLine(to, after); to < len(offers) && line != "" {
		buttons = append(buttons, t.button("more", line))
	}
	if line := t.pageLine(0, after); from > 0 && line != "" {
		buttons = append(buttons, t.button("first", line))
	}
	return buttons
}

// pageLine leads to a page of offers; "" if what was typed leaves no room for that: who
// types so much can type the rest.
func (t *turn) pageLine(from int, after string) string {
	for _, typed := range []string{t.args[among], locale.Fold(t.args[among])} {
		line := strings.Join(strings.Fields(t.line+" "+pageMark+strconv.Itoa(from)+" "+typed+after), " ")
		if len(line) <= chat.MaxCommand {
			return line
		}
	}
	return ""
}

// ways are the buttons that lead out of a question: a step back, and out of it all.
func (t *turn) ways() (buttons []chat.Button) {
	if n := len(t.steps); n > 0 {
		buttons = append(buttons, t.button("back", t.steps[n-1]))
	}
	return append(buttons, t.button("cancel", "cancel"))
}

// labelRunes is how much of a name a button shows: characters, where one of two UTF-16
// code units counts for two.
const labelRunes = 40

func label(text string) string { return fit(text, labelRunes) }

// fit is a text on one line, shortened to some UTF-16 code units.
func fit(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if chat.UTF16Len(text) <= most {
		return text
	}
	for runes := min(most, len([]rune(text))-1); ; runes-- {
		if short := shorten(text, runes); chat.UTF16Len(short) <= most {
			return short
		}
	}
}

// questionLife is how long an answer to a question may be typed.
const questionLife = 24 * time.Hour

// A pending question is kept as the command line that what is typed next completes, and
// what was typed of later options before, which follows that.
type pending struct {
	Line  string
	Later string `json:",omitempty"`
}

// await has what is typed next complete a command line.
func (t *turn) await(line string) error { return t.awaits(pending{Line: line}) }

func (t *turn) awaits(p pending) error {
	if err := t.writes(); err != nil {
		return err
	}
	asked, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("keep a question: %w", err)
	}
	r := t.request
	return t.tx.Ask(store.Question{
		BotID: t.h.id, ChatID: r.ChatID, UserID: r.UserID, Asked: asked, Expires: t.now.Add(questionLife),
	})
}

// asked returns the question that what was typed answers; none has no line.
func (t *turn) asked() (p pending, err error) {
	r := t.request
	q, ok, err := t.tx.Question(t.h.id, r.ChatID, r.UserID)
	if err != nil || !ok {
		return p, err
	}
	if err := json.Unmarshal(q.Asked, &p); err != nil {
		return p, fmt.Errorf("read a question: %w", err)
	}
	return p, nil
}

// kept is what was typed before of the options behind the one that is being looked for,
// if that is the one that was asked for.
func (t *turn) kept() string {
	if t.line != t.pending.Line {
		return ""
	}
	return t.pending.Later
}

// dropQuestion forgets what was asked: something else is being done.
func (t *turn) dropQuestion() error {
	r := t.request
	if !t.writable {
		p, err := t.asked()
		if err != nil || p.Line == "" {
			return err
		}
		return errWrites
	}
	return t.tx.DropQuestion(t.h.id, r.ChatID, r.UserID)
}

// suggest returns likely values of an option, given the ones before it.
func (t *turn) suggest(name, typed string) (choices []chat.Choice, err error) {
	command, rest := commandLine(t.request)
	t.command, t.line, t.rest = byName[command], command, rest
	if t.command == nil || !t.may(t.command.who) {
		return nil, nil
	}
	for i := range t.command.options {
		o := &t.command.options[i]
		if o.name != name {
			if value, rest, ok := o.read(t, t.request.Options[o.name]); ok && rest == "" {
				t.args[o.name] = value
			}
			continue
		}
		return t.choices(o, locale.Fold(typed))
	}
	return nil, nil
}

// choicesAtOnce is what platforms take of suggestions.
const choicesAtOnce = 25

func (t *turn) choices(o *option, typed string) (choices []chat.Choice, err error) {
	offers, err := o.offers(t)
	if err != nil {
		return nil, err
	}
	if o.more != nil {
		more, err := o.more(t)
		if err != nil {
			return nil, err
		}
		offers = append(offers, more...)
	}
	seen := map[string]bool{}
	for _, offer := range offers {
		if strings.Contains(locale.Fold(offer.label), typed) && !seen[offer.value] && len(choices) < choicesAtOnce {
			seen[offer.value] = true
			choices = append(choices, chat.Choice{Label: label(offer.label), Value: offer.value})
		}
	}
	return choices, nil
}
