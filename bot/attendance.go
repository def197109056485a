package bot

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// ticksAtOnce is how many names have a button at once when attendance is taken.
const ticksAtOnce = 12

// sitting is how long taking attendance of one thing counts as one act in the journal.
const sitting = time.Hour

// aDay takes a day as buttons have it.
var aDay = option{
	name: "day", optional: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		_, err := store.ParseDate(word)
		return word, rest, err == nil
	},
}

// presenceMark takes what a button says of a person: that they were there, or weren't.
var presenceMark = option{
	name: "presence", optional: true,
	offers: func(*turn) ([]offer, error) { return nil, nil },
	read: func(_ *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		return word, rest, word == "1" || word == "0"
	},
}

// A register is where attendance is taken: of a session, or of a day of an event.
type register struct {
	session *store.Session
	event   *store.Event
	id      string
	title   string
	day     store.Date
	begins  time.Time
	ends    time.Time
	present map[string]bool
	names   []string // who was expected or was there, by name
	late    []string // who joined the cycle only when it was over, and isn't known to have been there
}

// expected reports whether somebody could have been at what began and ended then: they
// hadn't left, and hadn't joined only later. Who hasn't joined at all may have come too.
func expected(m *store.Member, begins, ends time.Time) bool {
	return here(m, begins) && !m.JoinedAt.After(ends)
}

// here reports whether it was for somebody to come to what began then.
func here(m *store.Member, begins time.Time) bool {
	return m.Role != store.Coordinator && (m.LeftAt.IsZero() || m.LeftAt.After(begins))
}

// openRegister finds what the command names. ok: attendance of it can be taken by who
// asks; else the reply says why not, or asks for the day.
func (t *turn) openRegister() (r *register, ok bool, err error) {
	r = &register{id: t.args["subject"]}
	d := &proposal{Subject: r.id}
	x, err := t.tx.Session(r.id)
	of := ofSession
	if errors.Is(err, store.ErrNotFound) {
		of = ofEvent
	} else if err != nil {
		return nil, false, err
	}
	if ok, err = t.openThing(of, d); err != nil || !ok {
		return nil, false, err
	}
	if x.ID != "" {
		r.session = t.sessionByID(r.id)
		r.title, r.day, r.begins = x.Title, x.At.Date, t.sessionStart(r.session)
		r.ends = r.begins.Add(x.Length)
	} else {
		r.event = t.eventByID(r.id)
		r.title = r.event.Title
		if ok := t.dayOfEvent(r); !ok {
			return nil, false, nil
		}
		zone := t.c.EventZone(r.event)
		r.begins, r.ends = r.day.Midnight(zone), (r.day + 1).Midnight(zone)
	}
	if why := t.cantTake(r); why != "" {
		t.tell(why, t.lead("to-manage", "manage "+t.c.Cycle.ID))
		return nil, false, nil
	}
	return r, true, t.readRegister(r)
}

// dayOfEvent finds the day of an event that is meant, or asks for it.
func (t *turn) dayOfEvent(r *register) (ok bool) {
	e, today := r.event, store.DateOf(t.now.In(t.c.EventZone(r.event)))
	if day, err := store.ParseDate(t.args["day"]); err == nil && day >= e.From && day <= e.To {
		r.day = day
		return true
	}
	if e.From == e.To || today < e.From {
		r.day = e.From
		return true
	}
	var buttons []chat.Button
	for day := e.From; day <= min(e.To, today) && len(buttons) < 18; day++ {
		buttons = append(buttons, chat.Button{Label: t.day(day).Plain(), Command: "attendance " + e.ID + " " + day.String()})
	}
	t.tell(t.title("attendance.which-day", e.Title), append(buttons, t.button("to-manage", "manage "+t.c.Cycle.ID))...)
	return false
}

