package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// sees takes the last thing that was put in the place of a message in somebody's chat.
func (h *hall) sees(who string, parts ...string) said {
	h.Helper()
	h.mu.Lock()
	all := h.edited[who]
	h.edited[who] = nil
	h.mu.Unlock()
	if len(all) == 0 {
		h.Fatalf("%s sees no change", who)
	}
	m := all[len(all)-1]
	h.wants(m, parts...)
	return said{h, who, chat.Reply{Message: m}}
}

// seesNothing checks that nothing was edited in somebody's chat.
func (h *hall) seesNothing(who string) {
	h.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.edited[who] {
		h.Errorf("%s sees changed %q", who, m.Text.Plain())
	}
	h.edited[who] = nil
}

// writes has the coordinator write to everyone, up to the preview.
func (h *hall) writes(text string) said {
	h.Helper()
	h.types("coordinator", "/announce").tap("Everyone")
	return h.types("coordinator", text)
}

// sends has the coordinator send a text to everyone, and returns the status.
func (h *hall) sends(text string) said {
	h.Helper()
	h.writes(text).tap("Send now")
	return h.hears("coordinator", text)
}

var blocked = &chat.UnreachableError{Reason: "blocked"}

func TestAnnouncing(t *testing.T) {
	h := newHall(t).everyone()
	h.types("coordinator", "/announce").says("Who is it for?").
		buttons("Everyone", "Mentors", "Mentees", "One pair", "One person", "Cancel").
		tap("Everyone").says("What do you want to say?", "*bold*, _italic_, [words](https://…)").buttons("Back", "Cancel")
	look := h.types("coordinator", "Bring *two* photos.\n- of you\n- of [dogs](https://dogs.example.org)").
		says("This is how it will look.", "It goes to 4 people: Ana, Borka, Dino, Mira",
			"Vesna writes to everyone in Pilot cycle:\n\nBring two photos.\n• of you\n• of dogs (https://dogs.example.org)").
		buttons("Send now", "At a time", "Change the text", "Change who gets it", "Discard")
	h.hearsNothing("mentor")
	look.tap("Change the text").says("to copy and change:\n\nBring *two* photos.\n- of you\n- of [dogs](https://dogs.example.org)").
		tap("Cancel").says("nothing was changed") // and the draft is still there
	look = h.types("coordinator", "/announce").tap("Planned and sent").says("Draft, Everyone: “Bring two photos.").
		tap("Bring two photos. of you of dogs").says("This is how it will look.")
	look.tap("Change the text")
	look = h.types("coordinator", "@everyone bring one.").says("Vesna writes to everyone in Pilot cycle:\n\n@everyone bring one.")
	look = look.tap("Change who gets it").says("Who is it for?").tap("Mentors").
		says("It goes to 2 people: Dino, Mira", "Vesna writes to the mentors in Pilot cycle")
	look.tap("Send now").says("It's on its way to 2 people.", "A message below shows")
	h.hearsNothing("mentee")
	h.hearsNothing("second")
	got := h.hears("mentor", "Vesna writes to the mentors in Pilot cycle:\n\n@everyone bring one.").buttons("I've read it")
	status := h.hears("coordinator", "Mentors, today, Wednesday 10 February, at 10:00: “@everyone bring one.”", "Delivered to 2 of 2, read by 0.").
		buttons("Refresh", "Who hasn't read it", "Correct the text", "Withdraw")
	thanks := got.tap("I've read it").says("@everyone bring one.", "Thank you! Vesna sees that you've read it.").buttons("See what's next")
	if !thanks.Update {
		t.Error("the thanks don't take the place of the message")
	}
	h.sees("coordinator", "Delivered to 2 of 2, read by 1.")
	got.tap("I've read it").says("Thank you!")
	h.seesNothing("coordinator") // twice counts once
	status.tap("Refresh").says("read by 1.")
	look.tap("Send now").says("Delivered to 2 of 2") // twice sends once
	h.hearsNothing("mentor")
	look.tap("Change the text")
	h.types("coordinator", "too late").says("Delivered to 2 of 2")
}

