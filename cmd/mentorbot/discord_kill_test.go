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

	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
	"github.com/kooperativa/mentorbot/store"
)

// TestServiceOnDiscordIsKilled kills the service at random instants while people use its
// commands, with Discord's side as the ledger: what somebody was told had happened did
// happen, once, and every message that follows from it is read, once if the service is
// back within a minute. What dies before it is done, its person sees as failed.
func TestServiceOnDiscordIsKilled(t *testing.T) {
	fake, path := discordtest.New(t, discordtest.Options{Limits: true}), binary(t)
	h := furnish(t, "discord", func(name string) string {
		id, _ := fake.Address(name)
		return id
	})
	serve := func() *servingProcess {
		return h.serve(t, path, "MENTORBOT_DISCORD_TOKEN="+fake.Token, "MENTORBOT_DISCORD_API_URL="+fake.URL,
			"MENTORBOT_DISCORD_PER_SECOND=10000")
	}
	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 0))
	t.Log("seed", seed)
	failed, cut := 0, 0
	for round := range min(1+*kills/5, daysOfHouse) { // each waits for direct chats, which open slowly
		p := serve()
		if err := fake.Connected(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		for i := range housePairs {
			if err := fake.User(fmt.Sprint("mentee-", i)).Type(fmt.Sprintf("/log %s 60", h.today-store.Date(round))); err != nil {
				failed++ // its person sees that
			}
		}
		time.Sleep(time.Duration(rng.IntN(200)) * time.Millisecond) // the instant of death is what is tried
		signal := []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}[rng.IntN(2)]
		if p.end(t, signal); signal == syscall.SIGKILL {
			cut++
		}
	}
	p := serve()
	l := &discordLedger{fake}
	l.settled(t)
	p.end(t, syscall.SIGTERM)
	t.Logf("%d commands failed, %d times cut off", failed, cut)
	l.audit(t, h)
}

// A discordLedger is what Discord knows that people were told.
type discordLedger struct{ fake *discordtest.Server }

// told counts what somebody was told, by the line of the text that says the day.
func (l *discordLedger) told(t *testing.T, who, with string) map[string]int {
	t.Helper()
	bubbles, err := l.fake.Phone(who).Screen()
	if err != nil {
		t.Fatal(err)
	}
	days := map[string]int{}
	for _, b := range bubbles {
		if lines := strings.Split(b.Text, "\n"); !b.Mine && strings.Contains(b.Text, with) && len(lines) > 1 {
			days[lines[1]]++
		}
	}
	return days
}

// settled waits until nothing changes any more; direct chats are opened slowly.
func (l *discordLedger) settled(t *testing.T) {
	t.Helper()
	begun := time.Now()
	for last, since := -1, begun; time.Since(since) < 3*time.Second || l.waiting(t) && time.Since(begun) < 2*time.Minute; time.Sleep(100 * time.Millisecond) {
		if n := len(l.fake.Calls("")); n != last {
			last, since = n, time.Now()
		}
	}
}

// waiting reports whether a mentor hasn't been asked of a meeting that was logged.
func (l *discordLedger) waiting(t *testing.T) bool {
	t.Helper()
	for i := range housePairs {
		who := strconv.Itoa(i)
		if len(l.told(t, "mentor-"+who, "Is that right?")) < len(l.told(t, "mentee-"+who, ", 1 hour, with mentor-")) {
			return true
		}
	}
	return false
}

// audit compares the database with what people were told.
func (l *discordLedger) audit(t *testing.T, h *house) {
	t.Helper()
	held := map[string]int{}
	h.open(t, func(tx *store.Tx) error {
		for _, p := range h.pairs {
			all, err := tx.MeetingsOf(p.ID)
			if err != nil {
				return err
			}
			mentee, err := tx.Person(p.MenteeID)
			if err != nil {
				return err
			}
			held[strings.TrimPrefix(mentee.Slug, "mentee-")] = len(all)
		}
		tally, err := tx.Tally()
		if tally.Unsent > 0 || tally.Messages[store.Planned] > 0 || tally.Messages[store.Failed] > 0 {
			t.Errorf("it ends with %+v", tally)
		}
		return err
	})
	meetings, twice := 0, 0
	for i, n := range held {
		meetings += n
		logged, asked := l.told(t, "mentee-"+i, ", 1 hour, with mentor-"), l.told(t, "mentor-"+i, "Is that right?")
		if len(logged) != n || len(asked) != n {
			t.Errorf("pair %s has %d meetings; its mentee was told of %d, its mentor of %d", i, n, len(logged), len(asked))
		}
		for day, times := range asked {
			if times > 1 {
				t.Errorf("mentor %s was asked %d times about %s", i, times, day)
			}
		}
		for _, times := range logged {
			twice += times - 1
		}
	}
	t.Logf("%d meetings, %d answers twice", meetings, twice)
}
