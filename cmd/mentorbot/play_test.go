package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// binary is this test's own binary as mentorbot.
func binary(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there are no interrupts to send")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "mentorbot") // by which name TestMain knows it
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// A playing is mentorbot play as a process.
type playing struct {
	*exec.Cmd
	address string
	more    *bufio.Reader // what it says after that
	errs    *strings.Builder
}

var opened = regexp.MustCompile(`^Open (http://\S+) in a browser\. Ctrl\+C ends it\.\n$`)

func play(t *testing.T, args ...string) *playing {
	t.Helper()
	p := &playing{Cmd: exec.Command(binary(t), append([]string{"play"}, args...)...), errs: &strings.Builder{}}
	p.Stderr = p.errs
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() })
	p.more = bufio.NewReader(out)
	line, _ := p.more.ReadString('\n')
	m := opened.FindStringSubmatch(line)
	if m == nil {
		t.Fatalf("it says %q, and %s", line, p.errs)
	}
	p.address = m[1]
	return p
}

// end sends a signal, and wants it to end well, and soon.
func (p *playing) end(t *testing.T, signal os.Signal) {
	t.Helper()
	start := time.Now()
	if err := p.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("after %v it ends with %v: %s", signal, err, p.errs)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("after %v it goes on for %v", signal, took)
	}
	if p.errs.Len() > 0 {
		t.Errorf("it complains: %s", p.errs)
	}
}

func get(t testing.TB, address string) (status int, body string) {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(text)
}

// joined waits until so many people have joined, and have been greeted.
func (p *playing) joined(t testing.TB, people int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		_, body := get(t, p.address+"api/state")
		if strings.Count(body, `"joined":true`) == people && strings.Count(body, "/privacy") >= people {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d people haven't joined: %s", people, body)
		}
		<-time.After(20 * time.Millisecond) // they join one after the other
	}
}

func TestPlay(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		p := play(t, "--addr", "127.0.0.1:0")
		if status, body := get(t, p.address); status != http.StatusOK || !strings.Contains(body, "<html") {
			t.Errorf("the page is %d: %s", status, body)
		}
		p.end(t, signal)
	}
}

func TestPlayGoesOnWhereItWas(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "trial")
	for range 2 {
		p := play(t, "--addr", "127.0.0.1:0", "--data", dir)
		p.joined(t, 14)
		other := exec.Command(binary(t), "play", "--addr", "127.0.0.1:0", "--data", dir)
		said, err := other.CombinedOutput()
		if err == nil || !strings.Contains(string(said), "already served by process") {
			t.Errorf("a second one on the same folder: %v, %s", err, said)
		}
		p.end(t, os.Interrupt)
	}
	for _, name := range []string{"mentorbot.db", "key", "clock", "conversations.jsonl"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	other := exec.Command(binary(t), "play", "--addr", "127.0.0.1:0", "--data", dir, "--program", "program.yaml")
	if said, err := other.CombinedOutput(); err == nil || !strings.Contains(string(said), "program.yaml") {
		t.Errorf("a file that isn't there: %v, %s", err, said)
	}
}

func TestPlayElsewhereWantsItsToken(t *testing.T) {
	p := play(t, "--addr", "0.0.0.0:0")
	address, err := url.Parse(p.address)
	if err != nil {
		t.Fatal(err)
	}
	if address.Query().Get("token") == "" {
		t.Errorf("the link has no token: %s", p.address)
	}
	address.RawQuery = ""
	if status, _ := get(t, address.String()); status == http.StatusOK {
		t.Error("the page is open to everybody")
	}
	p.end(t, os.Interrupt)
}

// Where the page is at every address, there is a link for another device too.
func TestPlaySaysWhatToOpenOnAnotherDevice(t *testing.T) {
	p := play(t, "--addr", "0.0.0.0:0")
	line, _ := p.more.ReadString('\n')
	link, ok := strings.CutPrefix(strings.TrimSpace(line), "On another device: ")
	if !ok {
		t.Fatalf("it says %q", line)
	}
	if strings.HasPrefix(link, "http") { // else this machine is in no network
		here, err1 := url.Parse(p.address)
		there, err2 := url.Parse(link)
		if err1 != nil || err2 != nil || net.ParseIP(there.Hostname()).IsLoopback() || there.Port() != here.Port() || there.RawQuery != here.RawQuery {
			t.Errorf("it says %s and %s", p.address, link)
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := (&http.Client{Jar: jar}).Get(link)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s is %d", link, r.StatusCode)
		}
	} else if !strings.Contains(link, "an address of this machine") {
		t.Errorf("it says %q", line)
	}
	p.end(t, os.Interrupt)
}

func TestPlayRefuses(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--addr", busy.Addr().String()}, exitTrouble, "choose another port, such as --addr 127.0.0.1:8081"},
		{[]string{"--addr", "nonsense"}, exitMisuse, "write one such as 127.0.0.1:8080"},
		{[]string{"--addr", "127.0.0.1:99999"}, exitMisuse, "write one such as 127.0.0.1:8080"},
		{[]string{"--addr", "127.0.0.1:http-alt"}, exitMisuse, "write one such as 127.0.0.1:8080"},
		{[]string{"--program", "none.yaml"}, exitInput, "there is no file none.yaml"},
	} {
		said, err := exec.Command(binary(t), append([]string{"play"}, test.args...)...).CombinedOutput()
		var failed *exec.ExitError
		if !errors.As(err, &failed) || failed.ExitCode() != test.code || !strings.Contains(string(said), test.says) {
			t.Errorf("%v: %v, %s", test.args, err, said)
		}
	}
}