func TestAnnouncingToAPairOrAPerson(t *testing.T) {
	h := newHall(t).everyone()
	h.types("coordinator", "/announce").tap("One pair").says("For whom exactly?").buttons("Mira – Ana", "Mira – Borka", "Back", "Cancel").
		tap("Mira – Borka").says("What do you want to say?")
	h.types("coordinator", "? How are you two").says("It goes to 2 people: Borka, Mira", "Vesna writes to Mira and Borka:").tap("Send now")
	h.hears("second", "Vesna piše paru Mira i Borka:", "? How are you two").buttons("Pročitano")
	h.hears("mentor", "Vesna writes to Mira and Borka:")
	h.hearsNothing("mentee")
	h.hears("coordinator", "Mira and Borka, today")
	h.types("coordinator", "/announce").tap("One person").buttons("Ana", "Borka", "Dino", "Mira", "Back", "Cancel")
	h.types("coordinator", "nobody").says("I couldn't read “nobody” here.", "For whom exactly?")
	h.types("coordinator", "din").says("What do you want to say?")
	h.types("coordinator", "Hello").says("It goes to one person: Dino", "Vesna writes to you:").tap("Send now").says("on its way to one person")
	h.hears("other", "Vesna writes to you:")
	h.hearsNothing("mentor")
}

func TestAnnouncingLater(t *testing.T) {
	h := newHall(t).everyone()
	look := h.writes("Soon")
	look.tap("At a time").says("On which day?").tap("Wednesday 10 February").says("At what time?")
	h.types("coordinator", "9:30").says("That has passed: today, Wednesday 10 February, at 09:30.", "On which day?")
	h.types("coordinator", "12 February 18:30").says("It's planned.", "It goes out: Friday 12 February at 18:30").
		buttons("Send now", "At another time", "Change the text", "Change who gets it", "Withdraw")
	h.hearsNothing("coordinator")
	h.types("coordinator", "/announce").tap("Planned and sent").says("Planned, Friday 12 February at 18:30, Everyone: “Soon”").
		tap("Soon").says("It goes out: Friday").tap("Change the text")
	look = h.types("coordinator", "Sooner").says("It goes out: Friday 12 February at 18:30", "Sooner")
	look.tap("At another time")
	h.types("coordinator", "tomorrow 9").says("It goes out: tomorrow, Thursday 11 February, at 09:00")
	h.later(22*time.Hour + 59*time.Minute)
	h.hearsNothing("mentor")
	h.later(time.Minute)
	h.hears("mentor", "Sooner")
	h.hears("coordinator", "Delivered to 4 of 4, read by 0.")
	h.later(5 * time.Hour)
	h.hearsNothing("mentor")
	h.hearsNothing("coordinator")

	h.writes("After all").tap("At a time")
	h.types("coordinator", "tomorrow 18:00").tap("Send now")
	h.hears("mentor", "After all").tap("I've read it")
	h.sees("coordinator", "read by 1.")
	h.later(30 * time.Hour)
	h.hearsNothing("mentor")
	h.hears("coordinator", "Delivered to 4 of 4") // once: at first
	h.hearsNothing("coordinator")
	clear(h.heard)

	h.writes("Never").tap("At a time")
	look = h.types("coordinator", "tomorrow 18:00")
	look.tap("Withdraw").says("It is to go out: tomorrow").buttons("Withdraw", "Leave it as it is").tap("Withdraw").says("nobody else gets it")
	look.tap("Send now").says("It was discarded; nobody got it.")
	look.tap("Withdraw").says("discarded")
	h.later(33 * time.Hour)
	h.hearsNothing("mentor")
	h.hearsNothing("coordinator")
	h.types("coordinator", "/announce").tap("Planned and sent").says("Sent, Thursday 11 February at 09:00", "Withdrawn, Saturday 13 February at 18:00")
}

func TestADraft(t *testing.T) {
	h := newHall(t).everyone()
	look := h.writes("First")
	again := look.tap("Change the text")
	h.types("coordinator", "Second")
	look.tap("Send now").says("It has changed since you saw it", "Second").tap("Discard").says("It was discarded; nobody got it.")
	look.tap("Discard").says("discarded")
	again.tap("Cancel")
	look.tap("Send now").says("discarded")
	h.types("coordinator", "/announce").buttons("Everyone", "Mentors", "Mentees", "One pair", "One person", "Cancel")
	look = h.writes("A month ago")
	h.later(30 * 24 * time.Hour)
	look.tap("Send now").says("You wrote this on Wednesday 10 February and didn't send it.").tap("Send now").says("on its way")
	h.hears("mentor", "A month ago")
	if texts := h.texts(); strings.Contains(texts, "First") || strings.Contains(texts, "Second") {
		t.Errorf("what was discarded is kept: %q", texts)
	}
}

