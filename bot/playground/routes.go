package playground

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
)

const (
	maxBody  = 64 << 10
	maxTyped = 4096 // UTF-16 code units of a message that somebody types
)

func (p *Playground) mux() http.Handler {
	m := http.NewServeMux()
	m.Handle("GET /", page())
	m.HandleFunc("GET /api/state", p.while(p.getState))
	m.HandleFunc("GET /api/events", p.getEvents) // ends before the run, which doesn't wait for it
	m.HandleFunc("GET /api/earlier", p.while(p.getEarlier))
	m.HandleFunc("GET /api/commands", p.while(p.getCommands))
	m.HandleFunc("GET /api/file", p.while(p.getFile))
	m.HandleFunc("POST /api/say", p.while(p.postSay))
	m.HandleFunc("POST /api/tap", p.while(p.postTap))
	m.HandleFunc("POST /api/start", p.while(p.postStart))
	m.HandleFunc("POST /api/suggest", p.while(p.postSuggest))
	m.HandleFunc("POST /api/turn", p.while(p.postTurn))
	return m
}

// while makes the run wait for a request, and refuses it when there is no run.
func (p *Playground) while(f func(http.ResponseWriter, *http.Request, *run)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		run, leave := p.enter()
		if run == nil {
			refuse(w, http.StatusServiceUnavailable, "mentorbot isn't running.")
			return
		}
		defer leave()
		f(w, r, run)
	}
}

func (p *Playground) getState(w http.ResponseWriter, _ *http.Request, _ *run) {
	answer(w, p.book.state())
}

func (p *Playground) getEarlier(w http.ResponseWriter, r *http.Request, _ *run) {
	seq, err := strconv.Atoi(r.FormValue("before"))
	if err != nil {
		refuse(w, http.StatusBadRequest, "Before which message?")
		return
	}
	answer(w, p.book.earlier(r.FormValue("chat"), seq))
}

func (p *Playground) postSay(w http.ResponseWriter, r *http.Request, run *run) {
	var in struct{ Chat, Text string }
	if !p.read(w, r, &in, &in.Chat) {
		return
	}
	in.Text = clean(in.Text)
	switch {
	case in.Text == "":
		refuse(w, http.StatusBadRequest, "There is nothing to send.")
	case chat.UTF16Len(in.Text) > maxTyped:
		refuse(w, http.StatusRequestEntityTooLarge, "That is longer than a message can be.")
	default:
		p.finish(w, run, deed{chat: in.Chat, text: in.Text, shown: in.Text, act: said})
	}
}

func (p *Playground) postTap(w http.ResponseWriter, r *http.Request, run *run) {
	var in struct{ Chat, Bubble, Command string }
	if !p.read(w, r, &in, &in.Chat) {
		return
	}
	if len(in.Command) > chat.MaxCommand {
		refuse(w, http.StatusRequestEntityTooLarge, "No button says that much.")
		return
	}
	label := in.Command
	if b := p.book.find(in.Chat, in.Bubble); b != nil {
		for _, button := range b.Message.Buttons {
			if button.Command == in.Command {
				label = button.Label
			}
		}
	}
	p.finish(w, run, deed{chat: in.Chat, text: clean(in.Command), shown: label, act: tapped, bubble: in.Bubble})
}

// postStart does what an invitation's link does in an app. Its code is shown nowhere.
func (p *Playground) postStart(w http.ResponseWriter, r *http.Request, run *run) {
	var in struct{ Chat string }
	if !p.read(w, r, &in, &in.Chat) {
		return
	}
	code, err := p.o.Stage.Invite(run.ctx, in.Chat)
	if err != nil {
		p.o.Log.Error("invite", "error", err)
		refuse(w, http.StatusInternalServerError, "There is no invitation for this person now.")
		return
	}
	p.finish(w, run, deed{chat: in.Chat, text: "/start " + code, shown: "/start", act: started})
}

func (p *Playground) finish(w http.ResponseWriter, run *run, d deed) {
	if err := p.do(run, d); err != nil {
		p.o.Log.Error("do what was asked on the page", "error", err)
		refuse(w, http.StatusInternalServerError, "It couldn't be done.")
		return
	}
	p.done(w)
}

// done answers with the last event, so that the page knows what it has to hear
// before it shows how things stand now.
func (p *Playground) done(w http.ResponseWriter) {
	answer(w, map[string]string{"event": p.book.lastEvent()})
}

// read reads a request's body, and checks that the person it is about is known.
func (p *Playground) read(w http.ResponseWriter, r *http.Request, in any, chatID *string) bool {
	if !readJSON(w, r, in) {
		return false
	}
	if _, ok := p.book.person(*chatID); !ok {
		refuse(w, http.StatusNotFound, "There is no such person here.")
		return false
	}
	return true
}

func readJSON(w http.ResponseWriter, r *http.Request, in any) bool {
	// A form of another page can't send this type.
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "The body must be JSON.")
		return false
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		refuse(w, http.StatusRequestEntityTooLarge, "That is longer than a message can be.")
		return false
	}
	if err == nil {
		err = json.Unmarshal(data, in)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "The body isn't what it should be.")
	}
	return err == nil
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // whoever asked has gone if this fails
}

func refuse(w http.ResponseWriter, status int, words string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": words}) // as above
}

// clean takes out what no database takes, and the space around.
func clean(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", ""))
}

// query makes a query of names and values.
func query(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q.Encode()
}
