package stage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/playground"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

var _ playground.Stage = (*Stage)(nil)

// invitationLife is how long an invitation of the page is good for.
const invitationLife = 30 * 24 * time.Hour

// Invite returns the code of a fresh invitation for somebody, by their id.
func (s *Stage) Invite(ctx context.Context, personID string) (code string, err error) {
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		code, err = tx.NewInvitation(personID, tx.Now().Add(invitationLife))
		return err
	})
	return code, err
}

// Scene tells how things stand in the cycle that is played.
func (s *Stage) Scene(ctx context.Context) (playground.Scene, error) {
	var (
		c       *store.Snapshot
		waiting time.Time
	)
	err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
		if c, err = tx.Snapshot(s.cycleID); err != nil {
			return err
		}
		waiting, err = tx.NextMessage()
		return err
	})
	if err != nil {
		return playground.Scene{}, err
	}
	loc, now := c.Cycle.Location(), s.Now()
	scene := playground.Scene{
		Title: c.Cycle.Title, Now: now, Zone: c.Cycle.Zone,
		Start: c.Cycle.Starts.Midnight(loc), End: (c.Cycle.Ends + 1).Midnight(loc),
		People: people(c), Milestones: milestones(c),
	}
	scene.Next = next(c, now, scene.End, waiting)
	return scene, nil
}

// next is when the next message goes out, if nobody does anything before.
func next(c *store.Snapshot, now, end, waiting time.Time) time.Time {
	if ahead := scheduler.Ahead(c, now, end); len(ahead) > 0 && (waiting.IsZero() || ahead[0].Due.Before(waiting)) {
		return ahead[0].Due
	}
	return waiting
}

// roles are in the order in which they are shown.
var roles = []store.Role{store.Coordinator, store.Mentor, store.Mentee}

// people are known on the page by their ids: a slug may become another's, once somebody
// has had their data deleted, and the conversation with it.
func people(c *store.Snapshot) (all []playground.Person) {
	for i := range c.Members {
		m := &c.Members[i]
		p := c.People[m.PersonID]
		if !m.LeftAt.IsZero() && p.Name == "" {
			continue // whoever had their data deleted
		}
		all = append(all, playground.Person{
			ID: p.ID, Name: p.Name, Role: string(m.Role), City: p.City, Zone: p.Zone,
			Language: bot.LanguageOf(c, p), Note: note(c, m), Joined: !m.JoinedAt.IsZero(),
		})
	}
	slices.SortStableFunc(all, func(a, b playground.Person) int {
		return cmp.Or(
			cmp.Compare(slices.Index(roles, store.Role(a.Role)), slices.Index(roles, store.Role(b.Role))),
			cmp.Compare(a.Name, b.Name))
	})
	return all
}

// note says with whom somebody is in a pair, or that they have left.
func note(c *store.Snapshot, m *store.Member) string {
	if !m.LeftAt.IsZero() {
		return "has left"
	}
	with := ""
	for i := range c.Pairs {
		partner, mine := c.Pairs[i].Partner(m.PersonID)
		switch {
		case !mine || !c.Pairs[i].EndedAt.IsZero():
		case with == "":
			with = "with " + c.People[partner].Name
		default:
			with += ", " + c.People[partner].Name
		}
	}
	return with
}

// deadline is where on its day the last day for meetings is shown.
const deadline store.Clock = 12 * 60

func milestones(c *store.Snapshot) (all []playground.Milestone) {
	loc := c.Cycle.Location()
	for i := range c.Sessions {
		if s := &c.Sessions[i]; s.CancelledAt.IsZero() {
			at := s.At.In(loc)
			all = append(all, playground.Milestone{At: at, End: at.Add(s.Length), Label: s.Title, Kind: "session"})
		}
	}
	for i := range c.Events {
		if e := &c.Events[i]; e.CancelledAt.IsZero() {
			zone := c.EventZone(e)
			all = append(all, playground.Milestone{At: e.From.Midnight(zone), End: (e.To + 1).Midnight(zone), Label: e.Title, Kind: "event"})
		}
	}
	all = append(all, playground.Milestone{At: c.Cycle.By.At(deadline).In(loc), Label: "All individual meetings held", Kind: "deadline"})
	slices.SortStableFunc(all, func(a, b playground.Milestone) int { return a.At.Compare(b.At) })
	return all
}
