package playground

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	heartbeat     = 15 * time.Second // a stream without news shows that it lives
	writePatience = 10 * time.Second // for who doesn't read
)

// getEvents streams what is new as server-sent events, each with a list of events
// and the id of the last of them. It begins after the event that the query or the
// Last-Event-ID names; where it can't, it says "reset", and the page begins anew.
func (p *Playground) getEvents(w http.ResponseWriter, r *http.Request) {
	run := p.current()
	if run == nil {
		refuse(w, http.StatusServiceUnavailable, "mentorbot isn't running.")
		return
	}
	id := r.Header.Get("Last-Event-ID")
	if id == "" {
		id = r.FormValue("after")
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	s := stream{http.NewResponseController(w), w}
	beat := time.NewTimer(heartbeat)
	defer beat.Stop()
	if !s.send(": hello\n\n") {
		return
	}
	for {
		events, lastID, grown, ok := p.book.since(id)
		if !ok {
			s.send("event: reset\ndata: {}\n\n")
			return
		}
		if len(events) > 0 && !s.tell(lastID, events) {
			return
		}
		id = lastID
		beat.Reset(heartbeat)
		select {
		case <-grown:
		case <-beat.C:
			if !s.send(": still here\n\n") {
				return
			}
		case <-r.Context().Done():
			return
		case <-run.ctx.Done():
			return
		}
	}
}

// A stream writes to one page.
type stream struct {
	control *http.ResponseController
	w       http.ResponseWriter
}

func (s stream) tell(id string, events []json.RawMessage) bool {
	var b bytes.Buffer
	fmt.Fprintf(&b, "id: %s\ndata: [", id)
	for i, e := range events {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(e) // json.Marshal writes no line breaks
	}
	b.WriteString("]\n\n")
	return s.send(b.String())
}

// send reports whether the page still reads.
func (s stream) send(text string) bool {
	_ = s.control.SetWriteDeadline(time.Now().Add(writePatience)) // where it can be set
	if _, err := s.w.Write([]byte(text)); err != nil {
		return false
	}
	return s.control.Flush() == nil
}
