package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// calls has somebody be called so, and live there.
func (h *hall) calls(who, name, city string) *hall {
	h.Helper()
	h.do(func(tx *store.Tx) error {
		p, err := tx.Person(h.ids[who])
		must(err)
		p.Name, p.City = name, city
		return tx.UpdatePerson(p)
	})
	return h
}

// titled has the cycle be called so.
func (h *hall) titled(title string) *hall {
	h.Helper()
	h.do(func(tx *store.Tx) error {
		h.cycle.Title = title
		return tx.UpdateCycle(h.cycle)
	})
	return h
}

// sampled has everybody be called as in the sample.
func sampled(t *testing.T) *hall {
	t.Helper()
	return newHall(t).everyone().titled("Mentorship, pilot cycle").
		calls("mentor", "Mentor from Sofia", "Sofia").calls("other", "Mentor from Tirana", "Tirana").
		calls("mentee", "Mentee from Niš", "Niš").calls("second", "Đurđa Petrović", "Banja Luka")
}

func TestPeopleAreFoundByWhatIsTyped(t *testing.T) {
	h := sampled(t)
	for typed, name := range map[string]string{
		"Mentor from Sofia":     "Mentor from Sofia, mentor", // the cycle's title begins with "Mentor"
		"  mentor  FROM sofia ": "Mentor from Sofia, mentor", "niš": "Mentee from Niš, mentee", "Nis": "Mentee from Niš, mentee",
		"tirana": "Mentor from Tirana, mentor", "petrovic": "Đurđa Petrović, mentee", "Petrović Đurđa": "Đurđa Petrović, mentee",
		"banja": "Đurđa Petrović, mentee", "djur luka": "Đurđa Petrović, mentee", "mentor tir": "Mentor from Tirana, mentor",
		"Mentorship, pilot cycle niš": "Mentee from Niš, mentee",
	} {
		if got := h.card(typed).Text.Plain(); !strings.Contains(got, name) || !strings.Contains(got, "State:") {
			t.Errorf("/people %s: want %q in\n%s", typed, name, got)
		}
	}
	h.card("Mentor").says("Who is it?", "Mentor from Sofia, mentor: joined", "Mentor from Tirana, mentor").
		buttons("Mentor from Sofia", "Mentor from Tirana", "See the people").tap("Mentor from Tirana").says("Mentor from Tirana, mentor", "State:")
	for _, typed := range []string{"Mentor from Atlantis", "n", "iš", "-", "Niš Tirana"} {
		h.card(typed).says("I don't know anybody called “"+typed+"” here", "Mentorship, pilot cycle: 5 people")
	}
	h.card("Mentorship").says("Mentorship, pilot cycle: 5 people")
	h.card("Mentorship, pilot cycle Nobody").says("I don't know anybody called “Nobody” here")
}

// A name that is typed may stand on more people than a page of a list has.
func TestManyPeopleAreFound(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error {
		for i := range 11 {
			p := store.Person{Slug: fmt.Sprint("jovana", i), Name: fmt.Sprintf("Jovana %c", 'A'+i)}
			must(tx.InsertPerson(&p))
			must(tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: p.ID, Role: store.Mentee}))
		}
		return nil
	})
	s := h.card("jov")
	if !s.has("Jovana A") || !s.has("Jovana H") || s.has("Jovana I") {
		t.Errorf("the buttons are %v", s.Buttons)
	}
	s.tap("More").buttons("Jovana I", "Jovana J", "Jovana K", "Back to the first", "See the people").tap("Jovana K").says("Jovana K, mentee")
}

func TestPeopleOfTheSameName(t *testing.T) {
	h := newHall(t).everyone().calls("second", "Ana", "Niš").calls("other", "Ana Marija", "")
	h.card("Ana").says("Who is it?", "Ana (Niš), mentee: joined").buttons("Ana", "Ana (Niš)", "See the people").tap("Ana (Niš)").says("Ana, mentee", "From: Niš")
}

