package chat_test

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/kooperativa/mentorbot/bot/chat"
)

func TestALaneKeepsItsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lanes chat.Lanes
		var group sync.WaitGroup
		var got []int
		first := make(chan struct{})
		group.Go(func() { lanes.Do("a", func() { <-first }) })
		synctest.Wait()
		var want []int
		for i := range 50 {
			group.Go(func() { lanes.Do("a", func() { got = append(got, i) }) })
			synctest.Wait() // it stands in line now
			want = append(want, i)
		}
		close(first)
		group.Wait()
		if !slices.Equal(got, want) {
			t.Errorf("they ran as %v", got)
		}
	})
}

func TestLanesRunSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lanes chat.Lanes
		var group sync.WaitGroup
		all := make(chan struct{})
		var inside sync.WaitGroup
		inside.Add(10)
		for i := range 10 {
			group.Go(func() {
				lanes.Do(strconv.Itoa(i), func() { inside.Done(); <-all })
			})
		}
		inside.Wait() // for ever, if one waited for another
		close(all)
		group.Wait()
	})
}

func TestAPanicLeavesTheLaneFree(t *testing.T) {
	var lanes chat.Lanes
	func() {
		defer func() { _ = recover() }()
		lanes.Do("a", func() { panic("oh") })
	}()
	ran := false
	lanes.Do("a", func() { ran = true })
	if !ran {
		t.Error("the lane is blocked")
	}
}
