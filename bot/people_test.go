package bot_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// card opens somebody's card by their name.
func (h *hall) card(name string) said { h.Helper(); return h.types("coordinator", "/people "+name) }

var codeInText = regexp.MustCompile(`code: (\S+)`)

func TestPeople(t *testing.T) {
	h := newHall(t)
	h.joins("coordinator")
	h.joins("mentee")
	h.do(func(tx *store.Tx) error {
		_, err := tx.NewInvitation(h.ids["second"], h.now.Add(24*time.Hour))
		return err
	})
	h.opens("/people").says("Pilot cycle: 5 people", "2 have joined.", "3 haven't started yet.", "type /people and a name").
		buttons("Who hasn't started (3)", "Everybody (5)", "Add a person", "Change something else").
		tap("Who hasn't started (3)").says("Who hasn't started yet.", "Borka, mentee: not started; invited on Wednesday 10 February", "Dino, mentor: not started").
		buttons("Borka", "Dino", "Mira", "See the people").
		tap("Borka").says("Borka, mentee", "State: not started; invited on Wednesday 10 February", "Language: Srpski", "Paired with Mira: 0 of 6 meetings")
	h.later(25 * time.Hour)
	h.card("borka").says("the invitation expired on Thursday 11 February")
	h.card("Ana").says("Ana, mentee", "joined on Wednesday 10 February", "Apps: Hall", "Language: English")
	h.card("Nobody").says("I don't know anybody called “Nobody” here", "Pilot cycle: 5 people")
	h.types("mentee", "/people Borka").says("That is for coordinators.")
}

// Who coordinates several cycles is asked which, and the name isn't lost by that.
func TestANameIsLookedForInTheCycleThatIsChosen(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error {
		autumn := h.cycle
		autumn.ID, autumn.Slug, autumn.Title = "", "autumn", "Autumn"
		must(tx.InsertCycle(&autumn))
		must(tx.PutMember(store.Member{CycleID: autumn.ID, PersonID: h.ids["coordinator"], Role: store.Coordinator}))
		must(tx.PutMember(store.Member{CycleID: autumn.ID, PersonID: h.ids["mentee"], Role: store.Mentor}))
		return tx.Join(autumn.ID, h.ids["coordinator"])
	})
	h.calls("mentee", "Ana Marija Stefanović-Radivojević od Novog Pazara", "Niš")
	for _, typed := range []string{"niš", "ana  marija", "Ana Marija Stefanović-Radivojević od Novog Pazara"} {
		s := h.card(typed).says("Which cycle is it about?").buttons("Autumn", "Pilot cycle", "Cancel")
		if strings.Contains(s.Text.Plain(), "couldn't read") {
			t.Errorf("%q is called unreadable", typed)
		}
		s.tap("Autumn").says("Pazara, mentor", "State:")
		s.tap("Pilot cycle").says("Pazara, mentee", "State:")
	}
	h.card("niš")
	h.types("coordinator", "someday").says("I couldn't read “someday” here.", "Which cycle is it about?")
	h.types("coordinator", "autumn").says("Pazara, mentor", "State:")
	h.card("Nobody").tap("Autumn").says("I don't know anybody called “Nobody” here", "Autumn: 2 people")
	h.card("autumn niš").says("Pazara, mentor", "State:")
	h.card("").tap("Autumn").says("Autumn: 2 people")
}

func TestPeopleWhoCantBeReached(t *testing.T) {
	h := newHall(t).everyone()
	h.blocked["mentee"] = blocked
	h.card("Ana").tap("Remind kindly")
	h.opens("/people").says("One can't be reached just now.").tap("Who can't be reached (1)").says("Ana, mentee: has blocked the bot").
		tap("Ana").says("State: has blocked the bot", "Apps: Hall (has blocked the bot)").
		tap("Remind kindly").says("Nothing that I send reaches Ana just now").tap("Invite from another app").says("Here is a new invitation for Ana.")
}

func TestInviting(t *testing.T) {
	h := newHall(t)
	h.joins("coordinator")
	s := h.card("Borka").tap("Make an invitation").
		says("Here is a new invitation for Borka.", "Forward the text below to Borka, and to nobody else:", "Zdravo") // in her language
	code := codeOf(t, s.Text.Plain())
	again := h.card("Borka").tap("Make an invitation")
	h.types("second", "/start "+code).says("don't know that code") // renewed: the earlier one is void
	h.types("second", "/start "+codeOf(t, again.Text.Plain())).says("Zdravo, Borka!")
	h.opens("/manage", "What has been done").says("Vesna made an invitation for Borka")
	h.view(func(tx *store.Tx) error {
		entries, err := tx.Entries(h.cycle.ID, 10)
		for _, e := range entries {
			if strings.Contains(fmt.Sprint(e), code) {
				t.Error("the code is in the journal")
			}
		}
		return err
	})
}

