package store

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Told is what a plan reads of a message that went out before.
type Told struct {
	Kind                        Kind
	Subject, Occurrence, Offset string
	PersonID, GroupID           string // to whom: one of the two
	State                       MessageState
	At                          time.Time // SettledAt, or Due while planned
}

// A Snapshot is all that a plan reads of one cycle, read in one transaction.
type Snapshot struct {
	Cycle    Cycle
	Members  []Member           // sorted by PersonID
	People   map[string]*Person // ShowsName and NameChosen aren't read
	Pairs    []Pair             // sorted by ID, ended ones included
	Meetings []Meeting          // sorted by PairID, Number; cancelled ones included
	Sessions []Session          // by At, cancelled ones included
	Events   []Event            // by From, cancelled ones included
	// Answers by SubjectID and PersonID; only those given for the current revision
	// of sessions and events that aren't over.
	Answers map[[2]string]Answer
	// Void holds, by the same ids, those whose last answer was for an earlier revision:
	// they have heard of the thing, whatever was sent to them.
	Void map[[2]string]bool
	// Told holds the reminders that were sent about sessions, events and meetings
	// that aren't over, at most one for each occurrence and recipient: the latest. Of
	// pace and trouble it holds all that were ever planned. In no particular order.
	Told   []Told
	Groups []Group // sorted by ID
	// Announcements are those scheduled, and those sent that may still be on their way.
	// Their texts aren't read. In no particular order.
	Announcements []Announcement
	// Undelivered is how many messages failed in the last seven days.
	Undelivered int
	// Held is how many messages wait for the coordinators' word. For the plan they are told
	// when they were due.
	Held int
}

// bygone is how long ago a thing must have ended, when its cycle was last planned,
// for a plan to have no use for what was said of it: longer than a plan looks back.
const bygone = 72 * time.Hour

// undeliveredFor is how long a failed message counts as undelivered.
const undeliveredFor = 7 * 24 * time.Hour

// Snapshot reads what a plan reads of a cycle.
func (tx *Tx) Snapshot(cycleID string) (*Snapshot, error) {
	s := &Snapshot{}
	var err error
	if s.Cycle, err = tx.Cycle(cycleID); err != nil {
		return nil, err
	}
	for _, read := range []func(*Snapshot) error{
		tx.snapMembers, tx.snapPairs, tx.snapMeetings, tx.snapSubjects, tx.snapGroups,
		tx.snapAnswers, tx.snapTold, tx.snapToldGroups, tx.snapHeld, tx.snapAnnouncements, tx.snapUndelivered,
	} {
		if err := read(s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (tx *Tx) snapMembers(s *Snapshot) error {
	type row struct {
		member Member
		person Person
	}
	rows, err := list(tx, "read members and people", func(from scanner, r *row) error {
		m, p := &r.member, &r.person
		err := from.Scan(&m.PersonID, &m.Role, when(&m.JoinedAt), when(&m.LeftAt),
			&p.Slug, &p.Name, &p.City, &p.Country, &p.Language, &p.Zone, &scanQuiet{&p.Quiet},
			&p.LanguageChosen, &p.ZoneChosen, &p.QuietChosen, when(&p.PausedUntil))
		m.CycleID, p.ID = s.Cycle.ID, m.PersonID
		return err
	}, `SELECT member.person_id, role, joined_at, left_at, slug, name, city, country, language, zone, quiet,
		language_chosen, zone_chosen, quiet_chosen, paused_until
		FROM member JOIN person ON person.id = member.person_id WHERE member.cycle_id = $1`, s.Cycle.ID)
	if err != nil {
		return err
	}
	s.Members = make([]Member, len(rows))
	s.People = make(map[string]*Person, len(rows))
	for i := range rows {
		s.Members[i] = rows[i].member
		s.People[rows[i].person.ID] = &rows[i].person
	}
	slices.SortFunc(s.Members, func(a, b Member) int { return strings.Compare(a.PersonID, b.PersonID) })
	return nil
}

func (tx *Tx) snapPairs(s *Snapshot) (err error) {
	s.Pairs, err = appendRows(tx, make([]Pair, 0, len(s.Members)/2), "read pairs", func(row scanner, p *Pair) error {
		p.CycleID = s.Cycle.ID
		return row.Scan(&p.ID, &p.MentorID, &p.MenteeID, when(&p.EndedAt), when(&p.Since))
	}, `SELECT id, mentor_id, mentee_id, ended_at, since FROM pair WHERE cycle_id = $1`, s.Cycle.ID)
	slices.SortFunc(s.Pairs, func(a, b Pair) int { return strings.Compare(a.ID, b.ID) })
	return err
}

func (tx *Tx) snapMeetings(s *Snapshot) (err error) {
	s.Meetings, err = appendRows(tx, make([]Meeting, 0, 4*len(s.Pairs)), "read meetings", func(row scanner, m *Meeting) error {
		m.CycleID = s.Cycle.ID
		return row.Scan(m.fields()...)
	}, `SELECT `+meetingFields+` FROM meeting WHERE cycle_id = $1 ORDER BY pair_id, number`, s.Cycle.ID)
	byPair := func(a, b Meeting) int {
		return cmp.Or(strings.Compare(a.PairID, b.PairID), cmp.Compare(a.Number, b.Number))
	}
	if !slices.IsSortedFunc(s.Meetings, byPair) {
		slices.SortFunc(s.Meetings, byPair)
	}
	return err
}

func (tx *Tx) snapSubjects(s *Snapshot) (err error) {
	if s.Sessions, err = tx.Sessions(s.Cycle.ID); err != nil {
		return err
	}
	slices.SortFunc(s.Sessions, func(a, b Session) int {
		return cmp.Or(cmp.Compare(a.At.Date, b.At.Date), cmp.Compare(a.At.Clock, b.At.Clock), cmp.Compare(a.Slug, b.Slug))
	})
	s.Events, err = tx.Events(s.Cycle.ID)
	slices.SortFunc(s.Events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Slug, b.Slug))
	})
	return err
}

