package bot_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/store"
)

// managing is what a coordinator opens beside the screens, to see people and change things.
var managing = []string{
	"people {cycle}", "people-list {cycle}", "person {cycle} {mentee}", "answers {cycle} {mentee}", "manage-pairs {cycle}",
	"manage-pair {pair-mentee}", "pair-end {pair-mentee}", "person-end {cycle} {mentee}", "attendance {spring}", "history {cycle}",
}

// shownTo collects what people see whose partner, or member, has a name.
func shownTo(t *testing.T, name string) (all []chat.Message) {
	h := newHall(t).everyone().underWay()
	h.do(func(tx *store.Tx) error {
		p, err := tx.Person(h.ids["mentee"])
		must(err)
		p.Name = name
		return tx.UpdatePerson(p)
	})
	h.ids["cycle"] = h.cycle.ID
	sees := func(who, line string) {
		for slug, id := range h.ids {
			line = strings.ReplaceAll(line, "{"+slug+"}", id)
		}
		all = append(all, h.taps(who, line).Message)
	}
	for _, s := range screens {
		sees(s.who, s.line)
	}
	for _, line := range managing {
		sees("coordinator", line)
	}
	return all
}

// TestScreensShowNamesAsTyped holds each screen with a name that breaks what doesn't
// escape it against the same screen with a plain one: all other words stay as they are.
func TestScreensShowNamesAsTyped(t *testing.T) {
	words := func(text string) []string { return slices.Sorted(slices.Values(strings.Fields(text))) }
	plain := shownTo(t, "Plain")
	for _, name := range nasty {
		for i, m := range shownTo(t, name) {
			if n := chat.UTF16Len(string(m.Text)); n > chat.MaxText {
				t.Errorf("%q: a text of %d units", name, n)
			}
			for _, b := range m.Buttons {
				if chat.UTF16Len(b.Label) > chat.MaxLabel {
					t.Errorf("%q: the label %q", name, b.Label)
				}
			}
			if len([]rune(name)) > 60 || strings.Contains(name, "\n") {
				continue // shortened, or folded into a line
			}
			shown := strings.ReplaceAll(m.Text.Plain(), name, "Plain")
			if got, want := words(shown), words(plain[i].Text.Plain()); !slices.Equal(got, want) {
				t.Errorf("with the name %q it is\n%s\nand not\n%s", name, m.Text.Plain(), plain[i].Text.Plain())
			}
		}
	}
	if with := strings.Count(join(plain), "Plain"); with < 15 {
		t.Errorf("the name is shown only %d times", with)
	}
}

func join(all []chat.Message) string {
	var text strings.Builder
	for _, m := range all {
		text.WriteString(m.Text.Plain())
	}
	return text.String()
}
