package bot

import (
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// newsLife is how long what one person's act causes for another is worth telling.
const newsLife = 7 * 24 * time.Hour

// News is what somebody's act has others told.
type news struct {
	kind     store.Kind
	subject  string    // as in store.Message
	occasion string    // sets it apart from other news of the same subject
	what     string    // of news of one kind: what happened
	until    time.Time // until when it is worth telling; no longer than newsLife
}

// message is the news for one person, to be told at an instant.
func (n news) message(cycleID string, p *store.Person, due time.Time) store.Message {
	until := due.Add(newsLife)
	if !n.until.IsZero() && n.until.Before(until) {
		until = n.until
	}
	return store.Message{
		CycleID: cycleID, Kind: n.kind, Subject: n.subject, Occurrence: n.occasion, Offset: n.what,
		Key:      scheduler.Key(n.kind, n.subject, n.occasion, n.what, p.Slug),
		PersonID: p.ID, Due: due, Until: until,
	}
}

// post puts news for people into the outbox, to be told now.
func post(tx *store.Tx, cycleID string, n news, people ...*store.Person) error {
	var messages []store.Message
	for _, p := range people {
		messages = append(messages, n.message(cycleID, p, tx.Now()))
	}
	return enqueue(tx, messages)
}

// enqueue puts news into the outbox. What still waits to be told the same people of the
// same things gives way to it; if it is the opposite, there is nothing to tell.
func enqueue(tx *store.Tx, all []store.Message) error {
	var messages []store.Message
	for i := range all {
		var waited []store.Message
		var err error
		if all[i].Kind != store.KindConfirm { // a question of a new meeting, of which nothing waits
			waited, err = tx.GiveWay(&all[i])
		}
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(waited, func(w store.Message) bool { return opposite(&w, all[i].Offset) }) {
			messages = append(messages, all[i])
		}
	}
	_, err := tx.Enqueue(messages)
	return err
}

// opposite reports whether what waits to be told of a pair is the opposite of what happened.
func opposite(m *store.Message, what string) bool {
	return m.Kind == store.KindPair && goesOn(m.Offset) != goesOn(what)
}

// goesOn reports whether two are a pair after what news of a pair tell.
func goesOn(what string) bool {
	return slices.Contains([]string{pairNew, pairReopened, pairAgain}, what)
}
