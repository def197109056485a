package bot

import (
	"slices"
	"strconv"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// showSession shows a session, or answers it.
func (t *turn) showSession() error { return t.about("session", t.args["subject"]) }

// showGathering shows a session or an event: a notice, the facts, the person's answer
// and what happens next, who comes. asks: whether others may see that the person does.
func (t *turn) showGathering(g *gathering, notice chat.Text, asks bool) error {
	state, err := t.standing(g)
	if err != nil {
		return err
	}
	others, err := t.whoComes(g)
	if err != nil {
		return err
	}
	var agenda, ask chat.Text
	if g.event != nil {
		agenda = t.agenda(g.event)
	}
	if asks {
		ask = t.text("gathering.ask-name", nil)
	}
	t.tell(chat.Join(notice, t.factsOf(g), agenda, state, others, ask), t.buttonsOf(g, asks)...)
	return nil
}

// factsOf says what a gathering is, when and where.
func (t *turn) factsOf(g *gathering) chat.Text {
	if g.event != nil {
		return t.facts(g.event, "title")
	}
	x := g.session
	return chat.Stack(t.title("title", x.Title),
		t.text("when-length", locale.Args{"When": g.when, "Length": t.length(x.Length)}), t.where(x.Where))
}

// standing says how the person stands to a gathering: what they have answered and what
// they hear next, or whether they were there.
func (t *turn) standing(g *gathering) (chat.Text, error) {
	a, ok := t.c.Answer(g.id, t.me())
	switch {
	case g.cancelled:
		return t.text("gathering.is-cancelled", nil), nil
	case !t.now.Before(g.ends):
		return t.wasThere(g)
	case !t.invited():
		return "", nil
	case !ok:
		return t.text("gathering.silent", nil), nil
	case !a.Coming:
		return t.noted(t.text("gathering.not", nil), &a), nil
	}
	next, err := t.nextAbout(g)
	if err != nil {
		return "", err
	}
	said := t.noted(t.text("gathering.coming", nil), &a)
	if next.IsZero() {
		return said, nil
	}
	return said + " " + t.text("gathering.next", locale.Args{"When": t.moment(next)}), nil
}

// noted marks an answer that a coordinator gave for the person.
func (t *turn) noted(said chat.Text, a *store.Answer) chat.Text {
	if a.By == a.PersonID {
		return said
	}
	return said + " " + t.text("gathering.noted-for-you", nil)
}

// wasThere says of a session that is over whether the person was there, or, to
// coordinators, how many were.
func (t *turn) wasThere(g *gathering) (chat.Text, error) {
	if g.session == nil {
		return t.text("gathering.over", nil), nil
	}
	people, err := t.presence(g.session)
	switch {
	case err != nil:
		return "", err
	case people == nil:
		return t.text("gathering.over", nil), nil
	case !t.invited():
		return t.text("gathering.present", locale.Args{"Count": len(people)}), nil
	case people[t.me()]:
		return t.text("gathering.was-there", nil), nil
	case !t.wasExpected(g.session, t.me()):
		return t.text("gathering.over", nil), nil
	default:
		return t.text("gathering.was-not-there", nil), nil
	}
}

// buttonsOf are the buttons below a gathering.
func (t *turn) buttonsOf(g *gathering, asks bool) (buttons []chat.Button) {
	line := g.noun + " " + g.id
	switch {
	case asks:
		buttons = append(buttons, t.button("show-name", line+" "+answerShow), t.button("hide-name", line+" "+answerHide))
	case g.cancelled || !t.now.Before(g.begins):
		if g.session != nil && !g.cancelled && !t.invited() && !t.now.Before(g.ends) {
			buttons = append(buttons, t.lead("attendance", "attendance "+g.id))
		}
		return append(buttons, t.button("whats-next", "next"))
	case !t.invited():
		buttons = append(buttons, t.button("somebody-comes", line+" "+answerYes), t.button("somebody-cant", line+" "+answerNo))
	}
	if t.invited() {
		buttons = append(buttons, t.answersTo(g, asks)...)
	}
	if g.event != nil {
		buttons = append(buttons, t.dayButtons(g.event)...)
	}
	return append(buttons, t.lead("calendar", "calendar "+g.id), t.button("whats-next", "next"))
}

// answersTo are the buttons with which the person answers, or changes their answer.
func (t *turn) answersTo(g *gathering, asks bool) (buttons []chat.Button) {
	line := g.noun + " " + g.id
	a, ok := t.c.Answer(g.id, t.me())
	switch {
	case !ok:
		return t.answers(g.noun, g.id)
	case !a.Coming:
		return []chat.Button{t.button("come-after-all", line+" "+answerYes)}
	}
	buttons = append(buttons, t.button("cant-after-all", line+" "+answerNo))
	switch {
	case asks:
	case t.to.ShowsName:
		buttons = append(buttons, t.button("hide-my-name", line+" "+answerHide))
	default:
		buttons = append(buttons, t.button("show-my-name", line+" "+answerShow))
	}
	return buttons
}

// sessionsAtOnce is how many sessions are listed at once.
const sessionsAtOnce = 8

// sessions lists the sessions of the person's cycles, those to come first.
func (t *turn) sessions() error {
	type line struct {
		text   chat.Text
		button chat.Button
	}
	var ahead, past []line
	var summaries []chat.Text
	parts := t.current()
	for _, part := range parts {
		if err := t.look(part.CycleID); err != nil {
			return err
		}
		for _, g := range t.gatherings() {
			if g.session == nil {
				continue
			}
			state, err := t.attendedOrAnswered(&g)
			if err != nil {
				return err
			}
			text := t.inCycle(t.text("gathering.line", locale.Args{"Title": g.title, "When": g.when, "Answer": state}), len(parts))
			l := line{text, chat.Button{Label: label(g.title), Command: "session " + g.id}}
			if t.now.Before(g.ends) && !g.cancelled {
				ahead = append(ahead, l)
			} else {
				past = append(past, l)
			}
		}
		summary, err := t.attendedSoFar()
		if err != nil {
			return err
		}
		if summary != "" {
			summaries = append(summaries, t.inCycle(summary, len(parts)))
		}
	}
	all := slices.Concat(ahead, past)
	if len(all) == 0 {
		t.say("sessions.none", nil, t.button("whats-next", "next"))
		return nil
	}
	from, to := t.span(len(all), sessionsAtOnce)
	var items []chat.Text
	var buttons []chat.Button
	for _, l := range all[from:to] {
		items, buttons = append(items, l.text), append(buttons, l.button)
	}
	t.tell(chat.Join(chat.Stack(t.text("sessions.title", nil), chat.List(items)), chat.Stack(summaries...)),
		append(append(buttons, t.turnPage("sessions", from, to, len(all))...), t.button("whats-next", "next"))...)
	return nil
}

// attendedOrAnswered says in a few words who was at a session, or what the person has
// answered.
func (t *turn) attendedOrAnswered(g *gathering) (chat.Text, error) {
	people, err := t.presence(g.session)
	switch {
	case people == nil || g.cancelled:
		return t.answered(g), err
	case !t.invited():
		return t.text("answer.were-there", locale.Args{"Count": len(people)}), nil
	case people[t.me()]:
		return t.text("answer.there", nil), nil
	case !t.wasExpected(g.session, t.me()):
		return t.text("answer.over", nil), nil
	default:
		return t.text("answer.not-there", nil), nil
	}
}

// attendedSoFar says to a mentee or mentor at how many sessions they were.
func (t *turn) attendedSoFar() (chat.Text, error) {
	there, of, err := t.attended(t.me())
	if err != nil || of == 0 || !t.invited() {
		return "", err
	}
	return t.text("sessions.attended", locale.Args{"There": there, "Count": of}), nil
}

// span is the page that is asked for of a list: at most some items, or fewer where
// messages must be short.
func (t *turn) span(all, atOnce int) (from, to int) {
	from, _ = strconv.Atoi(t.args[pageFrom.name]) // of nonsense, the first page
	if from >= all {
		from = 0
	}
	return from, min(all, from+min(atOnce, t.size.list))
}

// turnPage are the buttons that lead to the other pages of a list.
func (t *turn) turnPage(line string, from, to, all int) (buttons []chat.Button) {
	if to < all {
		buttons = append(buttons, t.button("more", line+" "+strconv.Itoa(to)))
	}
	if from > 0 {
		buttons = append(buttons, t.button("first", line+" 0"))
	}
	return buttons
}
