package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// leaves has somebody leave, and returns the command of Undo.
func (h *hall) leaves(who string) string {
	h.Helper()
	for _, b := range h.types(who, "/settings leave").Buttons {
		if strings.HasPrefix(b.Command, "settings leave ") {
			return h.taps(who, b.Command).button("Undo")
		}
	}
	return ""
}

// done has the coordinator confirm a change.
func (h *hall) done(command string) said {
	h.Helper()
	return h.taps("coordinator", command).tap("Yes, do it")
}

// logged is the pair's only meeting.
func (h *hall) logged() (m store.Meeting) {
	h.Helper()
	h.view(func(tx *store.Tx) error {
		all, err := tx.MeetingsOf(h.ids["pair-mentee"])
		m = all[0]
		return err
	})
	return m
}

// Who is brought back and taken out again by Undo has left when they had left.
func TestUndoneReturnKeepsWhenTheyHadLeft(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error {
		must(tx.EndPair(h.ids["pair-mentee"]))
		return tx.Leave(h.cycle.ID, h.ids["other"])
	})
	was := h.read()
	h.later(20 * 24 * time.Hour)
	h.done("person-back " + h.cycle.ID + " " + h.ids["other"]).tap("Undo")
	h.done("pair-reopen " + h.ids["pair-mentee"]).tap("Undo")
	h.view(func(tx *store.Tx) error {
		m, err := tx.Member(h.cycle.ID, h.ids["other"])
		must(err)
		p, err := tx.Pair(h.ids["pair-mentee"])
		if !m.LeftAt.Equal(was) || !p.EndedAt.Equal(was) {
			t.Errorf("left at %v, ended at %v; both were %v", m.LeftAt, p.EndedAt, was)
		}
		return err
	})
}

// A pair that ended and goes on by Undo is reminded as if it had never ended.
func TestUndoneEndRemindsNobodyAnew(t *testing.T) {
	for name, act := range map[string]func(*hall){
		"pair-end": func(h *hall) { h.done("pair-end " + h.ids["pair-mentee"]).tap("Undo") },
		"leave":    func(h *hall) { h.taps("mentee", h.leaves("mentee")) },
	} {
		h := newHall(t).everyone()
		h.later(time.Hour)
		for range 6 {
			h.later(7 * 24 * time.Hour) // reminded twice, and the coordinator told
		}
		act(h.forgets())
		for range 30 {
			h.later(24 * time.Hour)
		}
		for _, m := range h.heard["mentee"] {
			if strings.Contains(m.Text.Plain(), "0 of 6") {
				t.Errorf("%s: is reminded anew: %q", name, m.Text.Plain())
			}
		}
	}
}

// A session isn't moved back to a time that has passed.
func TestNoMoveIsUndoneIntoThePast(t *testing.T) {
	h := newHall(t).everyone().invited()
	h.taps("mentee", "session "+h.ids["spring"]+" yes")
	h.until("2027-03-04 17:55")
	moved := h.forgets().moves("5 March", "18:00").tap("Yes, do it")
	h.later(time.Minute)
	h.hears("mentee", "has a new time", "Friday 5 March")
	h.until("2027-03-04 18:03")
	undone := moved.tap("Undo")
	if x := h.session(); x.At.In(h.cycle.Location()).Before(h.read()) {
		t.Errorf("it is at %v again, which has passed:\n%s", x.At, undone.Text.Plain())
	}
}

// Nobody hears of the old place of an event that was cancelled meanwhile.
func TestNoNewsOfWhatWasCancelledSince(t *testing.T) {
	h := newHall(t).everyone()
	h.taps("mentee", "event "+h.ids["belgrade"]+" yes")
	h.taps("coordinator", "event-place "+h.ids["belgrade"])
	done := h.types("coordinator", "Novi Sad").tap("Yes, do it")
	h.hears("mentee", "Novi Sad")
	h.done("event-cancel " + h.ids["belgrade"])
	h.later(time.Minute)
	h.hears("mentee", "is cancelled")
	done.tap("Undo")
	h.later(time.Minute)
	h.hearsNothing("mentee")
}

