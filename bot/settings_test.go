package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/store"
)

// mentee reads the mentee as they are kept.
func (h *hall) mentee() (p store.Person) {
	h.Helper()
	h.do(func(tx *store.Tx) (err error) { p, err = tx.Person(h.ids["mentee"]); return err })
	return p
}

// label returns the label of the nth button, from 1 on, to tap it in any language.
func (s said) label(n int) string {
	s.Helper()
	if n > len(s.Buttons) {
		s.Fatalf("there is no button %d below\n%s\n%v", n, s.Text.Plain(), s.Buttons)
	}
	return s.Buttons[n-1].Label
}

func TestSettingsAtAGlance(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/settings").says("Language: English", "Clock: Belgrade, where it's 10:00 now", "Quiet hours: 21:00 to 09:00",
		"Reminders: on", "App: Hall", "others don't see it").
		buttons("Language · Jezik", "Clock", "Quiet hours", "Pause reminders", "Use another app too", "Show my name",
			"What you know about me", "Read about privacy", "Leave", "Delete my data")
	h.types("mentee", "/settings clock").says("Where are you?") // what the buttons are called does too
	h.types("mentee", "/settings nonsense").says("Your settings")
	h.taps("mentee", "settings nonsense").says("Your settings")
}

func TestChoosingALanguage(t *testing.T) {
	h := newHall(t).everyone()
	q := h.types("mentee", "/settings").tap("Language · Jezik").says("Which language").buttons("English", "Srpski", "Back", "Cancel")
	done := q.tap("Srpski").says("Od sada")
	if !done.Menu || !done.Update {
		t.Errorf("the menu stays in the old language, or the question stays: %+v", done.Reply)
	}
	done.tap("Podešavanja").says("Jezik: Srpski", "Sat: Beograd")
	h.types("mentee", "/settings language eng").says("I speak English with you")
	h.taps("mentee", "settings language xx").says("wasn't meant for you")
	if p := h.mentee(); p.Language != "en" || !p.LanguageChosen {
		t.Errorf("kept is %+v", p)
	}
}

func TestTheGreetingIsSaidInTheLanguageThatIsChosen(t *testing.T) {
	h := newHall(t)
	h.joins("mentee").says("Hello Ana, and welcome").tap("Srpski").says("Zdravo, Ana!", "/privacy", "Beograd").tap("English").says("Hello Ana")
}

func TestChoosingAClock(t *testing.T) {
	h := newHall(t).everyone()
	for typed, want := range map[string][2]string{
		"Tirana": {"Tirana", "Europe/Tirane"}, "Skoplje": {"Skopje", "Europe/Skopje"}, "Novi Sad": {"Novi Sad", "Europe/Belgrade"},
		"Europe/Tirane": {"Tirana", "Europe/Tirane"}, "Europe/Tirana": {"Tirana", "Europe/Tirane"}, "Lisbon": {"Lisbon", "Europe/Lisbon"},
		"  lisabon ": {"Lisbon", "Europe/Lisbon"}, "Скопје": {"Skopje", "Europe/Skopje"}, "UTC+9": {"UTC+9", "Etc/GMT-9"},
	} {
		h.types("mentee", "/settings zone").says("Where are you?")
		h.types("mentee", typed).says("From now on I tell times by the clock of "+want[0], "Is that right?").
			buttons("Yes, that's right", "No, somewhere else")
		if p := h.mentee(); p.Zone != want[1] || !p.ZoneChosen {
			t.Errorf("%q is kept as %s", typed, p.Zone)
		}
	}
	h.types("mentee", "/settings zone Lisbon").says("where it's 09:00").tap("Yes, that's right").says("Clock: Lisbon, where it's 09:00 now")
	h.types("mentee", "/settings zone Lisbon").tap("No, somewhere else").says("Where are you?").tap("Back").says("Your settings")
	for _, offset := range []string{"UTC+1", "+01:00", "utc + 1", "GMT+1"} {
		several := h.types("mentee", "/settings zone "+offset).says("That can be several places.")
		several.tap(several.label(1)).says("where it's 10:00")
	}
}

func TestAPlaceThatNobodyKnows(t *testing.T) {
	h := newHall(t).everyone()
	for _, typed := range append([]string{"Xyzzy", "UTC+99", "+25", "Etc/GMT+99", "../../etc/passwd", "Local", strings.Repeat("ž", 4000), "a\nb", "12"}, chattest.Nasty...) {
		h.types("mentee", "/settings zone")
		h.types("mentee", typed).says("I couldn't read", "Where are you?")
		if p := h.mentee(); p.ZoneChosen {
			t.Errorf("%q makes the zone %s", typed, p.Zone)
		}
	}
	h.taps("mentee", "settings zone Local").says("wasn't meant for you")
}

func TestChoosingQuietHours(t *testing.T) {
	h := newHall(t).everyone()
	q := h.types("mentee", "/settings quiet").says("When shall I be quiet?").
		buttons("21:00 to 09:00", "22:00 to 08:00", "20:00 to 10:00", "No quiet hours", "Back", "Cancel")
	q.tap("22:00 to 08:00").says("quiet from 22:00 to 08:00").tap("Settings").says("Quiet hours: 22:00 to 08:00")
	for typed, want := range map[string]string{
		"22-7": "22:00 to 07:00", "22:30–07:15": "22:30 to 07:15", "from 23 to 6": "23:00 to 06:00", "od 22h do 7h": "22:00 to 07:00",
		"24-8": "00:00 to 08:00",
	} {
		h.types("mentee", "/settings quiet")
		h.types("mentee", typed).says("quiet from " + want)
	}
	for _, typed := range []string{"7", "25-7", "22-22", "22-7:99", "-", "tonight", "9999999999-1", strings.Repeat("2", 4000)} {
		h.types("mentee", "/settings quiet")
		h.types("mentee", typed).says("I couldn't read", "When shall I be quiet?")
	}
	h.types("mentee", "none").says("I write at any hour").tap("Settings").says("Quiet hours: none")
}

