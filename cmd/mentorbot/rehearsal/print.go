package rehearsal

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// Printed is one line of the machine-readable form, on which others' scripts may
// rely.
type Printed struct {
	At       string     `json:"at"` // RFC 3339, in the recipient's zone
	To       string     `json:"to"` // person id
	Role     store.Role `json:"role"`
	Kind     store.Kind `json:"kind"`
	Subject  string     `json:"subject"`
	Key      string     `json:"key"`
	Language string     `json:"language"`
	Text     string     `json:"text"`
	Buttons  []string   `json:"buttons,omitempty"`
}

// JSON returns a function that writes each line as one JSON object on one line.
func JSON(w io.Writer) func(Line) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return func(l Line) error {
		return enc.Encode(Printed{
			At: l.At.Format(time.RFC3339), To: l.To.Slug, Role: l.Role,
			Kind: l.Message.Kind, Subject: l.Message.Subject, Key: l.Message.Key,
			Language: l.Language, Text: l.Words.Text.Plain(), Buttons: labels(l),
		})
	}
}

func labels(l Line) (labels []string) {
	for _, b := range l.Words.Buttons {
		labels = append(labels, b.Label)
	}
	return labels
}

// Timeline returns a function that writes lines for people to read, with a heading
// for each day. A time names its zone where that isn't the cycle's.
func Timeline(w io.Writer) func(Line) error {
	var today store.Date
	return func(l Line) error {
		var b strings.Builder
		if day := store.DateOf(l.At); day != today {
			today = day
			fmt.Fprintf(&b, "\n%s\n", l.At.Format("Monday 2 January 2006"))
		}
		fmt.Fprintf(&b, "\n  %s%s  %s\n", l.At.Format("15:04"), elsewhere(l), l.To.Name)
		for _, line := range strings.Split(l.Words.Text.Plain(), "\n") {
			fmt.Fprintln(&b, strings.TrimRight("         "+line, " "))
		}
		if buttons := labels(l); len(buttons) > 0 {
			fmt.Fprintf(&b, "         [%s]\n", strings.Join(buttons, "] ["))
		}
		_, err := io.WriteString(w, b.String())
		return err
	}
}

// elsewhere names the zone of a line whose clock differs from the cycle's.
func elsewhere(l Line) string {
	if store.WallOf(l.At.In(l.Home)) == store.WallOf(l.At) {
		return ""
	}
	return " " + l.At.Location().String()
}

// Counts counts messages for each person and kind.
type Counts struct {
	people map[string]map[store.Kind]int
	roles  map[string]store.Role
	kinds  map[store.Kind]int
}

// Add counts one line.
func (c *Counts) Add(l Line) {
	if c.people == nil {
		c.people, c.roles, c.kinds = map[string]map[store.Kind]int{}, map[string]store.Role{}, map[store.Kind]int{}
	}
	if c.people[l.To.Slug] == nil {
		c.people[l.To.Slug] = map[store.Kind]int{}
	}
	c.people[l.To.Slug][l.Message.Kind]++
	c.roles[l.To.Slug] = l.Role
	c.kinds[l.Message.Kind]++
}

// Print writes a table: a row a person, a column a kind.
func (c *Counts) Print(w io.Writer) error {
	if len(c.people) == 0 {
		_, err := fmt.Fprintln(w, "No messages.")
		return err
	}
	kinds := slices.Sorted(maps.Keys(c.kinds))
	people := slices.SortedFunc(maps.Keys(c.people), func(a, b string) int {
		return cmp.Or(cmp.Compare(c.roles[a], c.roles[b]), cmp.Compare(a, b))
	})
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "person\trole\t")
	for _, kind := range kinds {
		fmt.Fprintf(t, "%s\t", kind)
	}
	fmt.Fprintln(t, "all\t")
	for _, person := range people {
		fmt.Fprintf(t, "%s\t%s\t", person, c.roles[person])
		all := 0
		for _, kind := range kinds {
			n := c.people[person][kind]
			all += n
			fmt.Fprintf(t, "%d\t", n)
		}
		fmt.Fprintf(t, "%d\t\n", all)
	}
	return t.Flush()
}
