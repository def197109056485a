package bot

import (
	"errors"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// groupsAtOnce is how many groups a coordinator is shown.
const groupsAtOnce = 10

// groups tells a coordinator how to have something posted in a group, and where it is.
func (t *turn) groups() error {
	if t.unread() {
		return nil
	}
	return t.listGroups("")
}

// listGroups shows the groups of the person's cycles, with a word before them.
func (t *turn) listGroups(said chat.Text) error {
	platforms, err := t.platforms()
	if err != nil {
		return err
	}
	var lines []chat.Text
	var buttons []chat.Button
	for _, part := range t.coordinated() {
		all, err := t.tx.Groups(part.CycleID)
		if err != nil {
			return err
		}
		for i := range all {
			g := &all[i]
			if len(lines) == min(groupsAtOnce, t.size.list) {
				break
			}
			name := t.groupName(g)
			lines = append(lines, t.text("group.line", locale.Args{
				"Group": name, "App": platforms[g.BotID], "Title": part.Cycle.Title, "State": t.groupState(g),
			}))
			stop := t.text("group.stop", locale.Args{"Group": shorten(name, groupOnButton)}).Plain()
			buttons = append(buttons, chat.Button{Label: fit(stop, chat.MaxLabel), Command: "group-unlink " + g.ID})
		}
	}
	list := chat.Text("")
	if len(lines) > 0 {
		list = chat.Stack(t.text("group.list", nil), chat.List(lines))
	}
	t.tell(chat.Join(said, t.text("group.how", nil), list), append(buttons, t.button("overview", "overview"))...)
	return nil
}

// groupOnButton is how many characters of a group's name a button shows.
const groupOnButton = 30

// groupState says what is posted in a group, or that nothing can be.
func (t *turn) groupState(g *store.Group) chat.Text {
	switch {
	case !g.Reachable:
		return t.text("group.out", nil)
	case g.Announcements && g.Reminders:
		return t.text("group.has-both", nil)
	case g.Announcements:
		return t.text("group.has-announcements", nil)
	case g.Reminders:
		return t.text("group.has-reminders", nil)
	}
	return t.text("group.has-nothing", nil)
}

// stopPosting unlinks a group that a coordinator's button names, and shows the others.
func (t *turn) stopPosting() error {
	g, err := t.tx.Group(t.args["group"])
	if errors.Is(err, store.ErrNotFound) || err == nil && !t.coordinates(g.CycleID) {
		t.stale()
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.unlinkGroup(&g); err != nil {
		return err
	}
	return t.listGroups(t.text("group.stopped", locale.Args{"Group": t.groupName(&g)}))
}

// unlinkGroup takes a group from its cycle, of which is spoken from then on.
func (t *turn) unlinkGroup(g *store.Group) error {
	if err := t.act(); err != nil {
		return err
	}
	if err := t.tx.UnlinkGroup(g.ID); err != nil {
		return err
	}
	if err := t.enterGroup("group-unlink", g); err != nil {
		return err
	}
	return t.look(g.CycleID)
}
