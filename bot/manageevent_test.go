package bot_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

func (h *hall) belgrade() said { return h.opens("/manage", "Live event") }

// coming has Ana say that she comes to the event, after everybody was asked: it is 20
// April, 11:00.
func (h *hall) coming() *hall {
	h.Helper()
	h.met().later(69*24*time.Hour + time.Hour)
	h.hears("mentee", "Live event in Belgrade", "Will you come?").tap("I'll come")
	h.taps("mentor", "event "+h.ids["belgrade"]+" no")
	return h.forgets()
}

func TestPlaceOfAnEvent(t *testing.T) {
	h := newHall(t).everyone().coming()
	h.belgrade().says("Live event in Belgrade", "Friday 18 to Sunday 20 June", "1 coming, 1 can't, 2 haven't answered").
		buttons("Change the place", "Agenda", "Change the days", "Cancel the event", "See the answers", "Change something else").
		tap("Change the place").says("Where is the event?")
	sure := h.types("coordinator", "Hotel *Moskva*, Terazije 20").
		says("Change the place?", "Where: Hotel *Moskva*, Terazije 20", "One person who comes hears at once.")
	h.untold()
	done := sure.tap("Yes, do it").says("Done. The place is changed:")
	h.hears("mentee", "Live event in Belgrade is at a new place", "Where: Hotel *Moskva*, Terazije 20")
	h.hearsNothing("mentor")
	done.tap("Undo").says("Where: Belgrade", "One person had heard of it, and now hears that it's undone.")
	h.hears("mentee", "is at a new place", "Where: Belgrade")
	if e := h.event(); e.Place != "Belgrade" || e.Revision != 1 {
		t.Errorf("the event is %+v", e)
	}
}

// A second change takes the place of the first one's news; undone in turn, the first
// is told after all, and who has heard nothing isn't told of an undoing.
func TestTwoPlacesInANight(t *testing.T) {
	h := newHall(t).everyone().coming()
	h.later(12 * time.Hour)
	h.forgets()
	place := func(name string) said {
		h.belgrade().tap("Change the place")
		return h.types("coordinator", name).says("Whoever has quiet hours now hears when they are over.").tap("Yes, do it")
	}
	place("Hotel A")
	second := place("Hotel B")
	second.tap("Undo").says("Where: Hotel A", "Nobody had heard of it")
	h.later(9*time.Hour + 30*time.Minute)
	h.hears("mentee", "is at a new place", "Where: Hotel A")
	h.untold()
}

// On the eve of an event its new place can't wait for the morning, nor while it is going on.
func TestAPlaceThatCantWait(t *testing.T) {
	h := newHall(t).everyone().coming()
	place := func(name string) said {
		h.belgrade().tap("Change the place")
		return h.types("coordinator", name).says("One person who comes hears at once.")
	}
	for _, wall := range []string{"2027-06-17 23:00", "2027-06-18 23:00"} {
		h.until(wall)
		h.forgets()
		place("Hotel " + wall).lacks("quiet hours").tap("Yes, do it")
		h.hears("mentee", "is at a new place", "Hotel "+wall)
	}
}

func TestDaysOfAnEvent(t *testing.T) {
	h := newHall(t).everyone().coming()
	h.belgrade().tap("Change the days").says("On which day does it begin?")
	h.types("coordinator", "19 April").says("has passed")
	h.types("coordinator", "1 July").says("outside the cycle")
	h.types("coordinator", "18 June").says("On which day does it end?")
	h.types("coordinator", "17 June").says("On which day does it end?")
	h.types("coordinator", "20 June").says("Those are the days that it has now.")
	h.belgrade().tap("Change the days")
	h.types("coordinator", "24 June")
	sure := h.types("coordinator", "26 June").says("Move Live event in Belgrade?", "Now: Friday 18 to Sunday 20 June", "Then: Thursday 24 to Saturday 26 June",
		"The agenda moves along with it.", "4 people who know of it hear at once, and are asked again.")
	h.untold()
	done := sure.tap("Yes, do it").says("Done. The event is moved:", "Thursday 24 to Saturday 26 June")
	if e := h.event(); e.Revision != 2 || len(e.Agenda) != 1 || e.Agenda[0].At.Date != store.NewDate(2027, 6, 24) {
		t.Errorf("the event is %+v", e)
	}
	h.hears("mentee", "Live event in Belgrade has moved to other days", "Thursday 24 to Saturday 26 June")
	h.forgets()
	done.tap("Undo").says("Friday 18 to Sunday 20 June", "4 people who know of it hear at once")
	h.hears("mentee", "Live event in Belgrade has moved to other days", "Friday 18 to Sunday 20 June")
	if e := h.event(); e.Revision != 3 || e.Agenda[0].At.Date != store.NewDate(2027, 6, 18) {
		t.Errorf("the event is %+v", e)
	}
}

func TestDaysOfAnEventThatWasAnsweredUnasked(t *testing.T) {
	h := newHall(t).everyone()
	h.taps("mentee", "event "+h.ids["belgrade"]+" yes")
	h.belgrade().tap("Change the days")
	h.types("coordinator", "24 June")
	h.types("coordinator", "26 June").says("One person who knows of it hears at once, and is asked again.").tap("Yes, do it")
	h.hears("mentee", "Live event in Belgrade has moved to other days", "Thursday 24 to Saturday 26 June")
	h.untold()
}

