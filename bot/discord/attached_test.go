package discord_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/discord/discordtest"
)

func TestWhatPeopleAttach(t *testing.T) {
	ds := discordtest.New(t, discordtest.Options{})
	f := quick(t, ds)
	f.connected(t)
	var fetched atomic.Int32
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "":
			t.Error("the token is sent to who keeps files")
		case r.URL.Path == "/gone":
			w.WriteHeader(http.StatusNotFound)
		case fetched.Add(1) == 1:
			w.WriteHeader(http.StatusBadGateway) // it is tried again
		case r.URL.Path == "/large":
			_, _ = w.Write(make([]byte, chat.MaxFile+1)) // who reads stops before the end
		default:
			_, _ = w.Write([]byte("agenda"))
		}
	}))
	defer files.Close()
	ana := ds.User("ana").Begin()
	one := func(name string, size int) string {
		return fmt.Sprintf(`{"id":"9","filename":"a/%s.txt","content_type":"text/plain","size":%d,"url":"%s/%s"}`, name, size, files.URL, name)
	}
	ds.Say(fmt.Sprintf(`{"op":0,"t":"MESSAGE_CREATE","s":40,"d":{"id":"8","type":0,"channel_id":"%s","author":{"id":"%s"},"content":"","attachments":[%s,%s,%s,%s]}}`,
		ana.ChannelID(), ana.ID, one("agenda", 6), one("huge", chat.MaxFile+1), one("large", 6), one("gone", 6)))
	eventually(t, "it is handled", func() bool { return len(f.seen()) == 1 })
	got := f.seen()[0].Files
	if len(got) != 4 || got[0].Name != "a_agenda.txt" || got[0].Type != "text/plain" || !bytes.Equal(got[0].Data, []byte("agenda")) {
		t.Fatalf("the files are %+v", got)
	}
	for _, without := range got[1:] {
		if without.Data != nil {
			t.Errorf("%s has %d bytes", without.Name, len(without.Data))
		}
	}
}
