package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// aGroup links a chat of a bot to the world's cycle.
func aGroup(w *world, chatID string) (g store.Group) {
	bot := store.Bot{Platform: "telegram", Name: "one"}
	w.do(func(tx *store.Tx) error {
		g = store.Group{CycleID: w.cycle.ID, ChatID: chatID, Title: "Everyone"}
		err := tx.PutBot(&bot)
		g.BotID = bot.ID
		return errors.Join(err, tx.LinkGroup(&g))
	})
	return g
}

func groups(w *world) []store.Group {
	return get(w, func(tx *store.Tx) ([]store.Group, error) { return tx.Groups(w.cycle.ID) })
}

func TestGroupsFollowTheirChat(t *testing.T) {
	eachWorld(t, func(w *world) {
		group := aGroup(w, "g1")
		w.do(func(tx *store.Tx) error {
			_, err := tx.Enqueue([]store.Message{{CycleID: w.cycle.ID, Key: "k", Kind: store.KindSession, GroupID: group.ID}})
			return errors.Join(err, tx.MoveChat(group.BotID, "g1", "g2"))
		})
		moved := get(w, func(tx *store.Tx) (store.Group, error) { return tx.GroupOf(group.BotID, "g2") })
		if moved.ID != group.ID {
			t.Errorf("moved, it is %+v", moved)
		}
		w.do(func(tx *store.Tx) error { return tx.UnlinkGroup(group.ID) })
		if all := groups(w); len(all) != 0 {
			t.Errorf("groups are %+v", all)
		}
	})
}

func TestAChatThatMovesToAGroupThereIs(t *testing.T) {
	eachWorld(t, func(w *world) {
		old, is := aGroup(w, "g1"), aGroup(w, "g2")
		for range 2 { // told twice, it does nothing more
			w.do(func(tx *store.Tx) error { return tx.MoveChat(old.BotID, "g1", "g2") })
			if all := groups(w); len(all) != 1 || all[0].ID != is.ID || all[0].ChatID != "g2" {
				t.Errorf("groups are %+v, want that which was linked as g2", all)
			}
		}
	})
}

func TestWhatIsPostedInAGroup(t *testing.T) {
	eachWorld(t, func(w *world) {
		linked := w.now
		g := aGroup(w, "g1")
		want := store.Group{
			ID: g.ID, CycleID: w.cycle.ID, BotID: g.BotID, ChatID: "g1", Title: "Everyone",
			Announcements: true, Reminders: true, Reachable: true, Since: linked,
		}
		is := func(when string) {
			t.Helper()
			if all := groups(w); len(all) != 1 || all[0] != want {
				t.Errorf("%s, the groups are %+v, want %+v", when, all, want)
			}
		}
		if g != want {
			t.Errorf("linking says %+v, want %+v", g, want)
		}
		is("linked")
		set := func(announcements, reminders bool) {
			w.now = w.now.Add(time.Hour)
			g.Announcements, g.Reminders = announcements, reminders
			want.Announcements, want.Reminders = announcements, reminders
			w.do(func(tx *store.Tx) error { return tx.UpdateGroup(g) })
		}
		set(false, false)
		is("with nothing posted")
		set(false, true)
		want.Since = w.now
		is("with reminders")
		set(true, true)
		is("with announcements too")
		reach := func(reachable bool, reason string, news bool) {
			t.Helper()
			w.now = w.now.Add(time.Hour)
			w.do(func(tx *store.Tx) error {
				changed, err := tx.SetGroupReachable(g.ID, reachable, reason)
				if changed != news {
					t.Errorf("that it is %v is news: %v", reachable, changed)
				}
				return err
			})
		}
		reach(false, "left", true)
		want.Reachable, want.Reason = false, "left"
		is("left")
		reach(false, "kicked", false)
		is("left again")
		again := store.Group{CycleID: w.cycle.ID, BotID: g.BotID, ChatID: "g1"}
		w.now = w.now.Add(time.Hour)
		w.do(func(tx *store.Tx) error { return tx.LinkGroup(&again) })
		want.Reachable, want.Reason, want.Since = true, "", w.now
		is("linked again")
		if again != want {
			t.Errorf("linking again says %+v, want %+v", again, want)
		}
		reach(true, "", false)
		is("reached again")
	})
}