// A subject is a session or an event that isn't over.
type subject struct {
	kind     Kind
	id, slug string
	revision int
}

// ahead returns the sessions and events that aren't over.
func (s *Snapshot) ahead() (subjects []subject) {
	cutoff := s.cutoff()
	for i := range s.Sessions {
		if m := &s.Sessions[i]; m.At.In(s.Cycle.Location()).Add(m.Length).After(cutoff) {
			subjects = append(subjects, subject{KindSession, m.ID, m.Slug, m.Revision})
		}
	}
	for i := range s.Events {
		if e := &s.Events[i]; (e.To + 1).Midnight(s.EventZone(e)).After(cutoff) {
			subjects = append(subjects, subject{KindEvent, e.ID, e.Slug, e.Revision})
		}
	}
	return subjects
}

// cutoff is when a thing must have ended for what was said of it to be left out.
func (s *Snapshot) cutoff() time.Time {
	if s.Cycle.PlannedTo.IsZero() {
		return time.Time{}
	}
	return s.Cycle.PlannedTo.Add(-bygone)
}

func (tx *Tx) snapAnswers(s *Snapshot) error {
	subjects := s.ahead()
	s.Answers = make(map[[2]string]Answer, len(subjects)*len(s.Members))
	for _, about := range subjects {
		answers, err := appendRows(tx, make([]Answer, 0, len(s.Members)), "read answers", func(row scanner, a *Answer) error {
			a.SubjectID = about.id
			return row.Scan(&a.PersonID, &a.Revision, &a.Coming, when(&a.At), &a.By)
		}, `SELECT person_id, revision, coming, given_at, given_by FROM answer WHERE subject_id = $1`, about.id)
		if err != nil {
			return err
		}
		for _, a := range answers {
			if a.Revision == about.revision {
				s.Answers[[2]string{a.SubjectID, a.PersonID}] = a
			} else {
				s.void(a.SubjectID, a.PersonID)
			}
		}
	}
	return nil
}

func (s *Snapshot) void(subjectID, personID string) {
	if s.Void == nil {
		s.Void = map[[2]string]bool{}
	}
	s.Void[[2]string{subjectID, personID}] = true
}

// VoidAnswers does to the answers about a session or an event what a move does. It leaves
// alone what a copy of s, made by assignment, holds.
func (s *Snapshot) VoidAnswers(subjectID string) {
	s.Answers, s.Void = maps.Clone(s.Answers), maps.Clone(s.Void)
	for of := range s.Answers {
		if of[0] == subjectID {
			delete(s.Answers, of)
			s.void(subjectID, of[1])
		}
	}
}

