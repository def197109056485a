package bot

import (
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
)

// answeredAtOnce is for how many sessions and events a coordinator is offered to answer
// at once: each takes two buttons.
const answeredAtOnce = 6

// personAnswers shows what somebody has said of the sessions and events that are ahead,
// to a coordinator who answers for them.
func (t *turn) personAnswers() error {
	p, m, ok, err := t.openPerson()
	if err != nil || !ok {
		return err
	}
	var lines []chat.Text
	var buttons []chat.Button
	for _, g := range t.gatherings() {
		if g.cancelled || !t.now.Before(g.begins) || len(lines) == answeredAtOnce {
			continue
		}
		line, offered := t.personAnswer(&g, p.ID)
		lines, buttons = append(lines, line), append(buttons, offered...)
	}
	back := t.button("see-person", "person "+m.CycleID+" "+p.ID)
	if len(lines) == 0 {
		t.say("answers.nothing", nil, back)
		return nil
	}
	t.tell(chat.Join(t.text("answers.title", locale.Args{"Name": p.Name}), chat.List(lines)), append(buttons, back)...)
	return nil
}

// personAnswer tells what somebody has said of a session or an event, with the buttons
// that change it.
func (t *turn) personAnswer(g *gathering, id string) (line chat.Text, buttons []chat.Button) {
	a, said := t.c.Answer(g.id, id)
	state, title := t.text("answers.silent", nil), locale.Args{"Title": shorten(g.title, 24)}
	command := keep + g.noun + " " + g.id + " "
	if !said || !a.Coming {
		buttons = append(buttons, chat.Button{Label: label(t.text("answers.yes", title).Plain()), Command: command + answerYes + " " + id})
	}
	if !said || a.Coming {
		buttons = append(buttons, chat.Button{Label: label(t.text("answers.no", title).Plain()), Command: command + answerNo + " " + id})
	}
	switch {
	case said && a.Coming:
		state = t.text("answers.coming", nil)
	case said:
		state = t.text("answers.not", nil)
	}
	return t.text("manage-sessions.item", locale.Args{"Title": g.title, "When": g.when, "State": state}), buttons
}
