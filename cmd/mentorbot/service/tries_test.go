package service

import (
	"net/http"
	"net/netip"
	"testing"
	"time"
)

func TestTriesTakeLittleMemory(t *testing.T) {
	var all tries
	now := time.Now()
	for i := range 10 * mostRemotes {
		all.note(netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(i >> 16), byte(i >> 8), byte(i), 1}), 32), now)
	}
	if n := len(all.from); n == 0 || n > mostRemotes {
		t.Errorf("%d remote addresses are known", n)
	}
	one := netip.MustParsePrefix("192.0.2.1/32")
	for range triesAtOnce {
		if all.spent(one, now) {
			t.Fatal("held up too early")
		}
		all.note(one, now)
	}
	if !all.spent(one, now) || all.spent(one, now.Add(tryEach)) {
		t.Error("not held up, or for too long")
	}
}

func TestWhoAsks(t *testing.T) {
	for _, c := range []struct{ remote, forwarded, want string }{
		{"192.0.2.7:1", "", "192.0.2.7/32"},
		{"192.0.2.7:1", "198.51.100.1", "192.0.2.7/32"}, // anybody can say so
		{"127.0.0.1:1", "198.51.100.1, 198.51.100.2", "198.51.100.2/32"},
		{"172.18.0.2:1", "198.51.100.2", "198.51.100.2/32"},
		{"[::1]:1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"},
		{"[::ffff:127.0.0.1]:1", "::ffff:198.51.100.2", "198.51.100.2/32"},
		{"127.0.0.1:1", "nonsense", "127.0.0.1/32"},
		{"127.0.0.1:1", "", "127.0.0.1/32"},
		{"[2001:db8::1%eth0]:1", "", "2001:db8::/64"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := remote(r).String(); got != c.want {
			t.Errorf("%s, for %q, is %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
	if got := remote(&http.Request{RemoteAddr: "@", Header: http.Header{}}); got.IsValid() {
		t.Errorf("nonsense is %s", got)
	}
}
