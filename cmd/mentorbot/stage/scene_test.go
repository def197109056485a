package stage_test

import (
	"testing"

	"github.com/kooperativa/mentorbot/bot/playground"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/stage"
	"github.com/kooperativa/mentorbot/store"
)

// partOf finds somebody on the scene by their name.
func partOf(t *testing.T, s *stage.Stage, name string) (found playground.Person) {
	t.Helper()
	scene, err := s.Scene(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range scene.People {
		if p.Name == name {
			found = p
		}
	}
	if found.ID == "" {
		t.Fatalf("there is no %s among %v", name, scene.People)
	}
	return found
}

// Who is called as somebody was who had their data deleted is another user of the page,
// and begins a conversation of their own.
func TestTheSlugOfSomebodyWhoseDataWasDeleted(t *testing.T) {
	s := openStage(t, "en")
	old := partOf(t, s, "Borka")
	err := s.Store.Update(t.Context(), func(tx *store.Tx) error {
		was, err := tx.PersonBySlug("borka")
		if err != nil {
			return err
		}
		parts, err := tx.Memberships(was.ID)
		if err != nil {
			return err
		}
		if err := tx.ErasePerson(was.ID); err != nil {
			return err
		}
		is := store.Person{Slug: was.Slug, Name: was.Name}
		if err := tx.InsertPerson(&is); err != nil {
			return err
		}
		return tx.PutMember(store.Member{CycleID: parts[0].CycleID, PersonID: is.ID, Role: store.Mentee})
	})
	if err != nil {
		t.Fatal(err)
	}
	now := partOf(t, s, "Borka")
	if now.ID == old.ID {
		t.Errorf("both are the user %s", now.ID)
	}
	if code, err := s.Invite(t.Context(), now.ID); err != nil || code == "" {
		t.Errorf("an invitation: %q, %v", code, err)
	}
}