func TestDaysUndoneBeforeTheyWereTold(t *testing.T) {
	h := newHall(t).everyone().coming()
	h.later(12 * time.Hour)
	h.forgets()
	h.belgrade().tap("Change the days")
	h.types("coordinator", "19 June")
	h.types("coordinator", "19 June").says("Then: Saturday 19 June", "The agenda moves along").tap("Yes, do it").tap("Undo").says("Nobody had heard of it")
	h.later(11 * time.Hour)
	h.untold()
	h.belgrade().says("1 coming, 1 can't")
}

func TestAgenda(t *testing.T) {
	h := newHall(t).everyone().coming()
	add := func(clock, title string) said {
		h.belgrade().tap("Agenda").tap("Add to the agenda").says("On which day?").tap("Saturday 19 June").says("At what time?")
		h.types("coordinator", clock).says("What is on the agenda then?")
		return h.types("coordinator", title).says("Add this to the agenda of Live event in Belgrade?", title).tap("Yes, do it")
	}
	first := add("10:00", "Walk & _talk_").says("Done. It's on the agenda: Saturday 19 June 10:00 Walk & _talk_", "One person who comes hears in ten minutes, once")
	add("9:30", "Coffee")
	h.untold()
	h.belgrade().tap("Agenda").says("• 09:30 Coffee\n• 10:00 Walk & _talk_")
	first.tap("Undo").says("since")
	h.later(12 * time.Minute)
	h.hears("mentee", "Live event in Belgrade has a new agenda", "18:00 Arrival and dinner", "09:30 Coffee", "10:00 Walk & _talk_")
	h.untold() // once

	off := h.belgrade().tap("Agenda").tap("Take off the agenda").says("What should be taken off the agenda?").
		tap("Saturday 19 June 09:30 Coffee").says("Take this off the agenda", "Coffee").tap("Yes, do it").says("It's off the agenda: Saturday 19 June 09:30 Coffee")
	off.tap("Undo").says("Nobody had heard of it")
	h.later(12 * time.Minute)
	h.untold()
	if e := h.event(); len(e.Agenda) != 3 {
		t.Errorf("the agenda is %v", e.Agenda)
	}
}

// The longest event can be shown with whatever is on its agenda.
func TestTheAgendaOfALongEvent(t *testing.T) {
	for _, title := range []string{"Radionica o pisanju motivacionog pisma", "Workshop_on_*writing*_[drafts]"} {
		h := newHall(t).everyone().coming()
		h.types("coordinator", "/settings language sr-Latn")
		e := h.event()
		e.From, e.To, e.Agenda = store.NewDate(2027, 5, 25), store.NewDate(2027, 6, 24), nil
		for day := e.From; day <= e.To; day++ {
			for hour := range 2 {
				e.Agenda = append(e.Agenda, store.AgendaItem{At: day.At(store.Clock(10+hour) * 60), Title: title})
			}
		}
		h.do(func(tx *store.Tx) error {
			must(tx.MoveEvent(e.ID, e.From, e.To))
			return tx.UpdateEvent(e)
		})
		h.taps("coordinator", "agenda "+h.ids["belgrade"]).says("utorak, 25. maj", "i još 38")
		h.taps("mentee", "event "+h.ids["belgrade"]+" yes")
		remove := h.taps("coordinator", "agenda-remove "+h.ids["belgrade"])
		sure := remove.taps("coordinator", remove.Buttons[0].Command)
		sure.taps("coordinator", sure.Buttons[0].Command)
		h.later(12 * time.Minute)
		h.hears("mentee", "has a new agenda", "more")
	}
}

func TestCancellingAnEvent(t *testing.T) {
	h := newHall(t).everyone().coming()
	done := h.belgrade().tap("Cancel the event").says("Cancel this?", "3 people who count on it hear at once.").tap("Yes, do it")
	h.hears("mentee", "Live event in Belgrade is cancelled", "Friday 18 to Sunday 20 June").buttons("See what's next")
	h.hearsNothing("mentor") // can't come anyway
	h.forgets()
	h.belgrade().says("cancelled").buttons("It takes place after all", "Change something else")
	h.taps("coordinator", "event-days "+h.ids["belgrade"]).says("is cancelled. Let it take place again first.")
	done.tap("Undo").says("3 people had heard that it was cancelled")
	h.hears("mentee", "Live event in Belgrade takes place after all").tap("See the details").says("Live event in Belgrade")
	h.forgets().later(time.Minute)
	h.belgrade().tap("Cancel the event").tap("Yes, do it")
	h.forgets()
	restored := h.belgrade().tap("It takes place after all").tap("Yes, do it").says("takes place after all. Earlier answers count again.")
	h.hears("mentee", "takes place after all")
	h.forgets().later(time.Minute)
	restored.tap("Undo").says("cancelled")
	h.hears("mentee", "is cancelled")
}

func TestAnEventThatHasBegun(t *testing.T) {
	h := newHall(t).everyone().coming()
	old := h.belgrade()
	h.later(59*24*time.Hour + 2*time.Hour) // Friday 18 June, 13:00
	h.forgets()
	h.belgrade().buttons("Change the place", "Agenda", "Take attendance", "Cancel the event", "See the answers", "Change something else")
	old.tap("Change the days").says("has begun, so it can't move any more")
	h.later(4 * 24 * time.Hour)
	h.belgrade().says("over").buttons("Take attendance", "Agenda", "Change something else")
	for _, label := range []string{"Change the place", "Cancel the event"} {
		old.tap(label).says("Live event in Belgrade is over.")
	}
}
