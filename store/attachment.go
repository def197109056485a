package store

import (
	"encoding/json"
	"fmt"
)

// An Attachment is a picture or a file that goes out with an announcement.
type Attachment struct {
	Name, Type string // of the file, and its media type
	Data       []byte
}

// Attachments returns those of an announcement, in their order.
func (tx *Tx) Attachments(announcementID string) ([]Attachment, error) {
	return list(tx, "read attachments", func(row scanner, a *Attachment) error {
		var position int
		var sealed []byte
		if err := row.Scan(&position, &sealed); err != nil {
			return err
		}
		text, err := tx.seals.Unseal(sealed, attachmentPlace(announcementID, position))
		if err != nil {
			return err
		}
		return json.Unmarshal(text, a)
	}, `SELECT position, sealed FROM attachment WHERE announcement_id = $1 ORDER BY position`, announcementID)
}

// PutAttachments replaces those of an announcement; they are sealed.
func (tx *Tx) PutAttachments(announcementID string, all []Attachment) error {
	err := tx.run("delete attachments", `DELETE FROM attachment WHERE announcement_id = $1`, announcementID)
	if err != nil {
		return err
	}
	for i := range all {
		all[i].Name, all[i].Type = clean(all[i].Name), clean(all[i].Type)
		text, err := json.Marshal(&all[i])
		if err != nil {
			return fmt.Errorf("keep attachment: %w", err)
		}
		sealed, err := tx.seals.Seal(text, attachmentPlace(announcementID, i))
		if err != nil {
			return fmt.Errorf("seal attachment: %w", err)
		}
		err = tx.run("insert attachment", `INSERT INTO attachment (announcement_id, position, sealed) VALUES ($1, $2, $3)`,
			announcementID, i, sealed)
		if err != nil {
			return err
		}
	}
	return nil
}

// attachmentPlace is where an attachment is sealed.
func attachmentPlace(announcementID string, position int) string {
	return fmt.Sprintf("attachment/%s/%d", announcementID, position)
}
