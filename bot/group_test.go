package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// in says something in a group chat as somebody, and returns the whole answer.
func (h *hall) in(group, who, text string, tapped bool) said {
	h.Helper()
	h.n++
	reply, err := h.handler.Handle(h.Context(), chat.Request{
		ID: fmt.Sprint("g", h.n), UserID: who, ChatID: group, Group: true, Title: "All of us", Language: "en", Text: text, Tapped: tapped,
	})
	if err != nil {
		h.Fatalf("%s says %q in %s: %v", who, text, group, err)
	}
	for _, b := range reply.Buttons {
		command, _, _ := strings.Cut(b.Command, " ")
		if mine := strings.HasPrefix(command, "group"); b.Label == "" || mine == b.Private || len(b.Command) > chat.MaxCommand {
			h.Errorf("%s says %q in %s, and there is the button %+v", who, text, group, b)
		}
	}
	h.tick()
	return said{h, who, reply}
}

// press taps a button of what was said in a group, as somebody.
func (s said) press(who, label string) said {
	s.Helper()
	i := slices.IndexFunc(s.Buttons, func(b chat.Button) bool { return b.Label == label })
	if i < 0 {
		s.Fatalf("there is no button %q below\n%s\n%v", label, s.Text.Plain(), s.Buttons)
	}
	return s.in("crowd", who, s.Buttons[i].Command, true)
}

// linked has the coordinator link a group.
func (h *hall) linked() *hall {
	h.Helper()
	h.in("crowd", "coordinator", "/group", false).says("This is the group of Pilot cycle")
	return h
}

func (h *hall) group() (g store.Group) {
	h.Helper()
	h.view(func(tx *store.Tx) error {
		all, err := tx.Groups(h.cycle.ID)
		if len(all) != 1 {
			h.Fatalf("there are the groups %+v", all)
		}
		g = all[0]
		return err
	})
	return g
}

func TestLinkingAGroup(t *testing.T) {
	h := newHall(t).everyone()
	said := h.in("crowd", "coordinator", "/group@MentorBot", false).
		says("This is the group of Pilot cycle.", "announcements, and reminders", "stays in your own chat").
		buttons("No announcements", "No reminders", "Stop posting there", "Open our chat")
	if g := h.group(); g.ChatID != "crowd" || g.Title != "All of us" || !g.Announcements || !g.Reminders {
		t.Errorf("the group is %+v", g)
	}
	off := said.press("coordinator", "No announcements").says("reminders of sessions and events here, but no announcements").
		buttons("Post announcements", "No reminders", "Stop posting there", "Open our chat")
	if !off.Update || h.group().Announcements {
		t.Errorf("turned off, the group is %+v, and the reply replaces: %v", h.group(), off.Update)
	}
	off = off.press("coordinator", "No reminders").says("I post nothing here")
	on := off.press("coordinator", "Post announcements").says("announcements to everyone here, but no reminders")
	on = on.press("coordinator", "Post reminders").says("announcements, and reminders")
	h.in("crowd", "coordinator", "/group", false).buttons("No announcements", "No reminders", "Stop posting there", "Open our chat")
	on.press("coordinator", "Stop posting there").says("I don't post here any more").buttons("Open our chat")
	on.press("coordinator", "No reminders").says("out of date").buttons("Open our chat")
	h.types("coordinator", "/group").says("type /group there").buttons("See the overview")
	h.opens("/manage", "What has been done").says("linked a group: All of us", "changed what is posted in a group: All of us", "had nothing more posted in a group: All of us")
}

