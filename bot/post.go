package bot

import (
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// newsLife is how long what one person's act causes for another is worth telling.
const newsLife = 7 * 24 * time.Hour

// News is what somebody's act has others told.
type news struct {
	kind     store.Kind
	subject  string // as in store.Message
	occasion string // sets it apart from other news of the same subject
	what     string // of news of one kind: what happened
}

// post puts news for people into the outbox.
func post(tx *store.Tx, cycleID string, n news, people ...*store.Person) error {
	var messages []store.Message
	for _, p := range people {
		messages = append(messages, store.Message{
			CycleID: cycleID, Kind: n.kind, Subject: n.subject, Occurrence: n.occasion, Offset: n.what,
			Key:      scheduler.Key(n.kind, n.subject, n.occasion, n.what, p.Slug),
			PersonID: p.ID, Due: tx.Now(), Until: tx.Now().Add(newsLife),
		})
	}
	_, err := tx.Enqueue(messages)
	return err
}
