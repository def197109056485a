package telegram

import (
	"hash/maphash"
	"sync"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A memory of what was asked for tells an edit that changes a text from one that doesn't:
// Telegram tells of both.
type memory struct {
	mu    sync.Mutex
	seed  maphash.Seed
	texts map[string]uint64 // by request
}

// remembered is how many requests are, at most. An edit of one that isn't any more is
// taken for a change; what it did, it doesn't do again.
const remembered = 5000

// has reports whether a request said the same when it was handled.
func (m *memory) has(r *chat.Request) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	was, known := m.texts[r.ID]
	return known && was == maphash.String(m.seed, r.Text)
}

// note remembers a request that was handled.
func (m *memory) note(r *chat.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.texts == nil || len(m.texts) >= remembered {
		m.seed, m.texts = maphash.MakeSeed(), map[string]uint64{}
	}
	m.texts[r.ID] = maphash.String(m.seed, r.Text)
}
