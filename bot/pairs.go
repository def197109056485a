package bot

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

func compareText(a, b string) int { return cmp.Compare(locale.Fold(a), locale.Fold(b)) }

// A plight is how a pair stands in a coordinator's eyes.
type plight struct {
	pair     *store.Pair
	standing scheduler.Standing
	reasons  []chat.Text // why it needs somebody; none: it is well
	names    string      // folded, for sorting
}

// plights are those of the pairs of the cycle spoken of: those in trouble first,
// farthest behind before the others, and those that have ended last.
func (t *turn) plights() (all []plight, err error) {
	ids, err := t.tx.Unreachable(t.c.Cycle.ID)
	if err != nil {
		return nil, err
	}
	unreachable := map[string]bool{}
	for _, id := range ids {
		unreachable[id] = true
	}
	for i := range t.c.Pairs {
		pair := &t.c.Pairs[i]
		p := plight{pair: pair, standing: scheduler.Pace(t.c, pair, t.now)}
		p.names = locale.Fold(t.name(pair.MentorID)) + "\x00" + locale.Fold(t.name(pair.MenteeID))
		if pair.EndedAt.IsZero() {
			p.reasons = t.reasons(&p, unreachable)
		}
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b plight) int {
		return cmp.Or(a.rank()-b.rank(), a.ahead()-b.ahead(), a.standing.Since.Compare(b.standing.Since),
			cmp.Compare(a.names, b.names))
	})
	return all, nil
}

// rank is how soon a pair is spoken of.
func (p *plight) rank() int {
	switch {
	case !p.pair.EndedAt.IsZero():
		return 3
	case p.standing.Behind:
		return 0
	case len(p.reasons) > 0:
		return 1
	}
	return 2
}

// ahead is by how many meetings a pair that is behind is ahead.
func (p *plight) ahead() int {
	if !p.standing.Behind {
		return 0
	}
	return p.standing.Held + p.standing.Agreed - p.standing.Ended
}

// troubledOf counts the pairs that go on, and those of them that need somebody.
func troubledOf(all []plight) (going, troubled int) {
	for i := range all {
		if all[i].pair.EndedAt.IsZero() {
			going++
			troubled += min(len(all[i].reasons), 1)
		}
	}
	return going, troubled
}

// reasons say why a pair needs somebody.
func (t *turn) reasons(p *plight, unreachable map[string]bool) (all []chat.Text) {
	if p.standing.Behind {
		all = append(all, t.text("plight.behind", locale.Args{
			"Expected": p.standing.Ended, "Since": t.day(t.dayIn(p.standing.Since)),
		}))
		if met := t.lastMet(p.pair); met != 0 {
			all = append(all, t.text("plight.met", locale.Args{"Day": t.day(met)}))
		} else {
			all = append(all, t.text("plight.never-met", nil))
		}
	}
	for _, m := range t.c.MeetingsOf(p.pair.ID) {
		if m.State == store.Held && !m.DisputedAt.IsZero() {
			all = append(all, t.text("plight.disputed", locale.Args{"Day": t.day(m.Day), "Name": t.name(m.DisputedBy)}))
		}
	}
	for _, id := range []string{p.pair.MentorID, p.pair.MenteeID} {
		name := locale.Args{"Name": t.name(id)}
		switch m := t.c.Member(id); {
		case m == nil || !m.LeftAt.IsZero():
			all = append(all, t.text("plight.left", name))
		case m.JoinedAt.IsZero():
			all = append(all, t.text("plight.not-joined", name))
		case unreachable[id]:
			all = append(all, t.text("plight.unreachable", name))
		}
	}
	return all
}

// pairs lists the pairs of a cycle to its coordinator.
func (t *turn) pairs() error {
	if t.unread() {
		return nil
	}
	if ok, err := t.openCycle(); err != nil || !ok {
		return err
	}
	id := t.c.Cycle.ID
	all, err := t.plights()
	if err != nil {
		return err
	}
	back := []chat.Button{t.button("overview", "overview "+id), t.button("people", "people "+id)}
	if len(all) == 0 {
		t.say("digest.no-pairs", nil, back...)
		return nil
	}
	from, to := t.span(len(all), sessionsAtOnce)
	var items []chat.Text
	var buttons []chat.Button
	for i := range all[from:to] {
		p := &all[from+i]
		items = append(items, t.plightLine(p))
		buttons = append(buttons, chat.Button{Label: t.pairLabel(p.pair), Command: "progress " + p.pair.ID})
	}
	going, troubled := troubledOf(all)
	t.tell(chat.Stack(t.title("title", t.c.Cycle.Title), t.summary(going, troubled), chat.List(items)), slices.Concat(buttons, t.turnPage("pairs "+id, from, to, len(all)), back)...)
	return nil
}