// texts are those of all announcements.
func (h *hall) texts() string {
	var texts []string
	h.do(func(tx *store.Tx) error {
		all, err := tx.Announcements(h.cycle.ID)
		for _, a := range all {
			texts = append(texts, a.Text)
		}
		return err
	})
	return strings.Join(texts, "|")
}

func TestCorrecting(t *testing.T) {
	h := newHall(t).everyone()
	h.blocked["mentee"] = &chat.LaterError{Cause: errors.New("down")}
	h.fixed["second"] = errors.New("too old")
	status := h.sends("At six.")
	read := h.hears("mentor", "At six.").tap("I've read it")
	h.hears("second", "At six.")
	h.hears("other", "At six.")
	h.sees("coordinator", "Delivered to 3 of 4, read by 1.", "It's on its way to one person.")
	status.tap("Correct the text").says("What should it say instead?", "This is what it says now, to copy and change:\n\nAt six.")
	h.types("coordinator", "At six.").says("That is the same text")
	h.types("coordinator", "At six.")
	status.tap("Correct the text")
	look := h.types("coordinator", "At *seven*.").says("This replaces the text that was sent", "Nothing is changed yet.", "Vesna writes to everyone in Pilot cycle: (corrected)\n\nAt seven.").
		buttons("Correct it for everybody", "Change the text", "Leave it as it is")
	h.seesNothing("mentor")
	look.tap("Change the text").says("to copy and change:\n\nAt *seven*.") // as it was typed
	look = h.types("coordinator", "At *seven*.")
	look.tap("Correct it for everybody").says("Corrected.")
	look.tap("Change the text").says("to copy and change:\n\nAt *seven*.")
	h.sees("mentor", "(corrected)\n\nAt seven.", "Thank you!").buttons("See what's next")
	h.sees("other", "(corrected)\n\nAt seven.").buttons("I've read it").tap("I've read it").says("(corrected)", "Thank you!")
	h.hears("second", "Vesna ispravlja poruku koju već imaš.", "At seven.")
	h.hearsNothing("mentor")
	h.hearsNothing("other")
	h.sees("coordinator", "The correction stands in 3 of 3 chats.", "read by 2.")
	delete(h.blocked, "mentee")
	h.later(2 * time.Minute)
	m := h.hears("mentee", "At seven.")
	if strings.Contains(m.Text.Plain(), "corrected") {
		t.Errorf("who gets only the corrected text reads %q", m.Text.Plain())
	}
	h.sees("coordinator", "Delivered to 4 of 4")
	look.tap("Correct it for everybody").says("Delivered to 4 of 4") // twice corrects once
	read.taps("mentor", "read "+h.announced()).says("(corrected)", "At seven.")
	delete(h.fixed, "second")
	clear(h.edited)
	status.tap("Correct the text")
	h.types("coordinator", "At eight.").tap("Correct it for everybody")
	for _, who := range []string{"mentor", "mentee", "second", "other"} {
		h.sees(who, "At eight.")
		h.hearsNothing(who)
	}
}

// announced is the id of the announcement that was sent.
func (h *hall) announced() (id string) {
	h.do(func(tx *store.Tx) error {
		all, err := tx.Announcements(h.cycle.ID)
		for _, a := range all {
			if a.State == store.AnnouncementSent {
				id = a.ID
			}
		}
		return err
	})
	return id
}

