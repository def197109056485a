//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkPlay starts the stripped binary as play: how long until the page, its script
// and what it shows have been served, and how much memory stays resident when all have
// joined, and when the cycle has been played through.
func BenchmarkPlay(b *testing.B) {
	path := stripped(b)
	var usable time.Duration
	var joined, played float64
	for i := range b.N {
		start := time.Now()
		p := exec.Command(path, "play", "--addr", "127.0.0.1:0")
		out, err := p.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		if err := p.Start(); err != nil {
			b.Fatal(err)
		}
		line, _ := bufio.NewReader(out).ReadString('\n')
		m := opened.FindStringSubmatch(line)
		if m == nil {
			b.Fatalf("it says %q", line)
		}
		for _, what := range []string{"", "app.js", "style.css", "api/state"} {
			if status, _ := get(b, m[1]+what); status != http.StatusOK {
				b.Fatalf("%q: %d", what, status)
			}
		}
		usable += time.Since(start)
		running := playing{Cmd: p, address: m[1]}
		running.joined(b, 14)
		joined = max(joined, resident(b, p.Process.Pid))
		if i == b.N-1 { // once, as it takes a while
			for range 27 {
				running.turn(b, "week")
			}
			played = resident(b, p.Process.Pid)
		}
		if err := p.Process.Kill(); err != nil {
			b.Fatal(err)
		}
		_ = p.Wait() // it was killed
	}
	b.ReportMetric(float64(usable.Milliseconds())/float64(b.N), "usable-ms")
	b.ReportMetric(joined, "joined-MB")
	b.ReportMetric(played, "played-MB")
}

// turn turns the clock.
func (p *playing) turn(tb testing.TB, by string) {
	tb.Helper()
	r, err := http.Post(p.address+"api/turn", "application/json", strings.NewReader(fmt.Sprintf(`{"by":%q}`, by)))
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		tb.Fatalf("the clock answers %d", r.StatusCode)
	}
}

// resident is the memory of a process that is resident now, in MB.
func resident(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skipf("this system doesn't tell the memory of a process: %v", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		b.Fatal(err)
	}
	return float64(kb) * 1024 / 1e6
}
