package store

import (
	"fmt"
	"strings"
)

// StatusOffset is the offset of the message that tells the author of an announcement who
// has it. What puts newer words in its place has an offset that begins so, with a number.
const StatusOffset = "status"

// IsStatus reports whether a message tells how an announcement fares, rather than the
// announcement itself.
func (m *Message) IsStatus() bool {
	return m.Kind == KindAnnouncement && strings.HasPrefix(m.Offset, StatusOffset)
}

// TellStatus has whoever was told how an announcement fares told anew, unless that
// waits to be sent anyway. Settle does so by itself when one of its messages has reached
// a final state.
func (tx *Tx) TellStatus(cycleID, announcementID string) error {
	all, err := list(tx, "read status of announcement", scanMessage, `SELECT `+messageColumns+` FROM message
		WHERE cycle_id = $1 AND kind = $2 AND subject = $3 AND ahead LIKE $4`,
		cycleID, string(KindAnnouncement), announcementID, StatusOffset+"%")
	if err != nil {
		return err
	}
	var shown *Message // the last that was sent, or is being sent
	for i := range all {
		m := &all[i]
		switch waits := m.State == Planned && m.LeaseOwner == ""; {
		case waits && m.Attempts == 0 && m.Due.After(tx.Now()):
			// It is for an instant at which the announcement was to go out.
		case waits:
			return nil
		case m.Offset == StatusOffset && (m.State == Sent || m.State == Planned) && (shown == nil || m.Due.After(shown.Due)):
			shown = m
		}
	}
	if shown == nil {
		return nil
	}
	again := Message{
		CycleID: cycleID, Kind: KindAnnouncement, Subject: announcementID, Occurrence: shown.Occurrence,
		Offset: fmt.Sprint(StatusOffset, "-", len(all)), PersonID: shown.PersonID, Due: tx.Now(), Until: tx.Now().Add(AnnouncementLife),
	}
	again.Key = strings.Replace(shown.Key, "/"+StatusOffset+"/", "/"+again.Offset+"/", 1)
	_, err = tx.Enqueue([]Message{again})
	return err
}

// settled is called for each message that was settled: of an announcement the status is
// told anew.
func (tx *Tx) settled(m *Message, s *Settlement) error {
	if m.Kind != KindAnnouncement || m.IsStatus() || s.State == Planned {
		return nil
	}
	return tx.TellStatus(m.CycleID, m.Subject)
}
