package bot

import (
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// goOn stands in place of a day, to end a pause.
const goOn = "now"

// goOnWords are how people type it.
var goOnWords = []string{goOn, "go on", "continue", "sada", "odmah", "nastavi"}

// longestPause is how far ahead a pause may end, in days.
const longestPause = 366

// pauseUntil asks until which day there are to be no reminders.
var pauseUntil = option{
	name: "until", ask: "pause.ask", hint: "pause.hint", last: true,
	offers: func(t *turn) ([]offer, error) {
		today := t.todayHere()
		year, month, day := today.Calendar()
		var offers []offer
		for _, o := range []struct {
			id    string
			until store.Date
		}{
			{"pause.week", today + 7}, {"pause.two-weeks", today + 14}, {"pause.month", store.NewDate(year, month+1, day)},
		} {
			offers = append(offers, offer{t.text(o.id, locale.Args{"Day": t.until(o.until)}).Plain(), o.until.String()})
		}
		if t.paused() {
			offers = append(offers, offer{t.text("button.go-on", nil).Plain(), goOn})
		}
		return offers, nil
	},
	read: func(t *turn, text string) (value, rest string, ok bool) {
		if slices.Contains(goOnWords, locale.Fold(strings.TrimSpace(text))) {
			return goOn, "", true
		}
		day, rest, ok := t.language.ReadDay(text, noon(t.todayHere()), false)
		return day.Format(time.DateOnly), rest, ok
	},
}

// paused reports whether the reader gets no reminders now.
func (s *speech) paused() bool { return s.now.Before(s.to.PausedUntil) }

func (s *speech) pauseNow() chat.Text {
	if s.paused() {
		return s.text("settings.paused", locale.Args{"Day": s.dayOrMoment(s.to.PausedUntil)})
	}
	return s.text("settings.going", nil)
}

// pause stops reminders until a day begins where the person is, or ends a pause.
func (t *turn) pause() error {
	if t.args["until"] == goOn {
		if err := t.set(!t.paused(), func() error { return t.tx.Pause(t.me(), time.Time{}) }); err != nil {
			return err
		}
		t.done("pause.over", nil, t.lead("whats-next", "next"))
		return nil
	}
	day, today := t.dayOf("until"), t.todayHere()
	args := locale.Args{"Day": t.day(day)}
	switch {
	case day <= today:
		return t.askAgain(&pauseUntil, "settings pause", t.text("pause.past", args), "settings")
	case day > today+longestPause:
		return t.askAgain(&pauseUntil, "settings pause", t.text("pause.far", args), "settings")
	}
	until := day.Midnight(t.zone)
	if err := t.set(until.Equal(t.to.PausedUntil), func() error { return t.tx.Pause(t.me(), until) }); err != nil {
		return err
	}
	t.done("pause.set", locale.Args{"Day": t.until(day)}, t.button("go-on", "settings pause "+goOn))
	return nil
}
