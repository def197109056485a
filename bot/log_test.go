package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

func TestJoining(t *testing.T) {
	h := newHall(t)
	h.types("mentee", "/log").says("invitation")
	h.types("mentee", "/start").says("Have you got an invitation?")
	h.types("mentee", "wrong").says("I don't know that code")
	h.types("mentee", h.invite("mentee")).
		says("Hello Ana, and welcome to Mentorship!", "/privacy", "Belgrade", "10:00").
		buttons("Srpski", "My clock is different", "See what's next")
	h.types("mentee", "/start").says("Hello, Ana!")
	h.types("second", "/join "+h.invite("second")).says("Zdravo, Borka!")
	h.types("mentor", "/start "+h.invite("coordinator")) // whoever has the code is the person
	h.types("coordinator", "/start "+h.invite("coordinator")).says("connected to you now")
}

func TestAnInvitationIsUsedOnce(t *testing.T) {
	h := newHall(t)
	code := h.invite("mentee")
	h.types("mentee", "/start "+code).says("welcome")
	h.types("stranger", "/start "+code).says("has been used")
	h.types("mentee", "/start "+code).says("Hello, Ana!")
	old := h.invite("second")
	h.later(25 * time.Hour)
	h.types("second", "/start "+old).says("has expired")
	other := h.invite("second")
	h.types("mentee", "/start "+other).says("connected to somebody else", "still unused")
	h.types("second", "/start "+other).says("Zdravo")
}

// Whoever was taken out isn't let in again by an invitation of before.
func TestAnInvitationOfWhoWasTakenOut(t *testing.T) {
	h := newHall(t)
	h.joins("coordinator")
	code := h.invite("mentee")
	h.taps("coordinator", "person-end "+h.cycle.ID+" "+h.ids["mentee"]).tap("Yes, do it")
	h.types("mentee", "/start "+code).says("has expired")
	code = h.invite("mentee") // and not by one that is made by mistake
	h.types("mentee", "/start "+code).says("has expired")
	h.types("mentee", "/settings").says("invitation")
	h.do(func(tx *store.Tx) error { return tx.Return(h.cycle.ID, h.ids["mentee"]) })
	h.types("mentee", "/start "+code).says("Hello Ana, and welcome")
}

func TestJoiningAnotherCycle(t *testing.T) {
	w := newTown(newHall(t))
	w.do(func(tx *store.Tx) error {
		return tx.PutMember(store.Member{CycleID: w.second.ID, PersonID: w.ids["other"], Role: store.Mentor})
	})
	code := w.invite("other")
	w.types("other", "/settings app new") // which voids no invitation
	if s := w.types("other", "/start "+code).says("Welcome to Far cycle!"); strings.Contains(s.Text.Plain(), "app") {
		t.Errorf("nothing is said of an app, but %q", s.Text.Plain())
	}
	w.types("other", "/start "+w.invite("other")).says("Hello, Dino!") // nothing is new
	w.do(func(tx *store.Tx) error {
		return tx.PutMember(store.Member{CycleID: w.second.ID, PersonID: w.ids["mentee"], Role: store.Mentee})
	})
	w.types("ana-too", "/start "+w.invite("mentee")).says("This app is connected to you now.", "Welcome to Far cycle!")
}

func TestWrongCodesAreCounted(t *testing.T) {
	h := newHall(t)
	for range 5 {
		h.types("stranger", "/start nonsense").says("I don't know that code")
	}
	code := h.invite("mentee")
	h.types("stranger", "/start "+code).says("too many wrong codes")
	h.later(61 * time.Minute)
	h.types("stranger", "/start "+code).says("welcome")
}

func TestLogging(t *testing.T) {
	h := newHall(t).everyone()
	q := h.types("mentee", "/log").says("When did you meet?").
		buttons("Today, Wednesday 10 February", "Yesterday, Tuesday 9 February", "Another day", "Cancel")
	q = q.tap("Yesterday, Tuesday 9 February").says("Tuesday 9 February: how long did it take?").
		buttons("90 minutes", "30 minutes", "1 hour", "2 hours", "Back", "Cancel")
	q.tap("Back").says("When did you meet?")
	done := q.tap("90 minutes").
		says("Meeting 1 of 6 logged.", "Tuesday 9 February, 90 minutes, with Mira", "5 to go by Tuesday 15 June; your pace is fine.", "Mira gets a message").
		buttons("Undo", "See our progress")
	if !done.Update {
		t.Error("the answer doesn't take the place of the question")
	}
	asked := h.hears("mentor", "Ana logged a meeting with you.", "meeting 1 of 6")
	asked.tap("Yes, that's right").says("Thank you!", "That makes 1 of 6.")
	asked.tap("Yes, that's right").says("Thank you!") // twice does no harm
}

