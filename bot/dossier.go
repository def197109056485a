package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// write writes all of it, a section for each kind of thing that is kept.
func (d *dossier) write() error {
	program, err := d.tx.Program()
	if err != nil {
		return err
	}
	fmt.Fprintln(&d.text, d.word("data.title", locale.Args{"Program": oneLine(program.Name), "Name": oneLine(d.to.Name)}))
	fmt.Fprintln(&d.text, d.word("data.as-of", locale.Args{"When": d.when(d.now), "City": d.city(d.zone)}))
	d.you()
	if err := d.appsKept(); err != nil {
		return err
	}
	d.invitations()
	d.cycles()
	d.pairsKept()
	d.meetings()
	d.answers()
	d.attended()
	if err := d.announcements(); err != nil {
		return err
	}
	d.messagesKept()
	d.journal()
	d.brief()
	return nil
}

func (d *dossier) you() {
	p := &d.r.Person
	quiet := d.word("quiet.none", nil)
	if q := d.quiet(); !q.None() {
		quiet = d.word("quiet.hours", quietArgs(q))
	}
	d.field("data.name", p.Name)
	d.field("data.slug", p.Slug)
	d.field("data.city", p.City)
	d.field("data.country", p.Country)
	d.field("data.language", d.inItself(d.language)+d.chosen(p.LanguageChosen))
	d.field("data.zone", d.zone.String()+d.chosen(p.ZoneChosen))
	d.field("data.quiet", quiet+d.chosen(p.QuietChosen))
	d.field("data.paused", d.when(p.PausedUntil))
	d.field("data.shows-name", d.yes(p.ShowsName)+d.chosen(p.NameChosen))
	d.section("data.you")
}

// chosen says that the person has chosen something.
func (d *dossier) chosen(chosen bool) string {
	if !chosen {
		return ""
	}
	return " (" + d.word("data.chosen", nil) + ")"
}

func (d *dossier) appsKept() error {
	names, err := d.appNames(d.r.Accounts)
	if err != nil {
		return err
	}
	for i := range d.r.Accounts {
		a := &d.r.Accounts[i]
		first, unreachable := "", ""
		if a.First {
			first = d.word("data.app-first", nil)
		}
		if !a.Reachable {
			unreachable = d.word("data.app-unreachable", locale.Args{"Why": a.Reason})
		}
		d.line(d.word("data.app", locale.Args{"App": names[i], "When": d.when(a.CreatedAt), "User": a.UserID, "Chat": a.ChatID}),
			first, unreachable)
	}
	d.section("data.apps")
	return nil
}

func (d *dossier) invitations() {
	for _, i := range d.r.Invitations {
		d.line(d.word("data.invitation", locale.Args{"When": d.when(i.CreatedAt), "Until": d.when(i.Expires)}),
			d.ever("data.invitation-used", i.UsedAt, ""))
	}
	if made := d.ever("data.calendar", d.r.CalendarSince, ""); made != "" {
		d.line(made)
	}
	d.section("data.invitations")
}

// roleNames are the ids of what roles are called.
var roleNames = map[store.Role]string{
	store.Mentee: "data.role-mentee", store.Mentor: "data.role-mentor", store.Coordinator: "data.role-coordinator",
}

func (d *dossier) cycles() {
	for i := range d.r.Parts {
		p := &d.r.Parts[i]
		d.line(oneLine(p.Cycle.Title)+": "+d.word(roleNames[p.Role], nil),
			d.ever("data.joined", p.JoinedAt, ""), d.ever("data.left", p.LeftAt, ""))
	}
	d.section("data.cycles")
}

func (d *dossier) cycleTitle(cycleID string) string {
	for i := range d.r.Parts {
		if d.r.Parts[i].CycleID == cycleID {
			return oneLine(d.r.Parts[i].Cycle.Title)
		}
	}
	return ""
}