func TestWithdrawing(t *testing.T) {
	h := newHall(t).everyone()
	h.blocked["mentee"] = &chat.LaterError{Cause: errors.New("down")}
	h.fixed["second"] = errors.New("too old")
	status := h.sends("Oops")
	got := h.hears("mentor", "Oops")
	h.hears("second", "Oops")
	h.hears("other", "Oops")
	ask := status.tap("Withdraw").says("Withdraw it? 3 people have it, and will see there that it was withdrawn.")
	ask.tap("Leave it as it is").says("Delivered to 3 of 4")
	h.seesNothing("mentor")
	ask.tap("Withdraw").says("Withdrawn.").buttons("See how it stands").tap("See how it stands").
		says("Withdrawn. It's gone from 3 of 3 chats.").buttons("Refresh", "Announce something")
	h.sees("mentor", "A message from Vesna stood here. It was withdrawn by the coordinators")
	h.hears("second", "koordinatori su povukli. Zanemari je.")
	h.sees("coordinator", "It's gone from 3 of 3 chats.")
	got.tap("I've read it").says("A message from Vesna stood here.")
	ask.tap("Withdraw").says("It's gone from 3 of 3 chats.")
	delete(h.blocked, "mentee")
	h.later(time.Hour)
	h.hearsNothing("mentee")
	status.tap("Correct the text")
	h.types("coordinator", "never mind").says("Withdrawn. It's gone")
	status.tap("Who hasn't read it").says("Withdrawn. It's gone")
	for _, who := range []string{"mentor", "mentee", "second", "other"} {
		h.hearsNothing(who)
	}
}

func TestWhoCantBeReached(t *testing.T) {
	h := newHall(t).everyone()
	h.blocked["mentor"], h.blocked["second"] = blocked, &chat.LaterError{Cause: errors.New("slow"), Wait: time.Hour}
	status := h.sends("Hello").says("Delivered to 2 of 4, read by 0.", "Not reachable: Mira.", "It's on its way to one person.")
	h.blocked["second"] = errors.New("refused for good")
	h.later(time.Hour + 10*time.Second)
	h.sees("coordinator", "Not reachable: Borka, Mira.", "Delivered to 2 of 4")
	status.tap("Who hasn't read it").says("2 people have it and haven't said that they've read it: Ana, Dino").buttons("Remind them", "See how it stands")
}

func TestRemindingWhoHasntRead(t *testing.T) {
	h := newHall(t).everyone()
	status := h.sends("Please read")
	h.hears("mentor").tap("I've read it")
	got := h.hears("mentee")
	h.hears("second")
	h.hears("other")
	ask := status.tap("Who hasn't read it").says("3 people have it", "Ana, Borka, Dino")
	h.blocked["other"] = &chat.LaterError{Cause: errors.New("slow"), Wait: time.Hour}
	ask.tap("Remind them").says("I'm sending it once more to: Ana, Borka, Dino")
	h.hears("mentee", "Vesna sends you this once more, since you haven't said that you've read it:", "Please read")
	h.hearsNothing("mentor")
	got.tap("I've read it").says("Thank you!")
	h.taps("other", "read "+h.announced()).says("Thank you!")
	delete(h.blocked, "other")
	h.later(2 * time.Hour)
	h.hearsNothing("other") // who has read it meanwhile
	ask.tap("Remind them").says("Borka", "They were reminded once already").buttons("See how it stands")
	h.hears("second")
	h.hearsNothing("second")
	h.taps("second", "read "+h.announced())
	status.tap("Who hasn't read it").says("Everybody who has it says that they've read it.")
	clear(h.edited)
	status.tap("Correct the text")
	h.types("coordinator", "Thanks").tap("Correct it for everybody")
	if n := len(h.edited["mentee"]); n != 2 {
		t.Errorf("of two messages %d are corrected", n)
	}
}

func TestAnnouncingAtNight(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error {
		return errors.Join(
			tx.ChooseZone(h.ids["mentee"], "Asia/Tbilisi"), // three hours ahead
			tx.ChooseQuiet(h.ids["second"], store.Quiet{}),
			tx.Pause(h.ids["other"], inTheMorning.AddDate(0, 1, 0)),
		)
	})
	h.later(9 * time.Hour) // 19:00 in Belgrade, 22:00 in Tbilisi
	h.writes("Good night").says("It goes to 4 people", "One person gets it at 09:00 their time, when their quiet hours end.").
		tap("Send now").says("It's on its way to 4 people.\nOne person gets it at 09:00 their time")
	h.hears("coordinator", "Delivered to 3 of 4", "One person gets it at 09:00 their time")
	h.hears("other", "Good night") // a pause doesn't stop it
	h.hearsNothing("mentee")
	h.later(11 * time.Hour)
	h.hears("mentee", "Good night")
	h.sees("coordinator", "Delivered to 4 of 4")
	h.later(17*time.Hour + 30*time.Minute) // 23:30 in Belgrade
	h.writes("Late").tap("Send now").says("3 people get it at 09:00 their time")
	h.hears("coordinator", "Delivered to 1 of 4", "3 people get it at 09:00 their time")
	h.taps("coordinator", "withdraw "+h.announcedAs("Late")+" yes")
	h.sees("coordinator", "It's gone from 1 of 1 chats.")
	h.later(24 * time.Hour)
	h.hears("second", "Late")
	h.sees("second", "povukli")
	for _, who := range []string{"mentor", "mentee"} {
		for _, m := range h.heard[who] {
			if strings.Contains(m.Text.Plain(), "Late") {
				t.Errorf("%s hears what was withdrawn", who)
			}
		}
	}
}