func TestLoggingInOneLine(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/log@MentorBot yesterday 1h30").says("Meeting 1 of 6 logged.", "Tuesday 9 February, 90 minutes")
	h.types("mentee", "/LOG 8.2. 60 min").says("Meeting 2 of 6 logged.")
	h.types("mentee", "/log someday").says("I couldn't read “someday” here.", "When did you meet?")
	h.types("mentee", "last friday").says("Friday 5 February: how long")
	h.types("mentee", "forever").says("I couldn't read “forever” here.", "Friday 5 February: how long")
	h.types("mentee", "45").says("Meeting 3 of 6 logged.", "Friday 5 February, 45 minutes")
	h.types("mentee", "45").says("I don't understand free text")
	h.types("mentor", "/log yesterday 60").says("Which pair is it about?").tap("Borka").says("Meeting 1 of 6 logged.", "with Borka")
	h.types("mentor", "/log Bor today 60").says("Meeting 2 of 6 logged.", "with Borka")
}

func TestADayThatCantBeLogged(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/log tomorrow 60").says("Thursday 11 February is still to come.", "When did you meet?").
		tap("Today, Wednesday 10 February").says("how long")
	h.types("mentee", "/log 2027-01-10 60").says("Sunday 10 January is before the cycle began, Monday 11 January.", "When")
	h.types("mentee", "/log 12 Feb 2026").says("Thursday 12 February 2026 is before the cycle began, Monday 11 January.", "When")
	h.types("mentee", "/log next Friday").says("Friday 12 February is still to come.", "When did you meet?")
	h.types("mentee", "sutra").says("Thursday 11 February is still to come.", "When did you meet?")
	h.types("mentee", "15 July").says("Thursday 15 July is still to come.", "When did you meet?")
	h.types("mentee", "next week").says("I couldn't read “next week” here.", "When did you meet?")
	h.types("second", "/log sledeći petak").says("petak, 12. februar: taj dan tek dolazi.", "Kada")
	h.types("mentee", "/log today 60").says("Meeting 1 of 6")
	h.types("mentee", "/log today 90").says("logged already", "Is there another one", "When did you meet?")
	h.types("mentee", "/log today").says("logged already", "Is there another one", "When did you meet?")
	h.types("mentor", "/log Ana today 90").says("Thank you!", "confirmed", "That makes 1 of 6.")
	h.types("mentor", "/log Ana today 90").says("logged already")
}

func TestADaysNumberIsNoLength(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/log")
	h.types("mentee", "9").says("Tuesday 9 February: how long did it take?")
	h.types("mentee", "60").says("Meeting 1 of 6 logged.", "Tuesday 9 February, 1 hour")
	h.types("mentee", "/log 11 45").says("Meeting 2 of 6 logged.", "Monday 11 January, 45 minutes")
	h.types("mentor", "/log 12").says("Which pair").tap("Ana").says("Tuesday 12 January: how long did it take?")
	h.types("second", "/log 9.").says("utorak, 9. februar: koliko je trajalo?")
}

func TestWordsLeftOver(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/log yesterday 1h30 extra").says("I couldn't read “extra” here.", "Tuesday 9 February: how long did it take?").
		tap("90 minutes").says("Meeting 1 of 6 logged.")
	h.types("mentee", "/log 8.2.").says("how long")
	h.types("mentee", "1h 30 or so").says("I couldn't read “or so” here.", "Monday 8 February: how long did it take?")
	h.types("mentee", "90").says("Meeting 2 of 6 logged.", "Monday 8 February, 90 minutes")
	h.types("mentee", "/settings pause 1 April or so").says("I couldn't read “or so” here.", "Until which day")
	h.taps("mentee", "log "+h.ids["pair-mentee"]+" 2027-02-07 60 more").says("wasn't meant for you")
}