// summary says how many pairs there are, and how many of them need somebody.
func (s *speech) summary(going, troubled int) chat.Text {
	switch {
	case going == 0:
		return s.text("digest.no-pairs", nil)
	case troubled == 0:
		return s.text("digest.all-well", locale.Args{"Count": going})
	}
	return s.text("pairs.summary", locale.Args{"All": going, "Count": troubled})
}

// pairLabel names a pair on a button.
func (s *speech) pairLabel(pair *store.Pair) string {
	return fit(s.name(pair.MentorID), labelRunes/2) + " – " + fit(s.name(pair.MenteeID), labelRunes/2)
}

func (t *turn) plightLine(p *plight) chat.Text {
	line := t.text(beyond(p.standing, "pairs.line", "pairs.line-more"), locale.Args{
		"Pair": t.both(p.pair), "Held": p.standing.Held, "Minimum": p.standing.Minimum,
	})
	switch {
	case !p.pair.EndedAt.IsZero():
		return t.text("pairs.ended", locale.Args{"Line": line})
	case len(p.reasons) > 0:
		return line + "; " + joined(p.reasons)
	}
	return line
}

func joined(texts []chat.Text) chat.Text {
	words := make([]string, len(texts))
	for i, text := range texts {
		words[i] = string(text)
	}
	return chat.Text(strings.Join(words, "; "))
}

// theirProgress shows a pair to a coordinator, with what they can do about it.
func (t *turn) theirProgress() error {
	all, err := t.plights()
	if err != nil {
		return err
	}
	p := &all[slices.IndexFunc(all, func(p plight) bool { return p.pair.ID == t.pair.ID })]
	both := []string{t.pair.MentorID, t.pair.MenteeID}
	var about []chat.Text
	for _, id := range both {
		there, of, err := t.attended(id)
		if err != nil {
			return err
		}
		if of > 0 {
			about = append(about, t.text("pairs.attended", locale.Args{"Name": t.name(id), "There": there, "Count": of}))
		}
	}
	var events []chat.Text
	for _, g := range t.gatherings() {
		if g.event != nil && !g.cancelled && t.now.Before(g.ends) && len(events) < 2*asksAtOnce {
			for _, id := range both {
				events = append(events, t.text("pairs.event", locale.Args{"Name": t.name(id), "Title": g.title, "Answer": t.answerOf(&g, id)}))
			}
		}
	}
	state := t.text("pairs.on-pace", nil)
	if len(p.reasons) > 0 {
		state = chat.List(p.reasons)
	}
	title := t.text("pairs.title", locale.Args{"Mentor": t.name(t.pair.MentorID), "Mentee": t.name(t.pair.MenteeID)})
	t.tell(chat.Join(
		chat.Stack(title, t.meetings(t.pair)),
		chat.Stack(t.held(p.standing), t.ended(state), t.expected(p.standing)),
		chat.Stack(append(about, events...)...),
	), t.theirButtons()...)
	return nil
}

// answerOf is the answer of somebody else, in a few words.
func (t *turn) answerOf(g *gathering, personID string) chat.Text {
	switch a, ok := t.c.Answer(g.id, personID); {
	case !ok:
		return t.text("answer.silent", nil)
	case a.Coming:
		return t.text("answer.theirs-coming", nil)
	default:
		return t.text("answer.theirs-not", nil)
	}
}

// theirButtons are those below a pair that isn't the person's own.
func (t *turn) theirButtons() (buttons []chat.Button) {
	settled := 0
	for _, m := range t.c.MeetingsOf(t.pair.ID) {
		if m.State != store.Held || m.DisputedAt.IsZero() || settled == asksAtOnce {
			continue
		}
		settled++
		day := locale.Args{"Day": t.day(m.Day)}
		buttons = append(buttons,
			chat.Button{Label: t.text("settle.counts", day).Plain(), Command: "settle " + m.ID + " yes"},
			chat.Button{Label: t.text("settle.counts-not", day).Plain(), Command: "settle " + m.ID + " no"})
	}
	if t.pair.EndedAt.IsZero() {
		buttons = append(buttons, t.lead("log-for-them", "log "+t.pair.ID))
	}
	for _, id := range []string{t.pair.MentorID, t.pair.MenteeID} {
		buttons = append(buttons, chat.Button{Label: label(t.name(id)), Command: "person " + t.pair.CycleID + " " + id})
	}
	return append(buttons, t.button("all-pairs", "pairs "+t.pair.CycleID))
}