// An old Undo doesn't bring somebody in whom a coordinator has taken out since.
func TestUndoneLeaveOverrulesNobody(t *testing.T) {
	h := newHall(t).everyone()
	undo := h.leaves("mentee")
	h.done("person-back " + h.cycle.ID + " " + h.ids["mentee"])
	h.later(time.Minute)
	h.done("person-end " + h.cycle.ID + " " + h.ids["mentee"])
	h.taps("mentee", undo).says("Pilot cycle", "since", "coordinators")
	h.view(func(tx *store.Tx) error {
		m, err := tx.Member(h.cycle.ID, h.ids["mentee"])
		if m.LeftAt.IsZero() {
			t.Error("whom the coordinator has taken out is in again")
		}
		return err
	})
}

// What a coordinator has settled, no old button of the two unsettles.
func TestCoordinatorHasTheLastWord(t *testing.T) {
	for name, old := range map[string]func(log, ask said){
		"the logger's Undo":    func(log, _ said) { log.tap("Undo") },
		"the partner's button": func(_, ask said) { ask.tap("Something's off") },
	} {
		h := newHall(t).everyone()
		log := h.types("mentee", "/log today 60")
		ask := h.hears("mentor")
		ask.tap("Something's off")
		h.taps("coordinator", "settle "+h.logged().ID+" yes")
		old(log, ask)
		if m := h.logged(); m.State != store.Held || !m.DisputedAt.IsZero() {
			t.Errorf("%s overrules the coordinator: %s, disputed at %v", name, m.State, m.DisputedAt)
		}
	}
}

// A restoring that nobody has heard of and that is undone is told to nobody.
func TestUndoneRestoringIsNoNews(t *testing.T) {
	h := newHall(t).everyone().invited()
	h.done("session-cancel " + h.ids["spring"])
	h.later(time.Minute)
	h.hears("mentee", "cancelled")
	h.later(4 * time.Hour) // 23:01
	h.forgets()
	h.done("session-restore " + h.ids["spring"]).tap("Undo")
	h.later(11 * time.Hour)
	h.hearsNothing("mentee")
}

// An event isn't moved to a day that is over where it takes place.
func TestNoEventMovesToYesterday(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error {
		e := store.Event{
			CycleID: h.cycle.ID, Slug: "tbilisi", Title: "Tbilisi day", Place: "Tbilisi", Zone: "Asia/Tbilisi",
			From: store.NewDate(2027, 3, 18), To: store.NewDate(2027, 3, 18),
		}
		must(tx.InsertEvent(&e))
		h.ids["tbilisi"] = e.ID
		return nil
	})
	h.later(13*time.Hour + 30*time.Minute) // 23:30 in Belgrade, 02:30 of the next day in Tbilisi
	h.taps("coordinator", "event-days "+h.ids["tbilisi"])
	h.types("coordinator", "10 February 2027").says("has passed")
}

// An old Undo of a coordinator doesn't bring somebody back who has left since.
func TestUndoneEndOverrulesNobody(t *testing.T) {
	h := newHall(t).everyone()
	ended := h.done("person-end " + h.cycle.ID + " " + h.ids["mentee"])
	h.done("person-back " + h.cycle.ID + " " + h.ids["mentee"])
	h.later(time.Minute)
	h.leaves("mentee")
	h.later(time.Minute)
	ended.tap("Undo")
	h.view(func(tx *store.Tx) error {
		m, err := tx.Member(h.cycle.ID, h.ids["mentee"])
		if m.LeftAt.IsZero() {
			t.Error("who has left is brought back")
		}
		return err
	})
}

