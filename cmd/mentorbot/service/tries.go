package service

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Somebody may ask for so many wrong addresses at once, and then for one in so long.
// Calendars that still ask at an address which is void stay far below.
const (
	triesAtOnce = 30
	tryEach     = 10 * time.Second
	// mostRemotes is of how many remote addresses this is known at once.
	mostRemotes = 4096
)

// tries count wrong addresses, by who asked; the zero value has none.
type tries struct {
	mu   sync.Mutex
	from map[netip.Prefix]*rate.Limiter
}

// spent reports whether somebody has asked for too many.
func (t *tries) spent(from netip.Prefix, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.from[from]
	return l != nil && l.TokensAt(now) < 1
}

// note notes that somebody has asked for one. If there are too many to know them all,
// they are forgotten: who has so many addresses can't be held up by them anyway.
func (t *tries) note(from netip.Prefix, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.from[from]
	if l == nil {
		if t.from == nil || len(t.from) >= mostRemotes {
			t.from = map[netip.Prefix]*rate.Limiter{}
		}
		l = rate.NewLimiter(rate.Every(tryEach), triesAtOnce)
		t.from[from] = l
	}
	l.AllowN(now, 1)
}

// remote is who asks: one address, or of IPv6 a network, in which somebody has as many as
// they like. What a proxy says counts if it is on this machine or in its own network.
func remote(r *http.Request) netip.Prefix {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, _ := netip.ParseAddr(host) // of nonsense, all are one
	if addr = addr.Unmap(); addr.IsLoopback() || addr.IsPrivate() {
		said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if told, err := netip.ParseAddr(strings.TrimSpace(said[len(said)-1])); err == nil {
			addr = told.Unmap()
		}
	}
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	network, _ := addr.WithZone("").Prefix(bits)
	return network
}
