package stage_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
	"github.com/kooperativa/mentorbot/bot/locale"
)

var update = flag.Bool("update", false, "write the transcripts anew")

// stories are played in every language, on every platform.
func stories(t *testing.T) (all []chattest.Story) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.story")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := chattest.ParseStory(filepath.Base(file), string(text))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if len(all) < 1 {
		t.Fatalf("there are %d stories only", len(all))
	}
	return all
}

func TestStories(t *testing.T) {
	for _, language := range locale.Languages() {
		for _, story := range stories(t) {
			t.Run(story.Name+"/"+language, func(t *testing.T) {
				got := chattest.Play(t, openMemory(t, language), story)
				compare(t, "testdata/"+strings.TrimSuffix(story.Name, ".story")+"."+language+".txt", got)
			})
		}
	}
}

// compare holds a transcript against the one that somebody has read.
func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s isn't what they saw; look at what changed with -update", file)
	}
}
