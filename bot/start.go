package bot

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// Whoever sends wrongTries wrong codes within wrongFor waits until the first of them
// is that long ago.
const (
	wrongTries = 5
	wrongFor   = time.Hour
)

// code is an invitation's code: whatever one word was typed.
var code = option{
	name: "code", ask: "ask.code", optional: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		return strings.ToLower(word), rest, word != ""
	},
}

// start greets, and lets in who brings an invitation.
func (t *turn) start() error {
	switch code := t.args["code"]; {
	case code == "" && t.me() == "":
		t.knock("start.outsider")
		return t.await("start")
	case code == "":
		t.again()
		return nil
	default:
		return t.join(code)
	}
}

// codeText is what an invitation's code looks like.
var codeText = regexp.MustCompile(`^[A-Za-z2-7]{26}$`)

// knock speaks to somebody whom the programme doesn't know: a code lets them in.
func (t *turn) knock(id string) {
	t.say(id, nil, t.button("privacy", "privacy"))
	t.reply.Ask = t.text("hint.code", nil).Plain()
}

// join redeems an invitation.
func (t *turn) join(code string) error {
	if err := t.act(); err != nil {
		return err
	}
	tried, err := t.tx.WrongTries(t.h.id, t.request.UserID, t.now.Add(-wrongFor))
	if err != nil {
		return err
	}
	if tried >= wrongTries {
		t.knock("start.too-many")
		return nil
	}
	personID, err := t.tx.Redeem(code)
	switch {
	case err != nil && t.me() != "" && asRefusal(err) != nil:
		t.again() // their own, most likely, tapped once more
		return nil
	case errors.Is(err, store.ErrNotFound):
		t.knock("start.wrong")
		return errors.Join(t.tx.NoteWrongTry(t.h.id, t.request.UserID), t.await("start"))
	case errors.Is(err, store.ErrInvitationHad):
		t.knock("start.used")
		return nil
	case errors.Is(err, store.ErrInvitationOld):
		t.knock("start.old")
		return nil
	case err != nil:
		return err
	case t.me() != "" && t.me() != personID:
		return store.ErrAccountTaken // and the invitation stays unused
	}
	return t.letIn(personID)
}

// letIn links the account that asks to a person, who joins where they are invited to, and
// greets them. Who takes part nowhere any more isn't let in, and the invitation stays.
func (t *turn) letIn(personID string) error {
	parts, err := t.tx.Standings(personID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(parts, func(p store.Part) bool { return p.LeftAt.IsZero() }) {
		t.knock("start.old")
		return errGivenUp
	}
	before, err := t.tx.Accounts(personID)
	if err != nil {
		return err
	}
	t.account = store.Account{BotID: t.h.id, PersonID: personID, UserID: t.request.UserID, ChatID: t.request.ChatID}
	if err := t.tx.LinkAccount(&t.account); err != nil {
		return err
	}
	joined, err := t.joinAll(parts)
	if err != nil {
		return err
	}
	person, err := t.tx.Person(personID)
	if err != nil {
		return err
	}
	if language, ok := locale.For(t.request.Language); ok && person.Language == "" {
		if err := t.tx.ChooseLanguage(personID, language.Tag); err != nil {
			return err
		}
		person.Language = language.Tag
	}
	t.takePart(&person, parts)
	t.reply.Menu = true
	return t.welcome(before, joined)
}

// joinAll has the person join where they haven't yet, and returns the titles of these
// cycles.
func (t *turn) joinAll(parts []store.Part) (titles []string, err error) {
	for i := range parts {
		p := &parts[i]
		if !p.JoinedAt.IsZero() || !p.LeftAt.IsZero() {
			continue
		}
		if err := t.tx.Join(p.CycleID, p.PersonID); err != nil {
			return nil, err
		}
		p.JoinedAt = t.now
		titles = append(titles, p.Cycle.Title)
	}
	return titles, nil
}

// welcome greets who was let in: at length at first contact, else by what is new: the app,
// or cycles. before are the accounts that they had.
func (t *turn) welcome(before []store.Account, joined []string) error {
	if len(before) == 0 {
		return t.greet()
	}
	var news []chat.Text
	if !slices.ContainsFunc(before, func(a store.Account) bool { return a.ID == t.account.ID }) {
		if err := t.tellApps(before); err != nil {
			return err
		}
		news = append(news, t.text("start.another-app", nil))
	}
	for _, title := range joined {
		news = append(news, t.text("start.joined", locale.Args{"Title": title}))
	}
	if len(news) == 0 {
		t.again()
		return nil
	}
	t.tell(chat.Join(news...), t.button("settings", "settings"), t.button("whats-next", "next"))
	return nil
}

// greet says, at first contact, what the bot will send, who sees what, and where the
// rest is written; and lets language and zone be set with one tap.
func (t *turn) greet() error {
	program, err := t.tx.Program()
	if err != nil {
		return err
	}
	sees := "start.sees"
	if !t.may(mentored) {
		sees = "start.sees-coordinator"
	}
	t.tell(chat.Join(
		t.text("start.hello", locale.Args{"Name": t.to.Name, "Program": program.Name}),
		chat.List([]chat.Text{t.text("start.sends", nil), t.text(sees, nil), t.text("start.rest", nil)}),
		t.text("start.clock", locale.Args{"Clock": chat.Text(t.language.Clock(t.now.In(t.zone))), "City": t.city(t.zone)}),
	), append(t.otherLanguages(), t.button("other-clock", keep+"settings zone"), t.button("whats-next", keep+"next"))...)
	return nil
}

// otherLanguages are buttons for those that the person isn't spoken to in, each in
// itself. In the one that is chosen they are greeted again.
func (t *turn) otherLanguages() (buttons []chat.Button) {
	for _, tag := range locale.Languages() {
		if l, _ := locale.For(tag); l.Tag != t.language.Tag {
			buttons = append(buttons, chat.Button{Label: t.inItself(l), Command: "settings language " + tag + " " + greeting})
		}
	}
	return buttons
}

// again greets who is known already.
func (t *turn) again() {
	if len(t.parts) == 0 {
		t.denied(member)
		return
	}
	t.say("start.again", locale.Args{"Name": t.to.Name, "Title": t.c.Cycle.Title}, t.first()...)
}

// help says what can be done here.
func (t *turn) help() error {
	if len(t.parts) == 0 {
		t.denied(member)
		return nil
	}
	var items []chat.Text
	for _, c := range t.menu() {
		items = append(items, chat.Text("/"+c.Name+" – ")+chat.Escape(c.Description))
	}
	t.tell(chat.Join(t.text("help.title", nil), chat.List(items), t.text("help.end", nil)), t.first()[:1]...)
	return nil
}

// cancel leaves a question; one about a setting for all of them.
func (t *turn) cancel() error {
	var buttons []chat.Button
	if t.line+" "+t.rest == keepSettings && t.may(known) {
		buttons = append(buttons, t.button("settings", "settings"))
	}
	t.say("sorry.cancelled", nil, append(buttons, t.first()...)...)
	return nil
}
