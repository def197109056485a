package wire

import "sync"

// A Record is what became of a message that has a key. It is locked while the message is
// being sent.
type Record struct {
	sync.Mutex
	IDs  []string // of the parts that were sent
	Done bool
}

// keptRecords is how many keys are remembered at least, and half of how many at most.
const keptRecords = 4000

// Records remember for a while what was sent under which key, so that what is tried again
// goes on where it stopped, and what was sent isn't sent again. They last as long as the
// process. The zero value is ready.
type Records struct {
	mu         sync.Mutex
	young, old map[string]*Record
}

// Of returns the record of a key; of "", a new one.
func (s *Records) Of(key string) *Record {
	if key == "" {
		return &Record{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.young[key]
	if r == nil {
		r = s.old[key]
	}
	if r == nil {
		r = &Record{}
	}
	if s.young == nil || len(s.young) >= keptRecords {
		s.old, s.young = s.young, map[string]*Record{}
	}
	s.young[key] = r
	return r
}
