package store

import (
	"slices"
	"strings"
)

// gonePrefix begins the slug of a person whose data was erased; their id follows.
const gonePrefix = "gone-"

// Erased reports whether a person's data was erased.
func (p *Person) Erased() bool { return p.Name == "" && strings.HasPrefix(p.Slug, gonePrefix) }

// ErasePerson deletes what is kept of a person but for what the programme must keep:
// that somebody had their part in a cycle, its pairs and meetings, said that they come,
// and was there. Nothing of it says any more who that was. They have left their cycles.
//
// Of what was done in these cycles before, what undoing needs goes too wherever it may
// speak of them: that can't be undone any more.
func (tx *Tx) ErasePerson(id string) error {
	p, err := tx.Person(id)
	if err != nil {
		return err
	}
	for _, step := range []func(*Person) error{
		tx.eraseChats, tx.eraseRows, tx.eraseAsides, tx.eraseAnnouncements, tx.renameInOutbox, tx.eraseName,
	} {
		if err := step(&p); err != nil {
			return err
		}
	}
	return tx.TouchPerson(id)
}

// eraseChats deletes what is known by a person's accounts, and these.
func (tx *Tx) eraseChats(p *Person) error {
	accounts, err := tx.Accounts(p.ID)
	if err != nil {
		return err
	}
	for i := range accounts {
		if err := tx.eraseChat(&accounts[i]); err != nil {
			return err
		}
	}
	return nil
}

// eraseChat deletes what is remembered of an account's chat.
func (tx *Tx) eraseChat(a *Account) error {
	err := tx.runEach("erase chat", []any{a.BotID, a.UserID},
		`DELETE FROM question WHERE bot_id = $1 AND user_id = $2`,
		`DELETE FROM wrong_try WHERE bot_id = $1 AND user_id = $2`)
	if err != nil {
		return err
	}
	return tx.runEach("erase chat", []any{a.BotID, a.ChatID},
		`DELETE FROM question WHERE bot_id = $1 AND chat_id = $2`,
		`DELETE FROM handled WHERE bot_id = $1 AND chat_id = $2`)
}

// eraseRows deletes or empties what belongs to a person by their id.
func (tx *Tx) eraseRows(p *Person) error {
	return tx.runEach("erase rows of person", []any{p.ID},
		`DELETE FROM account WHERE person_id = $1`,
		`DELETE FROM invitation WHERE person_id = $1`,
		`DELETE FROM feed WHERE person_id = $1`,
		`DELETE FROM reading WHERE person_id = $1`,
		`DELETE FROM reference WHERE message_id IN (SELECT id FROM message WHERE person_id = $1)`,
		`DELETE FROM message WHERE person_id = $1`,
		`UPDATE answer SET form = '' WHERE person_id = $1`,
		`UPDATE journal SET undo = '' WHERE done_by = $1 OR done_for = $1 OR subject = $1
			OR cycle_id IN (SELECT cycle_id FROM member WHERE person_id = $1) AND what NOT IN (`+wordless+`)`)
}

// wordless are the codes of entries for whose undoing only ids and instants are kept. Any
// other may hold what somebody has typed, and in it a name.
const wordless = `'log', 'settle', 'leave', 'pair-add', 'pair-end', 'pair-reopen', 'person-end', 'person-back',
	'session-cancel', 'session-restore', 'event-cancel', 'event-restore'`

// eraseAsides deletes what others may be about to do to a person, and empties what
// everybody was answered of late: sealed texts, of which nobody knows whom they name.
func (tx *Tx) eraseAsides(p *Person) error {
	err := tx.run("erase what others have begun", `DELETE FROM question WHERE chat_id LIKE $1 AND EXISTS
		(SELECT 1 FROM account JOIN member ON member.person_id = account.person_id
			WHERE account.bot_id = question.bot_id AND account.user_id = question.user_id
			AND cycle_id IN (SELECT cycle_id FROM member WHERE person_id = $2))`, Aside+"%", p.ID)
	if err != nil {
		return err
	}
	return tx.run("empty replies", `UPDATE handled SET sealed = $1`, []byte{})
}