func (tx *Tx) snapTold(s *Snapshot) (err error) {
	s.Told = make([]Told, 0, 4*len(s.Members))
	for _, about := range s.ahead() {
		if err := tx.snapLatest(s, about.kind, `AND subject = $3`, about.slug); err != nil {
			return err
		}
	}
	if err := tx.snapLatest(s, KindMeeting, `AND until >= $3`, ms(s.cutoff())); err != nil {
		return err
	}
	s.Told, err = appendRows(tx, s.Told, "read what pairs were told", func(row scanner, t *Told) error {
		return row.Scan(&t.Kind, &t.Subject, &t.Occurrence, &t.Offset, &t.PersonID, &t.State, when(&t.At))
	}, `SELECT kind, subject, occurrence, ahead, person_id, CASE WHEN held THEN 'sent' ELSE state END, CASE WHEN settled_at = 0 THEN due ELSE settled_at END
		FROM message WHERE cycle_id = $1 AND kind IN ('pace', 'trouble') AND person_id IS NOT NULL`, s.Cycle.ID)
	return err
}

// snapHeld counts what is held, and takes it for told when it was due, as most of it was.
// What pairs were told is read already.
func (tx *Tx) snapHeld(s *Snapshot) error {
	if s.Cycle.Hold.From.IsZero() {
		return nil
	}
	held, err := tx.Messages(MessageFilter{CycleID: s.Cycle.ID, State: OnHold})
	s.Held = len(held)
	for i := range held {
		m := &held[i]
		switch m.Kind {
		case KindSession, KindEvent, KindMeeting:
			s.Told = append(s.Told, Told{m.Kind, m.Subject, m.Occurrence, m.Offset, m.PersonID, m.GroupID, Sent, m.Due})
		default: // no plan asks whether it was told
		}
	}
	return err
}

// snapLatest reads the last message of a kind that was sent for each occurrence and
// person. The rows come in the order of the index from which they are read: putting
// them together here costs less than having the database do it.
func (tx *Tx) snapLatest(s *Snapshot, kind Kind, which string, arg any) error {
	start := len(s.Told)
	told, err := appendRows(tx, s.Told, "read what was told", func(row scanner, t *Told) error {
		t.Kind, t.State = kind, Sent
		return row.Scan(&t.Subject, &t.Occurrence, &t.PersonID, when(&t.At), &t.Offset)
	}, `SELECT subject, occurrence, person_id, settled_at, ahead FROM message WHERE cycle_id = $1 AND kind = $2
		AND state = 'sent' AND person_id IS NOT NULL `+which+`
		ORDER BY subject, occurrence, person_id, settled_at`, s.Cycle.ID, kind, arg)
	if err != nil {
		return err
	}
	s.Told = told[:start]
	for i, t := range told[start:] {
		if next := start + i + 1; next < len(told) && told[next].about() == t.about() {
			continue
		}
		s.Told = append(s.Told, t)
	}
	return nil
}

// about is what a plan needs only the latest message of.
func (t *Told) about() [3]string { return [3]string{t.Subject, t.Occurrence, t.PersonID} }

// AnnouncementLife is how long after its instant an announcement may still go out.
const AnnouncementLife = 7 * 24 * time.Hour

// snapAnnouncements reads the announcements whose messages may have yet to be planned
// or sent. What was over when the cycle was last planned is over now.
func (tx *Tx) snapAnnouncements(s *Snapshot) (err error) {
	s.Announcements, err = list(tx, "read announcements under way", func(row scanner, a *Announcement) error {
		a.CycleID = s.Cycle.ID
		return row.Scan(&a.ID, &a.AuthorID, &a.Audience, &a.State, when(&a.Due), &a.Revision)
	}, `SELECT id, author_id, audience, state, due, revision FROM announcement WHERE cycle_id = $1
		AND (state = 'scheduled' OR state = 'sent' AND due > $2)`,
		s.Cycle.ID, ms(s.Cycle.PlannedTo)-AnnouncementLife.Milliseconds())
	return err
}

func (tx *Tx) snapUndelivered(s *Snapshot) (err error) {
	s.Undelivered, err = one(tx, "count undelivered messages", column[int],
		`SELECT COUNT(*) FROM message WHERE cycle_id = $1 AND state = 'failed' AND settled_at > $2`,
		s.Cycle.ID, ms(tx.Now().Add(-undeliveredFor)))
	return err
}