func TestAPersonToAnnounceToIsFoundByWhatIsTyped(t *testing.T) {
	h := sampled(t)
	one := func() { h.types("coordinator", "/announce").tap("One person").says("For whom exactly?") }
	for _, typed := range []string{"niš", "Nis", "Mentee from Niš", "mentee"} {
		one()
		h.types("coordinator", typed).says("What do you want to say?")
		h.types("coordinator", "Hello").says("It goes to one person: Mentee from Niš")
	}
	one()
	if s := h.types("coordinator", "from mentor").says("For whom exactly?"); strings.Contains(s.Text.Plain(), "couldn't read") {
		t.Error("it says that it couldn't read what fits several")
	} else {
		s.buttons("Mentor from Sofia", "Mentor from Tirana", "Back", "Cancel")
	}
	h.types("coordinator", "sofia").says("What do you want to say?")
	one()
	h.types("coordinator", "niš Hello").says("I couldn't read “niš Hello” here.", "For whom exactly?") // no text yet
	h.types("coordinator", "Mentee from Niš Hello").says("I couldn't read “Mentee from Niš Hello” here.")
	h.types("coordinator", "/announce").tap("One pair")
	h.types("coordinator", "petrović").says("What do you want to say?")
	h.types("coordinator", "Hello").says("It goes to 2 people: Đurđa Petrović, Mentor from Sofia")
}

// Private words never go to whoever of two people of one name comes first.
func TestAnnouncingToOneOfTheSameName(t *testing.T) {
	h := newHall(t).everyone().calls("mentee", "Ana", "Sofia").calls("second", "Ana", "Niš").calls("other", "Ana", "Niš")
	h.types("coordinator", "/announce").tap("One person").buttons("Ana (Niš, mentee)", "Ana (Niš, mentor)", "Ana (Sofia)", "Mira", "Back", "Cancel")
	h.types("coordinator", "Ana").says("For whom exactly?").buttons("Ana (Niš, mentee)", "Ana (Niš, mentor)", "Ana (Sofia)", "Back", "Cancel").
		tap("Ana (Niš, mentor)").says("What do you want to say?")
	h.types("coordinator", "Private").says("It goes to one person: Ana").tap("Send now")
	h.hears("other", "Private")
	h.hearsNothing("mentee")
	h.hearsNothing("second")
	h.types("coordinator", "/announce").tap("One pair").buttons("Mira – Ana (Niš)", "Mira – Ana (Sofia)", "Back", "Cancel")
	h.types("coordinator", "mira ana").says("For whom exactly?").buttons("Mira – Ana (Niš)", "Mira – Ana (Sofia)", "Back", "Cancel")
	h.types("coordinator", "sofia").says("What do you want to say?")
	h.types("coordinator", "/announce").tap("One person")
	h.types("coordinator", "Ana (Sofia)").says("What do you want to say?") // as it stands on the button
}

func TestAPairIsFoundByWhatIsTyped(t *testing.T) {
	h := sampled(t)
	for i, typed := range []string{"Mentee from Niš", "nis", "mentee sofia", "Mentor from Sofia – Mentee from Niš"} {
		h.types("coordinator", "/log").says("Which pair is it about?")
		h.types("coordinator", typed).says("When did you meet?")
		h.types("coordinator", fmt.Sprintf("%d.2. 60", i+1)).says("logged.", "Mentor from Sofia and Mentee from Niš")
	}
	h.types("coordinator", "/log mentee niš 5.2. 60").says("Meeting 5 of 6 logged.", "Mentee from Niš")
	h.types("mentor", "/log petrović today 60").says("Meeting 1 of 6 logged.", "with Đurđa Petrović")
	h.types("mentor", "/log Mentee from Niš someday").says("I couldn't read “someday” here.", "When did you meet?")
	h.types("mentor", "/log Đurđa Jović").says("I couldn't read “Đurđa Jović” here.", "Which pair is it about?") // another Đurđa, perhaps
	h.types("mentor", "/progress Niš").says("Mentee from Niš", "5 of 6")
	h.types("coordinator", "/log mentor yesterday 60").says("Which pair is it about?").
		buttons("Mentor from Sofia – Đurđa Petrović", "Mentor from Sofia – Mentee from Niš", "Cancel").
		tap("Mentor from Sofia – Đurđa Petrović").says("logged.", "Đurđa Petrović")
}

