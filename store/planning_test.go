package store_test

import (
	"errors"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

func (w *world) due(at time.Time) []string {
	w.Helper()
	return get(w, func(tx *store.Tx) ([]string, error) { return tx.DueCycles(at, 10) })
}

func (w *world) note(version int64, next time.Time, planner string) (noted bool) {
	w.Helper()
	w.do(func(tx *store.Tx) (err error) {
		noted, err = tx.NotePlanned(w.cycle.ID, version, w.now, next, planner)
		return err
	})
	return noted
}

func TestDueCycles(t *testing.T) {
	eachWorld(t, func(w *world) {
		other := pilotCycle("other")
		w.do(func(tx *store.Tx) error { return tx.InsertCycle(&other) })
		if due := w.due(time.Unix(0, 0)); len(due) != 2 {
			t.Errorf("due are %v, want both that were never planned", due)
		}
		version, next := w.snapshot().Cycle.Version, w.now.Add(time.Hour)
		if w.note(version-1, next, "a") || len(w.due(w.now)) != 2 {
			t.Error("a plan of another version was noted")
		}
		if !w.note(version, next, "a") {
			t.Error("a plan was not noted")
		}
		if due := w.due(next.Add(-time.Millisecond)); !slices.Equal(due, []string{other.ID}) {
			t.Errorf("before its next instant due are %v", due)
		}
		if due := w.due(next); !slices.Equal(due, []string{other.ID, w.cycle.ID}) {
			t.Errorf("at its next instant due are %v, want who waited longest first", due)
		}
		if c := w.snapshot().Cycle; !c.PlannedTo.Equal(w.now) || c.Version != version {
			t.Errorf("noted, it is %+v", c)
		}
		w.do(func(tx *store.Tx) error { return tx.VoidPlans("a") })
		if due := w.due(w.now); len(due) != 1 {
			t.Errorf("the same planner voided plans: due are %v", due)
		}
		w.do(func(tx *store.Tx) error { return tx.VoidPlans("b") })
		if due := w.due(w.now); len(due) != 2 {
			t.Errorf("another planner didn't void plans: due are %v", due)
		}
		w.note(version, time.Time{}, "b")
		if due := w.due(w.now.AddDate(1000, 0, 0)); !slices.Equal(due, []string{other.ID}) {
			t.Errorf("nothing more is to come, but due are %v", due)
		}
		w.refused(store.ErrNotFound, func(tx *store.Tx) error { return tx.Touch("none") })
	})
}

func TestAnIdleTickIsAnIndexLookUp(t *testing.T) {
	s := storetest.Open(t, store.Options{})
	for query, want := range map[string]string{
		`SELECT id FROM cycle WHERE next_due <= $1 ORDER BY next_due LIMIT $2`:                        "INDEX cycle_next_due (next_due<?)",
		`SELECT EXISTS (SELECT 1 FROM message WHERE state = 'planned' AND due <= $1)`:                 "INDEX message_waiting (due<?)",
		`SELECT id FROM message WHERE due <= $1 AND state = 'planned' ORDER BY due, put, key LIMIT 1`: "INDEX message_waiting (due<?)",
	} {
		mustView(t, s, func(tx *store.Tx) error {
			rows, err := tx.Query("EXPLAIN QUERY PLAN "+query, 1, 2)
			if err != nil {
				return err
			}
			defer rows.Close()
			var plan []string
			for rows.Next() {
				var id, parent, unused int
				var detail string
				if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
					return err
				}
				plan = append(plan, detail)
			}
			if text := strings.Join(plan, "; "); !strings.Contains(text, want) || strings.Contains(text, "TEMP") {
				t.Errorf("%s: the plan is %q, want %q", query, text, want)
			}
			return rows.Err()
		})
	}
}

// An act is a write of the walk below, at random in what it does. Its errors are
// refusals: nothing happened.
type act func(w *world, tx *store.Tx, r *rand.Rand) error

