package telegramtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	retention = 24 * time.Hour         // of updates that nobody fetches
	hurry     = 500 * time.Millisecond // the same offset again within that gives one update
	maxWait   = 50 * time.Second       // of a long poll
)

// A queue holds what the bot hasn't confirmed yet.
type queue struct {
	next    int64 // id of the next update
	pending []update
	allowed map[string]bool
	changed chan struct{} // closed when there is more
	poll    chan *refusal // of the poll that waits: ends it; nil: none does
	offset  int64         // of the last poll
	ended   time.Time     // when it was answered
}

type update struct {
	id     int64
	lane   int64 // the chat; 0: unknown
	at     time.Time
	body   json.RawMessage
	posted bool // it is with the webhook
}

func (q *queue) begin() {
	q.next, q.changed = 860_000_001, make(chan struct{})
	q.offset = -1
	q.allow(nil)
}

// onRequest are the kinds of update that come only when they are asked for by name.
var onRequest = []string{"chat_member", "message_reaction", "message_reaction_count"}

// allow sets the kinds of update that come from now on.
func (q *queue) allow(names []any) {
	q.allowed = map[string]bool{}
	for _, name := range names {
		kind, _ := name.(string) // the specification was asked
		q.allowed[kind] = true
	}
	if len(names) > 0 {
		return
	}
	for name := range api().types["Update"].fields {
		q.allowed[name] = name != "update_id" && !slices.Contains(onRequest, name)
	}
}

// push adds an update of a kind if it is allowed. The caller holds the lock.
func (s *Server) push(kind string, lane int64, what any) {
	if !s.queue.allowed[kind] {
		return
	}
	body, err := json.Marshal(map[string]any{"update_id": s.queue.next, kind: what})
	if err != nil {
		panic(err) // it is always JSON
	}
	s.pushRaw(body, lane)
}

func (s *Server) pushRaw(body json.RawMessage, lane int64) {
	q := &s.queue
	q.pending = append(q.pending, update{id: q.next, lane: lane, at: s.options.Now(), body: body})
	q.next++
	q.wake()
}

// wake has everybody look again who waits for a change.
func (q *queue) wake() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// Push adds an update as it stands, odd or broken as it may be. In it, %ID% stands for the
// update's id, and it must have that to be confirmed by an offset.
func (s *Server) Push(body string) (id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id = s.queue.next
	s.pushRaw(replaceID(body, id), 0)
	return id
}

// SetNextID has the next update begin to count anew, as Telegram does after a week without
// any.
func (s *Server) SetNextID(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.next = n
}

// Pending returns how many updates wait to be confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue.pending)
}

// confirm forgets what lies before an offset, and returns what follows.
func (q *queue) confirm(offset int64, now time.Time) []update {
	q.pending = slices.DeleteFunc(q.pending, func(u update) bool { return now.Sub(u.at) > retention })
	switch {
	case offset < 0:
		q.pending = q.pending[max(0, len(q.pending)+int(offset)):]
	case offset > q.next+10: // of an age in which ids were higher
	default:
		q.pending = slices.DeleteFunc(q.pending, func(u update) bool { return u.id < offset })
	}
	return q.pending
}

func (s *Server) getUpdates(r *http.Request, c *Call) ([]byte, *refusal) {
	poll := make(chan *refusal, 1)
	one, refused := s.beginPoll(c, poll)
	if refused != nil {
		return nil, refused
	}
	defer s.endPoll(poll)
	deadline := time.NewTimer(min(time.Duration(c.Int("timeout"))*time.Second, maxWait))
	defer deadline.Stop()
	for over := false; ; {
		batch, changed := s.batch(c, one)
		if len(batch) > 0 || over {
			return joined(batch), nil
		}
		select {
		case <-changed:
		case <-deadline.C:
			over = true
		case refused := <-poll:
			return nil, refused
		case <-r.Context().Done():
			over = true
		case <-s.ended:
			over = true
		}
	}
}

// beginPoll ends the poll that waits, if one does. one: only one update may be given.
func (s *Server) beginPoll(c *Call, poll chan *refusal) (one bool, refused *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook != nil {
		return false, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	q := &s.queue
	if names, given := c.Params["allowed_updates"].([]any); given {
		q.allow(names)
	}
	q.interrupt("other getUpdates request; make sure that only one bot instance is running")
	q.poll = poll
	offset := c.Int("offset")
	one = offset == q.offset && s.options.Now().Sub(q.ended) < hurry
	q.offset = offset
	return one, nil
}

// interrupt ends the poll that waits, if one does.
func (q *queue) interrupt(by string) {
	if q.poll != nil {
		q.poll <- conflict("terminated by " + by)
		q.poll = nil
	}
}

func (s *Server) endPoll(poll chan *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.poll == poll {
		s.queue.poll, s.queue.ended = nil, s.options.Now()
	}
}

func (s *Server) batch(c *Call, one bool) ([]update, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	limit := 100
	if n := c.Int("limit"); n > 0 {
		limit = int(n)
	}
	if one {
		limit = 1
	}
	all := s.queue.confirm(c.Int("offset"), s.options.Now())
	return slices.Clone(all[:min(len(all), limit)]), s.queue.changed
}

// joined is the answer with updates, which may be no JSON.
func joined(batch []update) []byte {
	out := []byte(`{"ok":true,"result":[`)
	for i, u := range batch {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, u.body...)
	}
	return append(out, `]}`...)
}

func replaceID(body string, id int64) json.RawMessage {
	return json.RawMessage(strings.ReplaceAll(body, "%ID%", strconv.FormatInt(id, 10)))
}
