package telegram

import (
	"testing"
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
