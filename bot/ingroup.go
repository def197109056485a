package bot

import (
	"errors"
	"slices"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// inGroup answers what somebody has said in a group, where others read the answer: nothing
// but what is about the group itself. People talk there, perhaps to other bots: to that
// it says nothing.
func (t *turn) inGroup() error {
	name, rest := commandLine(t.request)
	word, _ := cut(strings.TrimSpace(t.request.Text))
	c := byName[name]
	switch {
	case !t.request.Tapped && (name == "" || c == nil && !strings.Contains(word, "@")):
		return nil
	case c == nil || c.inGroup == nil:
		t.say("group.private", nil, t.ownChat())
		return nil
	case !t.may(c.who):
		t.refuseHere()
		return nil
	}
	return c.inGroup(t, strings.Fields(rest))
}

// refuseHere says in a group that something is for coordinators.
func (t *turn) refuseHere() { t.say("group.refused", nil, t.ownChat()) }

// public leaves of an answer in a group only what everybody there may see and tap.
func (t *turn) public() {
	if !t.request.Group {
		return
	}
	t.reply.Ask, t.reply.Menu = "", false
	t.reply.Buttons = slices.DeleteFunc(t.reply.Buttons, func(b chat.Button) bool {
		c := byName[strings.Split(b.Command, " ")[0]]
		return !b.Private && (c == nil || c.inGroup == nil)
	})
}

// linkHere makes the chat the group of a cycle, or shows how it stands there.
func (t *turn) linkHere(chosen []string) error {
	open := t.openParts()
	g, err := t.tx.GroupOf(t.h.id, t.request.ChatID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil {
		theirs, err := t.isOpen(g.CycleID)
		switch {
		case err != nil:
			return err
		case theirs && !t.coordinates(g.CycleID):
			t.say("group.taken", nil, t.ownChat())
			return nil
		case theirs && len(chosen) == 0:
			return t.linkTo(g.CycleID)
		}
	}
	switch {
	case len(open) == 0:
		t.say("group.none-open", nil, t.ownChat())
		return nil
	case len(chosen) > 0:
		if !slices.ContainsFunc(open, func(p store.Part) bool { return p.CycleID == chosen[0] }) {
			t.refuseHere()
			return nil
		}
		return t.linkTo(chosen[0])
	case len(open) == 1:
		return t.linkTo(open[0].CycleID)
	}
	t.whoseGroup(open)
	return nil
}

// whoseGroup asks for the cycle whose group the chat is to be.
func (t *turn) whoseGroup(open []store.Part) {
	var buttons []chat.Button
	for _, p := range open[:min(len(open), chat.MaxButtons)] {
		buttons = append(buttons, chat.Button{Label: label(p.Cycle.Title), Command: "group " + p.CycleID})
	}
	t.say("group.which", nil, buttons...)
}

// openParts are the cycles that the person coordinates and that aren't over.
func (t *turn) openParts() (open []store.Part) {
	for _, p := range t.coordinated() {
		if store.DateOf(t.now.In(p.Cycle.Location())) <= p.Cycle.Ends {
			open = append(open, p)
		}
	}
	return open
}

// isOpen reports whether a cycle isn't over.
func (t *turn) isOpen(cycleID string) (bool, error) {
	c, err := t.tx.Cycle(cycleID)
	return err == nil && store.DateOf(t.now.In(c.Location())) <= c.Ends, err
}

// linkTo links the chat to a cycle of the person's, or notes its title and that it can be
// reached, and shows what is posted there.
func (t *turn) linkTo(cycleID string) error {
	if err := t.act(); err != nil {
		return err
	}
	g := store.Group{CycleID: cycleID, BotID: t.h.id, ChatID: t.request.ChatID, Title: t.request.Title}
	was, err := t.tx.GroupOf(g.BotID, g.ChatID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := t.tx.LinkGroup(&g); err != nil {
		return err
	}
	if g.ID != was.ID {
		if err := t.enterGroup("group-link", &g); err != nil {
			return err
		}
	}
	return t.showHere(&g)
}

// enterGroup writes down what was done to a group, and what that is called: its name
// outlives it in the journal.
func (t *turn) enterGroup(what string, g *store.Group) error {
	_, err := t.enter(what, g.CycleID, g.ID, "", struct{ Title string }{t.groupName(g)})
	return err
}

// showHere says in a group what is posted there, with buttons to change that.
func (t *turn) showHere(g *store.Group) error {
	if err := t.look(g.CycleID); err != nil {
		return err
	}
	s := newPost(t.c, g, t.now, t.size)
	t.tell(chat.Join(s.text("group.linked", locale.Args{"Title": s.c.Cycle.Title}), chat.Stack(s.posts(g), s.text("group.personal", nil))),
		append(s.switches(g), s.ownChat())...)
	t.reply.Update = t.request.Tapped
	if t.err == nil {
		t.err = s.err
	}
	return nil
}

// posts says what is posted in a group.
func (s *speech) posts(g *store.Group) chat.Text {
	switch {
	case g.Announcements && g.Reminders:
		return s.text("group.posts-both", nil)
	case g.Announcements:
		return s.text("group.posts-announcements", nil)
	case g.Reminders:
		return s.text("group.posts-reminders", nil)
	}
	return s.text("group.posts-nothing", nil)
}

// What a button turns on or off in a group.
const (
	ofAnnouncements = "announcements"
	ofReminders     = "reminders"
	turnedOn        = "on"
	turnedOff       = "off"
)

// switches are the buttons that change what is posted in a group.
func (s *speech) switches(g *store.Group) []chat.Button {
	set := "group-set " + g.ID + " "
	announcements := s.button("announcements-on", set+ofAnnouncements+" "+turnedOn)
	if g.Announcements {
		announcements = s.button("announcements-off", set+ofAnnouncements+" "+turnedOff)
	}
	reminders := s.button("reminders-on", set+ofReminders+" "+turnedOn)
	if g.Reminders {
		reminders = s.button("reminders-off", set+ofReminders+" "+turnedOff)
	}
	return []chat.Button{announcements, reminders, s.button("group-unlink", "group-unlink "+g.ID)}
}

// groupHere returns the group that the chat is, if it is the one that a button names, of a
// cycle that the person coordinates; else the reply says so.
func (t *turn) groupHere(args []string) (g store.Group, ok bool, err error) {
	g, err = t.tx.GroupOf(t.h.id, t.request.ChatID)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && (len(args) == 0 || args[0] != g.ID):
		t.say("group.stale", nil, t.ownChat())
		return g, false, nil
	case err != nil:
		return g, false, err
	case !t.coordinates(g.CycleID):
		t.refuseHere()
		return g, false, nil
	}
	return g, true, nil
}

// setHere turns on or off what is posted in the group.
func (t *turn) setHere(args []string) error {
	g, ok, err := t.groupHere(args)
	if err != nil || !ok {
		return err
	}
	if len(args) != 3 {
		t.say("group.stale", nil, t.ownChat())
		return nil
	}
	was, on := g, args[2] == turnedOn
	switch args[1] {
	case ofAnnouncements:
		g.Announcements = on
	case ofReminders:
		g.Reminders = on
	}
	if g == was {
		return t.showHere(&g)
	}
	if err := t.act(); err != nil {
		return err
	}
	if err := t.tx.UpdateGroup(g); err != nil {
		return err
	}
	if err := t.enterGroup("group-set", &g); err != nil {
		return err
	}
	return t.showHere(&g)
}

// unlinkHere has nothing posted in the group any more.
func (t *turn) unlinkHere(args []string) error {
	g, ok, err := t.groupHere(args)
	if err != nil || !ok {
		return err
	}
	if err := t.unlinkGroup(&g); err != nil {
		return err
	}
	s := newPost(t.c, &g, t.now, t.size)
	t.tell(s.text("group.unlinked", nil), s.ownChat())
	t.reply.Update = true
	if t.err == nil {
		t.err = s.err
	}
	return nil
}
