package bot_test

import (
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/store"
)

// An overview says of what is coming only what can be known of it.
func TestDigestKnowsWhatWasAsked(t *testing.T) {
	overview := message(store.KindDigest, "pilot", "2027-01-11T09:00", "c")
	asked := func(kind store.Kind, subject, occurrence string) func(*store.Snapshot) {
		return func(c *store.Snapshot) {
			c.Told = append(c.Told, store.Told{
				Kind: kind, Subject: subject, Occurrence: occurrence, PersonID: "a", State: store.Sent,
				At: at(t, "2027-01-11 08:00"),
			})
		}
	}
	for name, test := range map[string]struct {
		now  string
		then func(*store.Snapshot)
		says []string
		not  []string
	}{
		"soon, not asked":       {"2027-01-11 09:00", nil, []string{"Thursday 21 January at 18:00>: not asked yet"}, []string{"haven't answered", "Live event"}},
		"asked":                 {"2027-01-14 18:30", asked(store.KindSession, "opening", "1"), []string{"0 coming, 0 can't, 2 haven't answered"}, []string{"not asked", "Live event"}},
		"asked before it moved": {"2027-01-14 18:30", asked(store.KindSession, "opening", "0"), []string{"not asked yet"}, nil},
		"asked long before":     {"2027-04-19 10:30", asked(store.KindEvent, "belgrade", "1"), []string{"Live event", "0 coming, 0 can't, 2 haven't answered"}, nil},
		"answered long before":  {"2027-01-11 09:00", comes("e"), []string{"Live event", "2 coming, 0 can't, 0 haven't answered"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			said := string(play(t, scene{name, test.now, overview, test.then}, pilot(t, "en")).Text)
			for _, part := range test.says {
				if !strings.Contains(said, part) {
					t.Errorf("%q isn't in\n%s", part, said)
				}
			}
			for _, part := range test.not {
				if strings.Contains(said, part) {
					t.Errorf("%q is in\n%s", part, said)
				}
			}
		})
	}
}
