package telegramtest

import (
	"math"
	"time"
)

// The limits of https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this,
// which doesn't say how much may be sent at once: here as much as a second's worth, and in
// a chat a few. Sends and edits count, each file of an album by itself.
const (
	perSecond    = 30
	perChat      = 1 // a second
	burstInChat  = 5
	perGroup     = 20 // a minute
	groupMinutes = time.Minute
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

// take takes n out of a bucket that fills at a rate up to a size, or says how long it is
// until it can.
func (b *bucket) take(n, rate, size float64, now time.Time) (wait time.Duration) {
	b.spent = math.Max(0, b.spent-now.Sub(b.at).Seconds()*rate)
	b.at = now
	if over := b.spent + n - size; over > 1e-9 {
		return time.Duration(over / rate * float64(time.Second))
	}
	b.spent += n
	return 0
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

func (l *limiter) count(chat int64, n int, now time.Time) *refusal {
	if wait := l.group(chat, n, now); wait > 0 {
		return l.refuse(chat, wait, now)
	}
	if l.chats[chat] == nil {
		l.chats[chat] = &bucket{}
	}
	if wait := l.chats[chat].take(float64(n), perChat, max(burstInChat, float64(n)), now); wait > 0 {
		return l.refuse(chat, wait, now)
	}
	if wait := l.overall.take(float64(n), perSecond, perSecond, now); wait > 0 {
		return l.refuse(0, wait, now)
	}
	return nil
}

// group counts what goes to a group, whose id is below 0.
func (l *limiter) group(chat int64, n int, now time.Time) (wait time.Duration) {
	if chat >= 0 {
		return 0
	}
	all := l.groups[chat]
	for len(all) > 0 && now.Sub(all[0]) >= groupMinutes {
		all = all[1:]
	}
	if len(all)+n > perGroup {
		return all[0].Add(groupMinutes).Sub(now)
	}
	for range n {
		all = append(all, now)
	}
	l.groups[chat] = all
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
