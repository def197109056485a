package store

import "time"

// rezone begins a new revision of each session and event of a cycle that its new zone
// puts at another instant, unless it is over or cancelled: people were told, and answered
// for, the old one.
func (tx *Tx) rezone(have, now *Cycle) error {
	sessions, err := tx.Sessions(have.ID)
	if err != nil {
		return err
	}
	before, after := have.Location(), now.Location()
	for i := range sessions {
		s := &sessions[i]
		was := s.At.In(before)
		if !s.CancelledAt.IsZero() || was.Equal(s.At.In(after)) || !was.Add(s.Length).After(tx.Now()) {
			continue
		}
		if err := tx.reviseSession(s.ID, s.At); err != nil {
			return err
		}
	}
	events, err := tx.Events(have.ID)
	if err != nil {
		return err
	}
	for i := range events {
		if e := &events[i]; e.Zone == "" {
			if err := tx.rezoneEvent(e, before, after); err != nil {
				return err
			}
		}
	}
	return nil
}

// rezoneEvent begins a new revision of an event, unless it is over or cancelled, if its days begin
// or end at other instants after a change of its zone.
func (tx *Tx) rezoneEvent(e *Event, before, after *time.Location) error {
	end := (e.To + 1).Midnight(before)
	same := !e.CancelledAt.IsZero() ||
		e.From.Midnight(before).Equal(e.From.Midnight(after)) && end.Equal((e.To+1).Midnight(after))
	if same || !end.After(tx.Now()) {
		return nil
	}
	return tx.reviseEvent(e.ID, e.From, e.To)
}
