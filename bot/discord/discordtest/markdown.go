package discordtest

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kooperativa/mentorbot/bot/chat/chattest"
)

// bubble shows a message to somebody. The caller holds the lock.
func (at *Seat) bubble(p *post) chattest.Bubble {
	b := chattest.Bubble{Mine: p.Author.ID == at.user.ID}
	r := &reader{seat: at}
	if b.Mine {
		b.Text = p.Content
		return b
	}
	parts := []string{r.read(p.Content)}
	if p.Flags&flagNoEmbeds == 0 {
		for _, e := range p.Embeds {
			parts = append(parts, r.embed(e))
		}
	}
	b.Text = strings.Trim(strings.Join(parts, "\n"), "\n")
	b.Links = r.links
	for _, f := range p.Attachments {
		b.Files = append(b.Files, f.Name)
	}
	for _, row := range p.touch {
		for _, c := range row.Components {
			if c.Type == button {
				b.Buttons = append(b.Buttons, c.shown())
			}
			for _, o := range c.Options {
				b.Buttons = append(b.Buttons, o.Label)
			}
		}
	}
	return b
}

// A reader reads Discord's markdown as a person sees it.
type reader struct {
	seat  *Seat
	links []string
}

// embed is an embed as it is read, from top to bottom.
func (r *reader) embed(e wireEmbed) string {
	var parts []string
	if e.Author != nil {
		parts = append(parts, e.Author.Name)
	}
	parts = append(parts, r.read(e.Title), r.read(e.Description))
	for _, f := range e.Fields {
		parts = append(parts, r.read(f.Name)+": "+r.read(f.Value))
	}
	if e.Footer != nil {
		parts = append(parts, e.Footer.Text)
	}
	if e.URL != "" {
		r.links = append(r.links, e.URL)
	}
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n")
}

var (
	item   = regexp.MustCompile(`^( *)[-*] +(\S.*)$`)
	header = regexp.MustCompile(`^(?:#{1,3}|-#) +(\S.*)$`)
	quote  = regexp.MustCompile(`^> (.*)$`)
)

// read reads a text.
func (r *reader) read(text string) string {
	lines := strings.Split(text, "\n")
	var out []string
	for n := 0; n < len(lines); n++ {
		line := lines[n]
		if strings.HasPrefix(line, "```") && n+1 < len(lines) {
			if end := fence(lines[n+1:]); end >= 0 {
				out = append(out, lines[n+1:n+1+end]...)
				n += end + 1
				continue
			}
		}
		if m := quote.FindStringSubmatch(line); m != nil {
			line = m[1]
		}
		switch m := item.FindStringSubmatch(line); {
		case m != nil:
			out = append(out, m[1]+"• "+r.line(m[2]))
		case header.MatchString(line):
			out = append(out, r.line(header.FindStringSubmatch(line)[1]))
		default:
			out = append(out, r.line(line))
		}
	}
	return strings.Join(out, "\n")
}

// fence returns the number of the line that ends a block of code, or -1.
func fence(lines []string) int {
	for n, line := range lines {
		if strings.TrimSpace(line) == "```" {
			return n
		}
	}
	return -1
}

var (
	masked  = regexp.MustCompile(`^\[((?:\\.|[^\]\\])+)\]\(<?(https?://[^\s<>]+?)>?\)`)
	bracket = regexp.MustCompile(`^<(https?://[^\s<>]+)>`)
	bare    = regexp.MustCompile(`^https?://[^\s<>]+[^\s<>.,:;"'\])!?*_~|` + "`" + `]`)
	moment  = regexp.MustCompile(`^<t:(-?[0-9]{1,17})(?::([tTdDfFR]))?>`)
	named   = regexp.MustCompile(`^<(@!?|@&|#)([0-9]{1,20})>`)
	slashed = regexp.MustCompile(`^</([^:<>]{1,100}):[0-9]{1,20}>`)
	smiley  = regexp.MustCompile(`^<a?(:\w{2,32}:)[0-9]{1,20}>`)
)

// line reads one line.
func (r *reader) line(s string) string {
	var b strings.Builder
	for before := rune(0); s != ""; {
		words, n := r.piece(s, before)
		b.WriteString(words)
		before, _ = utf8.DecodeLastRuneInString(s[:n])
		s = s[n:]
	}
	return b.String()
}

// marks are what makes text look different, the longest first. A pair of them is not
// seen; one alone is.
var marks = []string{"***", "**", "__", "~~", "||", "*", "_"}

// piece reads what comes next, and how many bytes it takes.
func (r *reader) piece(s string, before rune) (words string, n int) {
	if s[0] == '\\' && len(s) > 1 && escapable(s[1]) {
		return s[1:2], 2
	}
	if words, n = r.special(s); n > 0 {
		return words, n
	}
	for _, m := range marks {
		if !strings.HasPrefix(s, m) {
			continue
		}
		if end := closing(s[len(m):], m, before); end > 0 {
			return r.line(s[len(m) : len(m)+end]), end + 2*len(m)
		}
	}
	_, n = utf8.DecodeRuneInString(s)
	return s[:n], n
}

