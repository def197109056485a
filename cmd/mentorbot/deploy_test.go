package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/service"
)

func deployed(t *testing.T, file string) string {
	t.Helper()
	src, err := os.ReadFile("../../" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

func TestContainerIsBuiltWithTheGoOfTheModule(t *testing.T) {
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(deployed(t, "go.mod"))
	if version == nil || !strings.Contains(deployed(t, "deploy/Containerfile"), "/golang:"+version[1]+" AS build\n") {
		t.Errorf("deploy/Containerfile doesn't build with %v of go.mod", version)
	}
}

// Whatever runs the service must leave it the time that it takes to end in order.
func TestWhoStopsTheServiceWaitsForIt(t *testing.T) {
	for file, pattern := range map[string]string{
		"deploy/mentorbot.service":   `(?m)^TimeoutStopSec=()(\d+)$`,
		"deploy/compose.yaml":        `(?ms)^  mentorbot:$(.*?)stop_grace_period: (\d+)s`,
		"deploy/compose.sqlite.yaml": `(?ms)^  mentorbot:$(.*?)stop_grace_period: (\d+)s`,
	} {
		found := regexp.MustCompile(pattern).FindStringSubmatch(deployed(t, file))
		if found == nil {
			t.Errorf("%s doesn't say how long it waits", file)
			continue
		}
		wait, err := time.ParseDuration(found[2] + "s")
		if err != nil || wait <= service.Patience {
			t.Errorf("%s waits %v, and ending may take %v (%v)", file, wait, service.Patience, err)
		}
	}
}