func TestQuietHoursHoldReminders(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/settings quiet 9-20")
	h.types("coordinator", "/announce").tap("Everyone")
	h.types("coordinator", "Bring a photo.").tap("Send now")
	h.tick()
	h.hears("mentor", "Bring a photo.")
	h.hearsNothing("mentee")
	h.later(10*time.Hour + time.Minute)
	h.hears("mentee", "Bring a photo.")
}

func TestAPause(t *testing.T) {
	h := newHall(t).everyone()
	q := h.types("mentee", "/settings").tap("Pause reminders").says("Until which day").
		buttons("A week, until Wednesday 17 February", "Two weeks, until Wednesday 24 February", "A month, until Wednesday 10 March", "Back", "Cancel")
	q.tap("A month, until Wednesday 10 March").says("No reminders until Wednesday 10 March", "Announcements", "still reach you").
		tap("Settings").says("Reminders: paused; they go on Wednesday 10 March")
	h.later(23 * 24 * time.Hour) // 5 March: the session of the 4th is over
	if len(h.heard["mentor"]) == 0 {
		t.Error("the mentor wasn't reminded of the session, so this test says nothing")
	}
	h.hearsNothing("mentee")
	h.types("mentor", "/log Ana today 60")
	h.hears("mentee", "Mira logged a meeting with you.")
	h.types("coordinator", "/announce").tap("Everyone")
	h.types("coordinator", "Bring a photo.").tap("Send now")
	h.tick()
	h.hears("mentee", "Bring a photo.")
	h.later(40 * 24 * time.Hour)
	h.hears("mentee")
}

func TestGoingOnBeforeAPauseIsOver(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/settings pause")
	h.types("mentee", "1 April").says("No reminders until Thursday 1 April").tap("Go on with reminders").says("I remind you again")
	h.types("mentee", "/settings").says("Reminders: on")
	h.later(23 * 24 * time.Hour)
	h.hears("mentee")
}

func TestADayUntilWhichNoPauseCanLast(t *testing.T) {
	h := newHall(t).everyone()
	for typed, want := range map[string]string{
		"today": "isn't ahead of you", "2027-02-09": "isn't ahead of you", "2029-01-01": "too far away", "someday": "I couldn't read",
		"31.2.": "I couldn't read", strings.Repeat("9", 4000): "I couldn't read",
	} {
		h.types("mentee", "/settings pause")
		h.types("mentee", typed).says(want, "Until which day")
	}
	if p := h.mentee(); !p.PausedUntil.IsZero() {
		t.Errorf("paused until %v", p.PausedUntil)
	}
	h.types("mentee", "1 April").says("No reminders until Thursday 1 April") // it's still being asked
	h.taps("mentee", "settings pause yesterday").says("isn't ahead of you")
}

func TestShowingTheName(t *testing.T) {
	h := newHall(t).everyone()
	h.types("mentee", "/settings").tap("Show my name").says("now see your name").tap("Hide my name").says("don't see your name any more")
	h.types("mentee", "/settings name").says("May others").tap("Yes, show my name")
	if p := h.mentee(); !p.ShowsName || !p.NameChosen {
		t.Errorf("kept is %+v", p)
	}
}

func TestSettingsOfWhoIsntThere(t *testing.T) {
	h := newHall(t).everyone()
	for _, line := range []string{"settings", "settings zone Tirana", "settings app new", "settings data", "settings leave", "settings delete"} {
		h.taps("stranger", line).says("invitation")
	}
	h.do(func(tx *store.Tx) error { return tx.Leave(h.cycle.ID, h.ids["other"]) })
	left := h.types("other", "/settings").says("Your settings", "Clock:")
	for _, b := range left.Buttons {
		if b.Label == "Leave" {
			t.Error("who has left can leave once more")
		}
	}
	h.taps("other", "settings leave").says("You aren't in a mentorship cycle just now")
	h.taps("other", "settings data").says("everything that I know about you")
	h.taps("other", "settings quiet none").says("I write at any hour")
}

// Whoever leaves a setting as it is hears so, and can go on from there.
func TestLeavingASettingAsItIs(t *testing.T) {
	h := newHall(t).everyone()
	for _, topic := range []string{"language", "zone", "quiet", "pause", "name"} {
		h.types("mentee", "/settings "+topic).tap("Cancel").says("Fine, nothing was changed.").
			buttons("Settings", "Log a meeting", "See what's next", "What can I do?").tap("Settings").says("Your settings")
	}
	h.types("mentee", "/settings zone")
	h.types("mentee", "Xyzzy").tap("Cancel").says("Fine, nothing was changed.").tap("Settings")
	h.types("mentee", "Tirana").says("I don't understand free text") // it isn't asked for any more
	h.types("mentee", "/log").tap("Cancel").buttons("Log a meeting", "See what's next", "What can I do?")
	h.do(func(tx *store.Tx) error { return tx.Leave(h.cycle.ID, h.ids["other"]) })
	h.types("other", "/settings quiet").tap("Cancel").buttons("Settings", "What can I do?")
	h.taps("stranger", "cancel settings").buttons("What can I do?")
}
