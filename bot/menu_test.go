package bot_test

import (
	"slices"
	"testing"
)

// TestMenusFollowWhatOthersDo: the app that is answered sees to its own menu.
func TestMenusFollowWhatOthersDo(t *testing.T) {
	h := newHall(t).everyone()
	follow := func(what string, chats ...string) {
		t.Helper()
		if slices.Sort(h.menus); !slices.Equal(h.menus, chats) {
			t.Errorf("%s: the menus of %q follow, want %q", what, h.menus, chats)
		}
		h.menus = nil
	}
	h.menus = nil
	h.types("tablet", "/start "+h.invite("mentee"))
	follow("another app", "mentee")
	h.taps("mentee", "settings language sr-Latn")
	follow("another language", "tablet")
	h.taps("mentee", "settings language en")
	h.menus = nil
	ended := h.taps("coordinator", "person-end "+h.cycle.ID+" "+h.ids["mentee"]).tap("Yes, do it")
	follow("they are taken out", "mentee", "tablet")
	ended.tap("Undo")
	follow("they are back", "mentee", "tablet")
	h.types("mentee", "/progress")
	follow("a look")
	h.erases("mentee")
	follow("they are erased", "tablet")
}
