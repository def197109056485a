package bot_test

import (
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

func init() { // they come last in the golden files
	for _, s := range []struct{ name, offset, audience, to string }{
		{"announcement to everyone", "", store.AudienceEveryone, "a"},
		{"announcement to mentors", "", store.AudienceMentors, "b"},
		{"announcement to mentees", "", store.AudienceMentees, "a"},
		{"announcement to a pair", "", store.AudiencePair + "pair000000000", "a"},
		{"announcement to one person", "", store.AudiencePerson + "b", "b"},
		{"announcement once more", scheduler.Again, store.AudienceEveryone, "a"},
		{"announcement corrected", scheduler.EditOf(2), store.AudienceEveryone, "a"},
		{"announcement withdrawn", scheduler.Undone, store.AudienceEveryone, "a"},
	} {
		scenes = append(scenes, scene{
			s.name, "2027-01-14 18:00", message(store.KindAnnouncement, "announcement1", s.offset, s.to), posted(s.audience),
		})
	}
}

// posted has a coordinator write to an audience.
func posted(audience string) func(*store.Snapshot) {
	return func(c *store.Snapshot) {
		c.Announcements = append(c.Announcements, store.Announcement{
			ID: "announcement1", CycleID: c.Cycle.ID, AuthorID: "c", Audience: audience, State: store.AnnouncementSent, Revision: 1,
			Text: "*Bring* two [photos](https://photos.example.org/a_b), please:\n- one of you\n- one of *any* dog_you_know",
		})
	}
}

func TestALongAnnouncementIsWordedWhole(t *testing.T) {
	text := strings.Repeat("*_`[", 1000)
	for _, name := range append(nasty, "Vesna") {
		c := rename(pilot(t, "en"), name)
		posted(store.AudienceEveryone)(c)
		c.Announcements[0].Text = text
		m := message(store.KindAnnouncement, "announcement1", "", "a")
		said, err := bot.Reminder(c, &m, at(t, "2027-01-14 18:00"))
		if err != nil {
			t.Fatal(err)
		}
		around, whole := strings.CutSuffix(string(said.Text), string(bot.Written(text)))
		if n := chat.UTF16Len(around); !whole || n > 400 {
			t.Errorf("from %q the text is whole: %v, and around it are %d UTF-16 units", name, whole, n)
		}
	}
}
