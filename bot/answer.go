package bot

import (
	"slices"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// What a button says about a session or an event.
const (
	answerYes  = "yes"  // somebody comes
	answerNo   = "no"   // somebody doesn't
	answerShow = "show" // others may see the name of who comes
	answerHide = "hide"
)

// anAnswer takes what a button says about a session or an event.
var anAnswer = option{
	name: "answer", optional: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		return word, rest, slices.Contains([]string{answerYes, answerNo, answerShow, answerHide}, word)
	},
}

// whoAnswers asks a coordinator for whom they answer.
var whoAnswers = option{
	name: "person", ask: "ask.person", hint: "hint.pair",
	offers: func(t *turn) ([]offer, error) { return t.offersAmong(t.answerers()), nil },
	read: func(t *turn, text string) (string, string, bool) {
		word, rest := cut(text)
		if len(word) == len(store.NewID()) {
			if p := t.c.People[word]; p != nil && t.answersFor(p.ID) {
				return word, rest, true
			}
		}
		return t.readNamed(t.answerers(), text)
	},
}

// answersFor reports whether a person of the cycle spoken of is asked to sessions and
// events.
func (s *speech) answersFor(personID string) bool {
	m := s.c.Member(personID)
	return m != nil && m.LeftAt.IsZero() && m.Role != store.Coordinator
}

// answerers are those for whom a coordinator may answer, who hasn't answered yet before
// the others.
func (t *turn) answerers() (all []named) {
	if !t.coordinates(t.c.Cycle.ID) {
		return nil
	}
	var answered []named
	for _, n := range t.peopleNamed(func(m *store.Member) bool { return t.answersFor(m.PersonID) }) {
		if _, ok := t.c.Answer(t.args["subject"], n.value); ok {
			answered = append(answered, n)
		} else {
			all = append(all, n)
		}
	}
	return append(all, answered...)
}

// byName are those of the cycle's members that suit, by name.
func (s *speech) byName(suits func(*store.Member) bool) (ids []string) {
	folded := map[string]string{}
	for i := range s.c.Members {
		if m := &s.c.Members[i]; suits(m) {
			ids = append(ids, m.PersonID)
			folded[m.PersonID] = locale.Fold(s.name(m.PersonID))
		}
	}
	slices.SortStableFunc(ids, func(a, b string) int { return strings.Compare(folded[a], folded[b]) })
	return ids
}

// about does what a button says about a session or an event, and shows it.
func (t *turn) about(noun, id string) error {
	g, ok, err := t.openGathering(noun, id)
	if err != nil || !ok {
		return err
	}
	t.args["subject"] = id
	switch t.args[anAnswer.name] {
	case answerYes:
		return t.answerFor(&g, true)
	case answerNo:
		return t.answerFor(&g, false)
	case answerShow:
		return t.showName(&g, true)
	case answerHide:
		return t.showName(&g, false)
	}
	return t.showGathering(&g, "", false)
}

// answerFor notes an answer: the person's own, or, of a coordinator, somebody else's.
func (t *turn) answerFor(g *gathering, coming bool) error {
	switch {
	case g.cancelled:
		return t.showGathering(g, t.text("gathering.cancelled", nil), false)
	case !t.now.Before(g.begins):
		return t.showGathering(g, t.text("gathering.begun", nil), false)
	case t.invited() && strings.TrimSpace(t.rest) != "" && strings.TrimSpace(t.rest) != t.me():
		t.stale()
		return nil
	case t.invited():
		return t.answerMine(g, coming)
	}
	t.steps = []string{g.noun + " " + g.id}
	person, _, done, err := t.find(&whoAnswers)
	if err != nil || done {
		return err
	}
	return t.answerTheirs(g, coming, person)
}

// answerMine notes the person's own answer. The first time that they come, they are
// asked whether others may see so.
func (t *turn) answerMine(g *gathering, coming bool) error {
	if err := t.writeAnswer(g, coming, t.me()); err != nil {
		return err
	}
	return t.showGathering(g, "", coming && !t.to.NameChosen)
}

