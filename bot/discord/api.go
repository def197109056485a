package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// DiscordAPI is the host of Discord's own API.
const DiscordAPI = "https://discord.com"

const (
	version      = "10"
	agent        = "DiscordBot (https://github.com/kooperativa/mentorbot, 1)"
	callPatience = 30 * time.Second // of a call, the sending of a file included
	connections  = 60               // at once
	maxAnswer    = 16 << 20         // bytes of an answer
)

// An api calls Discord as one bot. Its errors are faults. It never waits and never calls
// twice: that is for who calls.
type api struct {
	client *http.Client
	root   string
	veil   veil
}

func newAPI(root string, v veil) *api {
	if root == "" {
		root = DiscordAPI
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxConnsPerHost, transport.MaxIdleConnsPerHost, transport.MaxIdleConns = connections, connections, connections
	return &api{
		client: &http.Client{Transport: transport, Timeout: callPatience},
		root:   strings.TrimRight(root, "/") + "/api/v" + version, veil: v,
	}
}

// A call is one request of the API.
type call struct {
	method string
	path   string // below the version; it may hold an interaction's token
	secret string // that token; "": none, and the bot's own is sent
	body   any    // nil: none
	files  []*discordgo.File
}

// do calls, and reads the answer into a value unless that is nil. The headers tell of
// limits, also after a fault.
func (a *api) do(ctx context.Context, c call, into any) (http.Header, error) {
	r, err := a.request(ctx, c)
	if err != nil {
		return nil, a.veil.brokenOff(err, c.secret)
	}
	response, err := a.client.Do(r)
	if err != nil {
		return nil, a.veil.brokenOff(err, c.secret)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, a.veil.brokenOff(err, c.secret)
	}
	if response.StatusCode >= 300 {
		return response.Header, a.fault(c, response, data)
	}
	if into == nil || response.StatusCode == http.StatusNoContent {
		return response.Header, nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return response.Header, &fault{status: response.StatusCode, text: fmt.Sprintf("discord answers something that can't be read (%T)", err)}
	}
	return response.Header, nil
}

func (a *api) request(ctx context.Context, c call) (*http.Request, error) {
	var body []byte
	var kind string
	var err error
	switch {
	case len(c.files) > 0:
		kind, body, err = discordgo.MultipartBodyWithJSON(c.body, c.files)
	case c.body != nil:
		kind = "application/json"
		body, err = json.Marshal(c.body)
	}
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, c.method, a.root+c.path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", agent)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if c.secret == "" {
		r.Header.Set("Authorization", "Bot "+a.veil.token)
	}
	return r, nil
}

// fault reads an answer that isn't what was asked for. A page of HTML, as of what stands
// before Discord, isn't repeated: it may hold the address.
func (a *api) fault(c call, response *http.Response, data []byte) *fault {
	var said struct {
		Code       int             `json:"code"`
		Message    string          `json:"message"`
		Errors     json.RawMessage `json:"errors"`
		RetryAfter float64         `json:"retry_after"` // seconds
		Global     bool            `json:"global"`
	}
	f := &fault{status: response.StatusCode}
	if err := json.Unmarshal(data, &said); err != nil {
		f.text = fmt.Sprintf("something that isn't Discord answers %d %s", f.status, http.StatusText(f.status))
		f.global = f.status == http.StatusTooManyRequests // it stands before all
	} else {
		f.code, f.global = said.Code, said.Global
		f.text = a.veil.over(fmt.Sprintf("discord answers %d, code %d: %s %s", f.status, f.code, said.Message, shortened(said.Errors)), c.secret)
		f.text = strings.TrimSpace(f.text)
	}
	if f.status == http.StatusTooManyRequests {
		f.wait = time.Duration(said.RetryAfter * float64(time.Second))
		if seconds, err := strconv.ParseFloat(response.Header.Get("Retry-After"), 64); err == nil && f.wait <= 0 {
			f.wait = time.Duration(seconds * float64(time.Second))
		}
		f.wait = max(f.wait, 100*time.Millisecond)
	}
	return f
}

// shortened is what is wrong with a body, which Discord tells at length.
func shortened(errors json.RawMessage) string {
	const most = 300
	return string(errors[:min(len(errors), most)])
}
