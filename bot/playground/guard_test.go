package playground_test

import (
	"io"
	"mime"
	"net/http"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/playground"
)

// ask sends a request with headers, and returns the answer with its body.
func (f *fixture) ask(method, path string, headers values) (*http.Response, string) {
	f.tb.Helper()
	request, err := http.NewRequest(method, f.server.URL+path, strings.NewReader(`{"chat":"m","text":"hello"}`))
	if err != nil {
		f.tb.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		if name == "Host" {
			request.Host = value
		}
		request.Header.Set(name, value)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		f.tb.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		f.tb.Fatal(err)
	}
	return response, string(body)
}

func (f *fixture) file(t *testing.T, href string) (*http.Response, string) {
	t.Helper()
	return f.ask(http.MethodGet, href, nil)
}

func TestWhoMayAsk(t *testing.T) {
	f := begin(t, playground.Options{Hosts: []string{"Play.example.org", "192.0.2.7:8080"}}, &fakeHandler{})
	own := strings.TrimPrefix(f.server.URL, "http://")
	for _, c := range []struct {
		name, method, path string
		headers            values
		want               int
	}{
		{"the page", "GET", "/", nil, 200},
		{"its style", "GET", "/style.css", nil, 200},
		{"nothing", "GET", "/nothing", nil, 404},
		{"localhost", "GET", "/", values{"Host": "localhost:1234"}, 200},
		{"IPv6", "GET", "/", values{"Host": "[::1]:1234"}, 200},
		{"a name that was configured", "GET", "/", values{"Host": "play.EXAMPLE.org"}, 200},
		{"an address that was configured", "GET", "/", values{"Host": "192.0.2.7:8080"}, 200},
		{"no name", "GET", "/", values{"Host": ":80"}, 421},
		{"another name", "GET", "/", values{"Host": "evil.example.org"}, 421},
		{"a name that begins like ours", "GET", "/", values{"Host": "localhost.evil.org"}, 421},
		{"another address", "GET", "/api/state", values{"Host": "192.0.2.8"}, 421},
		{"another page reads", "GET", "/api/state", values{"Sec-Fetch-Site": "cross-site"}, 403},
		{"another page listens", "GET", "/api/events", values{"Origin": "https://evil.example.org"}, 403},
		{"a sister page listens", "GET", "/api/events", values{"Sec-Fetch-Site": "same-site"}, 403},
		{"a link from elsewhere", "GET", "/", values{"Sec-Fetch-Site": "cross-site"}, 200},
		{"another page writes", "POST", "/api/say", values{"Origin": "https://evil.example.org"}, 403},
		{"another port writes", "POST", "/api/say", values{"Origin": "http://127.0.0.1:1"}, 403},
		{"nobody's page writes", "POST", "/api/say", values{"Origin": "null"}, 403},
		{"a form writes", "POST", "/api/say", values{"Content-Type": "text/plain"}, 415},
		{"the page writes", "POST", "/api/say", values{"Origin": f.server.URL, "Sec-Fetch-Site": "same-origin", "Host": own}, 200},
		{"writing by reading", "GET", "/api/say", nil, 404},
	} {
		if response, body := f.ask(c.method, c.path, c.headers); response.StatusCode != c.want {
			t.Errorf("%s: %d %s, want %d", c.name, response.StatusCode, body, c.want)
		}
	}
	response, _ := f.ask("GET", "/", nil)
	policy := response.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %s", policy)
	}
	if response.Header.Get("X-Content-Type-Options") != "nosniff" || response.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("the headers are %v", response.Header)
	}
	if state, _ := f.ask("GET", "/api/state", nil); state.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the state may be kept: %v", state.Header)
	}
}

