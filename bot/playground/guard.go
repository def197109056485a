package playground

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// policy lets the page use what it came with, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

const cookieName = "mentorbot-playground"

// A guard lets only those requests through that come from the page itself, asked for
// under a name that is ours, by somebody who has the token.
type guard struct {
	token string
	hosts []string
	next  http.Handler
}

// ServeHTTP refuses a request or hands it on.
func (g guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	switch {
	case !g.knows(r.Host):
		// Somebody else's name leads here: their page would count as ours.
		http.Error(w, "The page isn't served under this name.", http.StatusMisdirectedRequest)
	case g.token != "" && r.URL.Path == "/" && r.URL.Query().Has("token"):
		g.admit(w, r)
	case !g.holds(r):
		http.Error(w, refusal, http.StatusUnauthorized)
	case r.URL.Path != "/" && isForeign(r):
		http.Error(w, "The request comes from another page.", http.StatusForbidden)
	default:
		g.next.ServeHTTP(w, r)
	}
}

const refusal = "This page lets anyone be anyone, so it opens only with the link that mentorbot printed " +
	"when it started. If you have just followed that link, reload this page."

func protect(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// knows reports whether a Host header is one of ours. The port doesn't matter: what
// listens on another port of this machine has another origin.
func (g guard) knows(host string) bool {
	name := hostname(host)
	address, err := netip.ParseAddr(name)
	isAddress := err == nil
	if name == "localhost" || isAddress && address.IsLoopback() {
		return true
	}
	for _, h := range g.hosts {
		h = hostname(h)
		ours, err := netip.ParseAddr(h)
		isAny := h == "" || err == nil && ours.IsUnspecified()
		if isAddress && (isAny || err == nil && ours == address) || name != "" && h == name {
			return true
		}
	}
	return false
}

// hostname returns the name or address of a host that may have a port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

// admit checks the token in a link, and moves it from there into a cookie.
func (g guard) admit(w http.ResponseWriter, r *http.Request) {
	if !same(r.URL.Query().Get("token"), g.token) {
		http.Error(w, refusal, http.StatusUnauthorized)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: g.token, Path: "/", HttpOnly: true, Secure: r.TLS != nil,
		SameSite: http.SameSiteStrictMode,
	})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// holds reports whether a request has the token, where one is needed.
func (g guard) holds(r *http.Request) bool {
	if g.token == "" {
		return true
	}
	cookie, err := r.Cookie(cookieName)
	return err == nil && same(cookie.Value, g.token)
}

// same compares in a time that tells nothing.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// isForeign reports whether a browser says that another page made the request. What
// is no browser says nothing, and is no danger.
func isForeign(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || !strings.EqualFold(u.Host, r.Host)
}
