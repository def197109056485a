package telegram_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/telegram"
	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

func TestWhatPeopleFormatAndAttach(t *testing.T) {
	tg := telegramtest.New(t, telegramtest.Options{})
	f := open(t, tg)
	ana := tg.User("ana")
	large := bytes.Repeat([]byte("x"), chat.MaxFile+1)
	must(t, ana.Format(`Ćao <b>all</b>, <a href="https://example.org/a_b">here</a> &amp; *there*`))
	must(t, ana.Document("poster.pdf", []byte("%PDF"), "Look"))
	must(t, ana.Document("film.pdf", large, "Look"))
	must(t, ana.Photo("a picture"))
	eventually(t, "all is handled", func() bool { return len(f.seen()) == 4 })
	all := f.seen()
	if want := chat.Text(`Ćao *all*, [here](https://example.org/a_b) & \*there\*`); all[0].Styled.Plain() != want.Plain() || all[0].Text != "Ćao all, here & *there*" {
		t.Errorf("the text is %q, %q", all[0].Text, all[0].Styled)
	}
	if r := all[1]; len(r.Files) != 1 || r.Files[0].Name != "poster.pdf" || string(r.Files[0].Data) != "%PDF" || r.Text != "Look" {
		t.Errorf("the file is %+v", r)
	}
	if r := all[2]; len(r.Files) != 1 || r.Files[0].Data != nil {
		t.Errorf("what is too large has %d bytes", len(r.Files[0].Data))
	}
	if r := all[3]; len(r.Files) != 1 || r.Files[0].Type != "image/jpeg" || len(r.Files[0].Data) == 0 {
		t.Errorf("the picture is %+v", r)
	}
}

// TestStyledTextsReadAsTyped: whatever the looks, a reader sees the words, and each as it
// was formatted.
func TestStyledTextsReadAsTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"*", "_", "[", "](", "\\", "a", " ", "ž", "👩🏽", "\n", "- ", "<"}), 1, 12).Draw(t, "text"), "")
		n := len(utf16.Encode([]rune(text)))
		var entities []telegram.Entity
		bold, italic := make([]bool, n), make([]bool, n)
		for range rapid.IntRange(1, 4).Draw(t, "entities") {
			from := rapid.IntRange(0, n-1).Draw(t, "from")
			e := telegram.Entity{Type: rapid.SampledFrom([]string{"bold", "italic"}).Draw(t, "type"), Offset: from, Length: rapid.IntRange(1, n-from).Draw(t, "length")}
			of := map[string][]bool{"bold": bold, "italic": italic}[e.Type]
			for i := from; i < from+e.Length; i++ {
				of[i] = true
			}
			entities = append(entities, e)
		}
		if strings.ContainsRune(text, '👩') {
			return // an entity never ends within a character
		}
		var words strings.Builder
		var i int
		for _, line := range telegram.Styled(text, entities).Lines() {
			if line.Item {
				t.Fatalf("%q is an item", text)
			}
			for _, span := range line.Spans {
				for range span.Text {
					if span.Bold != bold[i] || span.Italic != italic[i] {
						t.Fatalf("%q looks otherwise at %d", text, i)
					}
					i++
				}
				words.WriteString(span.Text)
			}
			words.WriteByte('\n')
			i++
		}
		if words.String() != text+"\n" {
			t.Fatalf("%q reads %q", text, words.String())
		}
	})
	if got := telegram.Styled("plain", []telegram.Entity{{Type: "bot_command", Length: 3}}); got != "" {
		t.Errorf("a plain text is styled %q", got)
	}
	emoji := telegram.Styled("👩🏽 x", []telegram.Entity{{Type: "bold", Length: 4}})
	if got := emoji.Lines()[0].Spans; !slices.Equal(got, []chat.Span{{Text: "👩🏽", Bold: true}, {Text: " x"}}) {
		t.Errorf("the spans are %+v", got)
	}
}

// through is a proxy before the fake, which may answer itself.
func through(t *testing.T, tg *telegramtest.Server, answer func(http.ResponseWriter, *http.Request) bool) string {
	t.Helper()
	root, err := url.Parse(tg.URL)
	must(t, err)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer(w, r) {
			return
		}
		out := r.Clone(r.Context())
		out.RequestURI, out.URL.Scheme, out.URL.Host, out.Host = "", root.Scheme, root.Host, root.Host
		response, err := http.DefaultTransport.RoundTrip(out)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer response.Body.Close()
		w.Header().Set("Content-Type", response.Header.Get("Content-Type"))
		w.WriteHeader(response.StatusCode)
		var b bytes.Buffer
		_, _ = b.ReadFrom(response.Body)
		_, _ = w.Write(b.Bytes())
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestAFileThatCantBeHad: it holds up nothing else that its sender says.
func TestAFileThatCantBeHad(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"gone":  http.NotFound,
		"stuck": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tg := telegramtest.New(t, telegramtest.Options{})
			f := open(t, tg, func(o *telegram.Options) {
				o.API = through(t, tg, func(w http.ResponseWriter, r *http.Request) bool {
					is := strings.HasPrefix(r.URL.Path, "/file/")
					if is {
						answer(w, r)
					}
					return is
				})
			})
			ana := tg.User("ana")
			must(t, ana.Document("poster.pdf", []byte("%PDF"), "Look"))
			must(t, ana.Type("hello"))
			eventually(t, "both are handled", func() bool { return slices.Equal(f.texts(), []string{"Look", "hello"}) })
			if r := f.seen()[0]; len(r.Files) != 1 || r.Files[0].Data != nil {
				t.Errorf("the files are %+v", r.Files)
			}
		})
	}
}