func TestLoggingWithOneOfTheSameName(t *testing.T) {
	h := newHall(t).everyone().calls("mentee", "Ana", "Sofia").calls("second", "Ana", "Niš")
	h.types("mentor", "/log").buttons("Ana (Niš)", "Ana (Sofia)", "Cancel")
	h.types("mentor", "/log Ana yesterday 60").says("Which pair is it about?").buttons("Ana (Niš)", "Ana (Sofia)", "Cancel").
		tap("Ana (Niš)").says("Meeting 1 of 6 logged.")
	h.hears("second")
	h.hearsNothing("mentee")
	h.types("mentor", "/log Ana Sofia yesterday 60").says("Meeting 1 of 6 logged.")
	h.hears("mentee")
	h.types("mentor", "/progress Ana").says("“Ana” fits several.", "Which pair is it about?").buttons("Ana (Niš)", "Ana (Sofia)", "Cancel").
		tap("Ana (Sofia)").says("Ana", "1 of 6")
	form := h.asks(chat.Request{
		ID: "form", UserID: "mentor", ChatID: "mentor", Text: "/log", Options: map[string]string{"pair": "Ana", "day": "today", "length": "60"},
	}).says("“Ana” fits several.", "Which pair is it about?").buttons("Ana (Niš)", "Ana (Sofia)", "Cancel")
	if strings.Contains(form.Text.Plain(), "couldn't read") {
		t.Error("it says that it couldn't read what fits several")
	}
}

// many adds mentees whose names begin alike, each paired with the mentor.
func (h *hall) many(name string) *hall {
	h.Helper()
	h.do(func(tx *store.Tx) error {
		for i := range 11 {
			p := store.Person{Slug: fmt.Sprint("many", i), Name: fmt.Sprintf("%s %c", name, 'A'+i)}
			must(tx.InsertPerson(&p))
			must(tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: p.ID, Role: store.Mentee}))
			must(tx.InsertPair(&store.Pair{CycleID: h.cycle.ID, MentorID: h.ids["mentor"], MenteeID: p.ID}))
		}
		return nil
	})
	return h
}

// What fits more people than have a button at once is paged like any long list, and only
// those whom it fits are on it.
func TestATypedNameThatFitsMany(t *testing.T) {
	h := newHall(t).everyone().many("Jovana")
	few, more := []string{"Jovana A", "Jovana B", "Jovana C", "Jovana D", "Jovana E", "Jovana F", "Jovana G", "More", "Cancel"}, []string{"Jovana H", "Jovana I", "Jovana J", "Jovana K", "Back to the first", "Cancel"}
	s := h.types("mentor", "/log Jov yesterday 60").says("“Jov” fits several.", "Which pair is it about?").buttons(few...)
	if strings.Contains(s.Text.Plain(), "couldn't read") {
		t.Error("it says that it couldn't read what fits several")
	}
	s = s.tap("More").says("“Jov” fits several.").buttons(more...)
	s.tap("Back to the first").buttons(few...)
	s.tap("Jovana K").says("Meeting 1 of 6 logged.", "with Jovana K")
	h.types("mentor", "/log Jovana").tap("More")
	h.types("mentor", "b").says("When did you meet?") // one of them, typed

	h.types("coordinator", "/announce").tap("One person")
	s = h.types("coordinator", "jovana").buttons("Jovana A", "Jovana B", "Jovana C", "Jovana D", "Jovana E", "Jovana F", "Jovana G", "More", "Back", "Cancel")
	s.tap("More").tap("Jovana K").says("What do you want to say?")
}