func (h *hall) announcedAs(text string) (id string) {
	h.do(func(tx *store.Tx) error {
		all, err := tx.Announcements(h.cycle.ID)
		for _, a := range all {
			if a.Text == text {
				id = a.ID
			}
		}
		return err
	})
	return id
}

func TestWhoJoinsAfterAnAnnouncement(t *testing.T) {
	h := newHall(t)
	h.joins("coordinator")
	h.writes("Anybody?").says("Nobody would get it just now.", "Not joined yet, and left out: Ana, Borka, Dino, Mira").
		buttons("Who hasn't started", "At a time", "Change the text", "Change who gets it", "Discard").tap("At a time")
	look := h.types("coordinator", "today 18:00").says("It goes out: today")
	look.taps("coordinator", "send "+h.announcedAs("Anybody?")+" 00000000").says("It has changed")
	h.joins("mentor")
	h.later(8 * time.Hour)
	h.hears("mentor", "Anybody?")
	h.hears("coordinator", "Delivered to 1 of 1")
	h.joins("mentee")
	h.later(time.Hour)
	for _, m := range h.heard["mentee"] {
		if strings.Contains(m.Text.Plain(), "Anybody?") {
			t.Error("who joined after it hears it")
		}
	}
	h.taps("mentee", "read "+h.announcedAs("Anybody?")).says("wasn't meant for you")
}

// Before it is sent or planned, the coordinator reads that the one whom it is for can't get
// it, and can invite them.
func TestAnnouncingToWhoHasntJoined(t *testing.T) {
	h := newHall(t)
	h.joins("coordinator")
	h.types("coordinator", "/announce").tap("One person").tap("Ana")
	look := h.types("coordinator", "Hello").says("Ana hasn't joined yet, so nobody would get it").
		buttons("Make an invitation", "At a time", "Change the text", "Change who gets it", "Discard")
	invited := look.tap("Make an invitation").says("Here is a new invitation for Ana.")
	if invited.Update {
		t.Error("the invitation takes the place of the draft")
	}
	look.tap("At a time")
	h.types("coordinator", "today 18:00").says("It's planned.", "Ana hasn't joined yet, so nobody would get it").
		buttons("Make an invitation", "At another time", "Change the text", "Change who gets it", "Withdraw")
	h.types("mentee", "/start "+codeOf(t, invited.Text.Plain()))
	h.taps("coordinator", "announcement "+h.announcedAs("Hello")).says("It goes to one person: Ana").
		buttons("Send now", "At another time", "Change the text", "Change who gets it", "Withdraw")
	h.later(8 * time.Hour)
	h.hears("mentee", "Hello")
}

