package bot_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot"
	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/store"
)

var (
	walks = flag.Int("walks", 3, "how many random walks to go")
	steps = flag.Int("steps", 400, "how many steps each walk has")
)

// TestWalks has people type and tap at random: commands, nonsense, any button that was
// ever shown to anybody. Whatever happens there is a way on, no text shows its
// making, nothing is too long, and nobody sees what isn't theirs.
func TestWalks(t *testing.T) {
	for i := range *walks {
		seed := uint64(time.Now().UnixNano())
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Log("seed", seed)
			w := &walker{town: newTown(newHall(t, withFeeds)), Rand: rand.New(rand.NewPCG(seed, 0)), shown: map[string][]chat.Button{}}
			for range *steps {
				if w.step(); t.Failed() {
					t.FailNow()
				}
			}
		})
	}
}

type walker struct {
	*town
	*rand.Rand
	shown map[string][]chat.Button // every button that was shown, by whom it was shown to
	path  []string
}

// texts are what people type that is no command.
var texts = append([]string{
	"", " ", "today", "juče 60", "90", "1h30", "12 March", "31.2.", "18:30", "25:00", "22-7", "none", "Tirana", "UTC+2", "Skoplje",
	"yes", "ana", "Zzz", "/", "//", "/nonsense", "/log", "/log today 60", "/log x y z", "/start x", "/join", "/event yes",
	"*bold* _it_ [link](https://example.org) - item", strings.Repeat("ž", 4000), strings.Repeat("word ", 700), "{{.Name}} %s",
	"a\nb\n\nc", "\x00\xff", "@3", "?", "-",
}, chattest.Nasty...)

func (w *walker) step() {
	switch n := w.IntN(20); {
	case n == 0:
		w.turn()
	case n < 5:
		who := w.somebody()
		w.say(who, texts[w.IntN(len(texts))], false)
	case n < 8:
		who := w.somebody()
		list := bot.Commands()
		w.say(who, "/"+list[w.IntN(len(list))].Name, false)
	case n < 10:
		w.tapOf(w.somebody(), w.somebody()) // of another's, most likely
	default:
		who := w.somebody()
		w.tapOf(who, who)
	}
}

func (w *walker) somebody() string {
	return append(w.everybody, "stranger")[w.IntN(len(w.everybody)+1)]
}

// turn turns the clock, mostly a little.
func (w *walker) turn() {
	far := []time.Duration{time.Minute, 20 * time.Minute, 7 * time.Hour, 50 * time.Hour, 20 * 24 * time.Hour}
	d := far[min(w.IntN(len(far)), w.IntN(len(far)))]
	w.path = append(w.path, fmt.Sprint("turn ", d))
	w.later(d)
	w.look()
}

func (w *walker) tapOf(who, whose string) {
	all := w.shown[whose]
	if len(all) == 0 {
		return
	}
	i := len(all) - 1 - min(w.IntN(len(all)), w.IntN(len(all))) // rather a new one
	w.say(who, all[i].Command, true)
}

func (w *walker) say(who, text string, tapped bool) {
	w.n++
	r := chat.Request{ID: fmt.Sprint("w", w.n), UserID: who, ChatID: who, Language: "en", Text: text, Tapped: tapped}
	w.path = append(w.path, fmt.Sprintf("%s says %q (tapped %v)", who, text, tapped))
	reply, err := w.handler.Handle(w.Context(), r)
	if err != nil {
		w.fail(who, reply.Message, err.Error())
		return
	}
	if strings.Contains(reply.Text.Plain(), "Something went wrong here") || strings.Contains(reply.Text.Plain(), "Ovde je nešto zapelo") {
		w.fail(who, reply.Message, "the handler panicked")
	}
	if len(reply.Buttons) == 0 && reply.Ask == "" && w.names[who] != "" {
		w.fail(who, reply.Message, "it is a dead end")
	}
	w.check(who, reply.Message)
	w.tick()
	w.look()
}

// look checks what was sent unasked.
func (w *walker) look() {
	for _, all := range []map[string][]chat.Message{w.heard, w.edited} {
		for who, messages := range all {
			for _, m := range messages {
				w.check(who, m)
			}
		}
		clear(all)
	}
}

func (w *walker) check(who string, m chat.Message) {
	w.shown[who] = append(w.shown[who], m.Buttons...)
	written := slices.ContainsFunc(m.Buttons, func(b chat.Button) bool { // an announcement is as long as it was written
		verb, _, _ := strings.Cut(b.Command, " ")
		return slices.Contains([]string{"read", "send", "corrected", "announcement"}, verb)
	})
	for _, fault := range w.faults(m, written) {
		w.fail(who, m, fault)
	}
	w.knowPeople()
	for _, word := range w.strange(who, m) {
		w.fail(who, m, fmt.Sprintf("%s reads %q", who, word))
	}
}

// knowPeople keeps up with what coordinators and people do: renamed, new, agreed to be
// shown, in another pair. Whom the walk has changed it doesn't watch.
func (w *walker) knowPeople() {
	w.do(func(tx *store.Tx) error {
		people, err := tx.People()
		for _, p := range people {
			if name, known := w.names[p.Slug]; known && (p.ShowsName || p.Name != name) {
				delete(w.names, p.Slug)
			}
		}
		pairs, err2 := tx.Pairs(w.cycle.ID)
		for _, p := range pairs {
			if p.ID != w.ids["pair-mentee"] && p.ID != w.ids["pair-second"] {
				w.forgetNames(p.MentorID, p.MenteeID)
			}
		}
		return errors.Join(err, err2)
	})
}

func (w *walker) forgetNames(ids ...string) {
	for slug, id := range w.ids {
		if slices.Contains(ids, id) {
			delete(w.names, slug)
		}
	}
}

func (w *walker) fail(who string, m chat.Message, why string) {
	w.Helper()
	w.Errorf("%s is shown\n%s\n%+v\n%s\nafter\n%s", who, m.Text, m.Buttons, why, strings.Join(w.path[max(0, len(w.path)-12):], "\n"))
}
