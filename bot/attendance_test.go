package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// there are the slugs of those who were at something, on a day.
func (h *hall) there(what string, day store.Date) (slugs []string) {
	h.Helper()
	h.view(func(tx *store.Tx) error {
		rows, err := tx.Attendance(h.ids[what])
		for _, a := range rows {
			for slug, id := range h.ids {
				if id == a.PersonID && a.Day == day {
					slugs = append(slugs, slug)
				}
			}
		}
		return err
	})
	slices.Sort(slugs)
	return slugs
}

// over has the session be over: it is 4 March, 20:00.
func (h *hall) over() *hall {
	h.Helper()
	h.met().later(22*24*time.Hour + 10*time.Hour)
	return h.forgets()
}

func TestAttendance(t *testing.T) {
	h := newHall(t).everyone()
	early := h.taps("coordinator", "attendance "+h.ids["spring"]).says("Spring session is still to come.")
	_ = early.tap("Change something else")
	h.met().later(22*24*time.Hour + 10*time.Hour)
	s := h.hears("coordinator", "Spring session: that was it. Who was there?").tap("Take attendance").
		says("Spring session, Thursday 4 March", "Tap the names of those who were there", "So far: 0 of 4.").buttons("Ana", "Borka", "Dino", "Mira", "Done")
	once := s.tap("Ana").says("So far: 1 of 4.").buttons("✓ Ana", "Borka", "Dino", "Mira", "Done")
	s.tap("Ana").says("So far: 1 of 4.") // twice taps nothing else
	s.tap("Mira").says("So far: 2 of 4.")
	once.tap("✓ Ana").says("So far: 1 of 4.")
	once.tap("Borka").tap("Done").says("Thank you! 2 people were there: Borka, Mira.").tap("Correct it").says("So far: 2 of 4.")
	if got := h.there("spring", store.NewDate(2027, 3, 4)); !slices.Equal(got, []string{"mentor", "second"}) {
		t.Errorf("there were %v", got)
	}
	h.opens("/manage", "What has been done").says("Vesna took attendance of Spring session")
	h.view(func(tx *store.Tx) error {
		entries, err := tx.Entries(h.cycle.ID, 10)
		if len(entries) != 1 {
			t.Errorf("a sitting is in the journal %d times", len(entries))
		}
		return err
	})
	h.taps("mentee", "there "+h.ids["spring"]+" 2027-03-04 "+h.ids["mentee"]+" 1").says("That is for coordinators.")
}

func TestNobodyWasThere(t *testing.T) {
	h := newHall(t).everyone().over()
	h.opens("/manage", "Take attendance").says("Spring session", "attendance hasn't been taken yet").
		tap("Spring session").tap("Done").says("Nobody was there, and it's noted so.")
	if h.session().AttendanceAt.IsZero() {
		t.Error("that nobody was there isn't noted")
	}
	h.opens("/manage", "Take attendance").says("over; attendance was taken")
}

// Two coordinators tap at once, from pages that don't know of one another's taps.
func TestTwoTakeAttendance(t *testing.T) {
	h := newHall(t).everyone().colleague()
	var everybody []string
	h.do(func(tx *store.Tx) error {
		for i := range 30 {
			p := store.Person{Slug: fmt.Sprintf("p%02d", i), Name: fmt.Sprintf("Person %02d", i)}
			must(tx.InsertPerson(&p))
			must(tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: p.ID, Role: store.Mentee}))
			h.ids[p.Slug] = p.ID
			everybody = append(everybody, p.Slug)
		}
		return nil
	})
	h.over()
	var wg sync.WaitGroup
	for i, slug := range everybody {
		who := []string{"coordinator", "colleague"}[i%2]
		wg.Go(func() { h.taps(who, "there "+h.ids["spring"]+" 2027-03-04 "+h.ids[slug]+" 1") })
	}
	wg.Wait()
	if got := h.there("spring", store.NewDate(2027, 3, 4)); !slices.Equal(got, everybody) {
		t.Errorf("there were %v", got)
	}
	s := h.opens("/manage", "Take attendance", "Spring session").says("So far: 30 of 34.")
	if !s.has("More") || strings.Count(fmt.Sprint(s.Buttons), "there ") != 12 {
		t.Errorf("the page has %v", s.Buttons)
	}
	s.tap("More").tap("More").says("So far: 30 of 34.")
}