// cantTake says why there is no attendance to be taken; "": there is.
func (t *turn) cantTake(r *register) chat.Text {
	switch {
	case r.session != nil && !r.session.CancelledAt.IsZero(), r.event != nil && !r.event.CancelledAt.IsZero():
		return t.title("attendance.cancelled", r.title)
	case r.begins.After(t.now):
		return t.text("attendance.early", locale.Args{"Title": r.title, "Day": t.day(r.day)})
	}
	return ""
}

// readRegister reads who was there so far.
func (t *turn) readRegister(r *register) error {
	rows, err := t.tx.Attendance(r.id)
	if err != nil {
		return err
	}
	r.present = map[string]bool{}
	for _, a := range rows {
		if a.Day == r.day {
			r.present[a.PersonID] = true
		}
	}
	r.names = t.byName(func(m *store.Member) bool {
		return r.present[m.PersonID] || expected(m, r.begins, r.ends) && !t.c.People[m.PersonID].Erased()
	})
	r.late = t.byName(func(m *store.Member) bool {
		return !slices.Contains(r.names, m.PersonID) && here(m, r.begins) && !t.c.People[m.PersonID].Erased()
	})
	return nil
}

// attendance shows who was at a session or a day of an event, each name a button that
// says otherwise.
func (t *turn) attendance() error {
	r, ok, err := t.openRegister()
	if err != nil || !ok {
		return err
	}
	from, _ := strconv.Atoi(t.args[pageFrom.name]) // of nonsense, the first page
	t.showRegister(r, from)
	return nil
}

// showRegister shows the page of a register that begins with a name.
func (t *turn) showRegister(r *register, from int) {
	if len(r.names)+len(r.late) == 0 {
		t.say("attendance.nobody", nil, t.button("to-manage", "manage "+t.c.Cycle.ID))
		return
	}
	buttons := t.ticks(r, "attendance", r.names, from)
	if len(r.late) > 0 {
		buttons = append(buttons, t.button("latecomers", "latecomers "+r.line()))
	}
	buttons = append(buttons, t.button("done", "taken "+r.line()))
	t.tell(chat.Join(t.registerTitle(r), t.text("attendance.tap", locale.Args{"There": len(r.present), "All": len(r.names)})), buttons...)
}

// line is how buttons name a register.
func (r *register) line() string { return r.id + " " + r.day.String() }

// ticks are the buttons of the page of names that a command shows, from one on.
func (t *turn) ticks(r *register, command string, names []string, from int) (buttons []chat.Button) {
	if from < 0 || from >= len(names) {
		from = 0
	}
	from -= from % ticksAtOnce
	to := min(from+ticksAtOnce, len(names))
	for _, id := range names[from:to] {
		name, mark := t.name(id), "1"
		if r.present[id] {
			name, mark = "✓ "+name, "0"
		}
		buttons = append(buttons, chat.Button{Label: label(name), Command: "there " + r.line() + " " + id + " " + mark})
	}
	return append(buttons, t.turnPage(command+" "+r.line(), from, to, len(names))...)
}

// latecomers shows who joined the cycle only when a session was over: perhaps one of them
// was there all the same.
func (t *turn) latecomers() error {
	r, ok, err := t.openRegister()
	if err != nil || !ok {
		return err
	}
	if len(r.late) == 0 {
		t.showRegister(r, 0)
		return nil
	}
	from, _ := strconv.Atoi(t.args[pageFrom.name]) // of nonsense, the first page
	t.tell(chat.Join(t.registerTitle(r), t.text("attendance.late", nil)),
		append(t.ticks(r, "latecomers", r.late, from), t.button("back", "attendance "+r.line()))...)
	return nil
}

func (t *turn) registerTitle(r *register) chat.Text {
	return t.text("attendance.title", locale.Args{"Title": r.title, "Day": t.day(r.day)})
}

