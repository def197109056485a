package main

import (
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestHealthOfAService(t *testing.T) {
	t.Chdir(t.TempDir())
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("MENTORBOT_WATCH_LISTEN", free.Addr().String())
	t.Setenv("MENTORBOT_KEY", base64.StdEncoding.EncodeToString(freshKey()))
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	unhealthy(t, "nothing answers at http://127.0.0.1:")

	ctx, stop := context.WithCancel(t.Context())
	served := make(chan int, 1)
	go func() { served <- run(ctx, []string{"serve"}, nil, io.Discard, io.Discard) }()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		code, out, errs := typed(t, "health")
		if code == exitDone && out == "ok\n" && errs == "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("health ended with %d: %s%s", code, out, errs)
		}
	}
	stop()
	if code := <-served; code != exitDone {
		t.Errorf("serve ended with %d", code)
	}
	unhealthy(t, "nothing answers at http://127.0.0.1:")
}

func TestHealthSaysWhatDoesNotWork(t *testing.T) {
	t.Chdir(t.TempDir())
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/readyz" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = io.WriteString(w, "database: gone\nclock: it ticked last 5m0s ago\n")
	}))
	defer s.Close()
	t.Setenv("MENTORBOT_WATCH_LISTEN", s.Listener.Addr().String())
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	unhealthy(t, "not all of it works:\ndatabase: gone\nclock: it ticked last 5m0s ago\n")
}

func TestHealthOfWhatNobodyMayWatch(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("MENTORBOT_WATCH_LISTEN", "off")
	if code, _, errs := typed(t, "health"); code != exitInput || !strings.Contains(errs, "watch.listen is off") {
		t.Errorf("ended with %d: %s", code, errs)
	}
}

func unhealthy(t *testing.T, want string) {
	t.Helper()
	if code, out, errs := typed(t, "health"); code != exitTrouble || out != "" || !strings.Contains(errs, want) {
		t.Errorf("ended with %d, want %d and %q: %s%s", code, exitTrouble, want, out, errs)
	}
}
