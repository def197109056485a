package scheduler_test

import (
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// restored is the start of a process on a database that is that of an instant: another may
// have gone on from there. Nothing goes out but the word of it; what the oracle says is due
// is held, with what would have gone out before. Then a coordinator has it taken for sent,
// when it was due.
func (p *process) restored(from time.Time) {
	p.note("the process starts with a database of %s", stamp(from))
	if err := p.store.HoldSince(p.t.Context(), from); err != nil {
		p.t.Fatal(err)
	}
	p.sent, p.death = nil, death{}
	next, err := p.run()
	if err != nil {
		p.t.Fatal(err)
	}
	var wrong [][2]string
	for _, m := range p.sent {
		if m.Kind != store.KindRestored {
			wrong = append(wrong, [2]string{m.Key, "was sent, and may have been before, due " + stamp(m.Due)})
		}
	}
	held := map[string]bool{}
	p.must(func(tx *store.Tx) error {
		all, err := tx.Messages(store.MessageFilter{State: store.OnHold})
		if err != nil {
			return err
		}
		for i := range all {
			held[p.letterOf(&all[i]).key()] = true
			wrong = append(wrong, p.outOfOrder(&all[i])...)
		}
		for _, e := range p.oracle.tick(p.now) {
			if !held[e.key()] && !e.perhaps {
				wrong = append(wrong, [2]string{e.key(), "was due " + stamp(e.since) + " and is not held"})
			}
		}
		for i := range all {
			l := p.letterOf(&all[i])
			p.learn(l, all[i].Due)
			delete(p.planned, l.key())
			p.tally["held"]++
		}
		if len(all) == 0 {
			return nil
		}
		_, err = tx.DropHeld(p.cycle.ID)
		return err
	})
	p.blame(wrong)
	p.done = append(p.done, p.now)
	p.next, p.foretold = next, len(held) == 0
	p.nothingLeft()
}
