package bot_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/locale"
)

// ownScreens are what is typed ("/…", or a free text) or tapped, by whom; "#2" is a tap on
// the second button of the screen before, "!" is what they hear unasked.
var ownScreens = []struct{ name, who, line string }{
	{"settings", "mentee", "settings"},
	{"which language", "mentee", "settings language"},
	{"the language that it is", "mentee", "settings language {language}"},
	{"where", "mentee", "settings zone"},
	{"a city", "mentee", "~Skoplje"},
	{"another city", "mentee", "#2"},
	{"an offset", "mentee", "~UTC+2"},
	{"an offset where nobody is", "mentee", "~/settings zone -08:00"},
	{"no city", "mentee", "~/settings zone Xyzzy"},
	{"when to be quiet", "mentee", "settings quiet"},
	{"quiet from typed hours on", "mentee", "~22-7"},
	{"no such hours", "mentee", "~/settings quiet late"},
	{"never quiet", "mentee", "#4"},
	{"until when to pause", "mentee", "settings pause"},
	{"a pause of a week", "mentee", "#1"},
	{"a pause until a day that has passed", "mentee", "~/settings pause 2027-04-01"},
	{"a pause of years", "mentee", "~/settings pause 2030-01-01"},
	{"settings in a pause", "mentee", "settings"},
	{"the pause is over", "mentee", "settings pause now"},
	{"whether others see the name", "mentee", "settings name"},
	{"others see the name", "mentee", "#1"},
	{"others don't", "mentee", "#1"},
	{"another app", "mentee", "settings app new"},
	{"the app is connected", "ana-too", "{code}"},
	{"settings with two apps", "mentee", "settings"},
	{"apps", "mentee", "settings app"},
	{"which hears first", "mentee", "#1"},
	{"apps again", "mentee", "settings app"},
	{"disconnect an app", "mentee", "#3"},
	{"disconnected", "mentee", "#1"},
	{"what is known of a mentee", "other", "settings data"},
	{"what is known of a mentor", "mentor", "settings data"},
	{"privacy", "second", "privacy"},
	{"in the programme's words", "second", "#1"},
	{"privacy to a stranger", "stranger", "privacy"},
	{"leave", "second", "settings leave"},
	{"left", "second", "#1"},
	{"a partner hears", "mentor", "!"},
	{"a coordinator hears", "coordinator", "!"},
	{"settings of who has left", "second", "settings"},
	{"delete", "mentor", "settings delete"},
	{"delete, really", "mentor", "#2"},
	{"deleted", "mentor", "#1"},
	{"who is still there hears", "other", "settings"},
	{"a coordinator hears of who is gone", "coordinator", "!"},
	{"after that", "mentor", "settings"},
	{"delete, to a coordinator", "coordinator", "settings delete"},
	{"leave, to a coordinator", "coordinator", "settings leave"},
}

var codeShown = regexp.MustCompile(`\b[a-z0-9]{26}\b`)

func TestOwnScreens(t *testing.T) {
	for _, language := range locale.Languages() {
		t.Run(language, func(t *testing.T) {
			h := newHall(t).everyone().speaking(language).underWay()
			h.privacy("*Kooperativa* keeps your data until the end of the year.\n- Write to us: privacy@example.org")
			letters := h.through(h.letters())
			name := map[string]string{h.cycle.ID: "{cycle}"}
			for slug, id := range h.ids {
				name[id] = "{" + slug + "}"
			}
			var got strings.Builder
			var before said
			var code string
			for _, s := range ownScreens {
				now := h.shows(letters, before, s.who, strings.ReplaceAll(s.line, "{language}", language), code)
				if m := aCode.FindStringSubmatch(now.Text.Plain()); m != nil {
					code = m[1]
				}
				fmt.Fprintf(&got, "=== %s\n%s\n", s.name, codeShown.ReplaceAllString(screenAsKept(now, name), "{code}"))
				before = now
			}
			golden(t, "testdata/settings."+language+".txt", got.String())
		})
	}
}

// shows does what a screen says.
func (h *hall) shows(letters *hall, before said, who, line, code string) said {
	h.Helper()
	switch {
	case line == "!":
		return h.hears(who)
	case line == "{code}":
		return letters.types(who, "/start "+code)
	case strings.HasPrefix(line, "#"):
		n, _ := strconv.Atoi(line[1:])
		return before.tap(before.label(n))
	case strings.HasPrefix(line, "~"):
		return h.types(who, line[1:])
	}
	return h.taps(who, line)
}

// screenAsKept is what was said as it is kept in files; things go by their names.
func screenAsKept(s said, name map[string]string) string {
	var b strings.Builder
	fmt.Fprintln(&b, s.Text)
	for _, button := range s.Buttons {
		fmt.Fprintf(&b, "[%s] %s\n", button.Label, anyID.ReplaceAllStringFunc(button.Command, func(id string) string {
			if name[id] == "" {
				return "{id}"
			}
			return name[id]
		}))
	}
	if s.Ask != "" {
		fmt.Fprintf(&b, "(… %s)\n", s.Ask)
	}
	for _, f := range s.Files {
		fmt.Fprintf(&b, "(%s)\n%s", f.Name, f.Data)
	}
	return b.String()
}