// eraseAnnouncements deletes what a person has written and not sent, and what was
// written to them alone, corrections of it included.
func (tx *Tx) eraseAnnouncements(p *Person) error {
	const theirs = `(SELECT id FROM announcement WHERE audience = $2
		OR audience IN (SELECT '` + AudienceOf + `' || id FROM announcement WHERE audience = $2) OR author_id = $1 AND (state IN ('draft', 'scheduled')
		OR state = 'withdrawn' AND NOT EXISTS (SELECT 1 FROM message WHERE message.cycle_id = announcement.cycle_id
			AND kind = 'announcement' AND subject = announcement.id)))`
	return tx.runEach("erase announcements of person", []any{p.ID, AudiencePerson + p.ID},
		`DELETE FROM reading WHERE announcement_id IN `+theirs,
		`DELETE FROM attachment WHERE announcement_id IN `+theirs,
		`DELETE FROM announcement WHERE id IN `+theirs)
}

// eraseName takes everything from a person that says who it was. The instant of leaving
// is now, unless they had left.
func (tx *Tx) eraseName(p *Person) error {
	err := tx.run("note that person has left", `UPDATE member SET left_at = $1 WHERE person_id = $2 AND left_at = 0`,
		ms(tx.Now()), p.ID)
	if err != nil {
		return err
	}
	return tx.run("erase person", `UPDATE person SET slug = $1, name = '', city = '', country = '', language = '',
		zone = '', quiet = '', language_chosen = FALSE, zone_chosen = FALSE, quiet_chosen = FALSE, paused_until = 0,
		shows_name = FALSE, name_chosen = FALSE WHERE id = $2`, gonePrefix+p.ID, p.ID)
}

// renameInOutbox puts a person's new slug into what others were told, or will be, about
// their pairs and meetings.
func (tx *Tx) renameInOutbox(p *Person) error {
	messages, err := list(tx, "read messages that name person", scanMessage,
		`SELECT `+messageColumns+` FROM message WHERE key LIKE $1 OR subject LIKE $1`, "%"+p.Slug+"%")
	if err != nil {
		return err
	}
	for i := range messages {
		m := &messages[i]
		before := *m
		if m.rename(p.Slug, gonePrefix+p.ID); *m == before {
			continue
		}
		err := tx.run("rename person in outbox", `UPDATE message SET key = $1, subject = $2, occurrence = $3, ahead = $4
			WHERE id = $5`, m.Key, m.Subject, m.Occurrence, m.Offset, m.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// rename replaces a person's slug where the message can name a person. Other things may
// have the same slug.
func (m *Message) rename(from, to string) {
	parts := strings.Split(m.Key, "/")
	put := func(text *string, part int) {
		*text = renameIn(*text, from, to)
		if part < len(parts) {
			parts[part] = renameIn(parts[part], from, to)
		}
	}
	switch m.Kind {
	case KindSession, KindEvent, KindAttendance, KindDigest, KindNext, KindAnnouncement, KindChange, KindApp, KindGroup:
		return
	case KindPace, KindTrouble, KindMeeting, KindConfirm:
		put(&m.Subject, 1)
	default:
		put(&m.Subject, 1)
		put(&m.Occurrence, 2)
		put(&m.Offset, 3)
	}
	m.Key = strings.Join(parts, "/")
}

// renameIn replaces a slug that is the whole text, or one of a pair's or meeting's.
func renameIn(text, from, to string) string {
	pair, number, meeting := strings.Cut(text, "#")
	both := strings.Split(pair, "+")
	if !slices.Contains(both, from) {
		return text
	}
	for i, slug := range both {
		if slug == from {
			both[i] = to
		}
	}
	if text = strings.Join(both, "+"); meeting {
		text += "#" + number
	}
	return text
}

// runEach runs statements that have the same arguments.
func (tx *Tx) runEach(step string, args []any, queries ...string) error {
	for _, query := range queries {
		if err := tx.run(step, query, args...); err != nil {
			return err
		}
	}
	return nil
}
