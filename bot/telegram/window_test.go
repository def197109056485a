package telegram

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

func TestWindow(t *testing.T) {
	w := newWindow()
	step := func(what string, want int64, open int) {
		t.Helper()
		if offset, n := w.ask(); offset != want || n != open {
			t.Errorf("%s: the offset is %d, of %d open", what, offset, n)
		}
	}
	step("empty", 0, 0)
	for _, id := range []int64{10, 11, 15} { // there may be gaps
		w.add(id)
	}
	if w.add(11) {
		t.Error("what is there is taken again")
	}
	w.done(11)
	step("the first isn't done", 0, 3)
	w.done(10)
	if w.add(10) || w.add(11) {
		t.Error("what was given by an offset from before is taken again")
	}
	step("two are", 12, 1)
	w.done(15)
	step("all are", 16, 0)
	w.add(3) // ids have started anew
	w.done(3)
	step("anew", 4, 0)
	if w.last() != 3 {
		t.Errorf("the last is %d", w.last())
	}
}

func TestWindowIsWorthAsking(t *testing.T) {
	w := newWindow()
	for id := range int64(batchSize) {
		w.add(id + 1)
	}
	for id := range int64(batchSize/2 - 1) {
		w.done(id + 1)
	}
	if w.worth() {
		t.Error("too early")
	}
	w.done(batchSize / 2)
	if !w.worth() {
		t.Error("there is room now")
	}
	w.ask()
	if w.worth() {
		t.Error("it was asked")
	}
}

func TestLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l lines
		var mu sync.Mutex
		var got []int
		free := make(chan struct{})
		l.do(1, func() { <-free })
		for i := range 50 {
			l.do(1, func() {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, i)
			})
		}
		other := make(chan struct{})
		l.do(2, func() { close(other) })
		<-other // for ever, if one chat waited for another
		synctest.Wait()
		if l.length(1) != 50 || l.crowded(1) != nil {
			t.Errorf("%d wait in the chat", l.length(1))
		}
		eased := l.crowded(0)
		close(free)
		<-eased
		l.working.Wait()
		if !slices.IsSorted(got) || len(got) != 50 || l.length(1) != 0 {
			t.Errorf("they ran as %v", got)
		}
	})
}

func TestRecordsForget(t *testing.T) {
	var s records
	first := s.of("first")
	first.done = true
	if !s.of("first").done || s.of("").done {
		t.Error("a key isn't remembered, or no key is")
	}
	for i := range 2 * keptRecords {
		s.of(string(rune('a')) + string(rune(i)))
	}
	if len(s.young)+len(s.old) > 2*keptRecords || s.of("first").done {
		t.Error("nothing is forgotten")
	}
}