// acts are all writes of a Tx, by method. Those of unplanned no plan reads.
var acts = map[string]act{
	"UpdateCycle": func(w *world, tx *store.Tx, r *rand.Rand) error {
		c := w.cycle
		c.Minimum, c.Zone, c.Rules.Pace = 1+r.IntN(9), pick(r, "Europe/Belgrade", "Europe/Lisbon"), r.IntN(9)
		return tx.UpdateCycle(c)
	},
	"InsertPerson": func(w *world, tx *store.Tx, r *rand.Rand) error {
		return tx.InsertPerson(&store.Person{Slug: pick(r, "new-1", "new-2")})
	},
	"UpdatePerson": func(w *world, tx *store.Tx, r *rand.Rand) error {
		p := anybody(w, r)
		p.City, p.Zone, p.Language = pick(r, "Skopje", "Tirana"), pick(r, "", "Asia/Tbilisi"), pick(r, "", "en")
		return tx.UpdatePerson(p)
	},
	"ChooseLanguage": func(w *world, tx *store.Tx, r *rand.Rand) error {
		return tx.ChooseLanguage(anybody(w, r).ID, pick(r, "en", "sr-Latn"))
	},
	"ChooseZone": func(w *world, tx *store.Tx, r *rand.Rand) error {
		return tx.ChooseZone(anybody(w, r).ID, pick(r, "Europe/Paris", "Asia/Tbilisi"))
	},
	"ChooseQuiet": func(w *world, tx *store.Tx, r *rand.Rand) error {
		return tx.ChooseQuiet(anybody(w, r).ID, store.Quiet{Start: store.Clock(r.IntN(3)), End: 5})
	},
	"Pause": func(w *world, tx *store.Tx, r *rand.Rand) error {
		return tx.Pause(anybody(w, r).ID, w.now.Add(time.Duration(r.IntN(3))*time.Hour))
	},
	"RemovePerson": func(w *world, tx *store.Tx, r *rand.Rand) error {
		p, err := tx.PersonBySlug(pick(r, "new-1", "new-2"))
		if err != nil {
			return err
		}
		return tx.RemovePerson(p.ID)
	},
	"PutMember": func(w *world, tx *store.Tx, r *rand.Rand) error {
		p, err := tx.PersonBySlug(pick(r, "new-1", "new-2"))
		if err != nil {
			return err
		}
		return tx.PutMember(store.Member{CycleID: w.cycle.ID, PersonID: p.ID, Role: pick(r, store.Mentee, store.Mentor)})
	},
	"Join":  func(w *world, tx *store.Tx, r *rand.Rand) error { return tx.Join(w.cycle.ID, anybody(w, r).ID) },
	"Leave": func(w *world, tx *store.Tx, r *rand.Rand) error { return tx.Leave(w.cycle.ID, anybody(w, r).ID) },
	"ErasePerson": func(w *world, tx *store.Tx, r *rand.Rand) error {
		p, err := tx.PersonBySlug(pick(r, "new-1", "new-2"))
		if err != nil {
			return err
		}
		return tx.ErasePerson(p.ID)
	},
	"Return": func(w *world, tx *store.Tx, r *rand.Rand) error { return tx.Return(w.cycle.ID, anybody(w, r).ID) },
	"RestoreLeave": func(w *world, tx *store.Tx, r *rand.Rand) error {
		m, err := tx.Member(w.cycle.ID, anybody(w, r).ID)
		if m.LeftAt = w.now.Add(-time.Hour); err != nil {
			return err
		}
		return tx.RestoreLeave(m)
	},
	"RemoveMember": func(w *world, tx *store.Tx, r *rand.Rand) error {
		p, err := tx.PersonBySlug(pick(r, "new-1", "new-2"))
		if err != nil {
			return err
		}
		return tx.RemoveMember(w.cycle.ID, p.ID)
	},
	"InsertPair": func(w *world, tx *store.Tx, r *rand.Rand) error {
		p, err := tx.PersonBySlug(pick(r, "spare-mentee-0", "spare-mentee-1"))
		if err != nil {
			return err
		}
		return tx.InsertPair(&store.Pair{CycleID: w.cycle.ID, MentorID: w.mentor.ID, MenteeID: p.ID})
	},
	"EndPair": func(w *world, tx *store.Tx, r *rand.Rand) error { return tx.EndPair(w.secondPair.ID) },
	"ReopenPair": func(w *world, tx *store.Tx, r *rand.Rand) error {
		return tx.ReopenPair(w.secondPair.ID)
	},
	"RestorePair": func(w *world, tx *store.Tx, r *rand.Rand) error {
		p := w.secondPair
		if r.IntN(2) == 0 {
			p.EndedAt = w.now.Add(-time.Hour)
		}
		p.Since = w.now.Add(-time.Duration(r.IntN(500)) * time.Hour)
		return tx.RestorePair(p)
	},
	"RemovePair": func(w *world, tx *store.Tx, r *rand.Rand) error {
		pairs, err := tx.Pairs(w.cycle.ID)
		for _, p := range pairs {
			if traces, _ := tx.PairTraces(p.ID); traces.None() && p.ID != w.pair.ID && p.ID != w.secondPair.ID {
				return tx.RemovePair(p.ID)
			}
		}
		return errors.Join(err, errRefused)
	},
	"Agree": func(w *world, tx *store.Tx, r *rand.Rand) error {
		_, err := tx.Agree(anyPair(w, r), w.now.Add(time.Duration(r.IntN(200))*time.Hour), time.Hour, w.mentor.ID)
		return err
	},
	"Log": func(w *world, tx *store.Tx, r *rand.Rand) error {
		day := store.DateOf(w.now) - store.Date(r.IntN(30))
		_, err := tx.Log(anyPair(w, r), day, time.Hour, w.mentor.ID)
		return err
	},
	"LogOf": func(w *world, tx *store.Tx, r *rand.Rand) error {
		c, err := tx.PairSnapshot(anyPair(w, r))
		if err == nil {
			_, err = tx.LogOf(c, store.DateOf(w.now)-store.Date(r.IntN(30)), time.Hour, w.mentor.ID)
		}
		return err
	},
	"Move": onMeeting(func(w *world, tx *store.Tx, id string) error {
		return tx.Move(id, w.now.Add(time.Duration(w.now.Nanosecond()%50)*time.Hour))
	}),
	"Confirm": onLogged(func(w *world, tx *store.Tx, id string) error { return tx.Confirm(id, w.mentee.ID) }),
	"Dispute": onLogged(func(w *world, tx *store.Tx, id string) error { return tx.Dispute(id, w.mentee.ID) }),
	"Settle": onLogged(func(w *world, tx *store.Tx, id string) error {
		return tx.Settle(id, w.now.Unix()%2 == 0)
	}),
	"Cancel": onMeeting(func(w *world, tx *store.Tx, id string) error {
		if w.now.Unix()%3 > 0 {
			return errRefused // else few would stay
		}
		return tx.Cancel(id)
	}),
	"RestoreMeeting": onLogged(func(w *world, tx *store.Tx, id string) error {
		m, err := tx.Meeting(id)
		if err != nil {
			return err
		}
		if m.ConfirmedAt, m.DisputedAt = m.DisputedAt, m.ConfirmedAt; m.DisputedAt.IsZero() {
			m.DisputedBy = ""
		}
		return tx.RestoreMeeting(m)
	}),
	"InsertSession": func(w *world, tx *store.Tx, r *rand.Rand) error {
		at := (today + store.Date(r.IntN(100))).At(600)
		return tx.InsertSession(&store.Session{CycleID: w.cycle.ID, Slug: pick(r, "s-1", "s-2", "s-3"), At: at})
	},
	"UpdateSession": onSession(func(w *world, tx *store.Tx, s store.Session) error {
		s.Title, s.Where = w.now.String(), "elsewhere"
		return tx.UpdateSession(s)
	}),
	"MoveSession": onSession(func(w *world, tx *store.Tx, s store.Session) error {
		s.At.Date += store.Date(w.now.Unix() % 5)
		if s.Slug == "past" {
			return errRefused // it stays where attendance can be taken
		}
		return tx.MoveSession(s.ID, s.At)
	}),
	"CancelSession": onSession(func(w *world, tx *store.Tx, s store.Session) error {
		if s.ID == w.session.ID || s.Slug == "past" {
			return errRefused // they stay, for the others to act on
		}
		return tx.CancelSession(s.ID)
	}),
	"RestoreSession": onSession(func(w *world, tx *store.Tx, s store.Session) error { return tx.RestoreSession(s.ID) }),
	"RecancelSession": onSession(func(w *world, tx *store.Tx, s store.Session) error {
		if s.ID == w.session.ID || s.Slug == "past" {
			return errRefused
		}
		s.CancelledAt = w.now.Add(-time.Hour)
		return tx.RecancelSession(s)
	}),
	"RemoveSession": onSession(func(w *world, tx *store.Tx, s store.Session) error {
		if s.ID == w.session.ID || s.Slug == "past" {
			return errRefused
		}
		return tx.RemoveSession(s.ID)
	}),
	"AnswerSession": onSession(func(w *world, tx *store.Tx, s store.Session) error {
		if s.ID != w.session.ID && s.Slug != "s-1" {
			return errRefused // what was answered can't be removed any more
		}
		return tx.AnswerSession(s.ID, w.mentee.ID, w.now.Unix()%2 == 0, w.mentee.ID)
	}),
	"TakeAttendance": func(w *world, tx *store.Tx, r *rand.Rand) error {
		sessions, err := tx.Sessions(w.cycle.ID)
		for _, s := range sessions {
			if s.Slug == "past" {
				return tx.TakeAttendance(s.ID, []string{w.mentee.ID}, w.coordinator.ID)
			}
		}
		return errors.Join(err, errRefused)
	},
	"NotePresent": func(w *world, tx *store.Tx, r *rand.Rand) error {
		sessions, err := tx.Sessions(w.cycle.ID)
		for _, s := range sessions {
			if s.Slug == "past" {
				return tx.NotePresent(s.ID, anybody(w, r).ID, r.IntN(2) == 0, w.coordinator.ID)
			}
		}
		return errors.Join(err, errRefused)
	},
	"PutSessionBack": onSession(func(w *world, tx *store.Tx, s store.Session) error {
		s.At.Date += store.Date(w.now.Unix()%3) - 1
		s.Revision = max(1, s.Revision-1)
		return tx.PutSessionBack(s)
	}),
	"PutEventBack": onEvent(func(w *world, tx *store.Tx, e store.Event) error {
		e.To++
		e.Revision = max(1, e.Revision-1)
		return tx.PutEventBack(e)
	}),
	"InsertEvent": func(w *world, tx *store.Tx, r *rand.Rand) error {
		day := today + store.Date(r.IntN(100))
		return tx.InsertEvent(&store.Event{CycleID: w.cycle.ID, Slug: pick(r, "e-1", "e-2", "e-3"), From: day, To: day})
	},
	"UpdateEvent": onEvent(func(w *world, tx *store.Tx, e store.Event) error {
		e.Place, e.Agenda = w.now.String(), []store.AgendaItem{{At: e.From.At(0), Title: "Lunch"}}
		return tx.UpdateEvent(e)
	}),
	"MoveEvent": onEvent(func(w *world, tx *store.Tx, e store.Event) error {
		return tx.MoveEvent(e.ID, e.From+store.Date(w.now.Unix()%5), e.To+5)
	}),
	"CancelEvent": onEvent(func(w *world, tx *store.Tx, e store.Event) error {
		if e.ID == w.event.ID {
			return errRefused
		}
		return tx.CancelEvent(e.ID)
	}),
	"RecancelEvent": onEvent(func(w *world, tx *store.Tx, e store.Event) error {
		if e.ID == w.event.ID {
			return errRefused
		}
		e.CancelledAt = w.now.Add(-time.Hour)
		return tx.RecancelEvent(e)
	}),
	"RestoreEvent": onEvent(func(w *world, tx *store.Tx, e store.Event) error { return tx.RestoreEvent(e.ID) }),
	"RemoveEvent": onEvent(func(w *world, tx *store.Tx, e store.Event) error {
		if e.ID == w.event.ID {
			return errRefused
		}
		return tx.RemoveEvent(e.ID)
	}),
	"InsertAnnouncement": func(w *world, tx *store.Tx, r *rand.Rand) error {
		return tx.InsertAnnouncement(&store.Announcement{
			CycleID: w.cycle.ID, AuthorID: w.coordinator.ID, Audience: store.AudienceEveryone,
			State: pick(r, store.AnnouncementDraft, store.AnnouncementScheduled), Due: w.now,
		})
	},
	"UpdateAnnouncement": func(w *world, tx *store.Tx, r *rand.Rand) error {
		a, err := anyAnnouncement(w, tx, r)
		if err != nil {
			return err
		}
		a.State = pick(r, a.State, store.AnnouncementScheduled, store.AnnouncementSent, store.AnnouncementWithdrawn)
		a.Due = w.now.Add(time.Duration(r.IntN(3)) * time.Hour)
		return tx.UpdateAnnouncement(a)
	},
	"LinkGroup": func(w *world, tx *store.Tx, r *rand.Rand) error {
		bot := store.Bot{Platform: "telegram", Name: "walk"}
		g := store.Group{CycleID: w.cycle.ID, ChatID: pick(r, "group-1", "group-2"), Title: pick(r, "", "Us", "All of us")}
		if err := tx.PutBot(&bot); err != nil {
			return err
		}
		g.BotID = bot.ID
		return tx.LinkGroup(&g)
	},
	"UpdateGroup": onGroup(func(w *world, tx *store.Tx, g store.Group) error {
		g.Announcements, g.Reminders = w.now.Unix()%2 == 0, w.now.Unix()%3 == 0
		return tx.UpdateGroup(g)
	}),
	"SetGroupReachable": onGroup(func(_ *world, tx *store.Tx, g store.Group) error {
		_, err := tx.SetGroupReachable(g.ID, !g.Reachable, "left")
		return err
	}),
	"UnlinkGroup": onGroup(func(_ *world, tx *store.Tx, g store.Group) error { return tx.UnlinkGroup(g.ID) }),
	"AnswerEvent": onEvent(func(w *world, tx *store.Tx, e store.Event) error {
		if e.ID != w.event.ID && e.Slug != "e-1" {
			return errRefused // as of sessions
		}
		return tx.AnswerEvent(e.ID, w.mentee.ID, w.now.Unix()%2 == 0, "", w.mentee.ID)
	}),
}