func (d *dossier) pairsKept() {
	slices.SortFunc(d.r.Pairs, func(a, b store.Pair) int { return strings.Compare(d.partnerOf(a.ID), d.partnerOf(b.ID)) })
	for i := range d.r.Pairs {
		p := &d.r.Pairs[i]
		d.line(d.by(p.MentorID)+" – "+d.by(p.MenteeID)+" ("+d.cycleTitle(p.CycleID)+")", d.ever("data.ended", p.EndedAt, ""))
	}
	d.section("data.pairs")
}

// meetingStates are the ids of what states of meetings are called.
var meetingStates = map[store.MeetingState]string{
	store.Proposed: "data.meeting-proposed", store.Agreed: "data.meeting-agreed",
	store.Held: "data.meeting-held", store.Cancelled: "data.meeting-cancelled",
}

func (d *dossier) meetings() {
	slices.SortStableFunc(d.r.Meetings, func(a, b store.Meeting) int {
		if a.PairID == b.PairID {
			return a.Number - b.Number
		}
		return strings.Compare(d.partnerOf(a.PairID), d.partnerOf(b.PairID))
	})
	for i := range d.r.Meetings {
		m := &d.r.Meetings[i]
		d.line(d.word("data.meeting", locale.Args{
			"Number": m.Number, "Partner": d.partnerOf(m.PairID), "Day": d.dated(m.Day), "Length": d.length(m.Length).Plain(),
			"State": d.word(meetingStates[m.State], nil),
		}),
			d.ever("data.at", m.At, ""), d.ever("data.agreed", m.AgreedAt, d.by(m.ProposedBy)),
			d.ever("data.logged", m.LoggedAt, d.by(m.LoggedBy)), d.ever("data.confirmed", m.ConfirmedAt, ""),
			d.ever("data.disputed", m.DisputedAt, d.by(m.DisputedBy)), d.ever("data.cancelled", m.CancelledAt, ""))
	}
	d.section("data.meetings")
}

func (d *dossier) partnerOf(pairID string) string {
	for i := range d.r.Pairs {
		if p := &d.r.Pairs[i]; p.ID == pairID {
			partner, _ := p.Partner(d.me())
			return d.by(partner)
		}
	}
	return ""
}

func (d *dossier) answers() {
	for _, a := range d.r.Answers {
		said := d.word("data.not-coming", nil)
		if a.Coming {
			said = d.word("data.coming", nil)
		}
		form := ""
		if a.Form != "" {
			form = d.word("data.form", locale.Args{"Form": oneLine(a.Form)})
		}
		d.line(d.titleOf(a.SubjectID)+": "+said, d.ever("data.noted", a.At, d.by(a.By)), form)
	}
	d.section("data.answers")
}

func (d *dossier) attended() {
	for _, a := range d.r.Attendance {
		d.line(d.titleOf(a.SubjectID)+", "+d.dated(a.Day), d.ever("data.noted", a.At, d.by(a.By)))
	}
	d.section("data.attendance")
}

// announcementStates are the ids of what states of announcements are called.
var announcementStates = map[string]string{
	store.AnnouncementDraft: "data.announcement-draft", store.AnnouncementScheduled: "data.announcement-scheduled",
	store.AnnouncementSent: "data.announcement-sent", store.AnnouncementWithdrawn: "data.announcement-withdrawn",
}

// announcements are those that the person has written, and has read.
func (d *dossier) announcements() error {
	for _, a := range d.r.Announcements {
		parts := []string{d.word(announcementStates[a.State], nil), d.when(a.Due), oneLine(a.Text)}
		for _, f := range d.r.Attachments[a.ID] {
			parts = append(parts, f.Name)
		}
		d.line(parts...)
	}
	d.section("data.written")
	for _, r := range d.r.Readings {
		a, err := d.tx.Announcement(r.AnnouncementID)
		if err != nil {
			return err
		}
		d.line(d.when(r.At) + ": " + shorten(oneLine(a.Text), 80))
	}
	d.section("data.readings")
	return nil
}

