package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// Lists of people.
const (
	listAll       = "all"
	listWaiting   = "waiting"   // who hasn't joined
	listUnreached = "unreached" // whom nothing reaches
	listLeft      = "left"
)

// whichList takes which people a button shows.
var whichList = option{
	name: "list", optional: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		return word, rest, slices.Contains([]string{listAll, listWaiting, listUnreached, listLeft}, word)
	},
}

// aName takes whatever is typed of a name.
var aName = option{
	name: "name", optional: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(t *turn, text string) (value, rest string, ok bool) {
		name := strings.Join(strings.Fields(text), " ")
		if t.args[whichCycle.name] == "" { // it waits on a button until that is chosen, and whom it fits, its beginning does
			name = strings.ToValidUTF8(name[:min(len(name), nameOnButton)], "")
		}
		return name, "", name != ""
	},
}

// nameOnButton is how many bytes of a name have room behind the cycle and a page.
const nameOnButton = 36

// A roll is who is in a cycle and how they can be reached.
type roll struct {
	all, waiting, unreached, left []string // by name
}

// roll reads who is where.
func (t *turn) roll() (r roll, err error) {
	unreachable, err := t.tx.Unreachable(t.c.Cycle.ID)
	if err != nil {
		return r, err
	}
	erased := func(m *store.Member) bool { return t.c.People[m.PersonID].Erased() }
	r.all = t.byName(func(m *store.Member) bool { return m.LeftAt.IsZero() })
	r.left = t.byName(func(m *store.Member) bool { return !m.LeftAt.IsZero() && !erased(m) })
	r.waiting = t.byName(func(m *store.Member) bool { return m.LeftAt.IsZero() && m.JoinedAt.IsZero() })
	r.unreached = t.byName(func(m *store.Member) bool { return slices.Contains(unreachable, m.PersonID) })
	return r, nil
}

// people shows who has joined, who hasn't started, and who can't be reached; or finds
// people by name.
func (t *turn) people() error {
	if ok, err := t.openCycle(); err != nil || !ok {
		return err
	}
	r, err := t.roll()
	if err != nil {
		return err
	}
	return t.findPerson(t.namesTyped(), &r)
}

// rollSummary says how many people are where.
func (t *turn) rollSummary(r *roll, sorry chat.Text) {
	id := t.c.Cycle.ID
	line := func(text string, n int) chat.Text {
		if n == 0 {
			return ""
		}
		return t.text(text, locale.Args{"Count": n})
	}
	text := chat.Stack(
		t.text("people.title", locale.Args{"Title": t.c.Cycle.Title, "Count": len(r.all)}),
		line("people.joined", len(r.all)-len(r.waiting)), line("people.waiting", len(r.waiting)), line("people.unreached", len(r.unreached)),
	)
	var buttons []chat.Button
	add := func(button chat.Button, people []string) {
		if len(people) > 0 {
			button.Label += " (" + strconv.Itoa(len(people)) + ")"
			buttons = append(buttons, button)
		}
	}
	add(t.button("people-waiting", "people-list "+id+" "+listWaiting), r.waiting)
	add(t.button("people-unreached", "people-list "+id+" "+listUnreached), r.unreached)
	add(t.button("people-all", "people-list "+id+" "+listAll), r.all)
	add(t.button("people-left", "people-list "+id+" "+listLeft), r.left)
	buttons = append(buttons, t.button("add-person", "person-add "+id), t.button("to-manage", "manage "+id))
	t.tell(chat.Join(sorry, text, t.text("people.next", nil)), buttons...)
}

// namesTyped are what was typed of a name, as it is most likely meant first. A name may
// begin as the cycle's title does, and was taken for it then.
func (t *turn) namesTyped() (names []string) {
	name := t.args[aName.name]
	if command, all := commandLine(t.request); command != "" && !t.request.Tapped {
		all = strings.Join(strings.Fields(all), " ")
		title := strings.TrimSpace(strings.TrimSuffix(all, name))
		if title != "" && title != t.c.Cycle.ID && locale.Fold(title) != locale.Fold(strings.Join(strings.Fields(t.c.Cycle.Title), " ")) {
			names = append(names, all)
		}
	}
	if from, rest, ok := pageFrom.read(t, name); ok && t.request.Tapped { // a button that shows more of them
		t.args[pageFrom.name], name = from, rest
	}
	if name != "" {
		names = append(names, name)
	}
	return names
}

