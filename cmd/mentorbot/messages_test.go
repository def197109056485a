package main

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/kooperativa/mentorbot/store"
)

// A kind that the command doesn't know couldn't be asked for.
func TestEveryKindOfMessageCanBeAskedFor(t *testing.T) {
	src, err := os.ReadFile("../../store/message.go")
	if err != nil {
		t.Fatal(err)
	}
	var kinds []store.Kind
	for _, found := range regexp.MustCompile(`(?m)^\tKind\w+ +Kind = "(\w+)"`).FindAllStringSubmatch(string(src), -1) {
		kinds = append(kinds, store.Kind(found[1]))
	}
	if !slices.Equal(kinds, messageKinds) {
		t.Errorf("there are %v, and known are %v", kinds, messageKinds)
	}
}
