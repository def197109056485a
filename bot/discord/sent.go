package discord

import "sync"

// A record is what became of a message that has a key.
type record struct {
	mu   sync.Mutex // held while it is being sent
	ids  []string   // of the parts that were sent
	done bool
}

// keptRecords is how many keys are remembered at least, and half of how many at most.
const keptRecords = 4000

// records remember for a while what was sent under which key, so that what is tried again
// goes on where it stopped, and what was sent isn't sent again. They last as long as the
// process.
type records struct {
	mu         sync.Mutex
	young, old map[string]*record
}

// of returns the record of a key; of "", a new one.
func (s *records) of(key string) *record {
	if key == "" {
		return &record{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.young[key]
	if r == nil {
		r = s.old[key]
	}
	if r == nil {
		r = &record{}
	}
	if s.young == nil || len(s.young) >= keptRecords {
		s.old, s.young = s.young, map[string]*record{}
	}
	s.young[key] = r
	return r
}