// onGroup is an act on any group.
func onGroup(do func(w *world, tx *store.Tx, g store.Group) error) act {
	return func(w *world, tx *store.Tx, r *rand.Rand) error {
		all, err := tx.Groups(w.cycle.ID)
		if err != nil || len(all) == 0 {
			return errors.Join(err, errRefused)
		}
		return do(w, tx, pick(r, all...))
	}
}

// anyAnnouncement is one that may still change, or an error that refuses.
func anyAnnouncement(w *world, tx *store.Tx, r *rand.Rand) (store.Announcement, error) {
	all, err := tx.Announcements(w.cycle.ID)
	all = slices.DeleteFunc(all, func(a store.Announcement) bool { return a.State == store.AnnouncementWithdrawn })
	if err != nil || len(all) == 0 {
		return store.Announcement{}, errors.Join(err, errRefused)
	}
	return pick(r, all...), nil
}

// unplanned are the writes of a Tx that change nothing that a plan reads of a cycle
// there is, or that plans are made of.
var unplanned = []string{
	"SetProgram", "InsertCycle", "PutBot", "LinkAccount", "UnlinkAccount", "PreferAccount", "SetReachable", "MoveChat", "TakeEventAttendance", "NoteEventPresent", "Withdraw", "GiveWay", "ComeBack",
	"ShowName", "InsertEntry", "UndoEntry", "NoteRead", "PutAttachments", "TellStatus", "PutReferences", "NewInvitation", "NewAppCode", "VoidInvitations", "NewFeed", "StopFeed", "NoteWrongTry", "ForgetWrongTries",
	"MarkAnnounced", // by the plan, which has seen to them
	"Redeem", "NoteHandled", "NoteReplySent", "NoteReplyForgotten",
	"ForgetHandled", "Ask", "DropQuestion", "ForgetQuestions",
	"Touch", "TouchPerson", "NotePlanned", "VoidPlans", "Enqueue",
	"HoldSince", "CloseHold", "SendHeld", "DropHeld", // TestHolds looks after them
}