func TestAnyAddressButNoName(t *testing.T) {
	for _, own := range []string{"0.0.0.0:8080", "[::]:8080", ":8080"} {
		f := &fixture{tb: t, server: serve(t, playground.Options{Hosts: []string{own}, Token: "secret"})}
		for host, want := range map[string]int{"192.0.2.8:8080": http.StatusUnauthorized, "[2001:db8::1]:8080": http.StatusUnauthorized, "evil.example.org": http.StatusMisdirectedRequest, ":80": http.StatusMisdirectedRequest} {
			if response, _ := f.ask("GET", "/", values{"Host": host}); response.StatusCode != want {
				t.Errorf("at %s asked for %s: %d, want %d", own, host, response.StatusCode, want)
			}
		}
	}
}

func TestAToken(t *testing.T) {
	f := begin(t, playground.Options{}, &fakeHandler{})
	if response, _ := f.ask("GET", "/?token=x", nil); response.StatusCode != http.StatusOK {
		t.Errorf("a token where none is needed: %d", response.StatusCode)
	}
	f = &fixture{tb: t, server: serve(t, playground.Options{Token: "s3cret-token"})}
	for _, path := range []string{"/", "/style.css", "/api/state", "/api/events", "/?token=wrong", "/?token=", "/api/state?token=s3cret-token"} {
		response, body := f.ask("GET", path, nil)
		if response.StatusCode != http.StatusUnauthorized || strings.Contains(body, "s3cret") {
			t.Errorf("%s: %d %s", path, response.StatusCode, body)
		}
	}
	response, _ := f.ask("GET", "/?token=s3cret-token", nil)
	cookies := response.Cookies()
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/" || len(cookies) != 1 {
		t.Fatalf("the link answers %d %v", response.StatusCode, response.Header)
	}
	if c := cookies[0]; !c.HttpOnly || c.SameSite != http.SameSiteStrictMode {
		t.Errorf("the cookie is %v", c)
	}
	if response, _ := f.ask("GET", "/", values{"Cookie": cookies[0].Name + "=" + cookies[0].Value}); response.StatusCode != http.StatusOK {
		t.Errorf("with the cookie: %d", response.StatusCode)
	}
	if response, _ := f.ask("GET", "/", values{"Cookie": cookies[0].Name + "=wrong"}); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("with a wrong cookie: %d", response.StatusCode)
	}
}

func TestFiles(t *testing.T) {
	f := begin(t, playground.Options{}, &fakeHandler{})
	files := []chat.File{
		{Name: "progress.png", Type: "image/png", Data: []byte("picture"), Alt: "Six bars"},
		{Name: "Sastanak – četvrtak \"1\".ics", Type: "text/calendar; charset=utf-8", Data: []byte("BEGIN")},
		{Name: "../../etc/\u202epasswd\n", Type: "text/html", Data: []byte("<script>")},
		{Name: "", Type: "nonsense", Data: nil},
	}
	if _, err := f.Send(t.Context(), "m", "", chat.Message{Files: files}); err != nil {
		t.Fatal(err)
	}
	shown := f.state().Chats["m"].Bubbles[0].Files
	if !shown[0].Picture || shown[1].Picture || shown[0].Alt != "Six bars" {
		t.Errorf("shown are %+v", shown)
	}
	for i, want := range []struct{ how, name, kind string }{
		{"inline", "progress.png", "image/png"},
		{"attachment", "Sastanak – četvrtak \"1\".ics", "text/calendar; charset=utf-8"},
		{"attachment", "_.._etc__passwd_", "text/html"},
		{"attachment", "file", "application/octet-stream"},
	} {
		response, body := f.file(t, shown[i].Href)
		how, params, err := mime.ParseMediaType(response.Header.Get("Content-Disposition"))
		if err != nil || how != want.how || params["filename"] != want.name || response.Header.Get("Content-Type") != want.kind {
			t.Errorf("file %d comes as %v", i, response.Header)
		}
		if body != string(files[i].Data) || !strings.Contains(response.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("file %d: %q with %v", i, body, response.Header)
		}
	}
	for _, path := range []string{"/api/file?chat=m&bubble=x&file=0", "/api/file?chat=m&file=9&bubble=" + f.state().Chats["m"].Bubbles[0].ID} {
		if response, _ := f.file(t, path); response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, response.StatusCode)
		}
	}
}
