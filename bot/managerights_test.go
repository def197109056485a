package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// A guide walks through all that a coordinator can do, and keeps every button.
type guide struct {
	*town
	seen map[string]bool
	all  []string
}

func (g *guide) keep(m chat.Message) {
	for _, b := range m.Buttons {
		if !g.seen[b.Command] {
			g.seen[b.Command] = true
			g.all = append(g.all, b.Command)
		}
	}
}

func (g *guide) types(text string) { g.keep(g.town.types("coordinator", text).Message) }

func (g *guide) taps(line string) { g.keep(g.town.taps("coordinator", line).Message) }

// show opens what there is, and begins every change up to the question whether to.
func (g *guide) show() {
	id := " " + g.cycle.ID
	for _, line := range []string{"people", "manage", "people-list", "manage-pairs", "manage-sessions", "manage-events", "attendances", "history"} {
		g.taps(line + id)
	}
	for _, who := range []string{"mentee", "new", "gone", "mentor", "coordinator"} {
		g.taps("person" + id + " " + g.ids[who])
		g.taps("answers" + id + " " + g.ids[who])
	}
	for _, line := range []string{
		"manage-pair " + g.ids["pair-mentee"], "pair-end " + g.ids["pair-mentee"], "manage-session " + g.ids["spring"],
		"session-cancel " + g.ids["spring"], "manage-event " + g.ids["belgrade"], "event-cancel " + g.ids["belgrade"], "agenda " + g.ids["belgrade"],
		"agenda-remove " + g.ids["belgrade"], "person-end" + id + " " + g.ids["mentee"], "person-back" + id + " " + g.ids["gone"],
	} {
		g.taps(line)
	}
	for _, begun := range [][]string{
		{"session-add" + id, "Third", "10 March", "18:00", "60", "https://meet.example.org/third"}, {"session-move " + g.ids["spring"], "5 March", "17:00"},
		{"session-address " + g.ids["spring"], "https://x.example.org"}, {"event-place " + g.ids["belgrade"], "Hotel"},
		{"event-days " + g.ids["belgrade"], "19 June", "20 June"}, {"pair-add" + id, "Dino", "Borka"},
		{"person-rename" + id + " " + g.ids["mentee"], "Anna"},
	} {
		g.taps(begun[0])
		for _, text := range begun[1:] {
			g.types(text)
		}
	}
}

// Whoever else taps what was shown to a coordinator changes nothing, and learns nothing
// about anyone.
func TestManagingIsForCoordinatorsOfTheCycle(t *testing.T) {
	g := &guide{town: newTown(newHall(t)), seen: map[string]bool{}}
	g.show()
	changing := slices.DeleteFunc(slices.Clone(g.all), func(line string) bool {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "+"), " ")
		own := []string{"log", "next", "help", "session", "event", "cancel", "overview", "progress"} // anybody's, about what is theirs
		return slices.Contains(own, name)
	})
	if len(changing) < 60 {
		t.Fatalf("there are only %d buttons", len(changing))
	}
	g.do(func(tx *store.Tx) error { // a coordinator once
		p := store.Person{Slug: "former", Name: "Zzz FORMER"}
		must(tx.InsertPerson(&p))
		g.ids["former"] = p.ID
		return tx.PutMember(store.Member{CycleID: g.cycle.ID, PersonID: p.ID, Role: store.Coordinator})
	})
	g.joins("former")
	g.do(func(tx *store.Tx) error { return tx.Leave(g.cycle.ID, g.ids["former"]) })
	before := g.state()
	for _, who := range []string{"mentee", "mentor", "far-coordinator", "former", "gone", "stranger"} {
		for _, line := range changing {
			reply := g.town.taps(who, line)
			if who == "former" {
				continue // they knew it all
			}
			for _, word := range g.strange(who, reply.Message) {
				t.Errorf("%s says %q and reads %q in\n%s", who, line, word, reply.Text.Plain())
			}
		}
	}
	if diff := g.touched("stranger", before, g.state()); diff != "" {
		t.Errorf("something has changed:\n%s", diff)
	}
}

// Every button that was ever shown can be tapped a month later, and twice: nothing
// breaks, nothing is changed without being asked, and there is a way on.
func TestManagingAMonthLater(t *testing.T) {
	g := &guide{town: newTown(newHall(t)), seen: map[string]bool{}}
	g.show()
	g.later(31 * 24 * time.Hour)
	var asked []string
	for range 2 {
		for _, line := range g.all {
			if strings.HasPrefix(line, "do ") {
				g.town.taps("coordinator", line).says("begun too long ago")
			}
			reply := g.town.taps("coordinator", line)
			if len(reply.Buttons) == 0 && reply.Ask == "" && line != "cancel" {
				t.Errorf("%q is a dead end:\n%s", line, reply.Text.Plain())
			}
			for _, fault := range g.faults(reply.Message, false) {
				t.Errorf("%q: %s", line, fault)
			}
			asked = append(asked, line)
		}
	}
	if len(asked) < 120 {
		t.Errorf("only %d buttons were tapped", len(asked))
	}
}

// Only who did something undoes it, and only as long as they may do such things.
func TestUndoingIsForWhoDidIt(t *testing.T) {
	w := newTown(newHall(t))
	undo := w.taps("coordinator", "session-cancel "+w.ids["spring"]).tap("Yes, do it").button("Undo")
	for _, who := range []string{"mentee", "far-coordinator", "stranger", "gone"} {
		w.taps(who, undo)
	}
	if w.session().CancelledAt.IsZero() {
		t.Error("somebody else has undone it")
	}
	w.do(func(tx *store.Tx) error { return tx.Leave(w.cycle.ID, w.ids["coordinator"]) })
	w.taps("coordinator", undo)
	if w.session().CancelledAt.IsZero() {
		t.Error("who isn't a coordinator any more has undone it")
	}
}
