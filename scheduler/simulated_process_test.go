package scheduler_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// A process serves a world, stops and starts. It is the sender of its schedulers.
type process struct {
	*world
	seed       int
	schedulers []*scheduler.Scheduler
	sent       []store.Message // in the tick under way
	next       time.Time       // what the last tick foretold
	foretold   bool            // and nothing has happened since
	numbers    map[string]int  // the number of the latest pace reminder, by pair and person
	death      death
	tally      map[string]int // of what was sent, by kind
}

// A death is how a tick ends the process.
type death struct {
	after  int  // as many messages; 0: not at all
	crash  bool // before the last of them is settled, else gracefully
	stop   context.CancelFunc
	struck bool
}

// Send accepts every message. The process may die before it learns of that, or be
// asked to stop meanwhile.
func (p *process) Send(_ context.Context, _ *store.Snapshot, m *store.Message, _ time.Time) scheduler.Outcome {
	p.sent = append(p.sent, *m)
	if len(p.sent) == p.death.after {
		p.death.struck = true
		if p.death.crash {
			runtime.Goexit()
		}
		p.death.stop()
	}
	return scheduler.Outcome{State: store.Sent}
}

// start makes the schedulers anew, as a process that starts does: a replica of it may
// run beside it.
func (p *process) start() {
	if _, err := p.store.ReleaseAll(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	p.schedulers = nil
	for range p.between(1, 2) {
		p.schedulers = append(p.schedulers, scheduler.New(p.store, p, scheduler.Options{}))
	}
	p.foretold = false
}

// tick has the scheduler do what is due, and compares. The process may end with it:
// then it starts anew.
func (p *process) tick() {
	p.sent, p.death = nil, death{crash: p.chance(50)}
	if p.chance(25) {
		p.death.after = p.between(1, 4)
	}
	next, err := p.run()
	if err != nil && !p.death.struck {
		p.t.Fatal(err)
	}
	waiting := maps.Clone(p.waiting)
	p.compare(p.oracle.tick(p.now))
	p.handOver(p.now, p.death.struck)
	if p.death.struck {
		p.waiting = waiting
		p.note("the process ends, in a crash: %v", p.death.crash)
		p.start()
		return
	}
	p.done = append(p.done, p.now)
	p.next, p.foretold = next, true
	p.nothingLeft()
}

// run runs one tick on a goroutine of its own, which a crash ends.
func (p *process) run() (next time.Time, err error) {
	ctx, stop := context.WithCancel(p.t.Context())
	defer stop()
	p.death.stop = stop
	s := pick(p.world, p.schedulers...)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		next, err = s.Tick(ctx, p.now)
	}()
	<-ended
	return next, err
}

// compare holds what was sent against what had to be, and notes what the program
// knows of it. Nobody knows of the message with which the process crashed: it may go
// out once more.
func (p *process) compare(expected []prospect) {
	open := map[string]prospect{}
	for _, e := range expected {
		open[e.key()] = e
	}
	var wrong [][2]string
	for i := range p.sent {
		l := p.letterOf(&p.sent[i])
		e, ok := open[l.key()]
		if !ok {
			wrong = append(wrong, [2]string{p.sent[i].Key, "was sent, due " + stamp(p.sent[i].Due) + ": unexpected"})
		} else if p.foretold && !e.perhaps && (p.next.IsZero() || e.since.Before(p.next)) {
			wrong = append(wrong, [2]string{l.key(), "is due " + stamp(e.since) + ", but nothing was foretold before " + stamp(p.next)})
		}
		delete(open, l.key())
		if p.death.struck && p.death.crash && i == len(p.sent)-1 {
			p.note("the process crashes with %s", l.key())
			p.planned[l.key()] = latest(e.due, e.turn)
			p.tally["twice, perhaps"]++
			continue
		}
		p.learn(l, p.now)
		delete(p.planned, l.key())
		p.tally[string(l.kind)]++
		if l.to.group {
			p.tally["to groups: "+string(l.kind)]++
		}
		if l.offset == "cancelled" {
			p.tally[l.offset]++
		}
		wrong = append(wrong, p.outOfOrder(&p.sent[i])...)
	}
	for key, e := range open {
		delete(p.planned, key)
		if p.death.struck {
			p.planned[key] = latest(e.due, e.turn)
		}
		if !p.death.struck && !e.perhaps {
			wrong = append(wrong, [2]string{key, "was due " + stamp(e.since) + " and not sent"})
		}
	}
	p.blame(wrong)
}

