package bot

import (
	"errors"
	"fmt"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// Reminder finds the words of a message of the outbox, in its recipient's language
// and zone, as things stand in c and as it is sent at now. It knows every kind
// that the store names; a message about what isn't there any more is an error.
func Reminder(c *store.Snapshot, m *store.Message, now time.Time) (chat.Message, error) {
	said, err := words(c, m, now)
	if err != nil {
		return said, fmt.Errorf("find words for %s: %w", m.Key, err)
	}
	return said, nil
}

func words(c *store.Snapshot, m *store.Message, now time.Time) (chat.Message, error) {
	say, ok := reminders[m.Kind]
	if !ok {
		return chat.Message{}, errors.New("there are none of this kind")
	}
	return wordsBy(c, m, now, say)
}

// wordsBy has a message worded so that it is short enough; what people have written at
// length isn't counted.
func wordsBy(c *store.Snapshot, m *store.Message, now time.Time, say func(*speech, *store.Message) chat.Message) (chat.Message, error) {
	to, group := c.People[m.PersonID], c.Group(m.GroupID)
	if to == nil && group == nil {
		return chat.Message{}, errors.New("its recipient is neither a member nor a group")
	}
	for _, size := range sizes {
		s := newPost(c, group, now, size)
		if group == nil {
			s = newSpeech(c, to, now, size)
		}
		said := say(s, m)
		if s.err != nil {
			return chat.Message{}, s.err
		}
		if chat.UTF16Len(string(said.Text))-s.written <= chat.MaxText {
			return said, nil
		}
	}
	return chat.Message{}, errors.New("there are too many")
}

// reminders says of each kind of message how it is worded.
var reminders = map[store.Kind]func(*speech, *store.Message) chat.Message{
	store.KindSession:      (*speech).session,
	store.KindMeeting:      (*speech).meeting,
	store.KindPace:         (*speech).pace,
	store.KindEvent:        (*speech).event,
	store.KindDigest:       (*speech).digest,
	store.KindTrouble:      (*speech).trouble,
	store.KindAttendance:   (*speech).attendance,
	store.KindNext:         (*speech).next,
	store.KindConfirm:      (*speech).confirm,
	store.KindNote:         (*speech).note,
	store.KindLeft:         (*speech).left,
	store.KindDispute:      (*speech).note,
	store.KindApp:          (*speech).appNews,
	store.KindAnnouncement: (*speech).announcement,
	store.KindChange:       (*speech).change,
	store.KindPair:         (*speech).pairNews,
	store.KindRestored:     (*speech).restored,
	store.KindGroup:        (*speech).groupNews,
}