// answerTheirs notes an answer that a coordinator gives for somebody.
func (t *turn) answerTheirs(g *gathering, coming bool, personID string) error {
	if err := t.writeAnswer(g, coming, personID); err != nil {
		return err
	}
	if _, err := t.enter("answer", t.c.Cycle.ID, g.id, personID, nil); err != nil {
		return err
	}
	id := "gathering.noted-not"
	if coming {
		id = "gathering.noted-coming"
	}
	return t.showGathering(g, t.text(id, locale.Args{"Name": t.name(personID)}), false)
}

// writeAnswer writes an answer down, and into what is spoken of.
func (t *turn) writeAnswer(g *gathering, coming bool, personID string) (err error) {
	if err := t.act(); err != nil {
		return err
	}
	a := store.Answer{SubjectID: g.id, PersonID: personID, Coming: coming, At: t.now, By: t.me()}
	if g.session != nil {
		a.Revision = g.session.Revision
		err = t.tx.AnswerSession(g.id, personID, coming, t.me())
	} else {
		a.Revision = g.event.Revision
		err = t.tx.AnswerEvent(g.id, personID, coming, "", t.me())
	}
	t.c.Answers[[2]string{g.id, personID}] = a
	return err
}

// showName notes whether others may see the name of the person.
func (t *turn) showName(g *gathering, shows bool) error {
	if err := t.act(); err != nil {
		return err
	}
	if err := t.tx.ShowName(t.me(), shows); err != nil {
		return err
	}
	t.to.ShowsName, t.to.NameChosen = shows, true
	notice := t.text("gathering.name-hidden", nil)
	if shows {
		notice = t.text("gathering.name-shown", nil)
	}
	return t.showGathering(g, notice, false)
}

// whoComes says who comes to a gathering that is ahead: to coordinators by their
// names, to others by the names of those who agreed.
func (t *turn) whoComes(g *gathering) (chat.Text, error) {
	switch {
	case g.cancelled || !t.now.Before(g.ends):
		return "", nil
	case !t.invited():
		return t.everybody(g), nil
	}
	people, err := t.tx.People()
	if err != nil {
		return "", err
	}
	shown := map[string]bool{}
	for i := range people {
		shown[people[i].ID] = people[i].ShowsName
	}
	hidden := 0
	ids := t.byName(func(m *store.Member) bool {
		a, _ := t.c.Answer(g.id, m.PersonID)
		comes := a.Coming && m.PersonID != t.me() && t.answersFor(m.PersonID)
		if comes && !shown[m.PersonID] {
			hidden++
		}
		return comes && shown[m.PersonID]
	})
	names := t.nameLine(ids, hidden)
	if names == "" {
		return "", nil
	}
	return t.text("gathering.who-else", locale.Args{"Names": names}), nil
}

// everybody says to a coordinator who comes, who doesn't, and who hasn't said.
func (t *turn) everybody(g *gathering) chat.Text {
	group := func(id string, suits func(a store.Answer, ok bool) bool) chat.Text {
		ids := t.byName(func(m *store.Member) bool { return t.answersFor(m.PersonID) && suits(t.c.Answer(g.id, m.PersonID)) })
		if len(ids) == 0 {
			return ""
		}
		return t.text(id, locale.Args{"Count": len(ids), "Names": t.nameLine(ids, 0)})
	}
	return chat.Stack(
		group("gathering.coming-names", func(a store.Answer, ok bool) bool { return ok && a.Coming }),
		group("gathering.not-names", func(a store.Answer, ok bool) bool { return ok && !a.Coming }),
		group("gathering.silent-names", func(_ store.Answer, ok bool) bool { return !ok }),
	)
}

// nameLine lists people in one line, with how many more there are whose names are too
// many, or hidden; "" of nobody.
func (s *speech) nameLine(ids []string, hidden int) chat.Text {
	var names []string
	for i, id := range ids {
		if i == s.size.list {
			hidden += len(ids) - i
			break
		}
		names = append(names, string(s.typed(s.name(id))))
	}
	line := chat.Text(strings.Join(names, ", "))
	switch {
	case hidden == 0:
		return line
	case line == "":
		return s.text("names.others", locale.Args{"Count": hidden})
	default:
		return s.text("names.more", locale.Args{"Names": line, "More": hidden})
	}
}
