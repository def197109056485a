//go:build unix

package main

import (
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// Whatever goes on, and however much is logged of it, nothing of anybody is: no name, no
// chat, no text, no code, no key.
func TestNothingPersonalIsLogged(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		t.Run(format, func(t *testing.T) {
			h, n, path := furnish(t, "wire", self), newNetwork(t), binary(t)
			settings, err := os.ReadFile(h.config)
			if err != nil {
				t.Fatal(err)
			}
			settings = append(settings, "log: {level: debug, format: "+format+"}\n"...)
			if err := os.WriteFile(h.config, settings, 0o600); err != nil {
				t.Fatal(err)
			}
			n.refuses = map[string]int{"mentor-0": http.StatusForbidden, "mentor-1": http.StatusBadRequest, "mentor-2": http.StatusInternalServerError}
			did := map[string]bool{}
			p := h.serve(t, path, wireVariable+"="+n.URL)
			h.meet(n, did, 0)
			for i, text := range []string{"/start plantedcodeplantedcodeab", "planted text", "/log planted day", "/settings zone planted", "/announce planted", "undo planted"} {
				id := "planted-request-" + string(rune('a'+i))
				did[id] = true
				n.does(chat.Request{ID: id, UserID: "planted-user", ChatID: "planted-chat", Text: text})
			}
			for until := time.Now().Add(30 * time.Second); n.left() > 0 || len(n.letters()) < len(did)+housePairs-3; time.Sleep(20 * time.Millisecond) {
				if time.Now().After(until) {
					t.Fatalf("%d wait, %d letters came", n.left(), len(n.letters()))
				}
			}
			if err := p.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if err := p.Wait(); err != nil {
				t.Fatalf("it ended with %v", err)
			}
			log := p.log.String()
			if !strings.Contains(log, "message failed") {
				t.Errorf("the platform refused a message, and the log doesn't say so:\n%s", log)
			}
			for _, planted := range []string{"mentor-", "mentee-", "planted text", "plantedcode", "planted-user", "planted-chat", "planted day", "c2VjcmV0"} {
				if i := strings.Index(log, planted); i >= 0 {
					t.Errorf("%q is logged: …%s…", planted, log[max(0, i-200):min(len(log), i+100)])
				}
			}
		})
	}
}