// outOfOrder checks that the numbers of pace reminders rise.
func (p *process) outOfOrder(m *store.Message) [][2]string {
	n, err := strconv.Atoi(m.Offset)
	if m.Kind != store.KindPace || err != nil {
		return nil
	}
	about := m.Subject + "/" + m.PersonID
	if n <= p.numbers[about] {
		return [][2]string{{m.Key, fmt.Sprintf("was sent after number %d", p.numbers[about])}}
	}
	p.numbers[about] = n
	return nil
}

// nothingLeft checks that the outbox holds nothing overdue.
func (p *process) nothingLeft() {
	var wrong [][2]string
	err := p.store.View(p.t.Context(), func(tx *store.Tx) error {
		left, err := tx.Messages(store.MessageFilter{State: store.Planned, To: p.now.Add(time.Millisecond)})
		for i := range left {
			wrong = append(wrong, [2]string{left[i].Key, "is left in the outbox, due " + stamp(left[i].Due)})
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.blame(wrong)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }

// letterOf reads the key of what was sent.
func (p *process) letterOf(m *store.Message) letter {
	parts := strings.Split(m.Key, "/")
	all := p.recipients()
	i := slices.IndexFunc(all, func(h *human) bool { return h.id == cmp.Or(m.PersonID, m.GroupID) && h.group == (m.GroupID != "") })
	if len(parts) != 5 || i < 0 || all[i].slug != parts[4] {
		p.blame([][2]string{{m.Key, "is for " + m.PersonID + m.GroupID}})
	}
	return letter{store.Kind(parts[0]), parts[1], parts[2], parts[3], all[i]}.plain()
}

// blame ends the test if anything went wrong: it says what, and tells all that
// concerns the first of the messages.
func (p *process) blame(wrong [][2]string) {
	if len(wrong) == 0 {
		return
	}
	slices.SortFunc(wrong, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	var lines []string
	for _, w := range wrong {
		lines = append(lines, w[0]+" "+w[1])
	}
	lines = append(lines, fmt.Sprintf("%+v", p.cycle))
	lines = append(lines, p.story(wrong[0][0])...)
	p.t.Fatalf("-seed %d: at the tick of %s:\n%s", p.seed, stamp(p.now), strings.Join(lines, "\n"))
}

// outbox is what the store holds of a subject.
func (p *process) outbox(subject string) (lines []string) {
	err := p.store.View(p.t.Context(), func(tx *store.Tx) error {
		messages, err := tx.Messages(store.MessageFilter{Subject: subject})
		for _, m := range messages {
			at := m.SettledAt
			if at.IsZero() {
				at = m.Due
			}
			lines = append(lines, fmt.Sprintf("%s %s %s, due %s, %s", stamp(at), m.State, m.Key, stamp(m.Due), m.Reason))
		}
		return err
	})
	if err != nil {
		lines = append(lines, err.Error())
	}
	return lines
}

// story is what the diary says of a message's subject and recipient.
func (p *process) story(key string) (lines []string) {
	parts := strings.Split(key, "/")
	subject, recipient := parts[1], parts[len(parts)-1]
	pair, _, _ := strings.Cut(subject, "#")
	words := append(strings.Split(pair, "+"), pair, recipient, "process", "rules")
	for _, line := range p.diary {
		if slices.ContainsFunc(words, func(word string) bool { return strings.Contains(line+" ", word+" ") }) {
			lines = append(lines, line)
		}
	}
	lines = append(lines, p.outbox(subject)...)
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(a[:23], b[:23]) })
	return append(lines, "last tick "+stamp(p.last()))
}
