package scheduler_test

import (
	"github.com/kooperativa/mentorbot/store"
)

// aGroupChanges has a group linked, or one that there is unlinked, lost, found again, or
// have other things posted. What happens to groups has its own chance, so as not to change
// the rest.
func (w *world) aGroupChanges() {
	var there []*human
	for _, h := range w.groups {
		if !h.unlinked {
			there = append(there, h)
		}
	}
	if len(there) == 0 || len(there) < 3 && w.grouping.IntN(100) < 25 {
		w.aGroupIsLinked()
		return
	}
	h := there[w.grouping.IntN(len(there))]
	switch n := w.grouping.IntN(100); {
	case n < 10:
		w.must(func(tx *store.Tx) error { return tx.UnlinkGroup(h.id) })
		h.unlinked = true
		h.lost.set(w.now, true)
		h.gone.set(w.now, true)
		w.note("%s is unlinked", h.slug)
	case n < 45:
		w.aGroupIsLostOrFound(h)
	default:
		w.aGroupIsSet(h, w.grouping.IntN(100) < 70, w.grouping.IntN(100) < 70)
	}
}

func (w *world) aGroupIsLinked() {
	bot := store.Bot{Platform: "simulation", Name: "bot"}
	var g store.Group
	w.must(func(tx *store.Tx) error {
		if err := tx.PutBot(&bot); err != nil {
			return err
		}
		g = store.Group{CycleID: w.cycle.ID, BotID: bot.ID, ChatID: w.slug("group")}
		return tx.LinkGroup(&g)
	})
	h := &human{id: g.ID, slug: "@" + g.ID, group: true}
	h.joined.set(w.now, w.now)
	w.groups = append(w.groups, h)
	w.note("%s is linked", h.slug)
}

func (w *world) aGroupIsLostOrFound(h *human) {
	lost := !h.lost.at(w.now)
	w.must(func(tx *store.Tx) error {
		_, err := tx.SetGroupReachable(h.id, !lost, "left")
		return err
	})
	h.lost.set(w.now, lost)
	h.gone.set(w.now, lost || h.unreminded.at(w.now))
	if !lost {
		h.joined.set(w.now, w.now)
	}
	w.note("%s is lost: %v", h.slug, lost)
}

func (w *world) aGroupIsSet(h *human, announcements, reminders bool) {
	w.must(func(tx *store.Tx) error {
		return tx.UpdateGroup(store.Group{ID: h.id, Announcements: announcements, Reminders: reminders})
	})
	if reminders && h.unreminded.at(w.now) {
		h.joined.set(w.now, w.now)
	}
	h.unposted.set(w.now, !announcements)
	h.unreminded.set(w.now, !reminders)
	h.gone.set(w.now, !reminders || h.lost.at(w.now))
	w.note("%s has announcements: %v, reminders: %v", h.slug, announcements, reminders)
}
