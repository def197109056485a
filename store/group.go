package store

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A Group is a chat or channel of a cycle, itself a recipient: by the cycle's clock, in its
// language, with its quiet hours.
type Group struct {
	ID, CycleID, BotID, ChatID string
	Title                      string // as its platform has it; "": unknown
	Announcements              bool   // those to everyone are posted there
	Reminders                  bool   // so are those of sessions and events
	Reachable                  bool
	Reason                     string // why it isn't reachable
	// Since is when it began to hear of what is due: when it was linked, reminders were
	// turned on, or it could be reached again.
	Since time.Time
}

const selectGroup = `SELECT id, cycle_id, bot_id, chat_id, title, announcements, reminders, reachable, reason, since FROM chat_group`

func scanGroup(row scanner, g *Group) error {
	return row.Scan(&g.ID, &g.CycleID, &g.BotID, &g.ChatID, &g.Title, &g.Announcements, &g.Reminders,
		&g.Reachable, &g.Reason, when(&g.Since))
}

// Groups returns the groups of a cycle, sorted by ID.
func (tx *Tx) Groups(cycleID string) ([]Group, error) {
	all, err := list(tx, "read groups", scanGroup, selectGroup+` WHERE cycle_id = $1`, cycleID)
	sortGroups(all)
	return all, err
}

func sortGroups(all []Group) {
	slices.SortFunc(all, func(a, b Group) int { return strings.Compare(a.ID, b.ID) })
}

// GroupOf returns the group that a chat of a bot is.
func (tx *Tx) GroupOf(botID, chatID string) (Group, error) {
	return one(tx, "read group", scanGroup, selectGroup+` WHERE bot_id = $1 AND chat_id = $2`, botID, chatID)
}

// GroupsIn returns the groups that a chat of a bot is, and those that are a place within it:
// its id, a colon, and theirs. They are sorted by ID.
func (tx *Tx) GroupsIn(botID, chatID string) ([]Group, error) {
	within := chatID + ":"
	all, err := list(tx, "read groups of chat", scanGroup, selectGroup+` WHERE bot_id = $1 AND (chat_id = $2 OR SUBSTR(chat_id, 1, $4) = $3)`,
		botID, chatID, within, utf8.RuneCountInString(within))
	sortGroups(all)
	return all, err
}

// Group returns a group by id.
func (tx *Tx) Group(id string) (Group, error) {
	return one(tx, "read group", scanGroup, selectGroup+` WHERE id = $1`, id)
}

// LinkGroup makes a chat a group of a cycle, where everything is posted, and sets its other
// fields. If it is one already, it keeps what is posted; its title is noted, unless it is
// "", and that it can be reached. A group of another cycle is unlinked from that first.
func (tx *Tx) LinkGroup(g *Group) error {
	was, err := tx.GroupOf(g.BotID, g.ChatID)
	switch {
	case errors.Is(err, ErrNotFound):
	case err != nil:
		return err
	case was.CycleID == g.CycleID:
		return tx.relinkGroup(g, was)
	default:
		if err := tx.UnlinkGroup(was.ID); err != nil {
			return err
		}
	}
	fill(&g.ID)
	g.Title, g.Announcements, g.Reminders, g.Reachable, g.Reason, g.Since = clean(g.Title), true, true, true, "", kept(tx.Now())
	err = tx.run("link group", `INSERT INTO chat_group (id, cycle_id, bot_id, chat_id, title, since)
		VALUES ($1, $2, $3, $4, $5, $6)`, g.ID, g.CycleID, g.BotID, g.ChatID, g.Title, ms(g.Since))
	if err != nil {
		return err
	}
	return tx.Touch(g.CycleID)
}

// relinkGroup notes what is new of a group that is one of the cycle already.
func (tx *Tx) relinkGroup(g *Group, was Group) error {
	title := clean(g.Title)
	if *g = was; title != "" && title != was.Title {
		g.Title = title
		err := tx.run("rename group", `UPDATE chat_group SET title = $1 WHERE id = $2`, title, g.ID)
		if err = errors.Join(err, tx.Touch(g.CycleID)); err != nil {
			return err
		}
	}
	if was.Reachable {
		return nil
	}
	if _, err := tx.SetGroupReachable(g.ID, true, ""); err != nil {
		return err
	}
	g.Reachable, g.Reason, g.Since = true, "", kept(tx.Now())
	return nil
}