func TestAttendanceOfAnEvent(t *testing.T) {
	h := newHall(t).everyone().coming()
	h.taps("coordinator", "attendance "+h.ids["belgrade"]).says("still to come")
	h.later(60*24*time.Hour + 2*time.Hour) // Saturday 19 June
	h.belgrade().tap("Take attendance").says("of which day?").buttons("Friday 18 June", "Saturday 19 June", "Change something else").
		tap("Friday 18 June").says("Live event in Belgrade, Friday 18 June").tap("Ana").tap("Dino").tap("Done").says("2 people were there: Ana, Dino.")
	h.belgrade().tap("Take attendance").tap("Saturday 19 June").says("So far: 0 of 4.").tap("Dino").says("So far: 1 of 4.")
	h.taps("coordinator", "there "+h.ids["belgrade"]+" 2027-06-20 "+h.ids["other"]+" 1").says("still to come")
	friday, saturday := h.there("belgrade", store.NewDate(2027, 6, 18)), h.there("belgrade", store.NewDate(2027, 6, 19))
	if !slices.Equal(friday, []string{"mentee", "other"}) || !slices.Equal(saturday, []string{"other"}) {
		t.Errorf("there were %v and %v", friday, saturday)
	}
}

// Who joined when a session was over isn't expected to have been there: neither on the
// list nor in what is counted, unless they were.
func TestAttendanceOfWhoJoinedLater(t *testing.T) {
	h := newHall(t)
	for _, who := range []string{"coordinator", "mentor", "second"} {
		h.joins(who)
	}
	h.over()
	h.joins("mentee")
	h.taps("coordinator", "there "+h.ids["spring"]+" 2027-03-04 "+h.ids["second"]+" 1").says("So far: 1 of 3.")
	list := h.opens("/manage", "Take attendance", "Spring session").says("So far: 1 of 3.").
		buttons("✓ Borka", "Dino", "Mira", "Who joined later", "Done") // Dino hasn't joined, and may have come
	h.types("mentee", "/sessions").says("Spring session", "; over")
	if text := h.types("mentee", "/sessions").Text.Plain(); strings.Contains(text, "You were") {
		t.Errorf("who joined later is told\n%s", text)
	}
	h.taps("mentee", "session "+h.ids["spring"]).says("It is over.")
	pair := h.taps("coordinator", "progress "+h.ids["pair-mentee"]).says("Mira: at 0 of 1 session")
	if strings.Contains(pair.Text.Plain(), "Ana: at") {
		t.Errorf("who joined later is counted in\n%s", pair.Text.Plain())
	}
	late := list.tap("Who joined later").says("Spring session", "They joined after it.").buttons("Ana", "Back")
	there := late.tap("Ana").says("So far: 2 of 4.").buttons("✓ Ana", "✓ Borka", "Dino", "Mira", "Done")
	h.taps("coordinator", "progress "+h.ids["pair-mentee"]).says("Ana: at 1 of 1 session")
	h.types("mentee", "/sessions").says("you were there", "You were at 1 of 1 session so far.")
	late.taps("coordinator", "latecomers "+h.ids["spring"]+" 2027-03-04").says("So far: 2 of 4.")
	there.tap("✓ Ana").says("So far: 1 of 3.").tap("Who joined later").buttons("Ana", "Back")
	h.taps("mentee", "latecomers "+h.ids["spring"]+" 2027-03-04").says("That is for coordinators.")
}