// reads are the methods of a Tx that write nothing.
var reads = []string{
	"Now", "Program", "Cycles", "Cycle", "CycleBySlug", "DueCycles", "NextCycle", "Version", "Zones", "Person", "PersonBySlug", "People", "Members",
	"Memberships", "Member", "Pairs", "Pair", "Meetings", "MeetingsOf", "Meeting", "Sessions", "Session", "Events",
	"Event", "Answers", "Attendance", "Accounts", "Unreachable", "AccountOf", "Bots", "Groups", "Group", "GroupOf", "GroupsIn", "Announcements",
	"Announcement", "Attachments", "Messages", "Message", "NextMessage", "References", "Handled", "UnsentReplies",
	"Question", "Record", "Snapshot", "PairSnapshot", "PairsOf", "Standings", "Identify", "Entry", "Entries", "EntriesOf", "Readers", "Tally", "KeyFits", "Invitations", "Feed", "FeedOf", "AnswersOf", "WrongTries", "SessionTraces", "EventTraces", "PairTraces", "MemberTraces", "PersonTraces",
	"Exec", "Query", "Row", "SkipLocked", "Clock", // of the tests
}

func TestEveryMethodIsKnownToTheWalk(t *testing.T) {
	tx := reflect.TypeFor[*store.Tx]()
	for i := range tx.NumMethod() {
		name := tx.Method(i).Name
		if _, walked := acts[name]; !walked && !slices.Contains(reads, name) && !slices.Contains(unplanned, name) {
			t.Errorf("Tx.%s is new: put it into acts, unless no plan reads what it writes", name)
		}
	}
}

