package bot

import (
	"hash/fnv"
	"strconv"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// laterUnlessSaid is when a message is tried again for the first time if a platform
// doesn't say; each time takes twice as long, up to sixteen times.
const (
	laterUnlessSaid = time.Minute
	maxDoublings    = 4
)

// later has a message tried again: soon after the platform says, or else ever more seldom;
// each a little later than others, so that not all come back at once.
func later(m *store.Message, now time.Time, wait time.Duration, why error) scheduler.Outcome {
	pause, spread := wait, min(wait/5+time.Second, 5*time.Second)
	if wait <= 0 {
		pause = laterUnlessSaid << min(max(m.Attempts-1, 0), maxDoublings)
		spread = pause / 5
	}
	return scheduler.Outcome{State: store.Planned, Due: now.Add(pause + jitter(m, spread)), Reason: why.Error()}
}

// jitter is the same for the same try of a message, up to a length of time.
func jitter(m *store.Message, most time.Duration) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(m.ID + strconv.Itoa(m.Attempts))) // it never fails
	return time.Duration(h.Sum32()%1000) * most / 1000
}