func TestWhoMayAnnounce(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error {
		c := h.cycle
		c.ID, c.Slug, c.Title = "", "other", "Other cycle"
		must(tx.InsertCycle(&c))
		p := store.Person{Slug: "stranger", Name: "Olja"}
		must(tx.InsertPerson(&p))
		h.ids["stranger"] = p.ID
		return tx.PutMember(store.Member{CycleID: c.ID, PersonID: p.ID, Role: store.Coordinator})
	})
	h.joins("stranger")
	h.writes("A draft")
	draft := h.announcedAs("A draft")
	status := h.sends("Hello")
	id := h.announcedAs("Hello")
	lines := []string{"post " + h.cycle.ID + " everyone - x", "posts " + h.cycle.ID}
	for _, name := range []string{"announcement", "send", "when", "retext", "redirect", "discard", "unread", "remind", "correct", "corrected", "withdraw"} {
		lines = append(lines, name+" "+id, name+" "+draft)
	}
	for _, line := range lines {
		h.taps("mentor", line).says("That is for coordinators.")
		if s := h.taps("stranger", line); strings.Contains(s.Text.Plain(), "Hello") || strings.Contains(s.Text.Plain(), "Pilot") ||
			strings.Contains(s.Text.Plain(), "Mira") {
			t.Errorf("another cycle's coordinator says %s and hears %q", line, s.Text.Plain())
		}
		h.taps("nobody", line).says("invitation")
	}
	h.taps("stranger", "read "+id).says("wasn't meant for you")
	h.taps("stranger", "withdraw "+id+" yes").says("wasn't meant for you")
	h.types("mentor", "/announce").says("That is for coordinators.")
	if a := h.announcedAs("Hello"); a == "" || strings.Contains(h.texts(), "x|") {
		t.Error("somebody who may not has written something")
	}
	h.do(func(tx *store.Tx) error { // roles change, drafts stay their author's
		return tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: h.ids["other"], Role: store.Coordinator})
	})
	h.taps("other", "announcement "+draft).says("wasn't meant for you")
	h.taps("other", "announcement "+id).says("Delivered to 4 of 4")
	h.do(func(tx *store.Tx) error {
		return tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: h.ids["coordinator"], Role: store.Mentor})
	})
	status.tap("Withdraw").says("That is for coordinators.")
}

// boss is a second coordinator.
func (h *hall) boss() *hall {
	h.Helper()
	h.do(func(tx *store.Tx) error {
		p := store.Person{Slug: "boss", Name: "Boško"}
		must(tx.InsertPerson(&p))
		h.ids["boss"] = p.ID
		return tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: p.ID, Role: store.Coordinator})
	})
	h.everyone().joins("boss")
	return h.forgets()
}

// plans has the coordinator plan an announcement for tomorrow.
func (h *hall) plans(text string) (id string) {
	h.Helper()
	h.taps("coordinator", h.writes(text).button("At a time")+" 2027-02-11 12:00").says("It's planned.")
	return h.announcedAs(text)
}

// What goes out in somebody's name has their words.
func TestOnlyTheAuthorRewrites(t *testing.T) {
	h := newHall(t).boss()
	id := h.plans("Hello all")
	h.taps("boss", "announcement "+id).buttons("Send now", "At another time", "Withdraw")
	h.taps("boss", "retext "+id)
	h.types("boss", "You are all late").says("in the name of Vesna")
	h.taps("boss", "redirect "+id+" mentors").says("You can withdraw it")
	h.taps("coordinator", "announcement "+id).says("to everyone", "Hello all")
	h.taps("boss", "withdraw "+id+" yes").says("Withdrawn.")
	h.taps("boss", "history "+h.cycle.ID).says("Boško withdrew an announcement: Hello all")
	h.taps("boss", "announcement "+id).says("nobody got it", "Hello all")
}

func TestWhatWhoIsTakenOutHadPlanned(t *testing.T) {
	h := newHall(t).boss()
	id := h.plans("Hello all")
	h.do(func(tx *store.Tx) error {
		return tx.PutMember(store.Member{CycleID: h.cycle.ID, PersonID: h.ids["other"], Role: store.Coordinator})
	})
	done := h.taps("boss", "person-end "+h.cycle.ID+" "+h.ids["coordinator"]).says("What Vesna has planned to announce won't go out").
		tap("Yes, do it").says("is withdrawn")
	h.hears("other", "Vesna doesn't take part in Pilot cycle any more.", "is withdrawn").tap("Planned and sent").says("Withdrawn", "Hello all")
	done.tap("Planned and sent").says("Withdrawn", "Hello all")
	h.taps("boss", "announcement "+id).says("Hello all").buttons("Announce something")
	h.taps("boss", "history "+h.cycle.ID).says("Boško withdrew an announcement: Hello all")
	done.tap("Undo").says("Vesna takes part again", "stays withdrawn")
	h.hears("other", "Vesna is back in Pilot cycle")
	h.forgets()
	h.later(27 * time.Hour)
	for _, m := range h.heard["mentee"] {
		if strings.Contains(m.Text.Plain(), "Hello") {
			t.Errorf("it goes out: %s", m.Text.Plain())
		}
	}
}