// TestEveryChangeVoidsThePlan walks through all writes at random: whichever changes
// what a plan reads raises the cycle's version and makes it due at once.
func TestEveryChangeVoidsThePlan(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		w := newWorld(t, func(o store.Options) *store.Store { return storetest.Open(t, o) })
		const fewest, most = 30, 1000 // rounds; acts that need others first may take their time
		changed, rounds := map[string]int{}, 0
		idle := func() []string { // the acts of which the walk says nothing yet
			return slices.DeleteFunc(slices.Sorted(maps.Keys(acts)), func(name string) bool {
				return changed[name] > 0 || name == "InsertPerson" // who becomes a member by another act
			})
		}
		r := prepare(w)
		for rounds < fewest || rounds < most && len(idle()) > 0 {
			round(w, r, changed)
			rounds++
		}
		if names := idle(); len(names) > 0 {
			t.Errorf("in %d rounds %v never changed what a plan reads: the walk says nothing of them", rounds, names)
		}
	})
	t.Run("postgres", func(t *testing.T) {
		address := storetest.Postgres(t)
		w := newWorld(t, func(o store.Options) *store.Store {
			o.Database = address
			s, err := store.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			return s
		})
		r := prepare(w)
		for range 4 {
			round(w, r, map[string]int{})
		}
	})
}

