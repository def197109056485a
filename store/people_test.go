package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/store"
)

func (w *world) person(id string) store.Person {
	w.Helper()
	return get(w, func(tx *store.Tx) (store.Person, error) { return tx.Person(id) })
}

func TestCyclesReadAsWritten(t *testing.T) {
	eachWorld(t, func(w *world) {
		c := w.cycle
		c.Title, c.Zone, c.Language, c.Starts, c.Ends, c.By = "Autumn", "Asia/Tbilisi", "sr-Latn", 20000, 20100, 20050
		c.Minimum, c.MeetingLength, c.Rules = 9, time.Hour, store.Rules{Quiet: store.Quiet{Start: 1, End: 2}}
		w.do(func(tx *store.Tx) error { return tx.UpdateCycle(c) })
		read := get(w, func(tx *store.Tx) (store.Cycle, error) { return tx.CycleBySlug("pilot") })
		c.Version = read.Version
		if diff := cmp.Diff(c, read); diff != "" {
			t.Error(diff)
		}
		if all := get(w, (*store.Tx).Cycles); len(all) != 1 || !cmp.Equal(all[0], read) {
			t.Errorf("cycles are %+v", all)
		}
		w.refused(store.ErrNotFound, func(tx *store.Tx) error {
			c.ID = "none"
			return tx.UpdateCycle(c)
		})
		w.do(func(tx *store.Tx) error { return tx.SetProgram(store.Program{Name: "Renamed"}) })
		if p := get(w, (*store.Tx).Program); p.Name != "Renamed" {
			t.Errorf("the programme is %+v", p)
		}
	})
}

func TestCyclesThatCannotBe(t *testing.T) {
	eachWorld(t, func(w *world) {
		for want, spoil := range map[*store.Refusal]func(c *store.Cycle){
			store.ErrZone:    func(c *store.Cycle) { c.Zone = "Local" },
			store.ErrSlug:    func(c *store.Cycle) { c.Slug = "Pilot" },
			store.ErrMinimum: func(c *store.Cycle) { c.Minimum = 0 },
			store.ErrDates:   func(c *store.Cycle) { c.By = c.Ends + 1 },
			store.ErrKnown:   func(c *store.Cycle) {},
		} {
			c := pilotCycle("pilot")
			spoil(&c)
			w.refused(want, func(tx *store.Tx) error { return tx.InsertCycle(&c) })
			if c.ID = w.cycle.ID; want != store.ErrKnown {
				w.refused(want, func(tx *store.Tx) error { return tx.UpdateCycle(c) })
			}
		}
	})
}

func TestPeopleReadAsWritten(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, p := range []store.Person{w.mentor, w.mentee, w.second} {
			if diff := cmp.Diff(p, w.person(p.ID)); diff != "" {
				t.Error(diff)
			}
		}
		odd := store.Person{Slug: "odd", Name: "\u202eأحمد 👩‍👩‍👧‍👦 _*[]<&\n'\"$1", City: "a\x00b\xffc", Quiet: &store.Quiet{}}
		w.do(func(tx *store.Tx) error { return tx.InsertPerson(&odd) })
		odd.City = "ab\uFFFDc"
		if diff := cmp.Diff(odd, get(w, func(tx *store.Tx) (store.Person, error) { return tx.PersonBySlug("odd") })); diff != "" {
			t.Error(diff)
		}
		if n := len(get(w, (*store.Tx).People)); n != 5 {
			t.Errorf("%d people, want 5", n)
		}
		w.refused(store.ErrKnown, func(tx *store.Tx) error { return tx.InsertPerson(&store.Person{Slug: "odd"}) })
		w.refused(store.ErrSlug, func(tx *store.Tx) error { return tx.InsertPerson(&store.Person{Slug: ""}) })
		w.refused(store.ErrZone, func(tx *store.Tx) error { return tx.InsertPerson(&store.Person{Slug: "x", Zone: "X/Y"}) })
		w.refused(store.ErrZone, func(tx *store.Tx) error { return tx.ChooseZone(odd.ID, "") })
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.Pause("none", w.now) })
	})
}