func TestOnlyCoordinatorsLinkAGroup(t *testing.T) {
	h := newHall(t).everyone()
	for _, who := range []string{"mentor", "mentee", "stranger"} {
		h.in("crowd", who, "/group", false).says("Only a coordinator").buttons("Open our chat")
	}
	h.types("mentee", "/group").says("for coordinators")
	said := h.in("crowd", "coordinator", "/group", false)
	for _, label := range []string{"No announcements", "No reminders", "Stop posting there"} {
		if r := said.press("mentee", label).says("Only a coordinator").buttons("Open our chat"); r.Update {
			t.Error("a refusal takes the place of what stands there for all")
		}
	}
	if g := h.group(); !g.Announcements || !g.Reminders {
		t.Errorf("the group is %+v", g)
	}
}

func TestWhatIsSaidInAGroup(t *testing.T) {
	h := newHall(t).everyone().linked()
	for _, who := range []string{"mentee", "coordinator", "stranger"} {
		for _, text := range []string{"", "hello there", "Help", h.invite("mentee"), "/weather", "/", "12 March"} {
			if reply := h.in("crowd", who, text, false).Reply; reply.Text != "" || len(reply.Buttons) > 0 || reply.Ask != "" {
				t.Errorf("%s says %q, and is answered %+v", who, text, reply)
			}
		}
		for _, text := range []string{"/log", "/progress@MentorBot", "/nonsense@MentorBot", "/start " + h.invite("mentee"), "/help", "/people", "/cancel"} {
			h.in("crowd", who, text, false).says("in your own chat").buttons("Open our chat")
		}
		for _, line := range []string{"", "log " + h.ids["pair-mentee"], "session " + h.ids["spring"] + " yes", "cancel", "nonsense"} {
			if r := h.in("crowd", who, line, true).says("in your own chat").buttons("Open our chat"); r.Update {
				t.Errorf("tapping %q replaces what stands there for all", line)
			}
		}
	}
	h.view(func(tx *store.Tx) error {
		meetings, err := tx.Meetings(h.cycle.ID)
		if len(meetings) > 0 {
			t.Errorf("in the group somebody has logged %+v", meetings)
		}
		return err
	})
	h.types("stranger", "hello").says("invitation") // whom no code in a group has let in
}

func TestAGroupOfOneOfSeveralCycles(t *testing.T) {
	w := newTown(newHall(t))
	w.do(func(tx *store.Tx) error {
		must(tx.PutMember(store.Member{CycleID: w.second.ID, PersonID: w.ids["coordinator"], Role: store.Coordinator}))
		return tx.Join(w.second.ID, w.ids["coordinator"])
	})
	asked := w.in("crowd", "coordinator", "/group", false).says("Which cycle").buttons("Far cycle", "Pilot cycle")
	asked.press("mentee", "Pilot cycle").says("Only a coordinator")
	asked.press("far-coordinator", "Pilot cycle").says("Only a coordinator")
	asked.press("coordinator", "Pilot cycle").says("This is the group of Pilot cycle")
	first := w.group()
	w.in("crowd", "far-coordinator", "group-set "+first.ID+" reminders off", true).says("Only a coordinator").buttons("Open our chat")
	w.in("crowd", "far-coordinator", "group-unlink "+first.ID, true).says("Only a coordinator")
	w.taps("far-coordinator", "group-unlink "+first.ID).says("wasn't meant for you")
	w.in("crowd", "far-coordinator", "/group", false).says("already").buttons("Open our chat")
	asked.press("far-coordinator", "Far cycle").says("already")
	w.in("crowd", "coordinator", "/group", false).says("This is the group of Pilot cycle")
	if again := w.group(); again != first {
		t.Errorf("the group was %+v and is %+v", first, again)
	}
	asked.press("coordinator", "Far cycle").says("This is the group of Far cycle")
	w.later(200 * 24 * time.Hour)
	w.in("crowd", "coordinator", "/group", false).says("None of your cycles")
}