func escapable(b byte) bool {
	return b < 0x80 && (unicode.IsPunct(rune(b)) || unicode.IsSymbol(rune(b)))
}

// special reads code, links, moments and mentions.
func (r *reader) special(s string) (words string, n int) {
	if words, n = code(s); n > 0 {
		return words, n
	}
	if m := masked.FindStringSubmatch(s); m != nil {
		r.links = append(r.links, m[2])
		inner := &reader{seat: r.seat}
		return inner.line(m[1]), len(m[0])
	}
	if m := bracket.FindStringSubmatch(s); m != nil {
		r.links = append(r.links, m[1])
		return m[1], len(m[0])
	}
	if m := bare.FindString(s); m != "" {
		r.links = append(r.links, m)
		return m, len(m)
	}
	if m := moment.FindStringSubmatch(s); m != nil {
		return r.moment(m[1], m[2]), len(m[0])
	}
	if m := named.FindStringSubmatch(s); m != nil {
		return r.name(m[1], m[2]), len(m[0])
	}
	if m := slashed.FindStringSubmatch(s); m != nil {
		return "/" + m[1], len(m[0])
	}
	if m := smiley.FindStringSubmatch(s); m != nil {
		return m[1], len(m[0])
	}
	return "", 0
}

// code reads what stands between as many backticks.
func code(s string) (words string, n int) {
	ticks := len(s) - len(strings.TrimLeft(s, "`"))
	if ticks == 0 {
		return "", 0
	}
	for i := ticks; i < len(s); {
		run := len(s[i:]) - len(strings.TrimLeft(s[i:], "`"))
		if run == ticks {
			return strings.TrimSpace(s[ticks:i]), i + ticks
		}
		i += max(run, 1)
	}
	return "", 0
}

// closing finds the mark that ends what another began, or 0.
func closing(s, mark string, before rune) int {
	if s == "" || mark == "_" && word(before) || unicode.IsSpace([]rune(s)[0]) {
		return 0
	}
	for i := 1; i+len(mark) <= len(s); i++ {
		switch {
		case s[i-1] == '\\' && (i < 2 || s[i-2] != '\\'):
		case !strings.HasPrefix(s[i:], mark):
		case len(mark) == 1 && i+1 < len(s) && s[i+1] == mark[0]:
			i++ // two of them are another mark
		case mark == "_" && i+1 < len(s) && word([]rune(s[i+1:])[0]):
		case mark == "*" && unicode.IsSpace(rune(s[i-1])):
		default:
			return i
		}
	}
	return 0
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// moment is a moment in the zone of who reads it, in the English of Britain.
func (r *reader) moment(unix, style string) string {
	n, err := strconv.ParseInt(unix, 10, 64)
	if err != nil {
		return "Invalid Date"
	}
	t := time.Unix(n, 0).In(r.seat.user.zone)
	switch style {
	case "t":
		return t.Format("15:04")
	case "T":
		return t.Format("15:04:05")
	case "d":
		return t.Format("02/01/2006")
	case "D":
		return t.Format("2 January 2006")
	case "F":
		return t.Format("Monday, 2 January 2006 at 15:04")
	case "R":
		return relative(t.Sub(r.seat.server.options.Now()))
	}
	return t.Format("2 January 2006 at 15:04")
}

// relative tells how far away a moment is, in its largest unit.
func relative(d time.Duration) string {
	ago := d < 0
	d = d.Abs()
	n, unit := int(d.Seconds()), "second"
	for _, u := range []struct {
		name string
		is   time.Duration
	}{{"minute", time.Minute}, {"hour", time.Hour}, {"day", 24 * time.Hour}, {"month", 30 * 24 * time.Hour}, {"year", 365 * 24 * time.Hour}} {
		if d >= u.is {
			n, unit = int(d.Round(u.is)/u.is), u.name
		}
	}
	words := strconv.Itoa(n) + " " + unit
	if n != 1 {
		words += "s"
	}
	if ago {
		return words + " ago"
	}
	return "in " + words
}

// name is who or what is mentioned.
func (r *reader) name(kind, id string) string {
	s := r.seat.server
	switch kind {
	case "#":
		if c := s.channels[id]; c != nil {
			return "#" + c.name
		}
		return "#unknown"
	case "@&":
		if g := r.seat.channel.guild; g != nil {
			if role := g.find(id); role != nil {
				return "@" + role.Name
			}
		}
		return "@deleted-role"
	}
	if u := s.members[id]; u != nil {
		return "@" + u.Name
	}
	if id == s.AppID {
		return "@" + s.bot.GlobalName
	}
	return "@unknown-user"
}