func TestWhatAPersonChoseStays(t *testing.T) {
	eachWorld(t, func(w *world) {
		file := w.mentee
		file.Name, file.City, file.Country = "Mentee Renamed", "Skopje", "MK"
		file.Language, file.Zone, file.Quiet = "en", "Europe/Skopje", &store.Quiet{Start: 60, End: 120}
		w.do(func(tx *store.Tx) error { return tx.UpdatePerson(file) })
		if diff := cmp.Diff(file, w.person(file.ID)); diff != "" {
			t.Error("before anything was chosen the file's value holds:", diff)
		}
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.ChooseLanguage(file.ID, "sr-Latn"), tx.ChooseZone(file.ID, "Asia/Tbilisi"),
				tx.ChooseQuiet(file.ID, store.Quiet{}))
		})
		later := file
		later.Name, later.Language, later.Zone, later.Quiet = "Again", "de", "Europe/Lisbon", nil
		w.do(func(tx *store.Tx) error { return tx.UpdatePerson(later) })
		want := file
		want.Name, want.Language, want.Zone, want.Quiet = "Again", "sr-Latn", "Asia/Tbilisi", &store.Quiet{}
		want.LanguageChosen, want.ZoneChosen, want.QuietChosen = true, true, true
		if diff := cmp.Diff(want, w.person(file.ID)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMembers(t *testing.T) {
	eachWorld(t, func(w *world) {
		member := func(p store.Person) store.Member {
			return get(w, func(tx *store.Tx) (store.Member, error) { return tx.Member(w.cycle.ID, p.ID) })
		}
		join := func(tx *store.Tx) error { return tx.Join(w.cycle.ID, w.second.ID) }
		w.do(join)
		joined := w.now
		w.now = w.now.Add(time.Hour)
		w.do(join)
		if m := member(w.second); !m.JoinedAt.Equal(joined) {
			t.Errorf("joined again, %+v; want the first time kept", m)
		}
		w.do(func(tx *store.Tx) error { return tx.Leave(w.cycle.ID, w.second.ID) })
		if m := member(w.second); !m.LeftAt.Equal(w.now) {
			t.Errorf("left, %+v", m)
		}
		w.now = w.now.Add(time.Hour)
		w.do(join)
		if m := member(w.second); !m.JoinedAt.Equal(w.now) || !m.LeftAt.IsZero() {
			t.Errorf("came back, %+v", m)
		}

		put := func(p store.Person, role store.Role) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				return tx.PutMember(store.Member{CycleID: w.cycle.ID, PersonID: p.ID, Role: role})
			}
		}
		for _, p := range []store.Person{w.second, w.mentor} {
			w.refused(store.ErrInPair, put(p, store.Coordinator))
		}
		w.do(put(w.second, store.Mentee))
		if m := member(w.second); !m.JoinedAt.Equal(w.now) {
			t.Errorf("put again, %+v; want when they joined kept", m)
		}
		w.do(put(w.coordinator, store.Mentor))
		if all := get(w, func(tx *store.Tx) ([]store.Member, error) { return tx.Memberships(w.coordinator.ID) }); len(all) != 1 ||
			all[0].Role != store.Mentor || !all[0].JoinedAt.Equal(noon) {
			t.Errorf("memberships are %+v", all)
		}
	})
}

