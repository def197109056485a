package bot

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Whatever can be changed, or undone, has its words in the journal and in the file that
// tells somebody what is known of them.
func TestTheJournalHasWordsForAllThatIsDone(t *testing.T) {
	codes := slices.Concat(slices.Collect(maps.Keys(changes)), slices.Collect(maps.Keys(undoers)))
	for _, code := range codes {
		noun, _, _ := strings.Cut(code, "-")
		if deeds[code] == "" || deedKinds[noun] == "" {
			t.Errorf("%q is in the journal without words", code)
		}
	}
	for what, c := range changes {
		if c.undo == nil {
			t.Errorf("nothing undoes %q", what)
		}
	}
	if len(codes) < 20 {
		t.Errorf("there are only %d codes", len(codes))
	}
}
