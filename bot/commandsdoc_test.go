package bot_test

import (
	"os"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot"
)

func TestCommandsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("../docs/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range bot.Commands() {
		if !c.Offered {
			continue
		}
		n++
		if !strings.Contains(string(doc), "`/"+c.Name) {
			t.Errorf("docs/commands.md has no /%s", c.Name)
		}
	}
	if n < 13 {
		t.Errorf("there are only %d commands", n)
	}
}
