package programfile

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Options{Database: ":memory:"})
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

// Update may run its function more than once, so Apply must not remember a run that
// was given up.
func TestApplyCanRunAgain(t *testing.T) {
	s, f := open(t), mustParse(t, string(Sample))
	givenUp := errors.New("given up")
	var first, second Changes
	err := s.Update(t.Context(), func(tx *store.Tx) (err error) {
		if first, err = f.Apply(tx, false); err == nil {
			err = givenUp
		}
		return err
	})
	if !errors.Is(err, givenUp) {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx *store.Tx) (err error) {
		second, err = f.Apply(tx, false)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(first.Lines, second.Lines) || first.Added != second.Added || len(second.Invitations) != 2 {
		t.Errorf("first %+v\nsecond %+v", first, second)
	}
}

// The code that is shown is the one that lets its person in.
func TestInvitationsAreForTheirCoordinators(t *testing.T) {
	s, f := open(t), mustParse(t, string(Sample))
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		changes, err := f.Apply(tx, false)
		if err != nil {
			return err
		}
		for _, i := range changes.Invitations {
			id, err := tx.Redeem(i.Code)
			if err != nil {
				return err
			}
			p, err := tx.Person(id)
			if err != nil {
				return err
			}
			if p.Slug != i.Person || p.Name != i.Name || !strings.HasPrefix(p.Slug, "coordinator-") {
				t.Errorf("%+v is for %+v", i, p)
			}
			if want := InvitationExpires(tx.Now(), &f.Cycle); !i.Expires.Equal(want) {
				t.Errorf("expires at %v, want %v", i.Expires, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Who is invited long before the cycle starts can still join when it does.
func TestInvitationsOutliveTheStart(t *testing.T) {
	c := mustParse(t, string(Sample)).Cycle
	starts := c.Starts.Midnight(c.Location())
	for now, want := range map[time.Time]time.Time{
		starts.AddDate(0, 0, -48): starts.Add(invitationLife),
		starts.AddDate(0, 0, 10):  starts.AddDate(0, 0, 10).Add(invitationLife),
	} {
		if got := InvitationExpires(now, &c); !got.Equal(want) {
			t.Errorf("an invitation of %v expires at %v, want %v", now, got, want)
		}
	}
}

// A name that somebody typed in chat must not reach a terminal as it is.
func TestChangesAreHarmless(t *testing.T) {
	s, f := open(t), mustParse(t, string(Sample))
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		p := f.People[0].Person
		p.Name = "\x1b[31mred \u2066of"
		if err := tx.InsertPerson(&p); err != nil {
			return err
		}
		changes, err := f.Apply(tx, false)
		for _, line := range changes.Lines {
			if strings.ContainsAny(line, "\x1b\u2066") {
				t.Errorf("%q", line)
			}
		}
		if !slices.Contains(changes.Lines, "~ person mentor-novi-sad: name \uFFFD[31mred \uFFFDof → Mentor from Novi Sad") {
			t.Errorf("no such change in %q", changes.Lines)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What can be typed in chat, but not in a file, must not keep an export from being applied.
func TestExportOfWhatWasTypedInChat(t *testing.T) {
	s, f := open(t), mustParse(t, string(Sample))
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		if _, err := f.Apply(tx, false); err != nil {
			return err
		}
		p, err := tx.PersonBySlug("mentee-nis")
		if err != nil {
			return err
		}
		p.Name = "Ana\t\u202e👩\u200d🏫"
		if err := tx.UpdatePerson(p); err != nil {
			return err
		}
		written, err := FromStore(tx, "pilot")
		if err != nil {
			return err
		}
		again := mustParse(t, string(written.Encode()))
		if !slices.ContainsFunc(again.People, func(p Person) bool { return p.Name == "Ana 👩\u200d🏫" }) {
			t.Errorf("the file has %v", again.People)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
