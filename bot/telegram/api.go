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
	files  *http.Client // whose answers are no JSON
	root   string
	veil   veil
}

func newAPI(root string, v veil) (*api, error) {
	if root == "" {
		root = TelegramAPI
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost, transport.MaxIdleConnsPerHost, transport.MaxIdleConns = connections, connections, connections
	a := &api{
		client: &http.Client{Transport: jsonOnly{transport}, CheckRedirect: stay}, files: &http.Client{Transport: transport, CheckRedirect: stay},
		root: strings.TrimRight(root, "/"), veil: v,
	}
	lib, err := tg.New(v.token, tg.WithSkipGetMe(), tg.WithServerURL(a.root), tg.WithHTTPClient(time.Minute, a.client),
		tg.WithErrorsHandler(func(error) {})) // of closing a body that was read
	if err != nil {
		return nil, newFault(err, v)
	}
	a.lib = lib
	return a, nil
}

// stay follows nobody: where a call was redirected to would hear where it comes from, and
// with that the token. Telegram redirects none.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

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
	batch, err := ask[[]json.RawMessage](ctx, a, "getUpdates", q)
	if err != nil {
		return nil, newFault(err, a.veil)
	}
	return batch, nil
}

// An answer is what the Bot API answers to every call.
type answer[T any] struct {
	OK          bool   `json:"ok"`
	Result      T      `json:"result"`
	Code        int    `json:"error_code"`
	Description string `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
		MovedTo    int `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// ask calls a method as the library does, with the same errors, but sends JSON and reads
// no more of the answer than is wanted: it is for what is called most.
func ask[T any](ctx context.Context, a *api, method string, params any) (result T, err error) {
	body, err := json.Marshal(params)
	if err != nil {
		return result, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.root+"/bot"+a.veil.token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return result, err
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := a.client.Do(r)
	if err != nil {
		return result, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return result, err
	}
	var got answer[T]
	if err := json.Unmarshal(data, &got); err != nil {
		return result, fmt.Errorf("read the answer to %s: %w", method, err)
	}
	if !got.OK {
		return result, got.failure(method)
	}
	return got.Result, nil
}

// failure is the library's error for an answer.
func (a *answer[T]) failure(method string) error {
	if a.Parameters.MovedTo != 0 {
		return &tg.MigrateError{Message: a.Description, MigrateToChatID: a.Parameters.MovedTo}
	}
	switch a.Code {
	case http.StatusTooManyRequests:
		return &tg.TooManyRequestsError{Message: a.Description, RetryAfter: a.Parameters.RetryAfter}
	case http.StatusBadRequest:
		return fmt.Errorf("%w: %s", tg.ErrorBadRequest, a.Description)
	case http.StatusUnauthorized:
		return fmt.Errorf("%w: %s", tg.ErrorUnauthorized, a.Description)
	case http.StatusForbidden:
		return fmt.Errorf("%w: %s", tg.ErrorForbidden, a.Description)
	case http.StatusNotFound:
		return fmt.Errorf("%w: %s", tg.ErrorNotFound, a.Description)
	case http.StatusConflict:
		return fmt.Errorf("%w: %s", tg.ErrorConflict, a.Description)
	}
	return fmt.Errorf("telegram answers %s, %d %s", method, a.Code, a.Description)
}