// An invitation makes whoever has it that person, in every cycle.
func TestInvitingWhoTakesPartElsewhere(t *testing.T) {
	w := newTown(newHall(t))
	w.do(func(tx *store.Tx) error {
		must(tx.PutMember(store.Member{CycleID: w.cycle.ID, PersonID: w.ids["far-coordinator"], Role: store.Mentor}))
		return tx.Join(w.cycle.ID, w.ids["far-coordinator"])
	})
	s := w.taps("coordinator", "invite "+w.cycle.ID+" "+w.ids["far-coordinator"]).says("a cycle that you don't coordinate", "/settings")
	if s.buttons("See the person"); aCode.MatchString(s.Text.Plain()) {
		t.Errorf("it says %s", s.Text.Plain())
	}
	w.do(func(tx *store.Tx) error { return tx.Leave(w.second.ID, w.ids["far-coordinator"]) })
	w.taps("coordinator", "invite "+w.cycle.ID+" "+w.ids["far-coordinator"]).says("Here is a new invitation")
}

var serbianCode = regexp.MustCompile(`kod: (\S+)`)

func codeOf(t *testing.T, text string) string {
	t.Helper()
	for _, r := range []*regexp.Regexp{codeInText, serbianCode} {
		if found := r.FindStringSubmatch(text); found != nil {
			return found[1]
		}
	}
	t.Fatalf("there is no code in\n%s", text)
	return ""
}

func TestNudging(t *testing.T) {
	h := newHall(t).everyone()
	h.card("Ana").tap("Remind kindly").says("Done. Ana gets a kind reminder")
	h.hears("mentee", "A kind word from your coordinators", "Spring session, Thursday 4 March at 18:00: will you come?").
		buttons("Log a meeting", "Answer: Spring session", "Answer: Live event in Belgrade", "See what's next").
		tap("Answer: Live event in Belgrade").says("Live event in Belgrade", "will you come?").tap("I'll come").says("You're coming.")
	h.card("Ana").tap("Remind kindly").says("Ana was reminded today already.")
	h.hearsNothing("mentee")
	h.later(24 * time.Hour)
	h.forgets()
	h.card("Ana").tap("Remind kindly").says("Done.")
	h.hears("mentee", "A kind word")
	h.opens("/manage", "What has been done").says("Vesna had Ana reminded")
}

// Each open thing has its button, and the labels tell things of one name apart.
func TestNudgingAboutSeveral(t *testing.T) {
	h := newHall(t).everyone().calls("second", "Ana", "Niš")
	x := h.session()
	h.do(func(tx *store.Tx) error {
		x.ID, x.Slug, x.At = "", "april", store.NewDate(2027, 4, 8).At(18*60)
		return tx.InsertSession(&x)
	})
	h.card("Mira").tap("Remind kindly")
	h.hears("mentor").buttons("Log a meeting: Ana", "Log a meeting: Ana (Niš)",
		"Answer: Thursday 4 March at 18:00, Spring session", "Answer: Thursday 8 April at 18:00, Spring session",
		"Answer: Live event in Belgrade", "See what's next").
		tap("Answer: Thursday 8 April at 18:00, Spring session").says("Thursday 8 April").tap("I can't")
	h.taps("mentor", "session "+h.ids["spring"]+" yes")
	h.later(24 * time.Hour)
	h.forgets()
	h.card("Mira").tap("Remind kindly")
	s := h.hears("mentor").buttons("Log a meeting: Ana", "Log a meeting: Ana (Niš)", "I'll come", "I can't", "See what's next")
	s.tap("Log a meeting: Ana (Niš)").tap("Today, Thursday 11 February").tap("1 hour").says("Meeting 1 of 6")
	s.tap("I'll come").says("Live event in Belgrade", "You're coming.")
}

// More than a handful isn't listed, but said.
func TestNudgingAboutMany(t *testing.T) {
	h := newHall(t).everyone()
	x := h.session()
	h.do(func(tx *store.Tx) error {
		for i := range 30 {
			x.ID, x.Slug, x.Title, x.At = "", fmt.Sprint("s", i), fmt.Sprint("Session ", i), store.NewDate(2027, 4, 1+i).At(18*60)
			must(tx.InsertSession(&x))
		}
		return nil
	})
	h.card("Ana").tap("Remind kindly")
	if s := h.hears("mentee", "and 25 more"); len(s.Buttons) != 9 {
		t.Errorf("the buttons are %v", s.Buttons)
	}
}

