package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
)

// TelegramAPI is the root of Telegram's own Bot API.
const TelegramAPI = "https://api.telegram.org"

const (
	callPatience = 30 * time.Second // of a call, the sending of a file included
	connections  = 90               // at once; Telegram answers in some 30 ms
	maxAnswer    = 16 << 20         // bytes of an answer
)

// An api calls one bot's methods. Its errors are faults.
type api struct {
	lib    *tg.Bot
	client *http.Client
	root   string
	veil   veil
}

func newAPI(root string, v veil) (*api, error) {
	if root == "" {
		root = TelegramAPI
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost, transport.MaxIdleConnsPerHost, transport.MaxIdleConns = connections, connections, connections
	a := &api{client: &http.Client{Transport: jsonOnly{transport}}, root: strings.TrimRight(root, "/"), veil: v}
	lib, err := tg.New(v.token, tg.WithSkipGetMe(), tg.WithServerURL(a.root), tg.WithHTTPClient(time.Minute, a.client),
		tg.WithErrorsHandler(func(error) {})) // of closing a body that was read
	if err != nil {
		return nil, newFault(err, v)
	}
	a.lib = lib
	return a, nil
}

// jsonOnly refuses answers that aren't Telegram's: pages of proxies, which may repeat the
// address, and with it the token.
type jsonOnly struct{ next *http.Transport }

// RoundTrip is http.RoundTripper's.
func (t jsonOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		_ = response.Body.Close() // nobody reads it
		return nil, &pageError{response.StatusCode}
	}
	return response, nil
}

// do calls a method of the library.
func (a *api) do(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	if err := f(ctx); err != nil {
		return newFault(err, a.veil)
	}
	return nil
}

// An asked is what getUpdates is asked.
type asked struct {
	Offset  int64    `json:"offset,omitempty"`
	Limit   int      `json:"limit,omitempty"`
	Timeout int      `json:"timeout"` // seconds
	Allowed []string `json:"allowed_updates,omitempty"`
}

// updates asks for updates, each of which may be unreadable by itself.
func (a *api) updates(ctx context.Context, q asked) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(q.Timeout)*time.Second+callPatience/3)
	defer cancel()
	batch, err := a.ask(ctx, q)
	if err != nil {
		return nil, newFault(err, a.veil)
	}
	return batch, nil
}

func (a *api) ask(ctx context.Context, q asked) ([]json.RawMessage, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.root+"/bot"+a.veil.token+"/getUpdates", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := a.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	var answer struct {
		OK          bool              `json:"ok"`
		Result      []json.RawMessage `json:"result"`
		Code        int               `json:"error_code"`
		Description string            `json:"description"`
		Parameters  struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if answer.OK {
		return answer.Result, nil
	}
	switch answer.Code {
	case http.StatusTooManyRequests:
		return nil, &tg.TooManyRequestsError{Message: answer.Description, RetryAfter: answer.Parameters.RetryAfter}
	case http.StatusUnauthorized:
		return nil, tg.ErrorUnauthorized
	case http.StatusConflict:
		return nil, fmt.Errorf("%w: %s", tg.ErrorConflict, answer.Description)
	}
	return nil, fmt.Errorf("getUpdates: %d %s", answer.Code, answer.Description)
}