func TestAMeetingBeyondTheMinimum(t *testing.T) {
	h := newHall(t).everyone()
	for _, day := range []string{"1.2.", "2.2.", "3.2.", "4.2.", "5.2."} {
		h.types("mentee", "/log "+day+" 60")
		h.types("second", "/log "+day+" 60")
	}
	h.types("mentee", "/log 6.2. 60").says("Meeting 6 of 6 logged.", "That makes all 6. Well done")
	h.hears("mentor", "That makes all 6", "It's meeting 6 of 6.")
	h.types("mentee", "/progress").says("6 of 6 meetings held.")
	h.types("mentee", "/log 7.2. 60").says("Meeting 7 logged; all 6 are done, this one is extra.").lacks("of 6", "Well done")
	asked := h.hears("mentor", "all 6 are done, this one is extra", "Is that right?").lacks("of 6", "Well done")
	asked.tap("Yes, that's right").says("is confirmed", "7").lacks("of 6", "Well done")
	h.types("mentee", "/progress").says("7 meetings held; all 6 are done.").lacks("of 6", "Well done")
	h.types("second", "/log 6.2. 60").says("Upisan je sastanak 6 od 6.")
	h.types("second", "/log 7.2. 60").says("Upisan je 7. sastanak; obavezni broj (6) je već ispunjen, ovaj je dodatni.").lacks("od 6")
	h.types("second", "/progress").says("Održano sastanaka: 7; svih 6 je ispunjeno.").lacks("od 6")
	for _, list := range []said{h.types("coordinator", "/progress"), h.types("coordinator", "/people Ana"), h.opens("/manage", "Pairs", "Mira – Ana")} {
		list.says("7 meetings", "6 were asked for").lacks("of 6")
	}
}

// lacks checks that a text has no such parts in it.
func (s said) lacks(parts ...string) said {
	s.Helper()
	for _, part := range parts {
		if strings.Contains(s.Text.Plain(), part) {
			s.Errorf("don't want %q in\n%s", part, s.Text.Plain())
		}
	}
	return s
}

func TestTheFirstDayOfACycle(t *testing.T) {
	h := newHall(t)
	h.now = time.Date(2027, 1, 11, 9, 0, 0, 0, time.UTC)
	h.everyone()
	q := h.types("mentee", "/log").buttons("Today, Monday 11 January", "Another day", "Cancel")
	q.tap("Another day").says("Type a day").buttons("Back", "Cancel")
	h.later(3 * 24 * time.Hour)
	h.types("mentee", "/log").tap("Another day").buttons("Tuesday 12 January", "Monday 11 January", "Back", "Cancel")
}

func TestTheDaysAfterACycle(t *testing.T) {
	h := newHall(t).everyone()
	h.now = time.Date(2027, 7, 3, 9, 0, 0, 0, time.UTC)
	h.types("mentee", "/log").buttons("Wednesday 30 June", "Tuesday 29 June", "Another day", "Cancel")
	h.types("mentee", "yesterday").says("Friday 2 July is after the end of the cycle, Wednesday 30 June.", "When did you meet?")
}

func TestUndo(t *testing.T) {
	h := newHall(t).everyone()
	done := h.types("mentee", "/log today 60")
	h.hears("mentor")
	done.tap("Undo").says("Undone.", "Wednesday 10 February")
	h.hears("mentor", "Ana has taken back the meeting of Wednesday 10 February.")
	done.tap("Undo").says("undone already")
	again := h.types("mentee", "/log today 60").says("Meeting 1 of 6 logged.")
	h.hears("mentor", "Ana logged a meeting")
	h.taps("mentor", again.Buttons[0].Command).says("wasn't meant for you")
	h.later(11 * time.Minute)
	again.tap("Undo").says("only be undone for ten minutes")
}

// Who confirmed a meeting by logging it as well hears that it is taken back, though they
// were never asked; so does who is being asked that moment.
func TestUndoingWhatWasConfirmed(t *testing.T) {
	h := newHall(t).everyone()
	ask := func(who, text string) said {
		r, err := h.handler.Handle(t.Context(), chat.Request{ID: who + text, UserID: who, ChatID: who, Text: text, Tapped: who == "mentor"})
		must(err)
		return said{h, who, r}
	}
	done := ask("mentee", "/log today 60")
	ask("mentor", "log "+h.ids["pair-mentee"]+" 2027-02-10 60").says("is confirmed")
	done.tap("Undo").says("Undone.")
	h.hears("mentor", "Ana has taken back the meeting of Wednesday 10 February.")

	d := &during{hall: h, chat: "mentor"}
	handler, err := h.bot.Connect(t.Context(), "hall", "main", d)
	must(err)
	h.handler = handler
	undo := ask("mentee", "/log yesterday 60").button("Undo")
	d.then = func() {
		_, err := handler.Handle(t.Context(), chat.Request{ID: "undo", UserID: "mentee", ChatID: "mentee", Text: undo, Tapped: true})
		must(err)
	}
	h.tick()
	h.hears("mentor", "has taken back the meeting of Tuesday 9 February.")
	h.tick()
	h.hearsNothing("mentor")

	undo = h.taps("coordinator", "log "+h.ids["pair-mentee"]+" 2027-02-08 60").button("Undo")
	h.hears("mentee")
	h.taps("coordinator", undo)
	h.hears("mentee", "Your coordinators have taken back the meeting of Monday 8 February.")
	h.hears("mentor", "Your coordinators have taken back")
}

