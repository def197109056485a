//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Whoever presses Ctrl-C again and again must get out, even of reading a file that never
// comes to an end.
func TestSecondSignalKills(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "program.yaml")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "apply", pipe)
	cmd.Args[0] = "mentorbot"
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	// Opening the pipe waits until the program reads it, and so listens to signals.
	write, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer write.Close()
	for range 100 {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			break
		}
		select {
		case err := <-ended:
			t.Log("it ended:", err)
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
	_ = cmd.Process.Kill()
	t.Error("it goes on after many signals")
}
