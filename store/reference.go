package store

// A Reference is the platform's id of something that was sent, kept so that it can
// be edited. A long message is split and has several.
type Reference struct {
	MessageID string
	Number    int // 1, 2, …: the part of the message
	BotID     string
	ChatID    string
	RemoteID  string
}

// References returns what is kept of a message that was sent, in order.
func (tx *Tx) References(messageID string) ([]Reference, error) {
	return list(tx, "read references", func(row scanner, r *Reference) error {
		return row.Scan(&r.MessageID, &r.Number, &r.BotID, &r.ChatID, &r.RemoteID)
	}, `SELECT message_id, number, bot_id, chat_id, remote_id FROM reference WHERE message_id = $1 ORDER BY number`,
		messageID)
}

// PutReferences notes what stands now where a message was sent, in place of what was
// kept: an edit may have split it anew.
func (tx *Tx) PutReferences(messageID string, references []Reference) error {
	if err := tx.run("delete references", `DELETE FROM reference WHERE message_id = $1`, messageID); err != nil {
		return err
	}
	return tx.addReferences(messageID, references)
}

func (tx *Tx) addReferences(messageID string, references []Reference) error {
	for i, r := range references {
		err := tx.run("insert reference", `INSERT INTO reference (message_id, number, bot_id, chat_id, remote_id)
			VALUES ($1, $2, $3, $4, $5)`, messageID, i+1, r.BotID, r.ChatID, r.RemoteID)
		if err != nil {
			return err
		}
	}
	return nil
}