func TestActingForSomebody(t *testing.T) {
	h := newHall(t)
	for _, who := range []string{"coordinator", "mentor"} {
		h.joins(who)
	}
	h.card("Ana").tap("Log a meeting").tap("Today, Wednesday 10 February").tap("1 hour").says("Meeting 1 of 6 logged.", "Mira and Ana")
	h.card("Ana").tap("Answer a session for them").says("What has Ana said?", "Spring session: Thursday 4 March at 18:00 – hasn't answered").
		tap("Comes: Spring session").says("Ana")
	h.view(func(tx *store.Tx) error {
		c, err := tx.Snapshot(h.cycle.ID)
		if a, _ := c.Answer(h.ids["spring"], h.ids["mentee"]); !a.Coming || a.By != h.ids["coordinator"] {
			t.Errorf("the answer is %+v", a)
		}
		if len(c.Meetings) != 1 || c.Meetings[0].LoggedBy != h.ids["coordinator"] {
			t.Errorf("the meetings are %+v", c.Meetings)
		}
		return err
	})
	h.opens("/manage", "What has been done").says("Vesna logged a meeting: Mira and Ana", "for Ana", "Vesna answered about Spring session, for Ana")
}

func TestAddingAPerson(t *testing.T) {
	h := newHall(t).everyone()
	add := func(name, role string) said {
		h.opens("/people", "Add a person").says("What is the person's name?")
		h.types("coordinator", name).says("What will they be in this cycle?").tap(role).says("Which city are they from?")
		return h.types("coordinator", "Niš").says("Which language should I speak with them?").tap("Srpski")
	}
	done := add("*Jovana* <b>", "mentee").says("Add this person?", "*Jovana* <b>, mentee", "From: Niš", "Language: Srpski", "Nobody is told.").tap("Yes, do it").
		says("Done. *Jovana* <b> is in the cycle.", "Forward the text below to *Jovana* <b>", "Zdravo").buttons("Undo", "Add a person", "See the person", "Add a pair")
	h.untold()
	done.tap("Undo").says("*Jovana* <b>")
	h.types("newcomer", "/start "+codeOf(t, done.Text.Plain())).says("don't know that code")
	h.opens("/manage", "What has been done").says("Vesna added somebody who was taken out again (undone)")

	add("Ana", "mentor").says("Somebody called Ana is in this cycle already.")
	done = add("Jovana", "mentee").tap("Yes, do it")
	h.types("newcomer", "/start "+codeOf(t, done.Text.Plain())).says("Zdravo, Jovana!")
	done.tap("Undo").says("Jovana", "joined").has("End their participation")

	add("Zora", "coordinator").tap("Yes, do it").buttons("Undo", "Add a person", "See the person")
}

func TestRenaming(t *testing.T) {
	h := newHall(t).everyone()
	h.card("Ana").tap("Change the name").says("What should the new name of Ana be?")
	done := h.types("coordinator", "Ana Marija").says("Change the name from Ana to Ana Marija?").tap("Yes, do it")
	h.types("mentor", "/progress").says("Ana Marija")
	done.tap("Undo").says("Ana")
	h.card("Ana").says("Ana, mentee")
	h.untold()
}

// A name that somebody else has isn't refused, but said.
func TestRenamingToTheNameOfAnother(t *testing.T) {
	h := newHall(t).everyone()
	h.card("Ana").tap("Change the name")
	done := h.types("coordinator", "borka").says("With that, 2 people in this cycle are called borka.").tap("Yes, do it").
		says("Ana is called borka now.", "With that, 2 people in this cycle are called borka.")
	done.tap("Undo").says("The name is Ana again.")
	h.do(func(tx *store.Tx) error { return tx.Leave(h.cycle.ID, h.ids["second"]) })
	h.card("Ana").tap("Change the name")
	for _, name := range []string{"Borka", "Ana"} { // who has left, and they themselves
		if s := h.types("coordinator", name).says("Change the name"); strings.Contains(s.Text.Plain(), "With that") {
			t.Errorf("to %s is said %q", name, s.Text.Plain())
		}
		h.card("Ana").tap("Change the name")
	}
}

