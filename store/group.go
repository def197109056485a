package store

// A Group is a chat or channel of a cycle, itself a recipient.
type Group struct{ ID, CycleID, BotID, ChatID, Title string }

const selectGroup = `SELECT id, cycle_id, bot_id, chat_id, title FROM chat_group`

func scanGroup(row scanner, g *Group) error {
	return row.Scan(&g.ID, &g.CycleID, &g.BotID, &g.ChatID, &g.Title)
}

// Groups returns the groups of a cycle, in no particular order.
func (tx *Tx) Groups(cycleID string) ([]Group, error) {
	return list(tx, "read groups", scanGroup, selectGroup+` WHERE cycle_id = $1`, cycleID)
}

// GroupOf returns the group that a chat of a bot is.
func (tx *Tx) GroupOf(botID, chatID string) (Group, error) {
	return one(tx, "read group", scanGroup, selectGroup+` WHERE bot_id = $1 AND chat_id = $2`, botID, chatID)
}

// LinkGroup makes a chat a group of a cycle, or of another cycle than before, and
// sets its ID.
func (tx *Tx) LinkGroup(g *Group) error {
	fill(&g.ID)
	err := tx.run("link group", `INSERT INTO chat_group (id, cycle_id, bot_id, chat_id, title)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (bot_id, chat_id) DO UPDATE SET cycle_id = excluded.cycle_id, title = excluded.title`,
		g.ID, g.CycleID, g.BotID, g.ChatID, clean(g.Title))
	if err != nil {
		return err
	}
	if *g, err = tx.GroupOf(g.BotID, g.ChatID); err != nil {
		return err
	}
	return tx.Touch(g.CycleID)
}

// MoveChat notes that a platform has given a chat of a bot another id, for groups,
// accounts and what was sent there. What the chat was being asked is forgotten.
func (tx *Tx) MoveChat(botID, from, to string) error {
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

// UnlinkGroup takes a group from its cycle, with all that was sent or planned for it.
func (tx *Tx) UnlinkGroup(id string) error {
	g, err := one(tx, "read group", scanGroup, selectGroup+` WHERE id = $1`, id)
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
