package bot

import (
	"cmp"
	"slices"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// aPair takes a pair, as whichPair does, but does without.
var aPair = option{
	name: whichPair.name, ask: whichPair.ask, hint: whichPair.hint, sole: true, optional: true,
	offers: whichPair.offers, read: whichPair.read,
}

// progress shows how a pair is doing, or, without one, the person's pairs, or those of
// their cycle to a coordinator.
func (t *turn) progress() error {
	if t.unread() {
		return nil
	}
	if t.args[aPair.name] != "" {
		return t.pairProgress()
	}
	mine, err := t.myPairs()
	if err != nil {
		return err
	}
	coordinated := t.coordinated()
	switch {
	case len(mine) > 0:
		return t.allProgress(mine)
	case len(coordinated) > 1:
		t.line = "pairs"
		return t.ask(&pairsCycle, "", 0, false)
	case len(coordinated) == 1:
		t.args[whichCycle.name] = coordinated[0].CycleID
		return t.pairs()
	}
	t.say("progress.no-pair", nil, t.button("whats-next", "next"), t.button("help", "help"))
	return nil
}

// pairsCycle asks whichCycle on the line of the command that lists pairs.
var pairsCycle = option{
	name: whichCycle.name, ask: whichCycle.ask, offers: whichCycle.offers, read: whichCycle.read,
}

// myPairs are the pairs of the person in their present cycles: of one cycle after the
// other, by the partner's name.
func (t *turn) myPairs() (pairs []store.Pair, err error) {
	all, err := t.tx.PairsOf(t.me())
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, p := range all {
		id, _ := p.Partner(t.me())
		partner, err := t.tx.Person(id)
		if err != nil {
			return nil, err
		}
		names[p.ID] = partner.Name
	}
	slices.SortFunc(all, func(a, b store.Pair) int {
		return cmp.Or(compareText(names[a.ID], names[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	for _, part := range t.current() {
		for _, p := range all {
			if p.CycleID == part.CycleID {
				pairs = append(pairs, p)
			}
		}
	}
	return pairs, nil
}

// allProgress shows the person how their pairs are doing, one below the other, with a
// button for each if they are several.
func (t *turn) allProgress(pairs []store.Pair) error {
	if len(pairs) == 1 {
		if err := t.openPair(pairs[0].ID); err != nil {
			return err
		}
		return t.pairProgress()
	}
	cycles := len(t.current())
	from, to := t.span(len(pairs), sessionsAtOnce)
	var parts []chat.Text
	var buttons []chat.Button
	for _, p := range pairs[from:to] {
		if err := t.openPair(p.ID); err != nil {
			return err
		}
		title := t.inCycle(t.text("progress.pair", locale.Args{"Partner": t.partner(t.pair)}), cycles)
		st := scheduler.Pace(t.c, t.pair, t.now)
		var meetings chat.Text
		if len(pairs) <= inFull {
			meetings = t.meetings(t.pair)
		}
		parts = append(parts, chat.Stack(title, meetings, t.held(st), t.pacing(st), t.expected(st)))
		buttons = append(buttons, chat.Button{Label: label(t.partner(t.pair)), Command: "progress " + p.ID})
	}
	buttons = append(buttons, t.turnPage("progress", from, to, len(pairs))...)
	for _, part := range t.coordinated() {
		buttons = append(buttons, chat.Button{Label: label(part.Cycle.Title), Command: "pairs " + part.CycleID})
	}
	rest, err := t.besidesPairs(cycles)
	if err != nil {
		return err
	}
	t.tell(chat.Join(append(parts, rest)...), append(buttons, t.lead("log", "log"), t.button("whats-next", "next"))...)
	return nil
}

// inFull is of how many pairs all meetings are listed at once.
const inFull = 3

// besidesPairs says at how many sessions the person was, and what is missing for the
// event, of each of their cycles.
func (t *turn) besidesPairs(cycles int) (all chat.Text, err error) {
	for _, part := range t.current() {
		if part.Role == store.Coordinator {
			continue
		}
		if err := t.look(part.CycleID); err != nil {
			return "", err
		}
		attended, err := t.attendedSoFar()
		if err != nil {
			return "", err
		}
		if attended != "" {
			attended = t.inCycle(attended, cycles)
		}
		missing, _ := t.missing()
		all = chat.Stack(all, attended, missing)
	}
	return all, nil
}

func (s *speech) held(st scheduler.Standing) chat.Text {
	return s.text(beyond(st, "progress.held", "progress.held-more"), locale.Args{"Held": st.Held, "Count": st.Minimum})
}

// pairProgress shows how the pair spoken of is doing: to one of the two, or to a
// coordinator.
func (t *turn) pairProgress() error {
	id := t.pair.ID
	if err := t.look(t.pair.CycleID); err != nil {
		return err
	}
	i := slices.IndexFunc(t.c.Pairs, func(p store.Pair) bool { return p.ID == id })
	if i < 0 {
		return store.ErrNotFound
	}
	t.pair = &t.c.Pairs[i]
	if _, mine := t.pair.Partner(t.me()); !mine {
		return t.theirProgress()
	}
	st := scheduler.Pace(t.c, t.pair, t.now)
	attended, err := t.attendedSoFar()
	if err != nil {
		return err
	}
	missing, buttons := t.missing()
	t.tell(chat.Join(
		chat.Stack(t.text("progress.pair", locale.Args{"Partner": t.partner(t.pair)}), t.meetings(t.pair)),
		chat.Stack(t.held(st), t.ended(t.pacing(st)), t.expected(st)),
		chat.Stack(attended, missing),
	), t.progressButtons(buttons)...)
	return nil
}

// ended says instead that the pair spoken of has ended, if it has.
func (t *turn) ended(going chat.Text) chat.Text {
	if t.pair.EndedAt.IsZero() {
		return going
	}
	day := store.DateOf(t.pair.EndedAt.In(t.c.Cycle.Location()))
	return t.text("progress.ended", locale.Args{"Day": t.day(day)})
}

// expected says by when the next meeting of the pair spoken of would be on pace.
func (t *turn) expected(st scheduler.Standing) chat.Text {
	next := st.Held + st.Agreed + 1
	if !t.pair.EndedAt.IsZero() || next > st.Minimum || st.Behind {
		return ""
	}
	return t.text("progress.expected", locale.Args{
		"Number": next, "By": t.until(scheduler.PartEnd(&t.c.Cycle, next)),
	})
}

// meetings lists the meetings of a pair, the latest if they are too many.
func (t *turn) meetings(pair *store.Pair) chat.Text {
	var items []chat.Text
	all := t.c.MeetingsOf(pair.ID)
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b store.Meeting) int { return int(a.Day - b.Day) })
	for i := range sorted {
		if m := &sorted[i]; m.State == store.Held || m.State == store.Agreed {
			items = append(items, t.meetingLine(m))
		}
	}
	if len(items) == 0 {
		return t.text("progress.none", nil)
	}
	if over := len(items) - t.size.list; over > 0 {
		items = append([]chat.Text{t.text("progress.earlier", locale.Args{"More": over + 1})}, items[over+1:]...)
	}
	return chat.List(items)
}

// meetingLine tells of one meeting, and says if it doesn't count.
func (t *turn) meetingLine(m *store.Meeting) chat.Text {
	if m.State == store.Agreed {
		when := t.day(m.Day)
		if !m.At.IsZero() {
			when = t.moment(m.At)
		}
		return t.text("progress.agreed", locale.Args{"When": when})
	}
	args := locale.Args{"Day": t.day(m.Day), "Length": t.length(m.Length), "Name": t.name(m.DisputedBy)}
	switch {
	case m.DisputedAt.IsZero():
		return t.text("progress.meeting", args)
	case m.DisputedBy == t.me():
		return t.text("progress.disputed-by-you", args)
	default:
		return t.text("progress.disputed", args)
	}
}

// missing says what the person's answer to the next event is, with a button to it.
func (t *turn) missing() (said chat.Text, buttons []chat.Button) {
	for _, g := range t.gatherings() {
		if g.event == nil || g.cancelled || !t.now.Before(g.begins) {
			continue
		}
		said = chat.Stack(said, t.text("gathering.line", locale.Args{"Title": g.title, "When": g.when, "Answer": t.answered(&g)}))
		if _, ok := t.c.Answer(g.id, t.me()); !ok && len(buttons) == 0 {
			buttons = append(buttons, t.lead("answer-event", "event "+g.id))
		}
	}
	return said, buttons
}

// progressButtons are those below a pair of the person's own.
func (t *turn) progressButtons(more []chat.Button) (buttons []chat.Button) {
	if t.pair.EndedAt.IsZero() {
		buttons = append(buttons, t.lead("log", "log "+t.pair.ID))
	}
	for _, m := range t.c.MeetingsOf(t.pair.ID) {
		switch {
		case m.State != store.Held || m.DisputedAt.IsZero() || len(buttons) > 3:
		case m.DisputedBy == t.me():
			buttons = append(buttons, t.lead("right-after-all", "right "+m.ID))
		case m.LoggedBy == t.me():
			buttons = append(buttons, t.lead("take-back", "back "+m.ID))
		}
	}
	return append(append(buttons, more...), t.button("whats-next", "next"))
}

// lastMet is the latest day on which a pair has met; zero: never.
func (s *speech) lastMet(pair *store.Pair) (met store.Date) {
	for _, m := range s.c.MeetingsOf(pair.ID) {
		if m.State == store.Held && m.DisputedAt.IsZero() {
			met = max(met, m.Day)
		}
	}
	return met
}

// dayIn is the day in the cycle's zone at an instant.
func (s *speech) dayIn(at time.Time) store.Date { return store.DateOf(at.In(s.c.Cycle.Location())) }