// findPerson shows the person whose name was typed, or all those whom it fits.
func (t *turn) findPerson(names []string, r *roll) error {
	all := t.peopleNamed(func(m *store.Member) bool { return !t.c.People[m.PersonID].Erased() })
	for _, name := range names {
		found, rest, _ := lookUp(all, name)
		switch {
		case len(found) == 0 || rest != "":
		case len(found) == 1:
			t.args["person"] = found[0].value
			return t.person()
		default:
			return t.peopleFound(found, name)
		}
	}
	var sorry chat.Text
	if len(names) > 0 {
		sorry = t.text("people.unknown", locale.Args{"What": names[0]})
	}
	t.rollSummary(r, sorry)
	return nil
}

// peopleFound lists the people whom a name fits.
func (t *turn) peopleFound(found []named, name string) error {
	invited, err := t.openInvitations()
	if err != nil {
		return err
	}
	var lines []chat.Text
	var buttons []chat.Button
	line := "people " + t.c.Cycle.ID
	from, to := t.span(len(found), listed)
	for _, n := range found[from:to] {
		state, err := t.personState(n.value, invited)
		if err != nil {
			return err
		}
		role := t.role(t.memberByID(n.value).Role)
		lines = append(lines, t.text("people.line", locale.Args{"Name": n.label, "Role": role, "State": state}))
		buttons = append(buttons, chat.Button{Label: label(n.label), Command: "person " + t.c.Cycle.ID + " " + n.value})
	}
	for _, b := range t.turnPage(line, from, to, len(found)) {
		if b.Command += " " + name; len(b.Command) <= chat.MaxCommand { // whoever types so much means few
			buttons = append(buttons, b)
		}
	}
	t.tell(chat.Join(t.text("ask.person", nil), chat.List(lines)), append(buttons, t.button("people", line))...)
	return nil
}

// peopleList lists the people of one kind.
func (t *turn) peopleList() error {
	if ok, err := t.openCycle(); err != nil || !ok {
		return err
	}
	r, err := t.roll()
	if err != nil {
		return err
	}
	invited, err := t.openInvitations()
	if err != nil {
		return err
	}
	which, title, ids := t.args["list"], t.text("people.all-title", nil), r.all
	switch which {
	case listWaiting:
		title, ids = t.text("people.waiting-title", nil), r.waiting
	case listUnreached:
		title, ids = t.text("people.unreached-title", nil), r.unreached
	case listLeft:
		title, ids = t.text("people.left-title", nil), r.left
	default:
		which = listAll
	}
	if len(ids) == 0 {
		t.rollSummary(&r, t.text("people.nobody", nil))
		return nil
	}
	var l listing
	from, to := t.span(len(ids), listed)
	for i, o := range t.peopleNamed(func(m *store.Member) bool { return slices.Contains(ids, m.PersonID) }) {
		line := chat.Text("")
		if i >= from && i < to {
			if line, err = t.personLine(o.value, invited); err != nil {
				return err
			}
		}
		l.add(line, o.label, "person "+t.c.Cycle.ID+" "+o.value)
	}
	t.show(title, &l, "people-list "+t.c.Cycle.ID+" "+which, t.button("people", "people "+t.c.Cycle.ID))
	return nil
}

// openInvitations are the open invitations of the cycle's members, by person.
func (t *turn) openInvitations() (map[string]store.Invitation, error) {
	all, err := t.tx.Invitations(t.c.Cycle.ID)
	by := make(map[string]store.Invitation, len(all))
	for _, i := range all {
		by[i.PersonID] = i
	}
	return by, err
}

// personLine is a line of a list: who it is, and how they stand.
func (t *turn) personLine(id string, invited map[string]store.Invitation) (chat.Text, error) {
	state, err := t.personState(id, invited)
	if err != nil {
		return "", err
	}
	return t.text("people.line", locale.Args{"Name": t.name(id), "Role": t.role(t.memberByID(id).Role), "State": state}), nil
}

// personState says since when somebody is in, out, invited, or out of reach.
func (t *turn) personState(id string, invited map[string]store.Invitation) (chat.Text, error) {
	m := t.memberByID(id)
	on := func(at time.Time) locale.Args { return locale.Args{"Day": t.day(store.DateOf(at.In(t.zone)))} }
	i, has := invited[id]
	switch {
	case !m.LeftAt.IsZero():
		return t.text("person.left", on(m.LeftAt)), nil
	case m.JoinedAt.IsZero() && !has:
		return t.text("person.uninvited", nil), nil
	case m.JoinedAt.IsZero() && !t.now.Before(i.Expires):
		return t.text("person.expired", on(i.Expires)), nil
	case m.JoinedAt.IsZero():
		return t.text("person.invited", on(i.CreatedAt)), nil
	}
	accounts, err := t.tx.Accounts(id)
	if err != nil {
		return "", err
	}
	switch {
	case slices.ContainsFunc(accounts, func(a store.Account) bool { return a.Reachable }):
		return t.text("person.joined", on(m.JoinedAt)), nil
	case len(accounts) == 0:
		return t.text("person.no-app", nil), nil
	}
	return t.unreachable(accounts[0].Reason), nil
}

