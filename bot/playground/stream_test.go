package playground_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/playground"
)

func itoa(n int) string { return strconv.Itoa(n) }

// textsOf reads a stream until it has told n messages.
func textsOf(t *testing.T, l *listener, n int) (texts []string) {
	t.Helper()
	for len(texts) < n && l.next() {
		for _, e := range l.events {
			var b bubble
			if e["bubble"] == nil {
				continue
			}
			if err := json.Unmarshal(e["bubble"], &b); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, b.text())
		}
	}
	return texts
}

func send(t *testing.T, f *fixture, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if _, err := f.Send(context.Background(), "m", "", chat.Message{Text: chat.Text(text)}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAStreamCatchesUp(t *testing.T) {
	f := begin(t, playground.Options{}, &fakeHandler{})
	l := f.listen(t.Context(), f.state().Event)
	send(t, f, "a", "b")
	if got := textsOf(t, l, 2); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("it tells %q", got)
	}
	l.close()
	send(t, f, "c", "d") // while nobody listens
	again := f.listen(t.Context(), l.id)
	defer again.close()
	send(t, f, "e")
	if got := textsOf(t, again, 3); !slices.Equal(got, []string{"c", "d", "e"}) {
		t.Errorf("after a break it tells %q", got)
	}
}

func TestAStreamThatCannotCatchUpSaysSo(t *testing.T) {
	f := begin(t, playground.Options{}, &fakeHandler{})
	old := f.state().Event
	for _, id := range []string{"", "another.1", "x", old + "9999"} {
		l := f.listen(t.Context(), id)
		if !l.next() || l.kind != "reset" {
			t.Errorf("after %q it tells %q", id, l.kind)
		}
		l.close()
	}
	for range 5000 {
		send(t, f, "x")
	}
	l := f.listen(t.Context(), old)
	defer l.close()
	if !l.next() || l.kind != "reset" {
		t.Errorf("after an event of long ago it tells %q", l.kind)
	}
}

func TestStreamsEndWithTheRun(t *testing.T) {
	f := begin(t, playground.Options{}, &fakeHandler{})
	l := f.listen(t.Context(), f.state().Event)
	defer l.close()
	f.end()
	if l.next() {
		t.Errorf("the stream goes on with %v", l.events)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := f.server.Config.Shutdown(ctx); err != nil {
		t.Errorf("the server doesn't end: %v", err)
	}
}

func TestAfterTheRunNothingIsDone(t *testing.T) {
	f := begin(t, playground.Options{}, &fakeHandler{})
	f.end()
	if status, _ := f.post("say", values{"chat": "m", "text": "late"}); status != http.StatusServiceUnavailable {
		t.Errorf("it answers %d", status)
	}
	if err := f.Run(t.Context(), f.handler); err == nil {
		t.Error("it runs again")
	}
}

func TestTheClockTurns(t *testing.T) {
	stage := newStage()
	f := begin(t, playground.Options{Stage: stage}, &fakeHandler{})
	stage.turn = func(ctx context.Context, by playground.Turn) error {
		if by == playground.Next {
			return errors.New("no reminder is left")
		}
		stage.set(start.Add(time.Hour))
		_, err := f.Send(ctx, "m", "", chat.Message{Text: "Tomorrow!"})
		stage.set(start.AddDate(0, 0, 7))
		return err
	}
	l := f.listen(t.Context(), f.state().Event)
	defer l.close()
	f.do("turn", values{"by": "week"})
	var told []string
	for len(told) == 0 || told[len(told)-1] != `{}` {
		if !l.next() {
			t.Fatal("the stream ended")
		}
		for _, e := range l.events {
			if e["turn"] != nil {
				told = append(told, string(e["turn"]))
			}
		}
	}
	if !slices.Equal(told, []string{`{"by":"week"}`, `{}`}) {
		t.Errorf("it tells of the turn %q", told)
	}
	s := f.state()
	if b := s.Chats["m"].Bubbles; len(b) != 1 || !b[0].At.Equal(start.Add(time.Hour)) {
		t.Errorf("what arrived meanwhile: %+v", b)
	}
	if !s.Scene.Now.Equal(start.AddDate(0, 0, 7)) {
		t.Errorf("the clock stands at %v", s.Scene.Now)
	}
	if status, words := f.post("turn", values{"by": "next"}); status != http.StatusInternalServerError || words != "The clock stopped: no reminder is left" {
		t.Errorf("a turn that fails: %d %q", status, words)
	}
}

func TestTheClockTurnsOnceAtATime(t *testing.T) {
	stage := newStage()
	inside := make(chan struct{})
	stage.turn = func(ctx context.Context, _ playground.Turn) error {
		close(inside)
		<-ctx.Done()
		return ctx.Err()
	}
	f := begin(t, playground.Options{Stage: stage}, &fakeHandler{})
	ended := make(chan int)
	go func() {
		status, _ := f.post("turn", values{"by": "day"})
		ended <- status
	}()
	<-inside
	if status, _ := f.post("turn", values{"by": "day"}); status != http.StatusConflict {
		t.Errorf("a second turn: %d", status)
	}
	f.end() // ends the turn too
	if status := <-ended; status != http.StatusInternalServerError {
		t.Errorf("the turn that was cut short: %d", status)
	}
}
