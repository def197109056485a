package bot

import (
	"fmt"
	"strconv"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// sessionChanges are what coordinators do to sessions.
var sessionChanges = []change{
	{
		what: "session-add", of: ofCycle, seen: unseen, again: toSessions,
		fields: []field{
			{name: "title", ask: asking("session-add.title"), hint: "hint.title", read: typedText(longestName)},
			{name: "day", ask: asking("ask.day-ahead"), hint: "hint.day-ahead", offers: daysToCome, read: readCycleDay},
			{name: "time", ask: askSessionTime, hint: "hint.time", offers: usualTimes, read: readSessionTime},
			{name: "length", ask: asking("session-add.length"), hint: "hint.length", offers: usualLengths, read: reading(&howLong)},
			{name: "where", ask: asking("session-add.where"), hint: "hint.address", skip: "button.no-address", read: typedText(longestAddress)},
		},
		sure: sureOfSession, do: addSession, undo: undoing(undoAddSession),
	},
	{
		what: "session-move", of: ofSession, seen: seenSession, cant: cantMoveSession, again: toSession,
		fields: []field{
			{name: "day", ask: asking("session-move.day"), hint: "hint.day-ahead", offers: daysAround, read: readDayToCome},
			{name: "time", ask: askSessionTime, hint: "hint.time", offers: timesAround, read: readNewTime},
		},
		sure: sureOfMove, do: moveSession, undo: undoingUnless(cantMoveSession, undoMoveSession),
	},
	{
		what: "session-address", of: ofSession, seen: seenSession, cant: cantMoveSession, again: toSession,
		fields: []field{
			{name: "where", ask: asking("session-address.ask"), hint: "hint.address", skip: "button.no-address", read: typedText(longestAddress)},
		},
		sure: sureOfAddress, do: changeAddress, undo: undoingUnless(cantMoveSession, undoAddress),
	},
	{
		what: "session-cancel", of: ofSession, seen: seenSession, cant: cantMoveSession, again: toSession,
		sure: sureOfCancelling, do: cancel, undo: undoing(undoCancelling),
	},
	{
		what: "session-restore", of: ofSession, seen: seenSession, cant: cantRestore, again: toSession,
		sure: sureOfRestoring, do: restore, undo: undoing(undoRestoring),
	},
}

func toSessions(t *turn, _ *proposal) chat.Button {
	return t.button("manage-sessions", "manage-sessions "+t.c.Cycle.ID)
}

func toSession(t *turn, d *proposal) chat.Button {
	return t.button("see-session", "manage-session "+d.Subject)
}

// sessionByID returns a session of the cycle spoken of; it was looked up before.
func (s *speech) sessionByID(id string) *store.Session {
	for i := range s.c.Sessions {
		if s.c.Sessions[i].ID == id {
			return &s.c.Sessions[i]
		}
	}
	return &store.Session{}
}

func seenSession(t *turn, d *proposal) string {
	x := t.sessionByID(d.Subject)
	return fmt.Sprint(x.At, x.Revision, x.CancelledAt.UnixMilli(), x.Where)
}

func (s *speech) hasBegun(x *store.Session) bool { return !s.sessionStart(x).After(s.now) }

// cantMoveSession says why a session can't be changed any more.
func cantMoveSession(t *turn, d *proposal) chat.Text {
	x := t.sessionByID(d.Subject)
	switch {
	case !x.CancelledAt.IsZero():
		return t.title("session-move.cancelled", x.Title)
	case t.hasBegun(x):
		return t.title("session-move.begun", x.Title)
	}
	return ""
}

// daysToCome are the days of the next four weeks.
func daysToCome(t *turn, _ *proposal) ([]offer, error) {
	var list []store.Date
	for ahead := range store.Date(28) {
		list = append(list, max(t.today(), t.c.Cycle.Starts)+ahead)
	}
	return t.days(list...), nil
}

// daysAround are days near the one that a session has.
func daysAround(t *turn, d *proposal) ([]offer, error) {
	now := t.sessionByID(d.Subject).At.Date
	var list []store.Date
	for _, away := range []store.Date{0, 1, 2, 3, 7, 14, -1, -7} {
		if now+away >= t.today() {
			list = append(list, now+away)
		}
	}
	return t.days(list...), nil
}

func readCycleDay(t *turn, _ *proposal, text string) (string, chat.Text, error) {
	value, rest, ok := t.readDay(text, false)
	if !ok || rest != "" {
		return "", t.unreadable(text), nil
	}
	day, err := store.ParseDate(value)
	if err != nil {
		return "", t.unreadable(text), nil
	}
	return value, t.outside(day), nil
}

func readDayToCome(t *turn, d *proposal, text string) (string, chat.Text, error) {
	return t.dayFrom(t.today(), d, text)
}

// dayFrom reads a day of the cycle that isn't before some day.
func (t *turn) dayFrom(first store.Date, d *proposal, text string) (string, chat.Text, error) {
	value, sorry, err := readCycleDay(t, d, text)
	if day, _ := store.ParseDate(value); err == nil && sorry == "" && day < first {
		return "", t.text("manage.past-day", locale.Args{"Day": t.day(day)}), nil
	}
	return value, sorry, err
}

func askSessionTime(t *turn, d *proposal) chat.Text {
	return chat.Join(t.text("ask.time", nil), t.byClockOf(t.c.Cycle.Location(), d.date("day")))
}

func usualTimes(t *turn, _ *proposal) ([]offer, error) { return clockTime.offers(t) }

// timesAround are the time that a session has, and the usual ones.
func timesAround(t *turn, d *proposal) ([]offer, error) {
	now := t.sessionByID(d.Subject).At.Clock.String()
	usual, err := clockTime.offers(t)
	offers := []offer{{now, now}}
	for _, o := range usual {
		if o.value != now {
			offers = append(offers, o)
		}
	}
	return offers, err
}

// readSessionTime reads a time that there is on the day that was said.
func readSessionTime(t *turn, d *proposal, text string) (string, chat.Text, error) {
	value, rest, ok := clockTime.read(t, text)
	if !ok || rest != "" {
		return "", t.unreadable(text), nil
	}
	clock, err := store.ParseClock(value)
	if err != nil {
		return "", t.unreadable(text), nil
	}
	if !d.date("day").At(clock).ExistsIn(t.c.Cycle.Location()) {
		return "", t.text("refused.no-such-time", nil), nil
	}
	return value, "", nil
}

// readNewTime reads a time to which a session can be moved.
func readNewTime(t *turn, d *proposal, text string) (string, chat.Text, error) {
	value, sorry, err := readSessionTime(t, d, text)
	if err != nil || sorry != "" {
		return value, sorry, err
	}
	at := d.with("time", value).at()
	switch {
	case at == t.sessionByID(d.Subject).At:
		return "", t.text("session-move.same", nil), nil
	case !at.In(t.c.Cycle.Location()).After(t.now):
		return "", t.text("refused.past", nil), nil
	}
	return value, "", nil
}

func usualLengths(t *turn, _ *proposal) (offers []offer, err error) {
	for _, n := range []int{90, 60, 120, 45} {
		offers = append(offers, t.minutes(n))
	}
	return offers, nil
}

func (d *proposal) at() store.Wall { return d.date("day").At(d.clock("time")) }

func (d *proposal) length() time.Duration {
	n, _ := strconv.Atoi(d.Values["length"])
	return time.Duration(n) * time.Minute
}

// plannedSession is the session that a proposal adds.
func (t *turn) plannedSession(d *proposal) store.Session {
	slug := store.Slugify(d.Values["title"], func(slug string) bool { return t.c.Session(slug) != nil })
	return store.Session{
		CycleID: d.CycleID, Slug: slug, Title: d.Values["title"], At: d.at(), Length: d.length(),
		Where: d.Values["where"], Revision: 1, ChangedAt: t.now,
	}
}

// sessionFacts says what a session is, when and where, by the clock of the cycle.
func (s *speech) sessionFacts(x *store.Session) chat.Text {
	return chat.Stack(s.title("title", x.Title), s.text("when-length", locale.Args{
		"When": s.twoClocks(s.sessionStart(x), s.c.Cycle.Location()), "Length": s.length(x.Length),
	}), s.where(x.Where))
}

func sureOfSession(t *turn, d *proposal) chat.Text {
	x := t.plannedSession(d)
	return chat.Join(t.text("session-add.sure", nil), t.sessionFacts(&x), t.hearOfNew(&x))
}

// hearOfNew says who would hear of a session that is added, and when.
func (t *turn) hearOfNew(x *store.Session) chat.Text {
	start := t.sessionStart(x)
	if !start.After(t.now) {
		return t.text("session-add.past", nil)
	}
	c := t.imagine()
	c.Sessions = append(c.Sessions, *x)
	told := t.tells(c, store.KindSession, x.Slug, start)
	switch {
	case told.soon > 0:
		return t.text("session-add.soon", locale.Args{"Count": told.soon})
	case told.first.IsZero():
		return t.text("session-add.nobody", nil)
	}
	return t.text("session-add.later", locale.Args{"When": t.moment(told.first)})
}

func addSession(t *turn, d *proposal) (outcome, error) {
	x := t.plannedSession(d)
	hear := t.hearOfNew(&x)
	if err := t.tx.InsertSession(&x); err != nil {
		return outcome{}, err
	}
	return outcome{
		subject: x.ID, before: x,
		text:    chat.Join(t.text("session-add.done", nil), t.sessionFacts(&x), hear),
		buttons: []chat.Button{t.lead("see-session", "manage-session "+x.ID), t.lead("manage-sessions", "manage-sessions "+d.CycleID)},
	}, nil
}

// hearOfMove says who would hear of it if a session were moved.
func (t *turn) hearOfMove(x *store.Session, at store.Wall) chat.Text {
	c := t.imagine()
	moved := sessionIn(c, x.ID)
	moved.At, moved.ChangedAt = at, t.now
	moved.Revision++
	c.VoidAnswers(x.ID)
	return t.heardMove(t.tells(c, store.KindSession, x.Slug, t.now.Add(notice)))
}

// heardMove says of how many people hear of a move.
func (t *turn) heardMove(told toldOf) chat.Text {
	return t.unlessQuiet(t.hearing(told.soon, "hear.nobody", "hear.moved"), told.waits)
}

func sessionIn(c *store.Snapshot, id string) *store.Session {
	for i := range c.Sessions {
		if c.Sessions[i].ID == id {
			return &c.Sessions[i]
		}
	}
	return &store.Session{}
}

func sureOfMove(t *turn, d *proposal) chat.Text {
	x := t.sessionByID(d.Subject)
	zone := t.c.Cycle.Location()
	return chat.Join(t.title("session-move.sure", x.Title), t.text("manage.from-to", locale.Args{
		"From": t.twoClocks(x.At.In(zone), zone), "To": t.twoClocks(d.at().In(zone), zone),
	}), t.hearOfMove(x, d.at()))
}

func moveSession(t *turn, d *proposal) (outcome, error) {
	was := *t.sessionByID(d.Subject)
	if !d.at().In(t.c.Cycle.Location()).After(t.now) { // it wasn't when it was asked
		return outcome{}, store.ErrPast
	}
	hear := t.hearOfMove(&was, d.at())
	if err := t.tx.MoveSession(d.Subject, d.at()); err != nil {
		return outcome{}, err
	}
	moved := was
	moved.At = d.at()
	return outcome{
		subject: d.Subject, before: sessionMove{Was: was, To: d.at()},
		text:    chat.Join(t.text("session-move.done", nil), t.sessionFacts(&moved), hear),
		buttons: []chat.Button{t.lead("see-session", "manage-session "+d.Subject)},
	}, nil
}