// prepare makes what the acts need, and returns the walk's chance.
func prepare(w *world) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	w.Log("seed", seed)
	w.do(func(tx *store.Tx) error {
		pairs, err := populate(tx, w.cycle.ID, "spare", 2)
		for _, p := range pairs {
			err = errors.Join(err, tx.RemovePair(p.ID))
		}
		past := store.Session{CycleID: w.cycle.ID, Slug: "past", At: w.cycle.Starts.At(0)}
		return errors.Join(err, tx.InsertSession(&past))
	})
	return rand.New(rand.NewPCG(seed, 0))
}

// round does every act once, in any order, and counts those that changed what a plan
// reads.
func round(w *world, r *rand.Rand, changed map[string]int) {
	names := slices.Sorted(maps.Keys(acts))
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names {
		w.now = w.now.Add(time.Duration(r.Int64N(int64(time.Hour)))).Truncate(time.Millisecond)
		if step(w, name, r) {
			changed[name]++
		}
	}
}

// step acts once and reports whether it changed what a plan reads.
func step(w *world, name string, r *rand.Rand) (changed bool) {
	w.Helper()
	w.plan()
	before := w.snapshot()
	err := w.try(func(tx *store.Tx) error { return acts[name](w, tx, r) })
	after := w.snapshot()
	raised, due := after.Cycle.Version > before.Cycle.Version, len(w.due(w.now)) > 0
	after.Cycle.Version = before.Cycle.Version
	diff := gocmp.Diff(before, after)
	switch {
	case err != nil && (diff != "" || raised || due):
		w.Errorf("%s was refused (%v) but changed: %s", name, err, diff)
	case diff != "" && (!raised || !due):
		w.Errorf("%s: version raised %v, due %v, although it changed: %s", name, raised, due, diff)
	}
	return diff != ""
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func anybody(w *world, r *rand.Rand) store.Person {
	return pick(r, w.mentor, w.mentee, w.second, w.coordinator)
}

func anyPair(w *world, r *rand.Rand) string {
	return pick(r, w.pair, w.secondPair).ID
}

func onMeeting(f func(*world, *store.Tx, string) error) act {
	return func(w *world, tx *store.Tx, r *rand.Rand) error {
		meetings, err := tx.Meetings(w.cycle.ID)
		if err != nil || len(meetings) == 0 {
			return errors.Join(err, errRefused)
		}
		return f(w, tx, pick(r, meetings...).ID)
	}
}

// onLogged acts on a meeting that the mentor has logged for the first pair.
func onLogged(f func(*world, *store.Tx, string) error) act {
	return func(w *world, tx *store.Tx, r *rand.Rand) error {
		meetings, err := tx.MeetingsOf(w.pair.ID)
		meetings = slices.DeleteFunc(meetings, func(m store.Meeting) bool { return m.State != store.Held })
		if err != nil || len(meetings) == 0 {
			return errors.Join(err, errRefused)
		}
		return f(w, tx, pick(r, meetings...).ID)
	}
}

func onSession(f func(*world, *store.Tx, store.Session) error) act {
	return func(w *world, tx *store.Tx, r *rand.Rand) error {
		sessions, err := tx.Sessions(w.cycle.ID)
		if err != nil {
			return err
		}
		return f(w, tx, pick(r, sessions...))
	}
}

func onEvent(f func(*world, *store.Tx, store.Event) error) act {
	return func(w *world, tx *store.Tx, r *rand.Rand) error {
		events, err := tx.Events(w.cycle.ID)
		if err != nil {
			return err
		}
		return f(w, tx, pick(r, events...))
	}
}
