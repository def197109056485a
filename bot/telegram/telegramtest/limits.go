package telegramtest

import (
	"math"
	"slices"
	"time"
)

// The limits of https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this,
// which doesn't say how much may be sent at once: here as much as a second's worth, and in
// a chat a few. Sends and edits count, each file of an album by itself.
const (
	perSecond   = 30
	perChat     = 1 // a second
	burstInChat = 5
	perGroup    = 20 // in any groupMinute
	groupMinute = time.Minute
)

// A limiter counts what was sent.
type limiter struct {
	overall bucket
	chats   map[int64]*bucket
	groups  map[int64][]time.Time // when, within the last minute
	until   map[int64]time.Time   // of a chat, or 0 for all: refused until then
	stats   Refusals
}

// Refusals count what was answered with 429.
type Refusals struct {
	All   int
	Early int // of those, how many came before the time that a 429 had told them
}

// A bucket holds what may still be sent now.
type bucket struct {
	spent float64
	at    time.Time
}

// wait returns how long it is until n can be taken out of a bucket that fills at a rate up
// to a size.
func (b *bucket) wait(n, rate, size float64, now time.Time) time.Duration {
	b.spent = math.Max(0, b.spent-now.Sub(b.at).Seconds()*rate)
	b.at = now
	over := time.Duration((b.spent + n - size) / rate * float64(time.Second))
	return over.Truncate(time.Microsecond) // what is less is no wait, but arithmetic
}

// limit refuses a call that is too much. The caller holds the lock.
func (s *Server) limit(c *Call) *refusal {
	if !s.options.Limits || !sends(c.Method) {
		return nil
	}
	l, now, chat := &s.limits, s.options.Now(), c.Int("chat_id")
	if l.chats == nil {
		l.chats, l.groups, l.until = map[int64]*bucket{}, map[int64][]time.Time{}, map[int64]time.Time{}
	}
	for _, scope := range []int64{0, chat} {
		if wait := l.until[scope].Sub(now); wait > 0 {
			l.stats.Early++
			return l.refuse(scope, wait, now)
		}
	}
	n := 1
	if list, is := c.Params["media"].([]any); is {
		n = len(list)
	}
	return l.count(chat, n, now)
}

// count takes n messages to a chat, or refuses them.
func (l *limiter) count(chat int64, n int, now time.Time) *refusal {
	b := l.chats[chat]
	if b == nil {
		b = &bucket{}
		l.chats[chat] = b
	}
	if wait := max(l.groupWait(chat, n, now), b.wait(float64(n), perChat, max(burstInChat, float64(n)), now)); wait > 0 {
		return l.refuse(chat, wait, now)
	}
	if wait := l.overall.wait(float64(n), perSecond, perSecond, now); wait > 0 {
		return l.refuse(0, wait, now)
	}
	b.spent += float64(n)
	l.overall.spent += float64(n)
	if chat < 0 {
		l.groups[chat] = append(l.groups[chat], slices.Repeat([]time.Time{now}, n)...)
	}
	return nil
}

// groupWait returns how long it is until n messages can go to a group, whose id is below 0.
func (l *limiter) groupWait(chat int64, n int, now time.Time) time.Duration {
	all := l.groups[chat]
	for len(all) > 0 && now.Sub(all[0]) >= groupMinute {
		all = all[1:]
	}
	l.groups[chat] = all
	if over := len(all) + n - perGroup; chat < 0 && over > 0 {
		return all[over-1].Add(groupMinute).Sub(now)
	}
	return 0
}

// refuse answers 429 for a scope: a chat, or 0 for all.
func (l *limiter) refuse(scope int64, wait time.Duration, now time.Time) *refusal {
	seconds := int(math.Ceil(wait.Seconds()))
	l.stats.All++
	if l.until[scope].Before(now) {
		l.until[scope] = now.Add(time.Duration(seconds) * time.Second)
	}
	return busy(seconds)
}

// Refused returns how often the bot was too fast. Faults aren't counted.
func (s *Server) Refused() Refusals {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.limits.stats
}