func TestEndingAParticipation(t *testing.T) {
	h := newHall(t).everyone()
	done := h.card("Mira").tap("End their participation").
		says("End the participation of Mira?", "Mira gets no messages any more, not even about this", "2 pairs end, and the partners hear of it at once: Ana, Borka.").
		tap("Yes, do it").says("Mira doesn't take part any more.")
	h.hears("mentee", "Your pair with Mira has ended.")
	h.hears("second", "Mira")
	h.hearsNothing("mentor")
	h.types("mentor", "/progress").says("You aren't in a mentorship cycle just now")
	done.tap("Undo").says("Mira", "2 people had heard of it, and now hear that it's undone.")
	h.hears("mentee", "You and Mira are a pair again")
	h.types("mentor", "/progress").says("Ana", "Borka")

	h.card("Mira").tap("End their participation").tap("Yes, do it")
	h.later(time.Hour)
	h.forgets()
	h.opens("/people", "Who has left (1)").says("Mira, mentor: left on Wednesday 10 February").tap("Mira").buttons("Bring back", "See the people").
		tap("Bring back").says("Bring Mira back into the cycle?", "Pairs that had ended stay so").tap("Yes, do it").says("Mira takes part again.").
		tap("Undo").says("Mira")
	h.opens("/people").says("Pilot cycle: 4 people")
	h.untold()
	h.card("Vesna").has("End their participation")
	h.taps("coordinator", "person-end "+h.cycle.ID+" "+h.ids["coordinator"]).says("To leave the cycle yourself, use /settings.")
}

func TestPairs(t *testing.T) {
	h := newHall(t).everyone()
	pairs := func() said { return h.opens("/manage", "Pairs") }
	pairs().says("Mira and Ana", "Mira and Borka").tap("Add a pair").says("Who is the mentor?").buttons("Dino", "Mira", "Cancel")
	h.types("coordinator", "Ana").says("I don't know anybody called “Ana” in that role")
	h.types("coordinator", "mira").says("Who is the mentee?").tap("Ana").says("Mira and Ana are a pair already. Who else?").tap("Back").says("Who is the mentor?").
		tap("Dino").tap("Ana").says("Make Dino (mentor) and Ana (mentee) a pair?", "Both hear of it at once.")
	h.untold()
	pairs().tap("Add a pair").tap("Dino").tap("Ana").tap("Yes, do it").says("Dino and Ana are a pair now.")
	h.hears("mentee", "You are now paired with Dino.")
	h.hears("other", "You are now paired with Ana.")
	pairs().says("Dino and Ana")

	ended := pairs().tap("Mira – Ana").says("Mira (mentor) and Ana (mentee)", "0 of 6 meetings held").tap("End the pair").says("Both hear of it at once.").tap("Yes, do it")
	h.hears("mentor", "Your pair with Ana has ended.")
	h.hears("mentee", "Your pair with Mira has ended.")
	pairs().says("Mira and Ana (ended Wednesday 10 February)")
	ended.tap("Undo").says("2 people had heard of it")
	h.hears("mentee", "You and Mira are a pair again")
	h.forgets().later(time.Minute)

	pairs().tap("Mira – Ana").tap("End the pair").tap("Yes, do it")
	h.forgets().later(time.Hour)
	reopened := pairs().tap("Mira – Ana").tap("Let the pair go on").tap("Yes, do it").says("Mira and Ana are a pair again.")
	h.hears("mentor", "You and Ana are a pair again")
	reopened.tap("Undo")
	h.hears("mentor", "Your pair with Ana has ended.")
}

func TestUndoingAPair(t *testing.T) {
	h := newHall(t).everyone()
	add := func() said { return h.opens("/manage", "Pairs", "Add a pair", "Dino", "Ana", "Yes, do it") }
	done := add()
	h.forgets()
	done.tap("Undo").says("2 people had heard of it")
	h.hears("mentee", "That was a mistake of ours, sorry! You and Dino aren't a pair.")
	h.opens("/manage", "What has been done").says("made a pair: Dino and Ana (undone)")

	h.forgets().later(14 * time.Hour) // midnight
	add().tap("Undo").says("Nobody had heard of it")
	h.later(10 * time.Hour)
	h.untold()

	done = h.opens("/manage", "Pairs", "Add a pair", "Dino", "Borka", "Yes, do it")
	var pair string
	h.view(func(tx *store.Tx) error {
		pairs, err := tx.Pairs(h.cycle.ID)
		for _, p := range pairs {
			if p.MentorID == h.ids["other"] && p.MenteeID == h.ids["second"] {
				pair = p.ID
			}
		}
		return err
	})
	h.taps("second", "log "+pair+" 2027-02-11 60").says("1 od 6")
	done.tap("Undo").says("Dino and Borka have logged a meeting since")
}

