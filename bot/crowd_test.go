package bot_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// crowded fills the cycle: some more people with long names, in pairs, all of whom have
// joined; sessions and events with long titles; answers, meetings, disputes.
func (h *hall) crowded(people int, name string) *hall {
	h.Helper()
	long := func(n int) string { return shortenTo(fmt.Sprintf("%d %s", n, strings.Repeat(name, 80)), 80) }
	var sessions, everybody []string
	h.do(func(tx *store.Tx) error {
		for i := range 12 {
			s := store.Session{CycleID: h.cycle.ID, Slug: fmt.Sprint("crowd-", i), Title: long(i), Where: "https://meet.example.org/" + strings.Repeat("x", 60),
				At: store.NewDate(2027, 2, 11+i*10).At(18 * 60), Length: time.Hour}
			must(tx.InsertSession(&s))
			sessions = append(sessions, s.ID)
		}
		for i := range 4 {
			e := store.Event{CycleID: h.cycle.ID, Slug: fmt.Sprint("event-", i), Title: long(i), Place: long(i),
				From: store.NewDate(2027, 5, 1+7*i), To: store.NewDate(2027, 5, 5+7*i)}
			for n := range 50 {
				e.Agenda = append(e.Agenda, store.AgendaItem{At: (e.From + store.Date(n/10)).At(store.Clock(540 + n%10*30)), Title: long(n)})
			}
			must(tx.InsertEvent(&e))
			h.ids[e.Slug] = e.ID
		}
		var mentor string
		for i := range people {
			p := store.Person{Slug: fmt.Sprint("crowd-", i), Name: long(i), ShowsName: i%3 > 0, NameChosen: true}
			must(tx.InsertPerson(&p))
			role := store.Mentee
			if i%2 == 0 {
				role = store.Mentor
			}
			must(tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: p.ID, Role: role, JoinedAt: inTheMorning}))
			everybody = append(everybody, p.ID)
			if role == store.Mentor {
				mentor = p.ID
				continue
			}
			pair := store.Pair{CycleID: h.cycle.ID, MentorID: mentor, MenteeID: p.ID}
			must(tx.InsertPair(&pair))
			m, err := tx.Log(pair.ID, store.NewDate(2027, 1, 20), time.Hour, mentor)
			must(err)
			if i%4 == 1 {
				must(tx.Dispute(m.ID, p.ID))
			}
		}
		for k, id := range everybody {
			must(tx.AnswerSession(sessions[1], id, k%3 > 0, id))
			must(tx.AnswerEvent(h.ids["event-0"], id, k%3 > 0, "", id))
		}
		return nil
	})
	return h
}

func shortenTo(text string, runes int) string {
	if r := []rune(text); len(r) > runes {
		return string(r[:runes])
	}
	return text
}

// Whatever is tapped, by anybody, in a large cycle of long names: nothing is longer
// than platforms take, nothing ends dead, and no text is left out.
func TestWalkThroughALargeCycle(t *testing.T) {
	for _, name := range []string{"*[🤸"} {
		h := newHall(t).everyone().crowded(200, name)
		random := rand.New(rand.NewPCG(1, uint64(len(name))))
		for _, who := range []string{"mentee", "mentor", "coordinator"} {
			for _, line := range []string{"overview", "progress", "next", "sessions", "event", "messages", "calendar"} {
				said := h.walked(who, line)
				for range 6 {
					b := said.ours(random)
					if b.Command == "" {
						break
					}
					said = h.walked(who, strings.TrimPrefix(b.Command, "+"))
				}
			}
		}
	}
}

// ours is any button that leads to a command which the walk is about.
func (s said) ours(random *rand.Rand) chat.Button {
	for range 20 {
		if len(s.Buttons) == 0 {
			break
		}
		b := s.Buttons[random.IntN(len(s.Buttons))]
		name, _, _ := strings.Cut(strings.TrimPrefix(b.Command, "+"), " ")
		switch name {
		case "overview", "progress", "pairs", "next", "sessions", "session", "event", "messages", "calendar", "settle":
			return b
		}
	}
	return chat.Button{}
}

func (h *hall) walked(who, line string) said {
	h.Helper()
	said := h.asksQuietly(who, line)
	text := string(said.Text)
	if n := chat.UTF16Len(text); n > chat.MaxText {
		h.Errorf("%s taps %q: the text has %d UTF-16 units", who, line, n)
	}
	if len(said.Buttons) == 0 {
		h.Errorf("%s taps %q, and there is no way on from\n%s", who, line, said.Text.Plain())
	}
	if strings.Contains(text, "{{") || strings.Contains(text, "<no value>") || strings.Contains(text, "?!") {
		h.Errorf("%s taps %q, and reads\n%s", who, line, text)
	}
	for _, f := range said.Files {
		if _, err := readICal(f.Data); err != nil {
			h.Errorf("%s taps %q: %v", who, line, err)
		}
	}
	return said
}

// asksQuietly taps without a tick after it.
func (h *hall) asksQuietly(who, line string) said {
	h.Helper()
	h.n++
	reply, err := h.handler.Handle(h.Context(), chat.Request{
		ID: fmt.Sprint("q", h.n), UserID: who, ChatID: who, Language: "en", Text: line, Tapped: true,
	})
	if err != nil {
		h.Fatalf("%s taps %q: %v", who, line, err)
	}
	for _, b := range reply.Buttons {
		if len(b.Command) > chat.MaxCommand || b.Label == "" || chat.UTF16Len(b.Label) > chat.MaxLabel {
			h.Errorf("%s taps %q, and gets the button %+v", who, line, b)
		}
	}
	if len(reply.Buttons) > chat.MaxButtons {
		h.Errorf("%s taps %q, and gets %d buttons", who, line, len(reply.Buttons))
	}
	return said{h, who, reply}
}

func TestAScreenOfALargeCycleIsQuick(t *testing.T) {
	h := newHall(t).everyone().crowded(200, "Name ")
	for who, lines := range map[string][]string{
		"mentee":      {"progress", "next", "sessions", "event", "calendar", "session " + h.ids["spring"]},
		"coordinator": {"progress", "next", "overview", "session " + h.ids["spring"]},
	} {
		for _, line := range lines {
			h.asksQuietly(who, line)
			begin := time.Now()
			h.asksQuietly(who, line)
			took := time.Since(begin)
			t.Logf("%s, %s: %s", who, line, took)
			if took > 2*time.Second {
				t.Errorf("%s taps %q and waits %s", who, line, took)
			}
		}
	}
}
