package bot

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// entriesAtOnce is how many entries of the journal are shown at once.
const entriesAtOnce = 8

// history shows what has been done in a cycle: who, what, when, the latest first.
func (t *turn) history() error {
	if ok, err := t.openCycle(); err != nil || !ok {
		return err
	}
	from, _ := strconv.Atoi(t.args[pageFrom.name]) // of nonsense, the first page
	atOnce := min(entriesAtOnce, t.size.list)
	entries, err := t.tx.Entries(t.c.Cycle.ID, from+atOnce+1)
	if err != nil {
		return err
	}
	if from >= len(entries) {
		from = 0
	}
	to := min(from+atOnce, len(entries))
	id := t.c.Cycle.ID
	back := t.button("to-manage", "manage "+id)
	if len(entries) == 0 {
		t.say("history.none", nil, back)
		return nil
	}
	var lines []chat.Text
	for i := range entries[from:to] {
		line, err := t.entryLine(&entries[from+i])
		if err != nil {
			return err
		}
		lines = append(lines, line)
	}
	t.tell(chat.Join(t.text("history.title", nil), chat.List(lines)), append(t.turnPage("history "+id, from, to, len(entries)), back)...)
	return nil
}

// entryLine tells an entry of the journal.
func (t *turn) entryLine(e *store.Entry) (chat.Text, error) {
	about, err := t.subjectOf(e)
	if err != nil {
		return "", err
	}
	what := t.deed(e.What, about)
	if e.For != "" && e.For != e.Subject {
		what = t.text("history.for", locale.Args{"What": what, "Name": t.name(e.For)})
	}
	if !e.UndoneAt.IsZero() {
		what = t.text("history.undone", locale.Args{"What": what})
	}
	return t.text("history.line", locale.Args{"When": t.moment(e.At), "Who": t.name(e.By), "What": what}), nil
}

// deeds are the words for what the journal holds, by its code.
var deeds = map[string]string{
	"log": "history.log", "settle": "history.settle", "leave": "history.leave", "answer": "history.answer", "attendance": "history.attendance",
	"invite": "history.invite", "nudge": "history.nudge",
	"announce": "history.announce", "announce-later": "history.announce-later",
	"announce-correct": "history.announce-correct", "announce-withdraw": "history.announce-withdraw",
	"announce-remind": "history.announce-remind",
	"session-add":     "history.session-add", "session-move": "history.session-move", "session-address": "history.session-address",
	"session-cancel": "history.cancel", "session-restore": "history.restore",
	"event-place": "history.event-place", "event-days": "history.session-move",
	"event-cancel": "history.cancel", "event-restore": "history.restore",
	"agenda-add": "history.agenda", "agenda-remove": "history.agenda",
	"pair-add": "history.pair-add", "pair-end": "history.pair-end", "pair-reopen": "history.pair-reopen",
	"person-add": "history.person-add", "person-rename": "history.person-rename",
	"person-end": "history.person-end", "person-back": "history.person-back",
	"held-send": "history.held-send", "held-drop": "history.held-drop",
	"group-link": "history.group-link", "group-set": "history.group-set", "group-unlink": "history.group-unlink",
	"calendar-new": "history.calendar-new", "calendar-stop": "history.calendar-stop",
}

// deed says what was done, and to what.
func (t *turn) deed(what string, about any) chat.Text {
	id, ok := deeds[what]
	if !ok {
		id = "history.anything"
	}
	return t.text(id, locale.Args{"About": about})
}

// subjectOf names what an entry is about, to who may know of all of the cycle.
func (t *turn) subjectOf(e *store.Entry) (any, error) {
	if x := t.sessionByID(e.Subject); x.ID != "" {
		return x.Title, nil
	}
	if x := t.eventByID(e.Subject); x.ID != "" {
		return x.Title, nil
	}
	if p := t.pairByID(e.Subject); p.ID != "" {
		return t.both(p), nil
	}
	if g := t.c.Group(e.Subject); g != nil {
		return t.groupName(g), nil
	}
	if t.c.People[e.Subject] != nil {
		return t.name(e.Subject), nil
	}
	if strings.HasPrefix(e.What, "announce") {
		a, err := t.tx.Announcement(e.Subject)
		if err == nil {
			return t.excerpt(a.Text), nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	for i := range t.c.Meetings {
		if m := &t.c.Meetings[i]; m.ID == e.Subject {
			pair := t.both(t.pairByID(m.PairID))
			return t.text("history.meeting", locale.Args{"Pair": pair, "Day": t.day(m.Day)}), nil
		}
	}
	return t.gone(e), nil
}

// gone names what was added, and isn't there any more, by what undoing it had kept. Of
// a person who was taken out again no name is kept.
func (t *turn) gone(e *store.Entry) any {
	var was struct{ Title, Mentor, Mentee string }
	if json.Unmarshal([]byte(e.Before), &was) == nil { // else there is no name in it
		switch {
		case was.Title != "":
			return was.Title
		case t.c.People[was.Mentor] != nil && t.c.People[was.Mentee] != nil:
			return t.both(&store.Pair{MentorID: was.Mentor, MenteeID: was.Mentee})
		}
	}
	if e.What == "person-add" {
		return t.text("history.gone-person", nil)
	}
	return t.text("history.gone", nil)
}
