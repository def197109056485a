package scheduler

import (
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// Key returns a message's key. The parts are slugs and the like, without a slash.
func Key(kind store.Kind, subject, occurrence, offset, recipient string) string {
	if offset == "" {
		offset = "-"
	}
	return strings.Join([]string{string(kind), subject, occurrence, offset, recipient}, "/")
}

func revision(n int) string { return strconv.Itoa(n) }

// Cancelled stands where a key has an offset, for a session or event that was cancelled.
const Cancelled = "cancelled"

// cancellation is the occurrence of a cancellation: the revision that doesn't take
// place, and when that was said, since it may be taken back and said again.
func cancellation(n int, at time.Time) string {
	return revision(n) + "-" + at.UTC().Format("2006-01-02T15:04:05.000")
}

// A change's offset says what changed, and ends with one of these: a session and an event
// may have the same slug.
const (
	OfSession = "-session"
	OfEvent   = "-event"
)

// Moved stands where a key has an offset, for a session or event that moved.
const Moved = "moved"

const (
	morningPrefix  = "morning-"
	lastCallPrefix = "last-"
)

// MorningOf returns the offset of the message on the morning of an event day.
func MorningOf(day store.Date) string { return morningPrefix + day.String() }

// MorningDay returns the day of a MorningOf; false for any other offset.
func MorningDay(offset string) (store.Date, bool) {
	day, ok := strings.CutPrefix(offset, morningPrefix)
	if !ok {
		return 0, false
	}
	d, err := store.ParseDate(day)
	return d, err == nil
}

// IsMorning reports whether an offset is that of a morning of an event day.
func IsMorning(offset string) bool { return strings.HasPrefix(offset, morningPrefix) }

// lastCall returns the offset of the last call n days before the cycle's By.
func lastCall(n int) string { return lastCallPrefix + store.Offset{Days: n}.String() }

// IsLastCall reports whether an offset is that of a last call.
func IsLastCall(offset string) bool { return strings.HasPrefix(offset, lastCallPrefix) }