func TestTheListOfGroups(t *testing.T) {
	h := newHall(t).everyone().linked()
	h.types("coordinator", "/group").says("• All of us (Hall), Pilot cycle: announcements and reminders").buttons("Stop posting in All of us", "See the overview")
	h.change(chat.Change{Kind: chat.Closed, ChatID: "crowd", Reason: "left"})
	h.types("coordinator", "/group").says("All of us (Hall), Pilot cycle: out of reach").
		tap("Stop posting in All of us").says("I don't post in All of us any more").buttons("See the overview")
	h.view(func(tx *store.Tx) error {
		all, err := tx.Groups(h.cycle.ID)
		if len(all) > 0 {
			t.Errorf("there are still %+v", all)
		}
		return err
	})
}

func TestWhatIsForEveryoneIsPosted(t *testing.T) {
	h := newHall(t).everyone().linked()
	preview := h.writes("At *six*.").says("It is posted in All of us as well.")
	preview.tap("Send now")
	if m := h.hears("crowd", "Vesna writes to everyone in Pilot cycle:", "At six."); len(m.Buttons) > 0 {
		t.Errorf("below it are %+v", m.Buttons)
	}
	id := h.announced()
	h.taps("coordinator", "announcement "+id).says("Delivered to 4 of 4", "Posted in All of us.")
	h.taps("coordinator", "correct "+id+" At seven.").tap("Correct it for everybody")
	corrected := h.edited["crowd"]
	if len(corrected) != 1 || !strings.Contains(corrected[0].Text.Plain(), "At seven.") || len(corrected[0].Buttons) > 0 {
		t.Errorf("in the group there stands %+v", corrected)
	}
	h.taps("coordinator", "withdraw "+id+" yes")
	if withdrawn := h.edited["crowd"]; len(withdrawn) != 2 || !strings.Contains(withdrawn[1].Text.Plain(), "was withdrawn") || len(withdrawn[1].Buttons) > 0 {
		t.Errorf("in the group there stands %+v", withdrawn)
	}
	h.taps("coordinator", "announcement "+id).says("gone from 5 of 5 chats")
}

func TestEachGroupIsCorrected(t *testing.T) {
	h := newHall(t).everyone().linked()
	h.in("team", "coordinator", "/group", false)
	h.sends("At six.")
	h.hears("team", "At six.")
	h.taps("coordinator", "correct "+h.announced()+" At seven.").tap("Correct it for everybody")
	if len(h.edited["crowd"]) != 1 || len(h.edited["team"]) != 1 {
		t.Errorf("edited is %+v", h.edited)
	}
}

func TestWhatAGroupWasToldNobodyWasAsked(t *testing.T) {
	h := newHall(t)
	h.joins("coordinator")
	h.linked()
	h.until("2027-02-25 18:00")
	h.hears("crowd", "Spring session")
	h.taps("coordinator", "overview").says("Spring session: Thursday 4 March at 18:00; not asked yet")
}

func TestRemindersAreOfTheCyclesLanguageAndClock(t *testing.T) {
	h := newHall(t).everyone().speaking("sr-Latn").linked()
	h.until("2027-02-25 18:00")
	m := h.hears("crowd", "Spring session", "at 18:00 (Belgrade time)", "Tell me in your own chat with me whether you'll come.")
	if len(m.Buttons) != 1 || !m.Buttons[0].Private || m.Buttons[0].Command != "" {
		t.Errorf("below it are %+v", m.Buttons)
	}
	h.taps("mentee", "session "+h.ids["spring"]+" yes")
	h.until("2027-03-04 17:00")
	if m := h.hears("crowd", "https://meet.example.org/spring"); strings.Contains(m.Text.Plain(), "you said") {
		t.Errorf("it is personal: %s", m.Text.Plain())
	}
}

func TestWhatAGroupIsntToHear(t *testing.T) {
	h := newHall(t).everyone().linked()
	h.in("crowd", "coordinator", "group-set "+h.group().ID+" reminders off", true)
	h.in("crowd", "coordinator", "group-set "+h.group().ID+" announcements off", true)
	h.sends("At six.")
	h.hears("mentee", "At six.")
	h.until("2027-03-04 17:00")
	h.hearsNothing("crowd")
}