func TestWhatWhoLeavesHadPlanned(t *testing.T) {
	h := newHall(t).boss()
	h.plans("Hello all")
	left := h.types("coordinator", "/settings leave").tap("Yes, leave")
	h.hears("boss", "Vesna has left Pilot cycle, by their own will.", "is withdrawn").tap("Planned and sent").says("Withdrawn", "Hello all")
	left.tap("Undo").says("You are in Pilot cycle as before.", "stays withdrawn")
	h.hears("boss", "Vesna is back")
}

func TestACoordinatorOfSeveralCycles(t *testing.T) {
	h := newHall(t).everyone()
	h.do(func(tx *store.Tx) error {
		c := h.cycle
		c.ID, c.Slug, c.Title = "", "other", "Other cycle"
		must(tx.InsertCycle(&c))
		return tx.PutMember(store.Member{CycleID: c.ID, PersonID: h.ids["coordinator"], Role: store.Coordinator, JoinedAt: inTheMorning})
	})
	h.types("coordinator", "/announce").says("Which cycle is it about?").tap("Pilot cycle").tap("Everyone")
	h.types("coordinator", "Hello").says("Vesna writes to everyone in Pilot cycle:").tap("Send now")
	h.hears("mentor", "Hello")
}

func TestALongAnnouncement(t *testing.T) {
	h := newHall(t).everyone()
	hostile := strings.Repeat("*_`[x](javascript:1)<|>\\ @everyone 🤸🏽‍♀️\n", 150)
	text := strings.TrimSpace(string([]rune(hostile)[:4000]))
	h.types("coordinator", "/announce").tap("Everyone")
	h.types("coordinator", "\x00\u200b").says("What do you want to say?")
	h.writes(text + strings.Repeat("x", 4001-len([]rune(text)))).says("That is 4001 characters long, and there is room for 4000.")
	look := h.types("coordinator", text)
	if !strings.HasSuffix(look.Text.Plain(), text[len(text)-100:]) {
		t.Errorf("it looks like %q", look.Text.Plain()[len(look.Text.Plain())-200:])
	}
	look.tap("Send now")
	got := h.hears("mentor")
	_, plain, _ := strings.Cut(got.Text.Plain(), ":\n\n")
	if plain != text {
		t.Errorf("of %q arrives %q", text[len(text)-200:], plain[len(plain)-200:])
	}
	got.tap("I've read it").says("Thank you!", text[:50])
	status := h.hears("coordinator", "Delivered to 4 of 4")
	status.tap("Correct the text")
	h.types("coordinator", text+"!").says("That is", "characters long")
	h.types("coordinator", text[1:]).tap("Correct it for everybody")
	h.sees("mentor", text[1:50])
}

func TestTheJournalOfAnnouncements(t *testing.T) {
	h := newHall(t).everyone()
	status := h.sends("Hello")
	status.tap("Who hasn't read it").tap("Remind them")
	status.tap("Correct the text")
	h.types("coordinator", "Hello!").tap("Correct it for everybody")
	status.tap("Withdraw").tap("Withdraw")
	var got []string
	h.do(func(tx *store.Tx) error {
		entries, err := tx.Entries(h.cycle.ID, 10)
		for _, e := range entries {
			got = append(got, e.What)
			if e.By != h.ids["coordinator"] || strings.Contains(e.Before, "Hello") {
				t.Errorf("an entry is %+v", e)
			}
		}
		return err
	})
	if len(got) != 4 {
		t.Errorf("entered are %v", got)
	}
	h.taps("coordinator", "history "+h.cycle.ID).says("announced: Hello!", "sent an announcement once more to who hadn't read it: Hello!", "corrected an announcement: Hello!", "withdrew an announcement: Hello!")
}

// TestAnEditSurvivesAKill settles an edit whose sending was noted nowhere: it is done again.
func TestAnEditSurvivesAKill(t *testing.T) {
	h := newHall(t).everyone()
	h.sends("Hello")
	h.fixed["mentor"] = &chat.LaterError{Cause: errors.New("slow"), Wait: time.Minute}
	h.taps("coordinator", "withdraw "+h.announced()+" yes")
	h.sees("mentee", "withdrawn")
	h.seesNothing("mentor")
	delete(h.fixed, "mentor")
	h.scheduler = scheduler.New(h.store, h.bot, scheduler.Options{})
	h.later(2 * time.Minute)
	h.sees("mentor", "withdrawn")
	h.sees("coordinator", "gone from 4 of 4")
}
