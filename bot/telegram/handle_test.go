package telegram

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A mind is a handler that answers as a test says.
type mind struct {
	handle func(context.Context) (chat.Reply, error)
	works  error // what becomes of all else
}

func (m mind) Handle(ctx context.Context, _ chat.Request) (chat.Reply, error) { return m.handle(ctx) }
func (m mind) Sent(context.Context, string) error                             { return m.works }
func (m mind) Changed(context.Context, chat.Change) error                     { return m.works }
func (m mind) Commands(context.Context, string, string) ([]chat.Command, error) {
	return nil, m.works
}
func (m mind) Suggest(context.Context, chat.Request, string, string) ([]chat.Choice, error) {
	return nil, nil
}

// attempted returns what comes of a request on virtual time, and how long it took.
func attempted(t *testing.T, m mind) (took time.Duration, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		s := &session{Adapter: &Adapter{log: slog.New(slog.DiscardHandler)}, ctx: t.Context(), late: t.Context(), handler: m}
		_, err = s.attempt(&event{request: &chat.Request{ID: "r"}})
		took = time.Since(began)
		time.Sleep(time.Hour) // until all has ended
	})
	return took, err
}

func untilTheEnd(ctx context.Context) (chat.Reply, error) {
	<-ctx.Done()
	return chat.Reply{}, ctx.Err()
}

func TestAHandlerThatTakesTooLong(t *testing.T) {
	slow := func(context.Context) (chat.Reply, error) {
		time.Sleep(time.Minute)
		return chat.Reply{}, nil
	}
	if took, err := attempted(t, mind{handle: slow}); !errors.Is(err, errAside) || took > patience+grace {
		t.Errorf("after %v: %v", took, err)
	}
	if took, err := attempted(t, mind{handle: untilTheEnd}); !errors.Is(err, errAside) || took != patience {
		t.Errorf("after %v: %v", took, err)
	}
}

func TestADatabaseThatTakesTooLong(t *testing.T) {
	stuck := mind{handle: untilTheEnd, works: errors.New("the database doesn't answer")}
	if _, err := attempted(t, stuck); err == nil || errors.Is(err, errAside) {
		t.Errorf("an update would be lost: %v", err)
	}
}

func TestAHandlerThatIsDoneAtTheLastMoment(t *testing.T) {
	late := func(ctx context.Context) (chat.Reply, error) {
		<-ctx.Done()
		return chat.Reply{Kept: true}, nil
	}
	if _, err := attempted(t, mind{handle: late}); err != nil {
		t.Errorf("what was done would be given up: %v", err)
	}
}

func TestHopeless(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &session{}
		first := time.Now()
		time.Sleep(2 * failFor)
		if s.hopeless(first) {
			t.Error("all fails, and an update is given up")
		}
		s.good.note()
		if !s.hopeless(first) {
			t.Error("one fails for ever, and isn't given up")
		}
		if s.hopeless(time.Now().Add(-time.Second)) {
			t.Error("one is given up at once")
		}
	})
}