// What happened in the night comes to what it came to: whoever hadn't heard of the end
// needn't hear that the pair goes on; undone, they hear of the end.
func TestAPairThatEndsAndGoesOnInANight(t *testing.T) {
	h := newHall(t).everyone().met()
	pair := func(labels ...string) said {
		return h.opens("/manage", append([]string{"Pairs", "Mira – Ana"}, labels...)...)
	}
	h.types("mentee", "/settings quiet none")
	h.later(13*time.Hour + 30*time.Minute)
	h.forgets()
	pair("End the pair").says("Both hear of it at once. Whoever has quiet hours now hears when they are over.").tap("Yes, do it")
	h.hears("mentee", "has ended")
	h.later(30 * time.Minute)
	reopened := pair("Let the pair go on").says("Ana hears of it at once. The other one hadn't heard of anything else").tap("Yes, do it").says("Ana hears")
	h.hears("mentee", "are a pair again")
	reopened.tap("Undo").says("One person had heard of it")
	h.hears("mentee", "has ended")
	h.later(9*time.Hour + 30*time.Minute)
	h.hears("mentor", "has ended")

	h.later(14 * time.Hour)
	pair("Let the pair go on", "Yes, do it")
	h.hears("mentee", "are a pair again")
	h.types("mentee", "/settings quiet 21-9")
	pair("End the pair", "Yes, do it")
	pair("Let the pair go on").says("Mira hears of it").tap("Yes, do it") // Ana knows of nothing else
	h.later(10 * time.Hour)
	h.hears("mentor", "are a pair again")
	h.untold()

	h.later(14 * time.Hour)
	pair("End the pair", "Yes, do it")
	pair("Let the pair go on").says("Nobody had heard of it, so nobody is told.").tap("Yes, do it")
	h.later(11 * time.Hour)
	h.untold()
}

// Who made the pair meanwhile is told so; one who has left can't be in one.
func TestAPairMadeTwice(t *testing.T) {
	h := newHall(t).everyone().colleague()
	first := h.opens("/manage", "Pairs", "Add a pair", "Dino", "Ana")
	second := h.taps("colleague", "pair-add "+h.cycle.ID).tap("Dino").tap("Ana")
	first.tap("Yes, do it").says("Dino and Ana are a pair now.")
	second.tap("Yes, do it").says("Dino and Ana are a pair already.")
	third := h.opens("/manage", "Pairs", "Add a pair", "Dino", "Borka")
	h.do(func(tx *store.Tx) error { return tx.Leave(h.cycle.ID, h.ids["second"]) })
	third.tap("Yes, do it").says("Borka has left the cycle.").buttons("Pairs")
}

// Lists of 200 people with names of every kind are paged, and every card can be opened.
func TestManyPeople(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error {
		for i := range 200 {
			p := store.Person{Slug: fmt.Sprint("many", i), Name: nasty[i%len(nasty)] + strconv.Itoa(i), City: nasty[(i+1)%len(nasty)]}
			must(tx.InsertPerson(&p))
			role := []store.Role{store.Mentee, store.Mentor}[i%2]
			must(tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: p.ID, Role: role}))
		}
		return nil
	})
	seen := map[string]bool{}
	s := h.opens("/people").says("Pilot cycle: 205 people", "200 haven't started yet.").tap("Everybody (205)")
	for range 40 {
		more := ""
		for _, b := range s.Buttons {
			if strings.HasPrefix(b.Command, "person ") && !seen[b.Command] {
				seen[b.Command] = true
				card := h.taps("coordinator", b.Command)
				checkWidth(t, card.Message)
			}
			if b.Label == "More" {
				more = b.Command
			}
		}
		checkWidth(t, s.Message)
		if more == "" {
			break
		}
		s = h.taps("coordinator", more)
	}
	if len(seen) != 205 {
		t.Errorf("%d of 205 people are on the list", len(seen))
	}
	s = h.opens("/manage", "Pairs", "Add a pair")
	for s.has("More") {
		checkWidth(t, s.Message)
		s = s.tap("More")
	}
}

func checkWidth(t *testing.T, m chat.Message) {
	t.Helper()
	if n := chat.UTF16Len(string(m.Text)); n > chat.MaxText {
		t.Errorf("a text has %d units", n)
	}
}