func TestPairsAreAMentorAndAMentee(t *testing.T) {
	eachWorld(t, func(w *world) {
		insert := func(mentor, mentee store.Person) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				return tx.InsertPair(&store.Pair{CycleID: w.cycle.ID, MentorID: mentor.ID, MenteeID: mentee.ID})
			}
		}
		w.refused(store.ErrRoles, insert(w.mentor, w.mentor))
		w.refused(store.ErrRoles, insert(w.mentee, w.mentor))
		w.refused(store.ErrRoles, insert(w.mentor, w.coordinator))
		w.refused(store.ErrRoles, insert(w.mentee, w.second))
		w.refused(store.ErrRoles, insert(w.mentor, store.Person{ID: "none"}))
		w.refused(store.ErrKnown, insert(w.mentor, w.mentee))
		w.do(func(tx *store.Tx) error { return tx.EndPair(w.pair.ID) })
		w.refused(store.ErrKnown, insert(w.mentor, w.mentee))
		if p := get(w, func(tx *store.Tx) (store.Pair, error) { return tx.Pair(w.pair.ID) }); !p.EndedAt.Equal(w.now) {
			t.Errorf("ended, it is %+v", p)
		}
		if partner, ok := w.pair.Partner(w.mentee.ID); partner != w.mentor.ID || !ok {
			t.Error("the mentee's partner is", partner)
		}
		if _, ok := w.pair.Partner(w.second.ID); ok {
			t.Error("a stranger has a partner")
		}
	})
}

func TestSinceWhenTwoAreAPair(t *testing.T) {
	eachWorld(t, func(w *world) {
		made := w.pair.Since
		if !made.Equal(w.now) {
			t.Errorf("they are a pair since %v, want %v", made, w.now)
		}
		w.now = w.now.Add(time.Hour)
		w.do(func(tx *store.Tx) error { return tx.EndPair(w.pair.ID) })
		w.now = w.now.Add(time.Hour)
		w.do(func(tx *store.Tx) error { return tx.ReopenPair(w.pair.ID) })
		p := get(w, func(tx *store.Tx) (store.Pair, error) { return tx.Pair(w.pair.ID) })
		if !p.Since.Equal(w.now) || !p.EndedAt.IsZero() || p != w.snapshot().Pairs[0] && p != w.snapshot().Pairs[1] {
			t.Errorf("reopened, they are %+v, want a pair since %v", p, w.now)
		}
	})
}

func TestAccounts(t *testing.T) {
	eachWorld(t, func(w *world) {
		bot := store.Bot{Platform: "telegram", Name: "one"}
		again := bot
		w.do(func(tx *store.Tx) error { return errors.Join(tx.PutBot(&bot), tx.PutBot(&again)) })
		if bot.ID == "" || again.ID != bot.ID || len(get(w, (*store.Tx).Bots)) != 1 {
			t.Errorf("bots are %v and %v, want one", bot, again)
		}
		link := func(p store.Person, userID, chatID string) (a store.Account) {
			w.do(func(tx *store.Tx) error {
				a = store.Account{BotID: bot.ID, PersonID: p.ID, UserID: userID, ChatID: chatID}
				return tx.LinkAccount(&a)
			})
			return a
		}
		first := link(w.mentee, "u1", "c1")
		w.now = w.now.Add(time.Minute)
		second := link(w.mentee, "u2", "c2")
		w.refused(store.ErrAccountTaken, func(tx *store.Tx) error {
			return tx.LinkAccount(&store.Account{BotID: bot.ID, PersonID: w.mentor.ID, UserID: "u1", ChatID: "c9"})
		})
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.SetReachable(first.ID, false, "blocked"), tx.PreferAccount(second.ID))
		})
		accounts := func() []store.Account {
			return get(w, func(tx *store.Tx) ([]store.Account, error) { return tx.Accounts(w.mentee.ID) })
		}
		if all := accounts(); len(all) != 2 || all[0].ID != second.ID || !all[0].First || all[1].First || all[1].Reason != "blocked" {
			t.Errorf("accounts are %+v", all)
		}
		if a := link(w.mentee, "u1", "c3"); a.ID != first.ID || a.ChatID != "c3" || !a.Reachable || !a.CreatedAt.Equal(noon) {
			t.Errorf("linked again, it is %+v, want %+v in another chat", a, first)
		}
		w.do(func(tx *store.Tx) error { return tx.UnlinkAccount(second.ID) })
		if all := accounts(); len(all) != 1 || all[0].ID != first.ID {
			t.Errorf("accounts are %+v, want the other one", all)
		}
	})
}
