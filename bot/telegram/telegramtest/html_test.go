package telegramtest_test

import (
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

func TestHTML(t *testing.T) {
	for in, want := range map[string]string{
		"a":                                    "a|null",
		"1 &lt; 2 &amp; &quot;&#8364;&#x20AC;": `1 < 2 & "€€|null`,
		" \n<b>a</b> \n":                       `a|[{"type":"bold","offset":0,"length":1}]`,
		"🎉<i>b</i>":                            `🎉b|[{"type":"italic","offset":2,"length":1}]`,
		"<b>a<i>b</i></b>":                     `ab|[{"type":"bold","offset":0,"length":2},{"type":"italic","offset":1,"length":1}]`,
		`<b><a href="https://example.org/?a=1&amp;b=2">x</a></b>`: `x|[{"type":"text_link","offset":0,"length":1,"url":"https://example.org/?a=1\u0026b=2"},{"type":"bold","offset":0,"length":1}]`,
		`<a href='tg://user?id=5'>x</a>`:                          `x|[{"type":"text_link","offset":0,"length":1,"url":"tg://user?id=5"}]`,
		`<pre><code class="language-go">x</code></pre>`:           `x|[{"type":"pre","offset":0,"length":1,"language":"go"}]`,
		"<blockquote expandable><b>x</b></blockquote>":            `x|[{"type":"bold","offset":0,"length":1},{"type":"expandable_blockquote","offset":0,"length":1}]`,
		`<span class="tg-spoiler">x</span>`:                       `x|[{"type":"spoiler","offset":0,"length":1}]`,
		`<tg-time unix="1800000000" format="wDT">then</tg-time>`:  `then|[{"type":"date_time","offset":0,"length":4,"unix_time":1800000000,"date_time_format":"wDT"}]`,
		"<b></b>a": "a|null",
	} {
		text, entities, err := telegramtest.ParseHTML(in)
		if got := text + "|" + entities; err != nil || got != want {
			t.Errorf("%q: got %s, %v\nwant %s", in, got, err, want)
		}
	}
}

func TestHTMLThatIsRefused(t *testing.T) {
	for in, why := range map[string]string{
		"<b>a":                                  "Can't find end tag",
		"a</b>":                                 "unexpected end tag",
		"<b><i>a</b></i>":                       "unmatched end tag",
		"<h1>a</h1>":                            "unsupported start tag",
		"a < b":                                 "bare '<'",
		"a > b":                                 "bare '>'",
		"a & b":                                 "bare '&'",
		"&nbsp;":                                "unknown entity",
		"&#0;":                                  "no character",
		"&#xD800;":                              "no character",
		"<br>":                                  "unsupported start tag",
		"<b/>":                                  "broken tag",
		"<b class=\"x\">a</b>":                  "attribute",
		"<a>x</a>":                              "wrong HTTP URL",
		`<a href="javascript:x">x</a>`:          "wrong HTTP URL",
		`<a href="http://localhost">x</a>`:      "wrong HTTP URL",
		`<a href="https://example.org/&">x</a>`: "unknown entity",
		`<a href="https://a.b">x<a href="https://c.d">y</a></a>`: "within",
		"<b><code>x</code></b>":                                  "within",
		"<code><b>x</b></code>":                                  "within",
		"<b><b>x</b></b>":                                        "within",
		"<blockquote><blockquote>x</blockquote></blockquote>":    "within",
		`<code class="go">x</code>`:                              "class",
		`<span>x</span>`:                                         "tg-spoiler",
		`<tg-time unix="soon">x</tg-time>`:                       "date-time",
		`<tg-time unix="1" format="x">x</tg-time>`:               "date-time",
		`<tg-emoji emoji-id="x">x</tg-emoji>`:                    "custom emoji",
		strings.Repeat("<b>a</b>b", 101):                         "101 of them",
	} {
		if text, _, err := telegramtest.ParseHTML(in); err == nil || !strings.Contains(err.Error(), why) || !strings.Contains(err.Error(), "can't parse entities") {
			t.Errorf("%q: got %q, %v", in, text, err)
		}
	}
}
