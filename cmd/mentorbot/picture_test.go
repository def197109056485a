package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/kooperativa/mentorbot/bot/playground/playgroundtest"
)

var pictures = flag.String("pictures", "", "a folder to which pictures of the page are written")

// TestFirstLook takes the pilot's parts as a newcomer would: a mentor logs a meeting,
// the mentee says that it's right, and a coordinator sees how the cycle stands. Its
// pictures are what the README shows (make pictures).
func TestFirstLook(t *testing.T) {
	p := play(t, "--addr", "127.0.0.1:0")
	p.joined(t, 14)
	page := playgroundtest.Open(t, p.address)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(page.Resize(1440, 900))
	mentor, mentee := page.Person("Mentor from Sarajevo"), page.Person("Mentee from Tirana")
	coordinator := page.Person("Coordinator from Skopje")
	must(page.Turn("A week"))
	must(mentee.Open())
	must(mentee.Tap("I'll come"))
	must(page.Turn("A week"))
	must(mentor.Open())
	must(mentor.Type("/log"))
	must(mentor.Tap("Today, Monday 25 January"))
	must(mentor.Tap("90 minutes"))
	must(mentee.Open())
	must(page.Turn("An hour"))
	must(mentee.Tap("Yes, that's right"))
	must(coordinator.Open())
	must(coordinator.Type("/overview"))
	shown, err := coordinator.Screen()
	must(err)
	if len(shown) < 2 {
		t.Fatalf("the coordinator sees %v", shown)
	}
	var moved float64
	must(page.Eval(`scrollY + document.body.scrollTop`, &moved))
	if moved != 0 {
		t.Errorf("the whole page has moved by %v", moved)
	}
	if *pictures == "" {
		return
	}
	for _, look := range []struct {
		name, colours string
		width, height int
	}{
		{"playground", "light", 1440, 900}, {"playground-dark", "dark", 1440, 900},
		{"playground-phone", "light", 390, 844}, {"playground-phone-dark", "dark", 390, 844},
	} {
		must(page.Prefer(look.colours))
		must(page.Resize(look.width, look.height))
		png, err := page.Screenshot()
		must(err)
		must(os.WriteFile(filepath.Join(*pictures, look.name+".png"), png, 0o644))
	}
}
