package store_test

import (
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// news are messages of an announcement, due now.
func (w *world) news(offset string, to store.Person) store.Message {
	m := w.message(store.KindAnnouncement, "announcement/a/1/"+offset+"/"+to.Slug)
	m.Subject, m.Offset, m.PersonID = "a", offset, to.ID
	return m
}

// statuses are the offsets of the planned messages that tell how an announcement fares.
func (w *world) statuses() (offsets []string) {
	for _, m := range w.messages(store.MessageFilter{Kind: store.KindAnnouncement, State: store.Planned}) {
		if m.IsStatus() {
			offsets = append(offsets, m.Offset)
		}
	}
	return offsets
}

func TestStatusIsToldAnew(t *testing.T) {
	eachWorld(t, func(w *world) {
		want := func(step string, want ...string) {
			w.Helper()
			if got := w.statuses(); len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
				w.Errorf("%s: waiting are %v, want %v", step, got, want)
			}
		}
		tell := func() {
			w.do(func(tx *store.Tx) error { return tx.TellStatus(w.cycle.ID, "a") })
		}
		settle := func(state store.MessageState) {
			w.Helper()
			claimed := w.claim("me", time.Minute, 1)
			if len(claimed) != 1 {
				w.Fatalf("claimed %v", keys(claimed))
			}
			w.settle("me", store.Settlement{MessageID: claimed[0].ID, State: state, At: w.now, Due: w.now})
		}
		tell()
		want("nobody was told")
		w.enqueue(w.news("-", w.mentee), w.news("-", w.mentor))
		settle(store.Sent)
		want("nobody is to be told")
		w.enqueue(w.news(store.StatusOffset, w.coordinator))
		settle(store.Sent)
		want("it waits", "status")
		status := w.claim("me", time.Minute, 1)[0]
		tell()
		tell()
		want("it is being sent", "status", "status-1")
		w.settle("me", store.Settlement{MessageID: status.ID, State: store.Sent, At: w.now})
		want("it was sent", "status-1")
		settle(store.Sent)
		want("it was edited")
		w.enqueue(w.news("edit-2", w.mentee))
		settle(store.Planned)
		want("an edit was put off")
		settle(store.Failed)
		want("an edit was settled", "status-2")
		settle(store.Sent)
		want("it was edited again")
		planned := w.news(store.StatusOffset, w.coordinator)
		planned.Key, planned.Due, planned.Until = "planned", w.now.Add(time.Hour), w.now.Add(2*time.Hour)
		w.enqueue(planned)
		tell()
		want("another is for later", "status-4", "status")
	})
}

func TestReferencesAreReplaced(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enqueue(w.news("-", w.mentee))
		m := w.claim("me", time.Minute, 1)[0]
		bot := store.Bot{Platform: "telegram", Name: "main"}
		w.do(func(tx *store.Tx) error { return tx.PutBot(&bot) })
		ref := func(id string) store.Reference { return store.Reference{BotID: bot.ID, ChatID: "c", RemoteID: id} }
		w.settle("me", store.Settlement{MessageID: m.ID, State: store.Sent, At: w.now, References: []store.Reference{ref("1"), ref("2")}})
		w.do(func(tx *store.Tx) error { return tx.PutReferences(m.ID, []store.Reference{ref("3")}) })
		w.do(func(tx *store.Tx) error {
			got, err := tx.References(m.ID)
			if len(got) != 1 || got[0].RemoteID != "3" || got[0].Number != 1 {
				w.Errorf("there stands %+v", got)
			}
			return err
		})
	})
}
