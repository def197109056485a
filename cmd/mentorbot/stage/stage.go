// Package stage puts a programme on a stage: the real store, bot and scheduler, with a
// clock that stands still until it is turned. The playground and the tests play on it.
package stage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// Options say what is played.
type Options struct {
	Database string       // as store.Options has it
	Key      []byte       // for sealing
	Log      *slog.Logger // nil: discard
	// Apply puts the programme into an empty database.
	Apply func(*store.Tx) error
	// Clock remembers where the clock stands, if the stage is opened again.
	Clock Clock
}

// A Clock remembers where the clock of a stage stands.
type Clock interface {
	Read() (time.Time, error) // the zero time: it has never stood anywhere
	Write(time.Time) error
}

// opens is when the clock stands at first, on the first day of the cycle.
const opens store.Clock = 10 * 60

// A Stage is a programme being played. Its methods may be called at once from many
// goroutines.
type Stage struct {
	Store *store.Store
	Bot   *bot.Bot
	Fresh bool // the database was empty

	o         Options
	cycleID   string
	scheduler *scheduler.Scheduler
	hand      hand
	playing   sync.Mutex // held while the clock turns or what is due is done
	sent      int        // messages that went out
	wake      chan struct{}
}

// Open opens a stage. What is due is done while Run runs, or by Settle.
func Open(ctx context.Context, o Options) (*Stage, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Stage{o: o, wake: make(chan struct{}, 1)}
	s.hand.set(time.Unix(1, 0)) // long before: nothing in the programme is news
	var err error
	if s.Store, err = store.Open(ctx, store.Options{Database: o.Database, Key: o.Key, Now: s.Now}); err != nil {
		return nil, err
	}
	s.Bot = bot.New(s.Store, bot.Options{Log: o.Log, Wake: s.nudge})
	s.scheduler = scheduler.New(s.Store, counting{s}, scheduler.Options{Log: o.Log})
	if err := s.furnish(ctx); err != nil {
		return nil, errors.Join(err, s.Store.Close())
	}
	return s, nil
}

// furnish puts the programme into an empty database, and the clock where it stood.
func (s *Stage) furnish(ctx context.Context) error {
	var cycles []store.Cycle
	read := func(tx *store.Tx) (err error) {
		cycles, err = tx.Cycles()
		return err
	}
	if err := s.Store.View(ctx, read); err != nil {
		return err
	}
	if s.Fresh = len(cycles) == 0; s.Fresh {
		err := s.Store.Update(ctx, func(tx *store.Tx) error { return errors.Join(s.o.Apply(tx), read(tx)) })
		if err != nil {
			return fmt.Errorf("apply the programme: %w", err)
		}
	}
	if len(cycles) == 0 {
		return errors.New("there is no cycle to play")
	}
	cycle := &cycles[0]
	s.cycleID = cycle.ID
	at := cycle.Starts.At(opens).In(cycle.Location())
	if s.o.Clock != nil && !s.Fresh {
		stood, err := s.o.Clock.Read()
		if err != nil {
			return fmt.Errorf("read where the clock stood: %w", err)
		}
		if stood.After(at) {
			at = stood
		}
	}
	return s.set(at)
}

// Close ends the stage.
func (s *Stage) Close() error { return s.Store.Close() }

// Now is where the clock stands.
func (s *Stage) Now() time.Time { return s.hand.read() }

func (s *Stage) set(at time.Time) error {
	s.hand.set(at)
	if s.o.Clock == nil {
		return nil
	}
	if err := s.o.Clock.Write(at); err != nil {
		return fmt.Errorf("write where the clock stands: %w", err)
	}
	return nil
}

// hand is the hand of the clock.
type hand struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hand) read() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hand) set(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = at
}

// counting counts what the bot sends.
type counting struct{ *Stage }

func (c counting) Send(ctx context.Context, snapshot *store.Snapshot, m *store.Message, now time.Time) scheduler.Outcome {
	out := c.Bot.Send(ctx, snapshot, m, now)
	if out.State == store.Sent {
		c.sent++
	}
	return out
}

// Connect has an adapter speak on the stage.
func (s *Stage) Connect(ctx context.Context, platform string, a chat.Adapter) (chat.Handler, error) {
	return s.Bot.Connect(ctx, platform, "main", a)
}

func (s *Stage) nudge() {
	select {
	case s.wake <- struct{}{}:
	default: // it is awake
	}
}
