package bot

import (
	"encoding/json"
	"fmt"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// whichPart asks for one of the cycles in which the person takes part.
var whichPart = option{
	name: "cycle", ask: "leave.which", hint: "hint.cycle", sole: true,
	offers: (*turn).partOffers,
	read: func(t *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		if t.partIn(word) != nil {
			return word, rest, true
		}
		return t.readTitle(text, t.partOffers)
	},
}

func (t *turn) partOffers() (offers []offer, err error) {
	for i := range t.parts {
		offers = append(offers, offer{t.parts[i].Cycle.Title, t.parts[i].CycleID})
	}
	return offers, nil
}

// leave takes the person out of a cycle, once they are sure.
func (t *turn) leave() error {
	cycleID := t.args["cycle"]
	if err := t.look(cycleID); err != nil {
		return err
	}
	if !t.isSure("leave", t.rest) {
		t.askLeave()
		return nil
	}
	if err := t.act(); err != nil {
		return err
	}
	title := t.c.Cycle.Title
	gone, err := t.depart()
	if err != nil {
		return err
	}
	entry, err := t.enter("leave", cycleID, t.me(), "", gone)
	if err != nil {
		return err
	}
	if err := t.identify(); err != nil {
		return err
	}
	t.reply.Menu = true
	t.say("leave.done", locale.Args{"Title": title}, t.button("undo", "undo "+entry))
	return nil
}

// askLeave says what happens, and asks.
func (t *turn) askLeave() {
	items := []chat.Text{t.text("leave.silence", nil)}
	for _, pair := range t.pairsGoing(t.me()) {
		items = append(items, t.text("leave.pair", locale.Args{"Partner": t.partner(pair)}))
	}
	items = append(items, t.text("leave.coordinators", nil))
	if t.soleCoordinator() {
		items = append(items, t.text("leave.sole", nil))
	}
	items = append(items, t.text("leave.stays", nil), t.text("leave.back", nil))
	t.tell(chat.Stack(t.text("leave.ask", locale.Args{"Title": t.c.Cycle.Title}), t.list(items)),
		t.button("leave-now", "settings leave "+t.c.Cycle.ID+" "+t.sure("leave")), t.button("stay", keepSettings))
}

// soleCoordinator reports whether nobody else coordinates the cycle spoken of.
func (t *turn) soleCoordinator() bool {
	me := t.c.Member(t.me())
	return me != nil && me.Role == store.Coordinator && len(t.otherCoordinators()) == 0
}

func (t *turn) otherCoordinators() (people []*store.Person) {
	for i := range t.c.Members {
		m := &t.c.Members[i]
		if m.Role == store.Coordinator && m.PersonID != t.me() && m.LeftAt.IsZero() {
			people = append(people, t.c.People[m.PersonID])
		}
	}
	return people
}

// A departure is what undoing a leave needs: the pairs that ended with it, and what
// sets the news of it apart.
type departure struct {
	Pairs    []store.Pair // as they were
	Occasion string
	Posts    bool // announcements that they had planned were withdrawn, and stay so
}

// what is the news of it.
func (d *departure) what() string {
	if d.Posts {
		return memberLeftPlans
	}
	return memberLeft
}

// depart takes the person out of the cycle spoken of. Partners and coordinators are
// told.
func (t *turn) depart() (gone departure, err error) {
	gone.Occasion, gone.Posts = store.NewID(), t.plans(t.me())
	cycleID := t.c.Cycle.ID
	for _, pair := range t.pairsGoing(t.me()) {
		if err := t.tx.EndPair(pair.ID); err != nil {
			return gone, err
		}
		gone.Pairs = append(gone.Pairs, *pair)
		partner, _ := pair.Partner(t.me())
		told := news{kind: store.KindPair, subject: t.c.PairSlug(pair), occasion: gone.Occasion, what: pairLeft}
		if err := post(t.tx, cycleID, told, t.c.People[partner]); err != nil {
			return gone, err
		}
	}
	if err := t.withdrawPlanned(t.me()); err != nil {
		return gone, err
	}
	if err := post(t.tx, cycleID, t.leftNews(gone.Occasion, gone.what()), t.otherCoordinators()...); err != nil {
		return gone, err
	}
	return gone, t.tx.Leave(cycleID, t.me())
}

// leftNews is the word on the person's leaving, or return.
func (t *turn) leftNews(occasion, what string) news {
	return news{kind: store.KindLeft, subject: t.to.Slug, occasion: occasion, what: what}
}

// undoLeave brings the person back as if they had never left, and their pairs as far
// as the partners are there. Whoever has heard of it hears that they are back.
func undoLeave(t *turn, e *store.Entry) error {
	var gone departure
	if err := json.Unmarshal([]byte(e.Before), &gone); err != nil {
		return fmt.Errorf("read what ended: %w", err)
	}
	me, err := t.tx.Member(e.CycleID, t.me())
	if err != nil {
		return err
	}
	if !me.LeftAt.Equal(e.At) { // a coordinator has decided otherwise since
		c, err := t.tx.Cycle(e.CycleID)
		if err != nil {
			return err
		}
		return t.giveUp("undo.leave-changed", locale.Args{"Title": c.Title}, t.first()...)
	}
	if err := t.tx.Return(e.CycleID, t.me()); err != nil {
		return err
	}
	if err := t.identify(); err != nil {
		return err
	}
	if err := t.look(e.CycleID); err != nil {
		return err
	}
	for i := range gone.Pairs {
		pair := t.pairByID(gone.Pairs[i].ID)
		if !pair.EndedAt.Equal(e.At) || !t.partnerThere(pair) {
			continue
		}
		if err := t.tx.RestorePair(gone.Pairs[i]); err != nil {
			return err
		}
		if err := t.unsay(news{kind: store.KindPair, subject: t.c.PairSlug(pair), occasion: gone.Occasion, what: pairLeft}, pairAgain); err != nil {
			return err
		}
	}
	t.reply.Menu = true
	back := t.text("undo.leave", locale.Args{"Title": t.c.Cycle.Title})
	if gone.Posts {
		back = chat.Join(back, t.text("undo.posts-stay", nil))
	}
	t.tell(back, t.first()...)
	return t.unsay(t.leftNews(gone.Occasion, gone.what()), memberBack)
}

func (t *turn) partnerThere(pair *store.Pair) bool {
	id, _ := pair.Partner(t.me())
	m := t.c.Member(id)
	return m != nil && m.LeftAt.IsZero()
}

// unsay takes news back: what wasn't sent isn't, and who has heard of it hears of what
// it came to instead.
func (t *turn) unsay(n news, instead string) error {
	heard, err := t.heard(n.kind, n.subject, n.occasion)
	if err != nil {
		return err
	}
	n.what = instead
	return post(t.tx, t.c.Cycle.ID, n, heard...)
}
