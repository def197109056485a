package store_test

import (
	"bytes"
	"errors"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

func (w *world) invite(p store.Person, expires time.Time) (code string) {
	w.Helper()
	w.do(func(tx *store.Tx) (err error) {
		code, err = tx.NewInvitation(p.ID, expires)
		return err
	})
	return code
}

func (w *world) redeem(code string) (personID string, err error) {
	err = w.try(func(tx *store.Tx) (err error) {
		personID, err = tx.Redeem(code)
		return err
	})
	return personID, err
}

func TestInvitationsAreRedeemedOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		old := w.invite(w.mentee, w.now.Add(time.Hour))
		code := w.invite(w.mentee, w.now.Add(time.Hour))
		other := w.invite(w.second, w.now.Add(time.Hour))
		if !regexp.MustCompile(`^[a-z2-7]{26}$`).MatchString(code) {
			t.Errorf("code %q hasn't 128 bits or can't stand in a link", code)
		}
		if _, err := w.redeem(old); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a renewed invitation: %v", err)
		}
		var redeemed atomic.Int64
		inParallel(8, 8, func(int, int) {
			switch id, err := w.redeem(" " + strings.ToUpper(code) + "\n"); {
			case err == nil && id == w.mentee.ID:
				redeemed.Add(1)
			case !errors.Is(err, store.ErrInvitationHad):
				t.Error(id, err)
			}
		})
		if n := redeemed.Load(); n != 1 {
			t.Errorf("it was redeemed %d times", n)
		}
		w.now = w.now.Add(time.Hour)
		if _, err := w.redeem(other); !errors.Is(err, store.ErrInvitationOld) {
			t.Errorf("an invitation that has expired: %v", err)
		}
		w.invite(w.mentee, w.now.Add(time.Hour))
		if _, err := w.redeem(code); !errors.Is(err, store.ErrInvitationHad) {
			t.Errorf("a used invitation after a renewal: %v", err)
		}
	})
}

func handled(w *world, bot store.Bot) (h store.Handled, ok bool) {
	w.Helper()
	w.do(func(tx *store.Tx) (err error) {
		h, ok, err = tx.Handled(bot.ID, "1")
		return err
	})
	return h, ok
}

func TestARequestIsHandledOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		bot, other := store.Bot{Platform: "telegram", Name: "one"}, store.Bot{Platform: "telegram", Name: "two"}
		w.do(func(tx *store.Tx) error { return errors.Join(tx.PutBot(&bot), tx.PutBot(&other)) })
		note := func(bot store.Bot, id string) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				return tx.NoteHandled(store.Handled{BotID: bot.ID, RequestID: id, ChatID: "c", Reply: []byte("reply to " + id)})
			}
		}
		if _, ok := handled(w, bot); ok {
			t.Error("handled before it was")
		}
		w.do(note(bot, "1"))
		w.refused(store.ErrKnown, note(bot, "1"))
		w.do(note(other, "1"))
		w.now = w.now.Add(time.Hour)
		w.do(note(bot, "2"))
		if h, ok := handled(w, bot); !ok || string(h.Reply) != "reply to 1" || !h.Unsent || h.ChatID != "c" || !h.At.Equal(noon) {
			t.Errorf("handled is %+v, %v", h, ok)
		}
		unsent := func(since time.Time) string {
			var ids []string
			for _, h := range get(w, func(tx *store.Tx) ([]store.Handled, error) { return tx.UnsentReplies(bot.ID, since) }) {
				ids = append(ids, h.RequestID)
			}
			return strings.Join(ids, "")
		}
		if all, late := unsent(noon), unsent(noon.Add(time.Minute)); all != "12" || late != "2" {
			t.Errorf("unsent are %q, since a minute later %q", all, late)
		}
		w.do(func(tx *store.Tx) error { return tx.NoteReplySent(bot.ID, "1") })
		if all := unsent(noon); all != "2" {
			t.Errorf("unsent are %q", all)
		}
		w.now = noon.Add(store.HandledFor)
		w.do((*store.Tx).ForgetHandled)
		if _, ok := handled(w, bot); !ok {
			t.Error("forgotten too early")
		}
		w.now = w.now.Add(time.Millisecond)
		w.do((*store.Tx).ForgetHandled)
		if _, ok := handled(w, bot); ok {
			t.Error("not forgotten")
		}
	})
}

