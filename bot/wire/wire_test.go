package wire

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Lines[int64]
		var mu sync.Mutex
		var got []int
		free := make(chan struct{})
		l.Do(1, func() { <-free })
		for i := range 50 {
			l.Do(1, func() {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, i)
			})
		}
		other := make(chan struct{})
		l.Do(2, func() { close(other) })
		<-other // for ever, if one chat waited for another
		synctest.Wait()
		if l.Length(1) != 50 || l.Crowded(1) != nil {
			t.Errorf("%d wait in the chat", l.Length(1))
		}
		eased := l.Crowded(0)
		close(free)
		<-eased
		l.Wait()
		if !slices.IsSorted(got) || len(got) != 50 || l.Length(1) != 0 {
			t.Errorf("they ran as %v", got)
		}
	})
}

func TestRecordsForget(t *testing.T) {
	var s Records
	first := s.Of("first")
	first.Done = true
	if !s.Of("first").Done || s.Of("").Done {
		t.Error("a key isn't remembered, or no key is")
	}
	for i := range 2 * keptRecords {
		s.Of(string(rune('a')) + string(rune(i)))
	}
	if len(s.young)+len(s.old) > 2*keptRecords || s.Of("first").Done {
		t.Error("nothing is forgotten")
	}
}

func TestFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l Lines[string]
		if l.Free("a") != nil {
			t.Error("a chat that nobody uses is busy")
		}
		done := make(chan struct{})
		l.Do("a", func() { <-done })
		free := l.Free("a")
		if free == nil || l.Free("b") != nil {
			t.Fatal("the chat isn't busy, or another one is")
		}
		close(done)
		<-free
		if l.Free("a") != nil {
			t.Error("it stays busy")
		}
	})
}

func TestRetryIn(t *testing.T) {
	for n := range 100 {
		if d := RetryIn(n); d < firstRetry/2 || d > lastRetry*3/2 || n > 10 && d < lastRetry/2 {
			t.Errorf("after %d failures it waits %v", n, d)
		}
	}
}

func TestFinishing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		late, cancel := Finishing(ctx, time.Minute)
		defer cancel()
		end()
		time.Sleep(time.Minute - time.Second)
		if late.Err() != nil {
			t.Error("it ends too soon")
		}
		time.Sleep(2 * time.Second)
		if late.Err() == nil {
			t.Error("it doesn't end")
		}
	})
}
