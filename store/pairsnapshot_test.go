package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/store"
)

func TestPairSnapshotIsPartOfTheSnapshot(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.log(today - 1)
		w.agree(noon.Add(48 * time.Hour))
		whole := w.snapshot()
		part := get(w, func(tx *store.Tx) (*store.Snapshot, error) { return tx.PairSnapshot(w.pair.ID) })
		want := &store.Snapshot{
			Cycle: whole.Cycle, Pairs: []store.Pair{*whole.Pair("mentor-1+mentee-1")}, Meetings: whole.MeetingsOf(w.pair.ID),
			People:  map[string]*store.Person{w.mentor.ID: whole.People[w.mentor.ID], w.mentee.ID: whole.People[w.mentee.ID]},
			Members: slices.DeleteFunc(whole.Members, func(m store.Member) bool { return m.PersonID != w.mentor.ID && m.PersonID != w.mentee.ID }),
			Answers: map[[2]string]store.Answer{}, Told: []store.Told{},
		}
		if diff := gocmp.Diff(want, part); diff != "" {
			t.Error(diff)
		}
		if pair, m := part.Meeting("mentor-1+mentee-1#2"); pair == nil || m.State != store.Agreed {
			t.Errorf("the second meeting is %+v", m)
		}
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { _, err := tx.PairSnapshot("none"); return err })
	})
}

func TestPairsOfAPerson(t *testing.T) {
	eachWorld(t, func(w *world) {
		other := pilotCycle("other")
		w.do(func(tx *store.Tx) error { return tx.InsertCycle(&other) })
		elsewhere := store.Pair{CycleID: other.ID, MentorID: w.second.ID, MenteeID: w.mentor.ID} // their parts change
		for id, role := range map[string]store.Role{w.second.ID: store.Mentor, w.mentor.ID: store.Mentee} {
			w.do(func(tx *store.Tx) error {
				return tx.PutMember(store.Member{CycleID: other.ID, PersonID: id, Role: role})
			})
		}
		w.do(func(tx *store.Tx) error { return tx.InsertPair(&elsewhere) })
		pairsOf := func(p store.Person) (ids []string) {
			for _, pair := range get(w, func(tx *store.Tx) ([]store.Pair, error) { return tx.PairsOf(p.ID) }) {
				ids = append(ids, pair.ID)
			}
			slices.Sort(ids)
			return ids
		}
		for _, test := range []struct {
			of   store.Person
			want []string
		}{
			{w.mentor, []string{w.pair.ID, w.secondPair.ID, elsewhere.ID}}, {w.mentee, []string{w.pair.ID}},
			{w.second, []string{w.secondPair.ID, elsewhere.ID}}, {w.coordinator, nil},
		} {
			slices.Sort(test.want)
			if got := pairsOf(test.of); !slices.Equal(got, test.want) {
				t.Errorf("%s is in %v, want %v", test.of.Slug, got, test.want)
			}
		}
		w.do(func(tx *store.Tx) error { return tx.EndPair(w.pair.ID) })
		if got := pairsOf(w.mentee); got != nil {
			t.Errorf("of the one that has ended: %v", got)
		}
		parts := get(w, func(tx *store.Tx) ([]store.Part, error) { return tx.Standings(w.second.ID) })
		slices.SortFunc(parts, func(a, b store.Part) int { return strings.Compare(b.Cycle.Slug, a.Cycle.Slug) })
		for i := range parts {
			parts[i].Cycle.Version = 0
		}
		w.cycle.Version, other.Version = 0, 0
		member := func(c store.Cycle, role store.Role) store.Member {
			return store.Member{CycleID: c.ID, PersonID: w.second.ID, Role: role}
		}
		want := []store.Part{{Member: member(w.cycle, store.Mentee), Cycle: w.cycle}, {Member: member(other, store.Mentor), Cycle: other}}
		if diff := gocmp.Diff(want, parts); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhoSpeaks(t *testing.T) {
	eachWorld(t, func(w *world) {
		bot := store.Bot{Platform: "telegram", Name: "one"}
		a := store.Account{PersonID: w.mentee.ID, UserID: "u", ChatID: "c"}
		w.do(func(tx *store.Tx) error {
			if err := tx.PutBot(&bot); err != nil {
				return err
			}
			a.BotID = bot.ID
			return tx.LinkAccount(&a)
		})
		w.do(func(tx *store.Tx) error {
			account, person, err := tx.Identify(bot.ID, "u")
			if diff := gocmp.Diff(w.mentee, person); account != a || diff != "" {
				t.Errorf("speaking is %+v, %s", account, diff)
			}
			return err
		})
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { _, _, err := tx.Identify(bot.ID, "v"); return err })
	})
}

// Commands ask these before anything else: they must not read whole tables.
func TestWhoSpeaksIsAnIndexLookUp(t *testing.T) {
	eachWorld(t, func(w *world) {
		if w.Postgres() {
			return // with so few rows it reads tables whatever the indexes
		}
		for _, query := range []string{store.SelectKnown, store.SelectPart, store.SelectWholePair, store.SelectPairsOf} {
			var plan []string
			w.do(func(tx *store.Tx) error {
				rows, err := tx.Query("EXPLAIN QUERY PLAN "+query, "1", "2")
				if err != nil {
					return err
				}
				for rows.Next() {
					var id, parent, unused int
					var detail string
					if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
						return err
					}
					plan = append(plan, detail)
				}
				return rows.Err()
			})
			for _, step := range plan {
				if len(step) > 4 && step[:4] == "SCAN" {
					t.Errorf("%s\nreads a whole table: %q", query, plan)
				}
			}
		}
	})
}