func TestQuestionsExpire(t *testing.T) {
	eachWorld(t, func(w *world) {
		bot := store.Bot{Platform: "telegram", Name: "one"}
		w.do(func(tx *store.Tx) error { return tx.PutBot(&bot) })
		asked := func() (text string) {
			w.do(func(tx *store.Tx) error {
				q, ok, err := tx.Question(bot.ID, "c", "u")
				if text = string(q.Asked); !ok && text != "" {
					t.Error("nothing is asked, but", text)
				}
				return err
			})
			return text
		}
		for _, text := range []string{"log", "log today"} {
			q := store.Question{BotID: bot.ID, ChatID: "c", UserID: "u", Asked: []byte(text), Expires: w.now.Add(time.Hour)}
			w.do(func(tx *store.Tx) error { return tx.Ask(q) })
			if got := asked(); got != text {
				t.Errorf("asked is %q, want %q", got, text)
			}
		}
		w.now = w.now.Add(time.Hour)
		if got := asked(); got != "" {
			t.Errorf("after it expired, asked is %q", got)
		}
		w.do((*store.Tx).ForgetQuestions)
		w.now = noon
		if got := asked(); got != "" {
			t.Errorf("after it was forgotten, asked is %q", got)
		}
		w.do(func(tx *store.Tx) error {
			return errors.Join(tx.Ask(store.Question{BotID: bot.ID, ChatID: "c", UserID: "u", Asked: []byte("x"), Expires: w.now.Add(time.Hour)}),
				tx.DropQuestion(bot.ID, "c", "u"))
		})
		if got := asked(); got != "" {
			t.Errorf("after it was dropped, asked is %q", got)
		}
	})
}

func TestAnnouncements(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := store.Announcement{CycleID: w.cycle.ID, AuthorID: w.coordinator.ID, Audience: "everyone", Text: "Bring\x00 a friend", Due: w.now}
		w.do(func(tx *store.Tx) error { return tx.InsertAnnouncement(&a) })
		read := func() store.Announcement {
			return get(w, func(tx *store.Tx) (store.Announcement, error) { return tx.Announcement(a.ID) })
		}
		a.Text = "Bring a friend"
		if got := read(); got != a || got.State != store.AnnouncementDraft || got.Revision != 1 {
			t.Errorf("read %+v, want %+v", got, a)
		}
		change := func(text, state string) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				b := a
				b.Text, b.State = text, state
				return tx.UpdateAnnouncement(b)
			}
		}
		w.do(change("Bring two", store.AnnouncementScheduled))
		w.do(change("Bring two", store.AnnouncementSent))
		if got := read(); got.Revision != 1 {
			t.Errorf("not corrected after it was sent, but %+v", got)
		}
		w.do(change("Bring three", store.AnnouncementSent))
		if got := read(); got.Revision != 2 || got.Text != "Bring three" {
			t.Errorf("corrected, it is %+v", got)
		}
		w.do(change("Bring three", store.AnnouncementWithdrawn))
		w.refused(store.ErrState, change("Bring four", store.AnnouncementSent))
		if all := get(w, func(tx *store.Tx) ([]store.Announcement, error) { return tx.Announcements(w.cycle.ID) }); len(all) != 1 {
			t.Errorf("announcements are %+v", all)
		}
	})
}

// plant writes one text to wherever a secret may stand, and a name for comparison.
func plant(w *world, text string) (codes []string) {
	bot := store.Bot{Platform: "telegram", Name: "planted-name"}
	w.do(func(tx *store.Tx) error { return tx.PutBot(&bot) })
	w.do(func(tx *store.Tx) error {
		return errors.Join(
			tx.InsertAnnouncement(&store.Announcement{CycleID: w.cycle.ID, AuthorID: w.coordinator.ID, Text: text}),
			tx.NoteHandled(store.Handled{BotID: bot.ID, RequestID: "1", Reply: []byte(text)}),
			tx.Ask(store.Question{BotID: bot.ID, Asked: []byte(text), Expires: w.now.Add(time.Hour)}))
	})
	return []string{
		w.invite(w.mentee, w.now.Add(time.Hour)), w.feed(store.FeedOwner{PersonID: w.mentee.ID}), w.feed(store.FeedOwner{CycleID: w.cycle.ID}),
	}
}

func TestNoSecretStandsInTheFile(t *testing.T) {
	path := storetest.SQLite(t)
	w := newWorld(t, func(o store.Options) *store.Store {
		o.Database = path
		s, err := store.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
	codes := plant(w, "planted-secret")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file, []byte("planted-name")) {
		t.Fatal("the file doesn't hold what was written")
	}
	for _, secret := range append(codes, "planted-secret") {
		if bytes.Contains(file, []byte(secret)) {
			t.Errorf("the file holds %q", secret)
		}
	}
}

func TestWithoutAKeyNothingSecretIsKept(t *testing.T) {
	s := storetest.Open(t, store.Options{})
	for name, write := range map[string]func(tx *store.Tx) error{
		"announcement": func(tx *store.Tx) error { return tx.InsertAnnouncement(&store.Announcement{}) },
		"reply":        func(tx *store.Tx) error { return tx.NoteHandled(store.Handled{}) },
		"question":     func(tx *store.Tx) error { return tx.Ask(store.Question{}) },
	} {
		if err := s.Update(t.Context(), write); !errors.Is(err, store.ErrNoKey) {
			t.Errorf("%s: %v, want ErrNoKey", name, err)
		}
	}
}