// UpdateGroup writes what is posted in a group. Once reminders are turned on, it hears of
// what is due from then on.
func (tx *Tx) UpdateGroup(g Group) error {
	was, err := tx.Group(g.ID)
	if err != nil {
		return err
	}
	since := was.Since
	if g.Reminders && !was.Reminders {
		since = tx.Now()
	}
	err = tx.run("update group", `UPDATE chat_group SET announcements = $1, reminders = $2, since = $3 WHERE id = $4`,
		g.Announcements, g.Reminders, ms(since), g.ID)
	if err != nil {
		return err
	}
	return tx.Touch(was.CycleID)
}

// SetGroupReachable notes whether a group can be reached, and why not; and reports whether
// that is new. One that can be reached again hears of what is due from then on.
func (tx *Tx) SetGroupReachable(id string, reachable bool, reason string) (changed bool, err error) {
	g, err := tx.Group(id)
	if err != nil || g.Reachable == reachable {
		return false, err
	}
	if reachable {
		g.Since = tx.Now()
	}
	err = tx.run("note reach of group", `UPDATE chat_group SET reachable = $1, reason = $2, since = $3 WHERE id = $4`,
		reachable, clean(reason), ms(g.Since), id)
	if err != nil {
		return false, err
	}
	return true, tx.Touch(g.CycleID)
}

// MoveChat notes that a platform has given a chat of a bot another id, for groups,
// accounts and what was sent there. What the chat was being asked is forgotten. If the other
// chat is a group by now, that one stays.
func (tx *Tx) MoveChat(botID, from, to string) error {
	if from == to {
		return nil
	}
	if err := tx.makeRoom(botID, from, to); err != nil {
		return err
	}
	err := tx.run("forget questions", `DELETE FROM question WHERE bot_id = $1 AND chat_id = $2`, botID, from)
	if err != nil {
		return err
	}
	for _, noun := range []string{"chat_group", "account", "reference", "handled"} {
		err := tx.run("move chat", `UPDATE `+noun+` SET chat_id = $1 WHERE bot_id = $2 AND chat_id = $3`, to, botID, from)
		if err != nil {
			return err
		}
	}
	return nil
}

// makeRoom unlinks a group that is to become a chat which is one already.
func (tx *Tx) makeRoom(botID, from, to string) error {
	_, err := tx.GroupOf(botID, to)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	g, err := tx.GroupOf(botID, from)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.UnlinkGroup(g.ID)
}

// UnlinkGroup takes a group from its cycle, with all that was sent or planned for it.
func (tx *Tx) UnlinkGroup(id string) error {
	g, err := tx.Group(id)
	if err != nil {
		return err
	}
	for _, query := range []string{
		`DELETE FROM reference WHERE message_id IN (SELECT id FROM message WHERE group_id = $1)`,
		`DELETE FROM message WHERE group_id = $1`,
		`DELETE FROM chat_group WHERE id = $1`,
	} {
		if err := tx.run("unlink group", query, id); err != nil {
			return err
		}
	}
	return tx.Touch(g.CycleID)
}

// snapGroups reads the groups of a cycle.
func (tx *Tx) snapGroups(s *Snapshot) (err error) {
	s.Groups, err = tx.Groups(s.Cycle.ID)
	return err
}

// snapToldGroups reads what groups were told: of each occurrence of a session or event that
// isn't over, the latest.
func (tx *Tx) snapToldGroups(s *Snapshot) error {
	if len(s.Groups) == 0 {
		return nil
	}
	ahead := map[string]bool{}
	for _, about := range s.ahead() {
		ahead[string(about.kind)+"/"+about.slug] = true
	}
	for i := range s.Groups {
		told, err := list(tx, "read what a group was told", func(row scanner, t *Told) error {
			t.GroupID, t.State = s.Groups[i].ID, Sent
			return row.Scan(&t.Kind, &t.Subject, &t.Occurrence, &t.Offset, when(&t.At))
		}, `SELECT kind, subject, occurrence, ahead, settled_at FROM message WHERE group_id = $1
			AND kind IN ('session', 'event') AND state = 'sent' ORDER BY settled_at, id`, s.Groups[i].ID)
		if err != nil {
			return err
		}
		latest := map[[3]string]Told{}
		for _, t := range told {
			if ahead[string(t.Kind)+"/"+t.Subject] {
				latest[[3]string{string(t.Kind), t.Subject, t.Occurrence}] = t
			}
		}
		for _, t := range latest {
			s.Told = append(s.Told, t)
		}
	}
	return nil
}