// A button holds only so much of a name: the first whom it fits are offered then, and more
// of it can be typed.
func TestALongTypedNameThatFitsMany(t *testing.T) {
	h := newHall(t).everyone().many("Jovana-Aleksandra Petrović-Nikolajević")
	typed := "Jovana-Aleksandra Petrović-Nikolajević"
	h.types("mentor", "/log "+typed+" yesterday 60").tap("More").tap("Jovana-Aleksandra Petrović-Nikolajević K").says("Meeting 1 of 6 logged.")
	h.types("coordinator", "/announce").tap("One person")
	s := h.types("coordinator", typed).says("“"+typed+"” fits several.", "or type more of the name")
	if s.has("More") || !s.has(typed+" A") || !s.has(typed+" G") {
		t.Errorf("the buttons are %v", s.Buttons)
	}
	h.types("coordinator", typed+" K").says("What do you want to say?")
}

// Who typed a day, but no name, has it with every answer to which pair it is.
func TestWhatWasTypedOfLaterOptionsIsKept(t *testing.T) {
	h := newHall(t).everyone().many("Jovana")
	h.types("mentor", "/log yesterday 60").tap("More").tap("Jovana K").says("Meeting 1 of 6 logged.", "with Jovana K")
	h.types("mentor", "/log jovana yesterday 60")
	h.types("mentor", "jovana b").says("Meeting 1 of 6 logged.", "with Jovana B") // and typed, too
	h.types("mentor", "/log jovana yesterday 60")
	h.types("mentor", "jovana c 8.2. 90").says("Meeting 1 of 6 logged.", "with Jovana C", "Monday 8 February")
}

// Of two people whom nothing but their pairs tells apart, none is taken for what is typed.
func TestPairingOneOfTheSameName(t *testing.T) {
	h := newHall(t).everyone().calls("mentee", "Ana", "").calls("second", "Ana", "")
	h.opens("/manage", "Pairs", "Add a pair", "Dino")
	h.types("coordinator", "Ana").says("“Ana” fits several.", "Who is the mentee?").buttons("Ana", "Ana", "Back", "Cancel")
}

func TestPairingSomebodyWhoseNameIsTyped(t *testing.T) {
	h := sampled(t).many("Jovana")
	add := func() { h.opens("/manage", "Pairs", "Add a pair").says("Who is the mentor?") }
	add()
	h.types("coordinator", "tirana").says("Who is the mentee?")
	h.types("coordinator", "Petrović Đurđa").says("Make Mentor from Tirana (mentor) and Đurđa Petrović (mentee) a pair?")
	add()
	h.types("coordinator", "mentor").says("“mentor” fits several.", "Who is the mentor?").buttons("Mentor from Sofia", "Mentor from Tirana", "Cancel").
		tap("Mentor from Tirana").says("Who is the mentee?")
	h.types("coordinator", "niš luka").says("I don't know anybody called “niš luka” in that role.", "Who is the mentee?")
	s := h.types("coordinator", "jov").says("“jov” fits several.", "Who is the mentee?").tap("More").
		buttons("Jovana H", "Jovana I", "Jovana J", "Jovana K", "Back to the first", "Back", "Cancel")
	s.tap("Jovana K").says("Make Mentor from Tirana (mentor) and Jovana K (mentee) a pair?")
}

func TestAnsweringForSomebodyWhoseNameIsTyped(t *testing.T) {
	h := sampled(t).many("Jovana")
	coming := func() { h.taps("coordinator", "session "+h.ids["spring"]+" yes").says("Who is it?") }
	for typed, name := range map[string]string{"tirana": "Mentor from Tirana", "Petrović Đurđa": "Đurđa Petrović", "niš": "Mentee from Niš", "jov k": "Jovana K"} {
		coming()
		h.types("coordinator", typed).says("Noted, as your entry: " + name + " is coming.")
	}
	coming()
	h.types("coordinator", "mentor").says("“mentor” fits several.", "Who is it?").buttons("Mentor from Sofia", "Mentor from Tirana", "Back", "Cancel") // who hasn't answered first
	h.types("coordinator", "tirana").says("Noted, as your entry: Mentor from Tirana is coming.")
	coming()
	h.types("coordinator", "jov").tap("More").tap("Jovana J").says("Noted, as your entry: Jovana J is coming.")
}

