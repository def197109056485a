package bot

import (
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
)

// overview shows a coordinator a cycle on one screen.
func (t *turn) overview() error {
	if t.unread() {
		return nil
	}
	id := t.args[whichCycle.name]
	if err := t.look(id); err != nil {
		return err
	}
	all, err := t.plights()
	if err != nil {
		return err
	}
	past, err := t.pastSessions()
	if err != nil {
		return err
	}
	going, troubled := troubledOf(all)
	t.tell(chat.Join(
		t.text("digest.title", locale.Args{"Title": t.c.Cycle.Title, "Day": t.day(t.today())}), t.heldLine(),
		chat.Stack(t.summary(going, troubled), t.worst(all)), t.heldInAll(all),
		t.gatheringsAhead(), past,
		chat.Stack(t.joined(), t.notJoined()), t.undelivered(),
	), t.overviewButtons(id)...)
	return nil
}

func (t *turn) overviewButtons(id string) (buttons []chat.Button) {
	if t.c.Held > 0 {
		buttons = append(buttons, t.button("held", "held "+id))
	}
	asked := false
	for i := range t.c.Sessions {
		x := &t.c.Sessions[i]
		over := !t.now.Before(t.sessionStart(x).Add(x.Length))
		if over && x.CancelledAt.IsZero() && x.AttendanceAt.IsZero() && !asked {
			asked = true
			buttons = append(buttons, t.lead("attendance", "attendance "+x.ID))
		}
	}
	return append(buttons, t.button("pairs", "pairs "+id), t.button("people", "people "+id), t.button("sessions", "sessions"),
		t.button("announce", "announce "+id), t.button("manage", "manage "+id))
}

// worst lists the pairs that need somebody most.
func (t *turn) worst(all []plight) chat.Text {
	var troubled []coming
	for i := range all {
		if p := &all[i]; len(p.reasons) > 0 {
			troubled = append(troubled, coming{line: t.plightLine(p)})
		}
	}
	return t.listed("", troubled, aheadAtOnce)
}

// heldInAll says how many meetings all pairs that go on have held.
func (t *turn) heldInAll(all []plight) chat.Text {
	held, of := 0, 0
	for i := range all {
		if all[i].pair.EndedAt.IsZero() {
			held += all[i].standing.Held
			of += all[i].standing.Minimum
		}
	}
	if len(all) == 0 {
		return ""
	}
	return t.text("overview.held", locale.Args{"Count": held, "Of": of})
}

// aheadAtOnce is how many sessions and events an overview shows.
const aheadAtOnce = 3

// gatheringsAhead lists the next sessions and events with the answers to them.
func (t *turn) gatheringsAhead() chat.Text {
	var all []coming
	for _, g := range t.gatherings() {
		if !g.cancelled && t.now.Before(g.ends) {
			line := t.text("gathering.line", locale.Args{"Title": g.title, "When": g.when, "Answer": t.counted(&g)})
			all = append(all, coming{at: g.begins, line: line})
		}
	}
	if len(all) == 0 {
		return t.text("overview.nothing", nil)
	}
	return t.listed(t.text("digest.coming", nil), all, aheadAtOnce)
}

// pastSessions says how many were at each session that is over, the latest first.
func (t *turn) pastSessions() (chat.Text, error) {
	var all []coming
	for i := len(t.c.Sessions) - 1; i >= 0; i-- {
		x := &t.c.Sessions[i]
		if !x.CancelledAt.IsZero() || t.now.Before(t.sessionStart(x).Add(x.Length)) {
			continue
		}
		line := t.text("overview.not-taken", locale.Args{"Title": x.Title})
		if !x.AttendanceAt.IsZero() && len(all) < aheadAtOnce {
			people, err := t.presence(x)
			if err != nil {
				return "", err
			}
			line = t.text("overview.was", locale.Args{"Title": x.Title, "There": len(people)})
		}
		all = append(all, coming{line: line})
	}
	return t.listed(t.text("overview.past", nil), all, aheadAtOnce), nil
}

// joined says how many of the cycle's people have joined.
func (t *turn) joined() chat.Text {
	joined, of := 0, 0
	for _, m := range t.c.Members {
		if m.LeftAt.IsZero() {
			of++
			if !m.JoinedAt.IsZero() {
				joined++
			}
		}
	}
	return t.text("overview.joined", locale.Args{"Joined": joined, "Of": of})
}