// kindNames are the ids of what kinds of messages are called.
var kindNames = map[store.Kind]string{
	store.KindSession: "data.kind-session", store.KindMeeting: "data.kind-meeting", store.KindPace: "data.kind-pace",
	store.KindEvent: "data.kind-event", store.KindDigest: "data.kind-digest", store.KindTrouble: "data.kind-trouble",
	store.KindAttendance: "data.kind-attendance", store.KindNext: "data.kind-next", store.KindConfirm: "data.kind-confirm",
	store.KindAnnouncement: "data.kind-announcement", store.KindChange: "data.kind-change", store.KindPair: "data.kind-pair",
	store.KindLeft: "data.kind-left", store.KindDispute: "data.kind-dispute", store.KindNote: "data.kind-note", store.KindApp: "data.kind-app",
	store.KindRestored: "data.kind-restored", store.KindGroup: "data.kind-group",
}

// messageStates are the ids of what became of a message.
var messageStates = map[store.MessageState]string{
	store.Planned: "data.message-planned", store.Sent: "data.message-sent", store.Withdrawn: "data.message-withdrawn",
	store.Missed: "data.message-missed", store.Failed: "data.message-failed", store.OnHold: "data.message-held",
}

func (d *dossier) messagesKept() {
	standing := map[string]int{}
	for _, r := range d.r.References {
		standing[r.MessageID]++
	}
	for i := range d.r.Messages {
		m := &d.r.Messages[i]
		at := m.Due
		if !m.SettledAt.IsZero() {
			at = m.SettledAt
		}
		where := ""
		if n := standing[m.ID]; n > 0 {
			where = d.word("data.references", locale.Args{"N": n})
		}
		d.line(d.when(at)+": "+d.word(kindNames[m.Kind], nil)+", "+d.word(messageStates[m.State], nil), where)
	}
	d.section("data.messages")
}

// journal lists what the person has done, and what was done for or about them.
func (d *dossier) journal() {
	for _, e := range d.r.Entries {
		acted := ""
		if e.For != "" {
			acted = d.word("data.entry-for", locale.Args{"Who": d.by(e.For)})
		}
		d.line(d.when(e.At)+": "+d.did(e.What)+d.inCycle(e.CycleID),
			d.word("data.entry-by", locale.Args{"Who": d.by(e.By)}), acted, d.ever("data.entry-undone", e.UndoneAt, d.by(e.UndoneBy)))
	}
	d.section("data.journal")
}

// deedKinds are the ids of what is in the journal, by what its codes begin with.
var deedKinds = map[string]string{
	"log": "data.did-log", "settle": "data.did-settle", "leave": "data.did-leave", "answer": "data.did-answer",
	"attendance": "data.did-attendance", "invite": "data.did-invite", "nudge": "data.did-nudge", "session": "data.did-session",
	"announce": "data.did-announce", "event": "data.did-event", "agenda": "data.did-event", "pair": "data.did-pair", "person": "data.did-person",
	"held":     "data.did-held",
	"calendar": "data.did-calendar",
	"group":    "data.did-group",
}

// did says what kind of thing was done.
func (d *dossier) did(code string) string {
	noun, _, _ := strings.Cut(code, "-")
	if id, ok := deedKinds[noun]; ok {
		return d.word(id, nil)
	}
	return d.word("data.did-other", nil)
}

// inCycle says in which of the person's cycles something was, if it was in one.
func (d *dossier) inCycle(cycleID string) string {
	if title := d.cycleTitle(cycleID); title != "" {
		return " (" + title + ")"
	}
	return ""
}

// brief counts what goes by itself after a while.
func (d *dossier) brief() {
	d.field("data.questions", strconv.Itoa(d.r.Questions))
	d.field("data.requests", strconv.Itoa(d.r.Requests))
	d.field("data.wrong-tries", strconv.Itoa(d.r.WrongTries))
	d.section("data.brief")
}