// Pairs with one partner in two cycles are told apart by the cycles.
func TestPairsOfTheSameNamesInTwoCycles(t *testing.T) {
	h := newHall(t).everyone().calls("mentee", "Ana", "Niš")
	h.do(func(tx *store.Tx) error {
		second := h.cycle
		second.ID, second.Slug, second.Title = "", "autumn", "Autumn"
		must(tx.InsertCycle(&second))
		for who, role := range map[string]store.Role{"mentor": store.Mentor, "mentee": store.Mentee, "coordinator": store.Coordinator} {
			must(tx.PutMember(store.Member{CycleID: second.ID, PersonID: h.ids[who], Role: role}))
			must(tx.Join(second.ID, h.ids[who]))
		}
		return tx.InsertPair(&store.Pair{CycleID: second.ID, MentorID: h.ids["mentor"], MenteeID: h.ids["mentee"]})
	})
	h.types("mentor", "/log Ana").buttons("Ana (Autumn)", "Ana (Pilot cycle)", "Cancel").tap("Ana (Autumn)").says("When did you meet?")
	h.types("coordinator", "/log Ana").buttons("Mira – Ana (Autumn)", "Mira – Ana (Pilot cycle)", "Cancel")
}

// Who looks after many pairs chooses among those that a name fits.
func TestProgressOfANameThatFitsSeveral(t *testing.T) {
	h := sampled(t)
	h.types("coordinator", "/progress mentor sofia").says("“mentor sofia” fits several.", "Which pair is it about?").
		buttons("Mentor from Sofia – Đurđa Petrović", "Mentor from Sofia – Mentee from Niš", "Cancel").
		tap("Mentor from Sofia – Đurđa Petrović").says("Đurđa Petrović")
	h.types("coordinator", "/progress sofia")
	h.types("coordinator", "niš").says("Mentee from Niš", "0 of 6")
	h.types("coordinator", "/progress nobody").says("I couldn't read “nobody” here.")
	h = newHall(t).everyone().many("Jovana")
	h.types("coordinator", "/progress jovana").tap("More").tap("Mira – Jovana K").says("Jovana K", "0 of 6")
	h.types("mentor", "/progress jovana").tap("More").tap("Jovana K").says("Jovana K", "0 of 6")
}

// Serbian is written in two scripts: whoever types uses another than the coordinators, at
// times.
func TestNamesAndWordsInTheOtherScript(t *testing.T) {
	h := sampled(t).calls("mentee", "Љубица Џаковић", "Ниш")
	for typed, name := range map[string]string{
		"Ђурђа Петровић": "Đurđa Petrović", "петровић": "Đurđa Petrović", "бања лука": "Đurđa Petrović", "ljubica": "Љубица Џаковић",
		"Džaković Ljubica": "Љубица Џаковић", "Љубица": "Љубица Џаковић", "nis": "Љубица Џаковић", "тирана": "Mentor from Tirana",
	} {
		h.card(typed).says(name, "State:")
	}
	h.types("mentor", "/log Ђурђа Петровић јуче 1 сат").says("Meeting 1 of 6 logged.", "Tuesday 9 February", "with Đurđa Petrović")
	h.types("mentor", "/log Ljubica prekjuče 90 минута").says("Meeting 1 of 6 logged.", "Monday 8 February", "90 minutes, with Љубица Џаковић")
	h.types("mentor", "/log Ljubica danas").says("how long did it take?")
	h.types("mentor", "2 сата 15 минута").says("135 minutes")
	h.types("mentor", "/log Ljubica 1.2. 60 життя").says("I couldn't read “життя” here.")
	h.types("coordinator", "/people пилот").says("I don't know anybody called “пилот” here")
	h.types("mentor", "/settings pause за два дана").says("Friday 12 February")
	h.types("mentor", "/settings pause")
	h.types("mentor", "настави").says("I remind you again")
	h.types("mentor", "/settings quiet од 22 до 7").says("22:00", "07:00")
	h.types("second", "/settings језик").says("Na kom jeziku")
	h.types("second", "/settings језик српски").says("na srpskom")
	h.types("mentor", "/log Ljubica 9.2.").says("how long")
	h.types("mentor", "1 сат и мало").says("I couldn't read “и мало” here.") // as it was typed
}
