//go:build unix

package main

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkServe starts the stripped binary as a service: how long until it says that it
// is ready, and how much memory is resident when it has been idle for a second.
func BenchmarkServe(b *testing.B) {
	path := stripped(b)
	h := furnish(b, "wire", self)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	watch := l.Addr().String()
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	settings, err := os.ReadFile(h.config)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(h.config, []byte(strings.Replace(string(settings), "off", "'"+watch+"'", 1)), 0o600); err != nil {
		b.Fatal(err)
	}
	var ready time.Duration
	var idle float64
	for range b.N {
		start := time.Now()
		p := exec.Command(path, "--config", h.config, "serve")
		if err := p.Start(); err != nil {
			b.Fatal(err)
		}
		for !isReady(watch) {
			if time.Since(start) > time.Minute {
				b.Fatal("it is never ready")
			}
			time.Sleep(time.Millisecond)
		}
		ready += time.Since(start)
		time.Sleep(time.Second)
		idle = max(idle, resident(b, p.Process.Pid))
		if err := p.Process.Signal(syscall.SIGTERM); err != nil {
			b.Fatal(err)
		}
		if err := p.Wait(); err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(ready.Microseconds())/1000/float64(b.N), "ready-ms")
	b.ReportMetric(idle, "idle-MB")
}

func isReady(watch string) bool {
	r, err := http.Get("http://" + watch + "/readyz")
	if err != nil {
		return false
	}
	defer r.Body.Close()
	return r.StatusCode == http.StatusOK
}

// stripped builds the binary as releases have it.
func stripped(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "mentorbot")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return path
}