// What was undone by somebody, and decided anew by another, isn't undone by an old button.
func TestUndoOverrulesNobodyWhoDecidedTheSame(t *testing.T) {
	for name, act := range map[string]func(h *hall) (first said){
		"place": func(h *hall) said {
			return h.thrice("event-place "+h.ids["belgrade"], "Novi Sad", "Niš", "Novi Sad")
		},
		"name": func(h *hall) said {
			return h.thrice("person-rename "+h.cycle.ID+" "+h.ids["mentee"], "Anna", "Hannah", "Anna")
		},
		"cancelled": func(h *hall) said {
			first := h.done("event-cancel " + h.ids["belgrade"])
			h.later(time.Minute)
			h.done("event-restore " + h.ids["belgrade"])
			h.done("event-cancel " + h.ids["belgrade"])
			return first
		},
		"back": func(h *hall) said {
			other := h.cycle.ID + " " + h.ids["other"]
			h.done("person-end " + other)
			first := h.done("person-back " + other)
			h.later(time.Minute)
			h.done("person-end " + other)
			h.done("person-back " + other)
			return first
		},
	} {
		s := act(newHall(t).everyone()).tap("Undo").Text.Plain()
		if !strings.Contains(s, "changed since") {
			t.Errorf("%s: says %s", name, s)
		}
	}
}

// thrice has the coordinator change something to one value after the other.
func (h *hall) thrice(command string, values ...string) (first said) {
	h.Helper()
	for i, value := range values {
		h.taps("coordinator", command)
		done := h.types("coordinator", value).tap("Yes, do it")
		if i == 0 {
			first = done
		}
		h.later(time.Minute)
	}
	return first
}

// Who has left, and joined again with an invitation, isn't sent away by an old Undo.
func TestUndoneReturnOfWhoHasJoinedSince(t *testing.T) {
	h := newHall(t)
	h.joins("coordinator")
	h.done("person-end " + h.cycle.ID + " " + h.ids["mentee"])
	back := h.done("person-back " + h.cycle.ID + " " + h.ids["mentee"])
	h.joins("mentee")
	back.tap("Undo").says("has changed since")
}

// An event that is over has no other place any more, and a session that has begun no
// other address: nobody would hear of it in time.
func TestNoNewsOfWhatIsOver(t *testing.T) {
	h := newHall(t).everyone().met()
	h.later(130*24*time.Hour + 12*time.Hour + 55*time.Minute) // Sunday 20 June, 23:55
	h.taps("coordinator", "event-place "+h.ids["belgrade"])
	place := h.types("coordinator", "Novi Sad").tap("Yes, do it")
	agenda := h.taps("coordinator", "agenda-remove "+h.ids["belgrade"]).tap("Friday 18 June 18:00 Arrival and dinner").tap("Yes, do it")
	h.later(8 * time.Minute)
	for _, s := range []said{agenda, place} {
		s.tap("Undo").says("is over")
	}
	if e := h.event(); e.Place != "Novi Sad" || len(e.Agenda) != 0 {
		t.Errorf("the event is %+v", e)
	}

	h = newHall(t).everyone().met()
	h.until("2027-03-04 17:55")
	h.taps("coordinator", "session-address "+h.ids["spring"])
	address := h.types("coordinator", "https://new.example.org/").tap("Yes, do it")
	h.until("2027-03-04 18:02")
	address.tap("Undo").says("has begun")

	h = newHall(t).everyone().invited()
	h.until("2027-03-04 17:55")
	cancelled := h.done("session-cancel " + h.ids["spring"])
	h.until("2027-03-04 17:56")
	h.hears("mentee", "is cancelled")
	h.until("2027-03-04 18:02")
	cancelled.tap("Undo").says("would have begun")
}

// What the two or a coordinator have made of a meeting since, the logger's buttons leave.
func TestOldButtonsOfAMeetingThatIsDecided(t *testing.T) {
	for answer, want := range map[string]string{"no": "isn't logged any more", "yes": "have settled it"} {
		h := newHall(t).everyone()
		log := h.types("mentee", "/log today 60")
		h.hears("mentor").tap("Something's off")
		told := h.hears("mentee", "something is off")
		h.taps("coordinator", "settle "+h.logged().ID+" "+answer)
		for _, s := range []said{log.tap("Undo").says(want), told.tap("Take it back").says(want)} {
			if s.has("See the people") {
				t.Error("one of the two is led to what is for coordinators")
			}
		}
	}
	h := newHall(t).everyone()
	log := h.types("mentee", "/log today 60")
	h.hears("mentor").tap("Something's off")
	h.hears("mentee", "something is off").tap("Take it back")
	log.tap("Undo").says("isn't logged any more")
}