// A dispute about what a coordinator has logged ends for the partner, too, who was told of it.
func TestADisputeOfWhatACoordinatorLogged(t *testing.T) {
	h := newHall(t).everyone()
	h.taps("coordinator", "log "+h.ids["pair-mentee"]+" 2027-02-08 60")
	off := h.hears("mentor").tap("Something's off")
	h.hears("mentee", "something is off")
	off.tap("It's right after all").says("is confirmed")
	h.hears("mentee", "Mira says that the meeting of Monday 8 February is right after all.")

	h.taps("coordinator", "log "+h.ids["pair-mentee"]+" 2027-02-09 60")
	h.hears("mentor").tap("Something's off")
	h.hears("mentee", "something is off")
	var id string
	h.view(func(tx *store.Tx) error {
		all, err := tx.MeetingsOf(h.ids["pair-mentee"])
		id = all[1].ID
		return err
	})
	h.taps("coordinator", "back "+id).says("isn't logged any more")
	h.hears("mentee", "Your coordinators have settled it", "doesn't count")
	h.hears("mentor", "Your coordinators have settled it", "doesn't count")
}

// A meeting that moves to the next morning is told in time.
func TestAMeetingThatMovesAtNight(t *testing.T) {
	h := newHall(t).everyone()
	var id string
	h.do(func(tx *store.Tx) error {
		m, err := tx.Agree(h.ids["pair-mentee"], at(t, "2027-02-13 18:00"), time.Hour, h.ids["mentee"])
		id = m.ID
		return err
	})
	h.until("2027-02-10 22:30")
	h.taps("mentee", "move "+id+" 2027-02-12 18:00")
	h.hearsNothing("mentor")
	h.taps("mentee", "move "+id+" 2027-02-11 08:30")
	h.hears("mentor", "Ana has moved your meeting", "tomorrow, Thursday 11 February, at 08:30")
	h.until("2027-02-11 09:00")
	h.hearsNothing("mentor")
}

// A during does something while a message is being sent to a chat.
type during struct {
	*hall
	chat string
	then func()
}

func (d *during) Send(ctx context.Context, chatID, key string, m chat.Message) ([]string, error) {
	ids, err := d.hall.Send(ctx, chatID, key, m)
	if then := d.then; chatID == d.chat && then != nil {
		d.then = nil
		then()
	}
	return ids, err
}

func TestADispute(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/log today 60")
	asked := h.hears("mentor", "Ana logged")
	off := asked.tap("Something's off").says("doesn't count until you two have settled it", "Ana knows")
	told := h.hears("mentee", "Mira says that something is off")
	off.tap("It's right after all").says("That makes 1 of 6.")
	h.hears("mentee", "right after all", "counts again")
	told.tap("Take it back").says("wasn't meant for you")
	asked.tap("Something's off")
	h.hears("mentee", "something is off").tap("Take it back").says("isn't logged any more")
	h.hears("mentor", "Ana has taken back")
	asked.tap("Yes, that's right").says("isn't logged any more")
	asked.tap("Something's off").says("isn't logged any more")
}

func TestARequestHasItsEffectOnce(t *testing.T) {
	h := newHall(t).everyone()
	r := chat.Request{ID: "once", UserID: "mentee", ChatID: "mentee", Text: "/log today 60"}
	first := h.asks(r)
	for range 3 {
		if again := h.asks(r); again.Text != first.Text || len(again.Buttons) != len(first.Buttons) {
			t.Errorf("again the reply is %q, not %q", again.Text, first.Text)
		}
	}
	h.hears("mentor", "Ana logged")
	h.hearsNothing("mentor")
}

func TestStrangersAndUnknownTexts(t *testing.T) {
	h := newHall(t)
	for _, text := range []string{"hello", "/overview", "/log", "/nonsense", "", "/", "undo aaaaaaaaaaaaa", "\x00\xff"} {
		h.types("stranger", text).says("invitation")
		h.taps("stranger", text).says("invitation")
	}
	h.everyone()
	h.types("mentee", "hello there").says("I don't understand free text").buttons("Log a meeting", "See what's next", "What can I do?")
	h.types("mentee", "Help").says("/log – Log an individual meeting")
	h.taps("mentee", "log "+h.ids["pair-second"]+" 2027-02-10 60").says("wasn't meant for you")
	h.taps("other", "log "+h.ids["pair-second"]+" 2027-02-10 60").says("wasn't meant for you")
	h.asks(chat.Request{ID: "g", UserID: "mentee", ChatID: "group", Group: true, Text: "/log"}).says("in your own chat with me")
}
