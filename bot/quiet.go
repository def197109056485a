package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// quietHours asks in which hours of the day the bot is to be quiet.
var quietHours = option{
	name: "hours", ask: "quiet.ask", hint: "quiet.hint",
	offers: func(t *turn) (offers []offer, err error) {
		for _, q := range []store.Quiet{{Start: 21 * 60, End: 9 * 60}, {Start: 22 * 60, End: 8 * 60}, {Start: 20 * 60, End: 10 * 60}} {
			offers = append(offers, offer{t.text("quiet.hours", quietArgs(q)).Plain(), q.String()})
		}
		return append(offers, offer{t.text("quiet.none", nil).Plain(), store.Quiet{}.String()}), nil
	},
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		q, ok := readQuiet(text)
		return q.String(), "", ok
	},
}

var (
	quietText = regexp.MustCompile(`^(?:from|between|od|izmedju)?\s*(\d{1,2})(?:[:.](\d{2}))?\s*h?\s*` +
		`(?:-|–|—|to|until|till|and|do|i)\s*(\d{1,2})(?:[:.](\d{2}))?\s*h?\.?$`)
	quietNever = []string{"none", "no", "never", "off", "nema", "ne", "nikad", "bez"}
)

// readQuiet reads 22-7, 22:30–07:00, from 22 to 7, none; in any of the languages.
func readQuiet(text string) (q store.Quiet, ok bool) {
	folded := locale.Fold(strings.TrimSpace(text))
	if slices.Contains(quietNever, folded) {
		return store.Quiet{}, true
	}
	m := quietText.FindStringSubmatch(folded)
	if m == nil {
		return q, false
	}
	start, ok1 := readClock(m[1], m[2])
	end, ok2 := readClock(m[3], m[4])
	q = store.Quiet{Start: start, End: end}
	return q, ok1 && ok2 && !q.None()
}

// readClock reads a time of day from its digits. 24:00 is midnight.
func readClock(hours, minutes string) (store.Clock, bool) {
	hour, _ := strconv.Atoi(hours)
	minute, _ := strconv.Atoi(minutes) // "" is 0
	total := hour*60 + minute
	return store.Clock(total % (24 * 60)), minute < 60 && total <= 24*60
}

func quietArgs(q store.Quiet) locale.Args {
	return locale.Args{"From": chat.Text(q.Start.String()), "To": chat.Text(q.End.String())}
}

// quiet are the hours in which the reader isn't written to.
func (s *speech) quiet() store.Quiet {
	if s.to.Quiet != nil {
		return *s.to.Quiet
	}
	return s.c.Cycle.Rules.Quiet
}

func (s *speech) quietNow() chat.Text {
	if q := s.quiet(); !q.None() {
		return s.text("settings.quiet", quietArgs(q))
	}
	return s.text("settings.quiet-none", nil)
}

// chooseQuiet sets the quiet hours.
func (t *turn) chooseQuiet() error {
	q, err := store.ParseQuiet(t.args["hours"])
	if err != nil {
		return err
	}
	already := t.to.QuietChosen && t.to.Quiet != nil && *t.to.Quiet == q
	if err := t.set(already, func() error { return t.tx.ChooseQuiet(t.me(), q) }); err != nil {
		return err
	}
	if q.None() {
		t.done("quiet.chosen-none", nil)
		return nil
	}
	t.done("quiet.chosen", quietArgs(q))
	return nil
}
