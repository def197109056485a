//go:build unix

package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

var kills = flag.Int("kills", 10, "how often the service is killed in a campaign")

// A house is a database with pairs of a cycle that goes on now, all of whom have joined on
// the network.
type house struct {
	config, database string
	pairs            []store.Pair
	today            store.Date
}

const (
	housePairs  = 12
	daysOfHouse = 60 // of the cycle, so far
)

// furnish makes a house; user is the platform's id of who has a name.
func furnish(t testing.TB, platform string, user func(name string) string) *house {
	t.Helper()
	return furnishFor(t, housePairs, platform, user)
}

// furnishFor is furnish for so many pairs. Who has no id on the platform hasn't joined.
func furnishFor(t testing.TB, pairs int, platform string, user func(name string) string) *house {
	t.Helper()
	folder := t.TempDir()
	h := &house{config: filepath.Join(folder, "config.yaml"), database: filepath.Join(folder, "mentorbot.db")}
	settings := "key: " + strings.Repeat("c2VjcmV0", 5) + "c2U=\nwatch: {listen: off}\n"
	if err := os.WriteFile(h.config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	h.today = store.DateOf(time.Now().UTC())
	h.open(t, func(tx *store.Tx) error {
		b := store.Bot{Platform: platform, Name: "main"}
		cycle := store.Cycle{
			Slug: "now", Title: "Now", Zone: "UTC", Language: "en", Starts: h.today - daysOfHouse, Ends: h.today + 60,
			Minimum: 50, By: h.today + 50, MeetingLength: time.Hour, Rules: store.Rules{},
		}
		for _, err := range []error{tx.SetProgram(store.Program{Name: "Test"}), tx.PutBot(&b), tx.InsertCycle(&cycle)} {
			if err != nil {
				return err
			}
		}
		h.pairs = nil
		for i := range pairs {
			p := store.Pair{CycleID: cycle.ID}
			for _, role := range []store.Role{store.Mentor, store.Mentee} {
				id, err := h.moveIn(tx, b.ID, cycle.ID, role, fmt.Sprintf("%s-%d", role, i), user)
				if err != nil {
					return err
				}
				if role == store.Mentor {
					p.MentorID = id
				} else {
					p.MenteeID = id
				}
			}
			if err := tx.InsertPair(&p); err != nil {
				return err
			}
			h.pairs = append(h.pairs, p)
		}
		return nil
	})
	return h
}

func self(name string) string { return name }

func (h *house) moveIn(tx *store.Tx, botID, cycleID string, role store.Role, slug string, user func(string) string) (string, error) {
	person := store.Person{Slug: slug, Name: slug}
	if err := tx.InsertPerson(&person); err != nil {
		return "", err
	}
	m := store.Member{CycleID: cycleID, PersonID: person.ID, Role: role}
	if user(slug) != "" {
		m.JoinedAt = tx.Now()
	}
	if err := tx.PutMember(m); err != nil || m.JoinedAt.IsZero() {
		return person.ID, err
	}
	return person.ID, tx.LinkAccount(&store.Account{BotID: botID, PersonID: person.ID, UserID: user(slug), ChatID: user(slug)})
}

// open works on the database, which no process serves meanwhile.
func (h *house) open(t testing.TB, f func(*store.Tx) error) {
	t.Helper()
	s, err := store.Open(context.Background(), store.Options{Database: h.database})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// A servingProcess is mentorbot serve as a process.
type servingProcess struct {
	*exec.Cmd
	log *strings.Builder
}

func (h *house) serve(t testing.TB, path string, environment ...string) *servingProcess {
	t.Helper()
	p := &servingProcess{Cmd: exec.Command(path, "--config", h.config, "serve"), log: &strings.Builder{}}
	p.Env = append(os.Environ(), environment...)
	p.Stderr = p.log
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() }) // if the test has failed
	return p
}

// end ends the process by a signal; of SIGTERM it must end well.
func (p *servingProcess) end(t testing.TB, by syscall.Signal) {
	t.Helper()
	if err := p.Process.Signal(by); err != nil {
		t.Errorf("it had ended before: %v\n%s", err, p.log)
	}
	err := p.Wait()
	if early := p.log.Len() == 0; err != nil && by == syscall.SIGTERM && !early { // it didn't listen to signals yet
		t.Errorf("it ended with %v\n%s", err, p.log)
	}
	if strings.Contains(p.log.String(), "level=ERROR") {
		t.Errorf("it complains:\n%s", p.log)
	}
}