// unreachable says why an account can't be reached.
func (s *speech) unreachable(reason string) chat.Text {
	switch reason {
	case "blocked":
		return s.text("person.blocked", nil)
	case "closed":
		return s.text("person.closed", nil)
	case "left":
		return s.text("person.gone", nil)
	default:
		return s.text("person.unreachable", nil)
	}
}

// person shows a person's card, with what can be done for them.
func (t *turn) person() error {
	p, m, ok, err := t.openPerson()
	if err != nil || !ok {
		return err
	}
	invited, err := t.openInvitations()
	if err != nil {
		return err
	}
	state, err := t.personState(p.ID, invited)
	if err != nil {
		return err
	}
	apps, err := t.apps(p.ID)
	if err != nil {
		return err
	}
	var city chat.Text
	if p.City != "" {
		city = t.text("person.city", locale.Args{"City": p.City})
	}
	facts := chat.Stack(
		t.text("person.title", locale.Args{"Name": p.Name, "Role": t.role(m.Role)}), city,
		t.text("person.state", locale.Args{"State": state}), apps, t.languageLine(LanguageOf(t.c, p)),
	)
	t.tell(chat.Join(facts, chat.List(t.cut(t.pairLines(p.ID)))), t.personButtons(p, m)...)
	return nil
}

// pairLines tell of each of somebody's pairs how it stands.
func (t *turn) pairLines(id string) (lines []chat.Text) {
	for _, p := range t.pairsGoing(id) {
		partner, _ := p.Partner(id)
		st := scheduler.Pace(t.c, p, t.now)
		lines = append(lines, t.text(beyond(st, "person.pair", "person.pair-more"), locale.Args{"Partner": t.name(partner), "Held": st.Held, "Minimum": st.Minimum}))
	}
	return lines
}

// apps lists somebody's apps, and which of them can't be reached.
func (t *turn) apps(id string) (chat.Text, error) {
	accounts, err := t.tx.Accounts(id)
	if err != nil || len(accounts) == 0 {
		return "", err
	}
	platforms, err := t.platforms()
	if err != nil {
		return "", err
	}
	var names []string
	for _, a := range accounts {
		app := t.typed(platforms[a.BotID])
		if !a.Reachable {
			app = t.text("person.app-unreached", locale.Args{"App": app, "Why": t.unreachable(a.Reason)})
		}
		names = append(names, string(app))
	}
	return t.text("person.apps", locale.Args{"Apps": chat.Text(strings.Join(names, ", "))}), nil
}

// personButtons are what can be done for a person.
func (t *turn) personButtons(p *store.Person, m *store.Member) (buttons []chat.Button) {
	who := " " + m.CycleID + " " + p.ID
	switch {
	case !m.LeftAt.IsZero():
		return []chat.Button{t.button("bring-back", "person-back"+who), t.button("people", "people "+m.CycleID)}
	case p.ID == t.me():
	case m.JoinedAt.IsZero():
		buttons = append(buttons, t.button("invite", "invite"+who))
	default:
		if m.Role != store.Coordinator {
			buttons = append(buttons, t.button("nudge", "nudge"+who))
		}
		buttons = append(buttons, t.button("invite-again", "invite"+who))
	}
	pairs := t.pairsGoing(p.ID)
	for _, pair := range pairs[:min(len(pairs), 4)] {
		button := t.lead("log-for", "log "+pair.ID)
		if partner, _ := pair.Partner(p.ID); len(pairs) > 1 {
			button.Label = label(button.Label + ": " + t.name(partner))
		}
		buttons = append(buttons, button)
	}
	if m.Role != store.Coordinator {
		buttons = append(buttons, t.button("answer-for", "answers"+who))
	}
	buttons = append(buttons, t.button("rename", "person-rename"+who))
	if p.ID != t.me() {
		buttons = append(buttons, t.button("end-person", "person-end"+who))
	}
	return append(buttons, t.button("people", "people "+m.CycleID))
}