// tickOff notes of one person whether they were there: as the button says, whatever was
// tapped meanwhile, so that two coordinators don't undo one another.
func (t *turn) tickOff() error {
	r, ok, err := t.openRegister()
	if err != nil || !ok {
		return err
	}
	id, present := t.args["person"], t.args["presence"] == "1"
	i := slices.Index(r.names, id)
	if i < 0 && !slices.Contains(r.late, id) || t.args["presence"] == "" {
		t.stale()
		return nil
	}
	if r.present[id] != present {
		if err := t.act(); err != nil {
			return err
		}
		if err := t.notePresence(r, id, present); err != nil {
			return err
		}
		if err := t.enterAttendance(r); err != nil {
			return err
		}
		if err := t.readRegister(r); err != nil {
			return err
		}
	}
	t.showRegister(r, max(i, slices.Index(r.names, id)))
	return nil
}

func (t *turn) notePresence(r *register, id string, present bool) error {
	if r.session != nil {
		return t.tx.NotePresent(r.id, id, present, t.me())
	}
	return t.tx.NoteEventPresent(r.id, r.day, id, present, t.me())
}

// journalLook is how far back the journal is looked through for an entry to go on with.
const journalLook = 30

// enterAttendance writes into the journal that attendance is being taken, once a
// sitting.
func (t *turn) enterAttendance(r *register) error {
	entries, err := t.tx.Entries(t.c.Cycle.ID, journalLook)
	if err != nil {
		return err
	}
	for i := range entries {
		if e := &entries[i]; e.What == "attendance" && e.Subject == r.id && e.By == t.me() && t.now.Sub(e.At) < sitting {
			return nil
		}
	}
	return t.tx.InsertEntry(&store.Entry{CycleID: t.c.Cycle.ID, By: t.me(), What: "attendance", Subject: r.id})
}

// taken ends taking attendance; if nobody was there, that is noted.
func (t *turn) taken() error {
	r, ok, err := t.openRegister()
	if err != nil || !ok {
		return err
	}
	if r.session != nil && r.session.AttendanceAt.IsZero() {
		if err := t.act(); err != nil {
			return err
		}
		if err := t.tx.TakeAttendance(r.id, nil, t.me()); err != nil {
			return err
		}
		if err := t.enterAttendance(r); err != nil {
			return err
		}
	}
	var names []string
	for _, id := range r.names {
		if r.present[id] {
			names = append(names, id)
		}
	}
	text := t.text("attendance.none", nil)
	if len(names) > 0 {
		text = t.text("attendance.done", locale.Args{"Count": len(names), "Names": t.names(names)})
	}
	t.tell(chat.Join(t.registerTitle(r), text), t.button("correct", "attendance "+r.line()),
		t.button("to-manage", "manage "+t.c.Cycle.ID))
	return nil
}

// attendances lists what attendance can be taken of, the latest first.
func (t *turn) attendances() error {
	if ok, err := t.openCycle(); err != nil || !ok {
		return err
	}
	var l listing
	for i := len(t.c.Events) - 1; i >= 0; i-- {
		if e := &t.c.Events[i]; e.CancelledAt.IsZero() && !e.From.Midnight(t.c.EventZone(e)).After(t.now) {
			l.add(t.text("manage-sessions.item", locale.Args{"Title": e.Title, "When": t.daysOf(e), "State": t.text("attendance.by-day", nil)}),
				e.Title, "attendance "+e.ID)
		}
	}
	for i := len(t.c.Sessions) - 1; i >= 0; i-- {
		if x := &t.c.Sessions[i]; x.CancelledAt.IsZero() && t.hasBegun(x) {
			l.add(t.text("manage-sessions.item", locale.Args{
				"Title": x.Title, "When": t.twoClocks(t.sessionStart(x), t.c.Cycle.Location()), "State": t.sessionState(x),
			}), x.Title, "attendance "+x.ID)
		}
	}
	id := t.c.Cycle.ID
	title := t.text("attendance.list", nil)
	if len(l.lines) == 0 {
		title = t.text("attendance.nothing", nil)
	}
	t.show(title, &l, "attendances "+id, t.button("to-manage", "manage "+id))
	return nil
}
