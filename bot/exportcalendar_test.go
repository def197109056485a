package bot

import (
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// An Entry is what goes into a calendar file.
type Entry struct {
	UID, Title, Where, About string
	Zone                     *time.Location
	Start, End               time.Time
	From, To                 store.Date
	Cancelled                bool
}

// CalendarFile writes a calendar file.
func CalendarFile(now time.Time, entries ...Entry) ([]byte, error) {
	all := make([]appointment, len(entries))
	for i, e := range entries {
		all[i] = appointment{
			uid: e.UID, title: e.Title, where: e.Where, about: e.About, zone: e.Zone, start: e.Start, end: e.End,
			from: e.From, to: e.To, changed: now, cancelled: e.Cancelled,
		}
	}
	return calendarFile(all, now)
}
