//go:build unix

package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
	"github.com/kooperativa/mentorbot/store"
)

var (
	telegramPeer  = flag.String("telegram.peer", "", "a JavaScript file that BenchmarkTelegram runs in turns with ours; its modules are installed beside it")
	telegramChats = flag.Int("telegram.chats", 1000, "chats of BenchmarkTelegram, each of which logs twenty meetings")
)

const logsOfEach = 20

// BenchmarkTelegram measures the whole of /log on Telegram, from the update to the answer,
// by the real binary: 20 from each chat, waiting when it starts. A peer, if there is one,
// takes turns with ours against the same fake.
func BenchmarkTelegram(b *testing.B) {
	path := stripped(b)
	for name, latency := range map[string]time.Duration{"at once": 0, "30 ms": 30 * time.Millisecond} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				measure(b, "", latency, func(t *crowd) *exec.Cmd { return t.ours(path) })
				if *telegramPeer != "" {
					measure(b, "peer-", latency, func(t *crowd) *exec.Cmd { return t.peer(b, *telegramPeer) })
				}
			}
		})
	}
}

// A crowd are people who have written to the bot.
type crowd struct {
	*telegramtest.Server
	house *house
	n     int // messages that they have written
}

func gather(b *testing.B, latency time.Duration) *crowd {
	c := &crowd{Server: telegramtest.New(b, telegramtest.Options{Latency: latency})}
	c.house = furnishFor(b, *telegramChats, "telegram", func(name string) string {
		if !strings.HasPrefix(name, "mentee") {
			return "" // nobody is asked whether it is right: peers ask nobody, either
		}
		return strconv.FormatInt(telegramtest.UserID(name), 10)
	})
	for i := range *telegramChats {
		c.User(fmt.Sprint("mentee-", i)).Begin()
	}
	for day := range logsOfEach {
		for i := range *telegramChats {
			c.n++
			if err := c.User(fmt.Sprint("mentee-", i)).Type(fmt.Sprintf("/log %s 60", c.house.today-store.Date(day))); err != nil {
				b.Fatal(err)
			}
		}
	}
	return c
}

func (c *crowd) ours(path string) *exec.Cmd {
	p := exec.Command(path, "--config", c.house.config, "serve")
	p.Env = append(os.Environ(), "MENTORBOT_TELEGRAM_TOKEN="+c.Token, "MENTORBOT_TELEGRAM_API_URL="+c.URL,
		"MENTORBOT_TELEGRAM_PER_SECOND=100000", "MENTORBOT_TELEGRAM_PER_CHAT_SECOND=100000", "MENTORBOT_LOG_LEVEL=warn")
	return p
}

func (c *crowd) peer(b *testing.B, script string) *exec.Cmd {
	p := exec.Command("node", script)
	p.Env = append(os.Environ(), "API="+c.URL, "TOKEN="+c.Token, "DB="+filepath.Join(b.TempDir(), "peer.db"))
	return p
}

// measure starts a bot and waits until all were answered.
func measure(b *testing.B, prefix string, latency time.Duration, start func(*crowd) *exec.Cmd) {
	c := gather(b, latency)
	p := start(c)
	p.Stderr = os.Stderr
	began := time.Now()
	if err := p.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = p.Process.Signal(syscall.SIGTERM)
		_ = p.Wait()
	}()
	for len(c.Calls("getUpdates")) == 0 {
		time.Sleep(time.Millisecond)
	}
	asked := time.Now()
	most := 0.0
	for replies(c) < c.n {
		if time.Since(asked) > 2*time.Minute {
			b.Fatalf("%d of %d were answered", replies(c), c.n)
		}
		most = max(most, resident(b, p.Process.Pid))
		time.Sleep(100 * time.Millisecond)
	}
	b.ReportMetric(float64(c.n)/time.Since(asked).Seconds(), prefix+"logs/s")
	b.ReportMetric(float64(asked.Sub(began).Microseconds())/1000, prefix+"first-poll-ms")
	b.ReportMetric(most, prefix+"MB")
}

// replies is how many messages the bot has sent.
func replies(c *crowd) int { return len(c.Calls("sendMessage")) }
