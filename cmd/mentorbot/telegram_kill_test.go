//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
	"github.com/kooperativa/mentorbot/store"
)

// TestServiceOnTelegramIsKilled kills the service at random instants while people write and
// messages go out, with Telegram's side as the ledger: no update is lost or has its effect
// twice, everybody reads every answer, and again only what was being sent when the process
// was cut off.
func TestServiceOnTelegramIsKilled(t *testing.T) {
	fake, path := telegramtest.New(t, telegramtest.Options{}), binary(t)
	h := furnish(t, "telegram", func(name string) string { return strconv.FormatInt(telegramtest.UserID(name), 10) })
	for i := range housePairs {
		fake.User(fmt.Sprint("mentee-", i)).Begin()
		fake.User(fmt.Sprint("mentor-", i)).Begin()
	}
	serve := func() *servingProcess {
		return h.serve(t, path, "MENTORBOT_TELEGRAM_TOKEN="+fake.Token, "MENTORBOT_TELEGRAM_API_URL="+fake.URL,
			"MENTORBOT_TELEGRAM_PER_SECOND=10000", "MENTORBOT_TELEGRAM_PER_CHAT_SECOND=1000")
	}
	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 0))
	t.Log("seed", seed)
	rounds := min(*kills, daysOfHouse)
	cut := 0
	for round := range *kills {
		p := serve()
		if round < rounds {
			for i := range housePairs {
				if err := fake.User(fmt.Sprint("mentee-", i)).Type(fmt.Sprintf("/log %s 60", h.today-store.Date(round))); err != nil {
					t.Fatal(err)
				}
			}
		} else { // each day is logged: from here on they only look
			for i := range housePairs {
				if err := fake.User(fmt.Sprint("mentee-", i)).Type("/progress"); err != nil {
					t.Fatal(err)
				}
			}
		}
		time.Sleep(time.Duration(rng.IntN(600)) * time.Millisecond) // the instant of death is what is tried
		signal := []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}[rng.IntN(2)]
		if p.end(t, signal); signal == syscall.SIGKILL {
			cut++
		}
	}
	p := serve()
	l := &telegramLedger{fake: fake, logs: rounds, looks: *kills - rounds}
	l.settled(t)
	p.end(t, syscall.SIGTERM)
	l.audit(t, h, cut)
}

// A telegramLedger is what Telegram knows that people were told.
type telegramLedger struct {
	fake        *telegramtest.Server
	logs, looks int // that each mentee has asked for
}

// told counts what somebody was told, by the text.
func (l *telegramLedger) told(t *testing.T, who, with string) (n int, texts map[string]int) {
	t.Helper()
	bubbles, err := l.fake.Phone(who).Screen()
	if err != nil {
		t.Fatal(err)
	}
	texts = map[string]int{}
	for _, b := range bubbles {
		if !b.Mine && strings.Contains(b.Text, with) {
			texts[strings.Join(strings.SplitN(b.Text, "\n", 3)[1:2], "")]++
			n++
		}
	}
	return n, texts
}

// settled waits until everybody was told everything.
func (l *telegramLedger) settled(t *testing.T) {
	t.Helper()
	for until := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		missing := l.fake.Pending()
		for i := range housePairs {
			_, logs := l.told(t, fmt.Sprint("mentee-", i), ", 1 hour, with mentor-")
			looks, _ := l.told(t, fmt.Sprint("mentee-", i), "held")
			_, asked := l.told(t, fmt.Sprint("mentor-", i), "Is that right?")
			missing += max(0, l.logs-len(logs)) + max(0, l.looks-looks) + max(0, l.logs-len(asked))
		}
		if missing == 0 {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%d are missing", missing)
		}
	}
}

// audit compares the database with what people were told.
func (l *telegramLedger) audit(t *testing.T, h *house, cut int) {
	t.Helper()
	h.open(t, func(tx *store.Tx) error {
		for _, p := range h.pairs {
			all, err := tx.MeetingsOf(p.ID)
			if err != nil {
				return err
			}
			if len(all) != l.logs {
				t.Errorf("a pair has %d meetings, and %d were logged", len(all), l.logs)
			}
		}
		tally, err := tx.Tally()
		if tally.Unsent > 0 || tally.Messages[store.Planned] > 0 || tally.Messages[store.Failed] > 0 {
			t.Errorf("it ends with %+v", tally)
		}
		return err
	})
	twice := 0
	for i := range housePairs {
		logged, logs := l.told(t, fmt.Sprint("mentee-", i), ", 1 hour, with mentor-")
		looks, _ := l.told(t, fmt.Sprint("mentee-", i), "held")
		asked, questions := l.told(t, fmt.Sprint("mentor-", i), "Is that right?")
		twice += logged - len(logs) + asked - len(questions) + looks - l.looks
	}
	t.Logf("%d requests, %d of their answers and questions twice, %d times cut off", (l.logs+l.looks)*housePairs, twice, cut)
	if most := cut * (housePairs + 16); twice > most {
		t.Errorf("%d were sent twice, and at most %d were under way", twice, most)
	}
}
