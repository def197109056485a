package bot

import (
	"context"
	"errors"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// Changed is chat.Handler's.
func (h *handler) Changed(ctx context.Context, c chat.Change) error {
	wakes := false
	err := h.store.Update(ctx, func(tx *store.Tx) (err error) {
		switch {
		case c.Kind == chat.Moved:
			return tx.MoveChat(h.id, c.ChatID, c.To)
		case c.UserID == "":
			wakes, err = h.groupChanged(tx, &c)
		default:
			wakes, err = h.accountChanged(tx, &c)
		}
		return err
	})
	if err == nil && wakes {
		h.o.Wake()
	}
	return err
}

// accountChanged notes whether an account can be reached. What follows from it the
// coordinators see where they see who can't be.
func (h *handler) accountChanged(tx *store.Tx, c *chat.Change) (changed bool, err error) {
	opened := c.Kind == chat.Opened
	a, err := tx.AccountOf(h.id, c.UserID)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Reachable == opened {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, tx.SetReachable(a.ID, opened, reasonOf(c))
}

// groupChanged notes whether a group can be reached, and those in topics of it. A chat that
// is none is nobody's concern.
func (h *handler) groupChanged(tx *store.Tx, c *chat.Change) (changed bool, err error) {
	all, err := tx.GroupsIn(h.id, c.ChatID)
	for i := range all {
		if err != nil {
			break
		}
		var news bool
		if c.Kind == chat.Opened {
			news, err = tx.SetGroupReachable(all[i].ID, true, "")
		} else {
			news, err = loseGroup(tx, &all[i], reasonOf(c))
		}
		changed = changed || news
	}
	return changed, err
}

// reasonOf is why a chat can't be reached: none if it can.
func reasonOf(c *chat.Change) string {
	if c.Kind == chat.Opened {
		return ""
	}
	return c.Reason
}

// loseGroup notes that a group can't be reached, and tells the coordinators of its cycle,
// while that goes on. If it is known it does nothing.
func loseGroup(tx *store.Tx, g *store.Group, reason string) (news bool, err error) {
	if news, err = tx.SetGroupReachable(g.ID, false, reason); err != nil || !news {
		return false, err
	}
	c, err := tx.Snapshot(g.CycleID)
	if err != nil || store.DateOf(tx.Now().In(c.Cycle.Location())) > c.Cycle.Ends {
		return true, err
	}
	return true, post(tx, g.CycleID, lostGroup(g.ID, tx.Now()), coordinatorsOf(c)...)
}

// lostGroup is the news that a group can't be reached since an instant.
func lostGroup(id string, since time.Time) news {
	return news{kind: store.KindGroup, subject: id, occasion: since.UTC().Format(time.RFC3339Nano)}
}

// coordinatorsOf are the coordinators of a cycle who have joined and not left.
func coordinatorsOf(c *store.Snapshot) (people []*store.Person) {
	for _, m := range c.Members {
		if m.Role == store.Coordinator && !m.JoinedAt.IsZero() && m.LeftAt.IsZero() {
			people = append(people, c.People[m.PersonID])
		}
	}
	return people
}

// groupNews tells a coordinator that a group can't be reached.
func (s *speech) groupNews(m *store.Message) chat.Message {
	g := s.c.Group(m.Subject)
	if g == nil {
		s.err = errors.New("there is no such group")
		return chat.Message{}
	}
	return chat.Message{
		Text:    s.text("group.lost", map[string]any{"Group": s.groupName(g)}),
		Buttons: []chat.Button{s.lead("groups", "group"), s.button("group-unlink", "group-unlink "+g.ID)},
	}
}