// TestServiceIsKilled kills the service at random instants under load, with the network
// as the ledger: nothing that somebody did is lost or done twice, everybody gets what is
// for them, and twice only what was being sent when the process died.
func TestServiceIsKilled(t *testing.T) {
	for name, by := range map[string][]syscall.Signal{
		"cut off":      {syscall.SIGKILL, syscall.SIGTERM},
		"asked to end": {syscall.SIGTERM},
	} {
		t.Run(name, func(t *testing.T) {
			h, n, path := furnish(t, "wire", self), newNetwork(t), binary(t)
			seed := rand.Uint64()
			rng := rand.New(rand.NewPCG(seed, 0))
			t.Log("seed", seed)
			did, cut := map[string]bool{}, 0
			for round := range *kills {
				p := h.serve(t, path, wireVariable+"="+n.URL)
				h.meet(n, did, round)
				time.Sleep(time.Duration(rng.IntN(600)) * time.Millisecond) // the instant of death is what is tried
				signal := by[rng.IntN(len(by))]
				p.end(t, signal)
				if signal == syscall.SIGKILL {
					cut++
				}
			}
			p := h.serve(t, path, wireVariable+"="+n.URL)
			h.settled(t, n, did)
			p.end(t, syscall.SIGTERM)
			h.audit(t, n, did, cut)
		})
	}
}

// meet has each mentee log a meeting: of another day in each round, until all days
// of the cycle so far are logged.
func (h *house) meet(n *network, did map[string]bool, round int) {
	for i, p := range h.pairs {
		day := h.today - store.Date(round%daysOfHouse)
		id := fmt.Sprintf("%d-%d", round, i)
		who := fmt.Sprintf("mentee-%d", i)
		did[id] = true
		n.does(chat.Request{ID: id, UserID: who, ChatID: who, Text: fmt.Sprintf("log %s %s 60", p.ID, day), Tapped: true})
	}
}

// settled waits until all was handled and everything has gone out.
func (h *house) settled(t *testing.T, n *network, did map[string]bool) {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		got := n.letters()
		missing := n.left()
		for id := range did {
			if len(got["reply/"+id]) == 0 {
				missing++
			}
		}
		confirms := 0
		for key, letters := range got {
			if !strings.HasPrefix(key, "reply/") && strings.Contains(letters[0].Text, "Is that right?") {
				confirms++
			}
		}
		if missing == 0 && confirms >= h.meetings(did) {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%d are missing, %d of %d questions came", missing, confirms, h.meetings(did))
		}
	}
}

// uncounted is a text without the number that a meeting is of: words are found when they
// are sent, and by then there may be more.
func uncounted(text string) string { return counted.ReplaceAllString(text, "") }

var counted = regexp.MustCompile(`It's meeting [^.]*`)

// meetings is how many there have to be.
func (h *house) meetings(did map[string]bool) int { return min(len(did), daysOfHouse*len(h.pairs)) }

// audit compares the database with what the network has seen.
func (h *house) audit(t *testing.T, n *network, did map[string]bool, cut int) {
	t.Helper()
	h.open(t, func(tx *store.Tx) error {
		meetings := 0
		for _, p := range h.pairs {
			all, err := tx.MeetingsOf(p.ID)
			if err != nil {
				return err
			}
			meetings += len(all)
		}
		if meetings != h.meetings(did) {
			t.Errorf("there are %d meetings, and %d were logged", meetings, h.meetings(did))
		}
		tally, err := tx.Tally()
		if tally.Unsent > 0 || tally.Messages[store.Planned] > 0 || tally.Messages[store.Failed] > 0 {
			t.Errorf("it ends with %+v", tally)
		}
		return err
	})
	twice := 0
	for key, letters := range n.letters() {
		for _, l := range letters[1:] {
			twice++
			if l.Chat != letters[0].Chat || uncounted(l.Text) != uncounted(letters[0].Text) {
				t.Errorf("%s was first %+v, and then %+v", key, letters[0], l)
			}
		}
	}
	t.Logf("%d requests, %d letters, %d of them twice, %d times cut off", len(did), len(n.letters()), twice, cut)
	// What can be under way is a reply to everybody and what is being sent at once.
	if most := cut * (len(h.pairs) + 16); twice > most {
		t.Errorf("%d were sent twice, and at most %d were under way", twice, most)
	}
}
