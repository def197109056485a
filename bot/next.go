package bot

import (
	"slices"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// next tells a member who joined late what comes next, in place of what they
// missed.
func (s *speech) next(*store.Message) chat.Message {
	var items []chat.Text
	for i := range s.c.Sessions {
		session := &s.c.Sessions[i]
		if start := s.sessionStart(session); start.After(s.now) && session.CancelledAt.IsZero() {
			items = append(items, s.text("next.item", locale.Args{"Title": session.Title, "When": s.moment(start)}))
			break
		}
	}
	for i := range s.c.Events {
		e := &s.c.Events[i]
		if e.CancelledAt.IsZero() && e.From.Midnight(s.c.EventZone(e)).After(s.now) {
			items = append(items, s.text("next.item", locale.Args{
				"Title": e.Title, "When": chat.Text(s.language.Days(noon(e.From), noon(e.To))),
			}))
			break
		}
	}
	items = append(items, s.pairsToGo()...)
	coming := s.text("next.nothing", nil)
	if len(items) > 0 {
		coming = chat.Join(chat.Stack(s.text("next.coming", nil), s.list(items)), s.text("next.reminders", nil))
	}
	text := chat.Join(s.title("next.welcome", s.c.Cycle.Title), coming)
	return chat.Message{Text: text, Buttons: []chat.Button{s.lead("whats-next", "next")}}
}

// pairsToGo says of each of the reader's pairs how many meetings are to be held.
func (s *speech) pairsToGo() (items []chat.Text) {
	for _, pair := range s.ownPairs() {
		if left := scheduler.Pace(s.c, pair, s.now).Left(); left > 0 {
			items = append(items, s.text("next.pair", locale.Args{
				"Count": left, "Partner": s.partner(pair), "By": s.until(s.c.Cycle.By),
			}))
		}
	}
	return items
}

// ownPairs are the reader's pairs that go on, by the partner's name.
func (s *speech) ownPairs() []*store.Pair {
	pairs := s.pairsGoing(s.to.ID)
	slices.SortStableFunc(pairs, func(a, b *store.Pair) int { return compareText(s.partner(a), s.partner(b)) })
	return pairs
}
