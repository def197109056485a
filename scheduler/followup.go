package scheduler

import (
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// What may follow an announcement to who has got it, as the offsets of its messages;
// beside store.StatusOffset, which is for its author.
const (
	Again   = "again"     // it is sent once more, to who hasn't read it
	Undone  = "withdrawn" // it is replaced by a word that it was withdrawn
	editing = "edit-"     // it is replaced by its correction; a revision follows
)

// EditOf returns the offset of what puts a revision of an announcement in the place of
// what was sent.
func EditOf(revision int) string { return editing + strconv.Itoa(revision) }

// IsEdit reports whether an offset is that of something that takes the place of an
// announcement which was sent.
func IsEdit(offset string) bool { return offset == Undone || strings.HasPrefix(offset, editing) }

// StatusOccasion is the occurrence of the status of an announcement: when that is due.
func StatusOccasion(due time.Time) string { return strconv.FormatInt(due.UnixMilli(), 10) }

// followUp asks for what follows an announcement. What changes something that stands
// there already goes at once, by day and night; whether it has still a place, its sender
// finds out.
func (q *query) followUp() Verdict {
	switch q.m.Offset {
	case Again:
		return q.hushed(time.Time{})
	case store.StatusOffset:
		a := q.c.Announcement(q.m.Subject)
		if a == nil || StatusOccasion(a.Due) != q.m.Occurrence {
			return withdrawn("the announcement was withdrawn or goes out at another time")
		}
	}
	return q.out()
}
