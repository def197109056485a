package telegram

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"
)

const (
	maxUpdate = 1 << 20          // bytes of an update that is brought
	probeEach = 30 * time.Second // by webhook, nothing else shows how the connection fares
)

var secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// pattern is what the webhook's route is called by http.ServeMux.
func (w *Webhook) pattern() (string, error) {
	u, err := url.Parse(w.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", errors.New("telegram: the webhook's address isn't one: write https:// and a name")
	}
	if u.Path == "" || u.Path == "/" {
		return "", errors.New("telegram: the webhook's address needs a path, such as /telegram")
	}
	if !secretShape.MatchString(w.Secret) {
		return "", errors.New("telegram: the webhook's secret must be 1 to 256 of A-Z, a-z, 0-9, _ and -")
	}
	return "POST " + u.EscapedPath(), nil
}

// listen lets Telegram bring updates until the session ends.
func (s *session) listen() error {
	for failed := 0; s.ctx.Err() == nil; {
		if s.sleep(probeEach); s.ctx.Err() != nil {
			break
		}
		err := s.api.do(s.ctx, s.introduce)
		f := asFault(err)
		switch {
		case err == nil:
			failed = 0
			s.state.Set(nil)
		case f.kind == unauthorized:
			return errUnauthorized
		case s.ctx.Err() == nil:
			s.fails(failed, "reach telegram", err)
			failed++
		}
	}
	return nil
}

// receive takes an update that Telegram brings. It answers 200 when what the update asks
// for is durable: Telegram brings it again until then.
func (a *Adapter) receive(w http.ResponseWriter, r *http.Request) {
	if !same(r.Header.Get("X-Telegram-Bot-Api-Secret-Token"), a.o.Webhook.Secret) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s, leave := a.enter()
	if s == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer leave()
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest) // it came in part, and comes again
		return
	}
	w.WriteHeader(s.bring(raw))
}

// same compares secrets without telling by its time how much of them is alike.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// enter returns the session, which then waits for leave; nil while there is none.
func (a *Adapter) enter() (s *session, leave func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.session == nil || a.closing || a.me.Load() == nil {
		return nil, nil
	}
	a.session.busy.Add(1)
	return a.session, a.session.busy.Done
}

// bring does what an update asks for, and returns the status that answers it.
func (s *session) bring(raw []byte) (status int) {
	u, err := readUpdate(raw)
	if err != nil {
		s.setAside(u.ID, "it can't be read", err)
		return http.StatusOK
	}
	confirmed := make(chan struct{})
	given := make(chan struct{}) // closed if it is given up for now
	s.begin(&u, sync.OnceFunc(func() { close(confirmed) }), func() { close(given) })
	select {
	case <-confirmed:
		return http.StatusOK
	case <-given:
		return http.StatusServiceUnavailable
	case <-s.late.Done():
		return http.StatusServiceUnavailable
	}
}