func TestAGroupOfAnotherCycle(t *testing.T) {
	eachWorld(t, func(w *world) {
		g := aGroup(w, "g1")
		other := w.cycle
		other.ID, other.Slug = "", "other"
		taken := store.Group{BotID: g.BotID, ChatID: "g1"}
		w.do(func(tx *store.Tx) error {
			_, err := tx.Enqueue([]store.Message{{CycleID: w.cycle.ID, Key: "k", Kind: store.KindSession, GroupID: g.ID}})
			err = errors.Join(err, tx.InsertCycle(&other))
			taken.CycleID = other.ID
			return errors.Join(err, tx.LinkGroup(&taken))
		})
		if all := groups(w); len(all) != 0 {
			t.Errorf("its old cycle still has %+v", all)
		}
		left := get(w, func(tx *store.Tx) ([]store.Message, error) {
			return tx.Messages(store.MessageFilter{CycleID: w.cycle.ID})
		})
		if len(left) != 0 {
			t.Errorf("what was planned for it stays: %+v", left)
		}
		if all := get(w, func(tx *store.Tx) ([]store.Group, error) { return tx.Groups(other.ID) }); len(all) != 1 || all[0] != taken {
			t.Errorf("its cycle has %+v, want %+v", all, taken)
		}
	})
}

// A snapshot has the latest of what a group was told of each thing ahead.
func TestWhatAGroupWasTold(t *testing.T) {
	eachWorld(t, func(w *world) {
		g := aGroup(w, "g1")
		said := func(key string, kind store.Kind, subject, occurrence, offset string, ago time.Duration) store.Message {
			return store.Message{
				CycleID: w.cycle.ID, Key: key, Kind: kind, Subject: subject, Occurrence: occurrence, Offset: offset,
				GroupID: g.ID, State: store.Sent, SettledAt: w.now.Add(-ago),
			}
		}
		w.do(func(tx *store.Tx) error {
			_, err := tx.Enqueue([]store.Message{
				said("1", store.KindSession, w.session.Slug, "1", "7d", 2*time.Hour),
				said("2", store.KindSession, w.session.Slug, "1", "1h", time.Hour),
				said("3", store.KindSession, "gone", "1", "1h", time.Hour),
				said("4", store.KindAnnouncement, "a", "1", "", time.Hour),
			})
			return err
		})
		c := get(w, func(tx *store.Tx) (*store.Snapshot, error) { return tx.Snapshot(w.cycle.ID) })
		if len(c.Groups) != 1 || c.Group(g.ID) == nil || c.Group("other") != nil {
			t.Errorf("it has the groups %+v", c.Groups)
		}
		want := store.Told{
			Kind: store.KindSession, Subject: w.session.Slug, Occurrence: "1", Offset: "1h", GroupID: g.ID,
			State: store.Sent, At: w.now.Add(-time.Hour),
		}
		if len(c.Told) != 1 || c.Told[0] != want {
			t.Errorf("it was told %+v, want %+v", c.Told, want)
		}
	})
}

func TestGroupsInAChat(t *testing.T) {
	eachWorld(t, func(w *world) {
		topic, whole := aGroup(w, "g1:7"), aGroup(w, "g1")
		aGroup(w, "g17")
		want := []store.Group{topic, whole}
		slices.SortFunc(want, func(a, b store.Group) int { return strings.Compare(a.ID, b.ID) })
		for chat, want := range map[string][]store.Group{"g1": want, "g1:7": {topic}, "g": nil} {
			got := get(w, func(tx *store.Tx) ([]store.Group, error) { return tx.GroupsIn(topic.BotID, chat) })
			if !slices.Equal(got, want) {
				t.Errorf("in %s there are %+v, want %+v", chat, got, want)
			}
		}
	})
}
