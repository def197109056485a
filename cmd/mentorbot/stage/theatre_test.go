package stage_test

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/programfile"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/stage"
	"github.com/kooperativa/mentorbot/store"
)

// A theatre is a stage, seen through a platform.
type theatre struct {
	chattest.Platform
	*stage.Stage
	language *locale.Language
}

var key = []byte("0123456789abcdef0123456789abcdef")

// openStage opens the stage of the stories' programme in a language.
func openStage(t *testing.T, language string) *stage.Stage {
	t.Helper()
	src, err := os.ReadFile("testdata/program.yaml")
	if err != nil {
		t.Fatal(err)
	}
	src = bytes.Replace(src, []byte("LANGUAGE"), []byte(language), 1)
	file, err := programfile.Parse("program.yaml", src, locale.Languages())
	if err != nil {
		t.Fatal(err)
	}
	s, err := stage.Open(t.Context(), stage.Options{
		Database: ":memory:", Key: key, Apply: func(tx *store.Tx) error {
			_, err := file.Apply(tx, false)
			return err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// openMemory opens a theatre without a network.
func openMemory(t *testing.T, language string) *instant {
	t.Helper()
	m := chattest.NewMemory(language)
	s := openStage(t, language)
	l, _ := locale.For(language)
	on := &instant{theatre{m, s, l}}
	handler, err := s.Connect(t.Context(), "memory", m)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Run(t.Context(), handler); err != nil {
		t.Fatal(err)
	}
	return on
}

// An instant theatre shows everything at once: there is nothing to wait for.
type instant struct{ theatre }

func (*instant) Instant() {}

// Run is the platform's.
func (on *theatre) Run(ctx context.Context, h chat.Handler) error { return on.Platform.Run(ctx, h) }

// Clock is chattest.Theatre's.
func (on *theatre) Clock(ctx context.Context, at string) error {
	w, err := store.ParseWall(at)
	if err != nil {
		return err
	}
	zone, err := store.Zone("Europe/Belgrade")
	if err != nil {
		return err
	}
	return on.TurnTo(ctx, w.In(zone))
}

// Invite is chattest.Theatre's.
func (on *theatre) Invite(ctx context.Context, who string) (string, error) {
	var p store.Person
	err := on.Store.View(ctx, func(tx *store.Tx) (err error) {
		p, err = tx.PersonBySlug(who)
		return err
	})
	if err != nil {
		return "", err
	}
	code, err := on.Stage.Invite(ctx, p.ID)
	return "/start " + code, err
}

// Has is chattest.Theatre's: whatever stands where a text has a value will do.
func (on *theatre) Has(_, id, read string) (bool, error) {
	text, err := on.language.Text(id, nil)
	if err != nil {
		return false, err
	}
	forms := []string{pattern(text)}
	for _, n := range []int{1, 2, 5} { // a text without plural forms has none of these
		if text, err := on.language.Text(id, locale.Args{"Count": n}); err == nil {
			forms = append(forms, counted.ReplaceAllString(pattern(text), `\d+`))
		}
	}
	all := strings.Join(forms, "|")
	if strings.HasPrefix(id, "button.") {
		all = "^(?:" + all + ")$"
	}
	return regexp.MatchString(all, read)
}

var counted = regexp.MustCompile(`\b[125]\b`)

// pattern finds a text, without its markup and with any values in it.
func pattern(text string) string {
	plain := chat.Text(strings.ReplaceAll(text, "<no value>", "\x01")).Plain()
	return strings.ReplaceAll(regexp.QuoteMeta(plain), "\x01", `[\s\S]+?`)
}
