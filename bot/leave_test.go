package bot_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// pair reads a pair as it is kept.
func (h *hall) pair(name string) (p store.Pair) {
	h.Helper()
	h.do(func(tx *store.Tx) error {
		pairs, err := tx.Pairs(h.cycle.ID)
		for i := range pairs {
			if pairs[i].ID == h.ids[name] {
				p = pairs[i]
			}
		}
		return err
	})
	return p
}

func TestLeaving(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/log today 60")
	clear(h.heard)
	ask := h.types("mentee", "/settings").tap("Leave").
		says("Leave Pilot cycle?", "I don't write to you about it any more", "Your pair with Mira ends", "The coordinators are told", "stay counted", "undo it for ten minutes").
		buttons("Yes, leave", "No, stay")
	ask.tap("No, stay").says("Fine, nothing was changed.").tap("Settings").says("Your settings")
	h.hearsNothing("mentor")
	done := ask.tap("Yes, leave").says("You have left Pilot cycle").buttons("Undo")
	if !done.Menu {
		t.Error("the menu stays")
	}
	h.hears("mentor", "Your pair with Ana has ended: they have left Pilot cycle")
	h.hears("coordinator", "Ana has left Pilot cycle, by their own will.", "One pair has ended with it:", "Mira and Ana")
	h.hearsNothing("second")
	h.types("mentee", "/log today 60").says("You aren't in a mentorship cycle just now")
	ask.tap("Yes, leave").says("You aren't in a mentorship cycle just now") // twice does no harm
	h.later(24 * 24 * time.Hour)
	h.hearsNothing("mentee")
	if h.pair("pair-mentee").EndedAt.IsZero() || !h.pair("pair-second").EndedAt.IsZero() {
		t.Error("the wrong pairs have ended")
	}
}

func TestComingBackWithinTenMinutes(t *testing.T) {
	h := newHall(t).everyone()
	done := h.types("mentor", "/settings leave").tap("Yes, leave").says("You have left")
	h.hears("mentee", "Your pair with Mira has ended")
	h.hears("second", "Ti i Mira više niste par")
	h.hears("coordinator", "2 pairs have ended with it")
	h.taps("mentee", done.Buttons[0].Command).says("wasn't meant for you")
	back := done.tap("Undo").says("Undone. You are in Pilot cycle as before.")
	if !back.Menu {
		t.Error("the menu stays")
	}
	h.hears("mentee", "Mira is back in Pilot cycle", "a pair as before")
	h.hears("second", "Mira je opet u ciklusu")
	h.hears("coordinator", "Mira is back in Pilot cycle, as before.")
	done.tap("Undo").says("undone already")
	h.types("mentor", "/log Ana today 60").says("Meeting 1 of 6 logged.")

	again := h.types("mentor", "/settings leave").tap("Yes, leave").says("You have left") // and once more
	h.hears("mentee", "Your pair with Mira has ended")
	h.later(11 * time.Minute)
	again.tap("Undo").says("only be undone for ten minutes")
}

func TestNobodyHearsOfALeaveThatIsUndoneBeforeTheyWereTold(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentor", "/settings quiet 9-20")
	done := h.types("mentee", "/settings leave").tap("Yes, leave")
	h.hearsNothing("mentor")
	done.tap("Undo").says("Undone.")
	h.later(12 * time.Hour)
	h.hearsNothing("mentor")
	h.hears("coordinator", "Ana is back")
}

func TestAPartnerWhoHasLeftMeanwhileStaysAway(t *testing.T) {
	h := newHall(t).everyone()
	done := h.types("mentor", "/settings leave").tap("Yes, leave")
	h.types("mentee", "/settings leave").says("The coordinators are told").tap("Yes, leave")
	clear(h.heard)
	done.tap("Undo").says("Undone.")
	h.hearsNothing("mentee")
	h.hears("second", "Mira je opet")
	if h.pair("pair-mentee").EndedAt.IsZero() || !h.pair("pair-second").EndedAt.IsZero() {
		t.Error("the wrong pairs have ended")
	}
}

func TestLeavingByAButtonOfAnotherTimeOrPerson(t *testing.T) {
	h := newHall(t).everyone()
	ask := h.types("mentee", "/settings leave")
	h.taps("mentor", ask.Buttons[0].Command).says("Leave Pilot cycle?") // asked, not done
	h.later(2 * time.Hour)
	ask.tap("Yes, leave").says("Leave Pilot cycle?")
	h.taps("mentee", "settings leave "+h.cycle.ID+" leave-zzzzzz-"+h.ids["mentee"]).says("Leave Pilot cycle?")
	h.types("mentee", "/settings leave far cycle").says("Leave Pilot cycle?")
	h.types("coordinator", "/settings leave").says("Nobody else coordinates it")
	h.tick()
	h.hearsNothing("mentor")
}
