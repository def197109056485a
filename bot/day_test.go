package bot_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// A coordinator's days to come are those of their own calendar, as the times are.
func TestADayAheadIsTheCoordinatorsOwn(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error { return tx.ChooseZone(h.ids["coordinator"], "America/New_York") })
	h.now = time.Date(2027, 2, 10, 23, 30, 0, 0, time.UTC) // in Belgrade it's the 11th
	h.types("coordinator", "/announce").tap("Everyone")
	asked := h.types("coordinator", "Bring a photo.").tap("At a time").says("On which day?")
	if got := asked.Buttons[0].Label; got != "Wednesday 10 February" {
		t.Errorf("the first day to come is %s", got)
	}
	asked.tap("Another day").says("such as tomorrow")
	h.types("coordinator", "today 21:00").says("today, Wednesday 10 February, at 21:00")
}

func TestTimesOfDayAsPeopleWriteThem(t *testing.T) {
	h := newHall(t).everyone()
	for typed, want := range map[string]string{
		"9am": "09:00", "9 pm": "21:00", "at 9am": "09:00", "at 9": "09:00", "u 9": "09:00", "u 18:30": "18:30", "12 am": "00:00",
		"12pm": "12:00", "у 9 сати": "09:00", "18 часова": "18:00", "AT 9": "09:00", "9:30 PM": "21:30", "18h": "18:00", "u 18h": "18:00", "18.30": "18:30", "9 p.m.": "21:00", "u 9 sati": "09:00",
	} {
		h.types("coordinator", "/announce").tap("Everyone")
		h.types("coordinator", "Bring a photo.").tap("At a time")
		h.types("coordinator", "12 March").says("At what time?")
		h.types("coordinator", typed).says("Friday 12 March at " + want)
	}
	for _, typed := range []string{"13pm", "0 am", "25", "9 x", "at", "9:60"} {
		h.types("coordinator", "/announce").tap("Everyone")
		h.types("coordinator", "Bring a photo.").tap("At a time")
		h.types("coordinator", "12 March")
		h.types("coordinator", typed).says("I couldn't read", "At what time?")
	}
}
