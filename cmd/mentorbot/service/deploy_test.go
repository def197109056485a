package service

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/kooperativa/mentorbot/store"
)

// The dashboard and the alerts name nothing that /metrics doesn't serve.
func TestDeployNamesOnlyMetricsThatThereAre(t *testing.T) {
	there := served(t)
	for _, file := range []string{"../../../deploy/grafana.json", "../../../deploy/alerts.yaml"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var content any
		if strings.HasSuffix(file, ".json") {
			err = json.Unmarshal(src, &content)
		} else {
			err = yaml.Unmarshal(src, &content)
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		asked := questions(content)
		if len(asked) < 8 {
			t.Errorf("%s: found %d questions only", file, len(asked))
		}
		for _, question := range asked {
			for _, mistake := range there.mistakes(question) {
				t.Errorf("%s: %s, in %s", file, mistake, question)
			}
		}
	}
}

func TestQuestionsAboutWhatIsNotThereAreFound(t *testing.T) {
	there := metricsThere{"mentorbot_up": {"part": {"clock"}}}
	for question, want := range map[string]int{
		`mentorbot_up{part="clock", instance=~"$instance"}`: 0,
		`sum by (part, job) (rate(mentorbot_up[5m]))`:       0,
		`mentorbot_down`:                                          1,
		`go_nothing + process_nothing`:                            2,
		`mentorbot_up{state="planned"}`:                           1,
		`mentorbot_up{part=~"clock|calendar"}`:                    1,
		`histogram_quantile(0.5, sum by (le) (mentorbot_up[5m]))`: 1,
	} {
		if got := there.mistakes(question); len(got) != want {
			t.Errorf("%s: found %q, want %d mistakes", question, got, want)
		}
	}
}

// metricsThere are the values of the labels of metrics.
type metricsThere map[string]map[string][]string

var (
	sample   = regexp.MustCompile(`(?m)^(\w+)(?:\{(.*)\})? `)
	matcher  = regexp.MustCompile(`(\w+)(?:=~|!~|!=|=)"([^"]*)"`)
	selector = regexp.MustCompile(`\b((?:mentorbot|go|process)_\w+)(?:\{([^}]*)\})?`)
	grouping = regexp.MustCompile(`\bby \(([^)]*)\)`)
)

// served is what /metrics serves of a service that works, to whom everything happened.
func served(t *testing.T) metricsThere {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	db, err := store.Open(ctx, store.Options{Database: ":memory:"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s, err := New(ctx, Options{Store: db, Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	s.metrics.handler("platform", nil)
	s.metrics.requestSeconds.WithLabelValues("platform")
	s.metrics.sends.WithLabelValues(string(store.KindNote), string(store.Sent))
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	for deadline := time.Now().Add(time.Minute); s.heart.Last().IsZero(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the clock doesn't tick")
		}
	}
	answer := httptest.NewRecorder()
	s.watchRoutes().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "http://localhost/metrics", http.NoBody))
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	there := metricsThere{}
	for _, found := range sample.FindAllStringSubmatch(answer.Body.String(), -1) {
		if there[found[1]] == nil {
			there[found[1]] = map[string][]string{}
		}
		for _, label := range matcher.FindAllStringSubmatch(found[2], -1) {
			there[found[1]][label[1]] = append(there[found[1]][label[1]], label[2])
		}
	}
	if len(there) < 20 {
		t.Fatalf("%d metrics only:\n%s", len(there), answer.Body)
	}
	return there
}

// questions are what a file asks Prometheus.
func questions(content any) (asked []string) {
	switch c := content.(type) {
	case map[string]any:
		for key, value := range c {
			question, is := value.(string)
			if is && (key == "expr" || key == "definition" || key == "query" && strings.Contains(question, "(")) {
				asked = append(asked, question)
			}
			asked = append(asked, questions(value)...)
		}
	case []any:
		for _, value := range c {
			asked = append(asked, questions(value)...)
		}
	}
	return asked
}

// mistakes says which metrics, labels and values of a question there aren't.
func (m metricsThere) mistakes(question string) (found []string) {
	usual := []string{"instance", "job"} // Prometheus gives every metric these
	known := slices.Clone(usual)
	for _, s := range selector.FindAllStringSubmatch(question, -1) {
		name := s[1]
		if m[name] == nil && strings.HasPrefix(name, "process_") && runtime.GOOS != "linux" {
			continue // other systems tell less of a process
		}
		if m[name] == nil {
			found = append(found, "there is no metric "+name)
			continue
		}
		for label := range m[name] {
			known = append(known, label)
		}
		for _, match := range matcher.FindAllStringSubmatch(s[2], -1) {
			label := match[1]
			if slices.Contains(usual, label) {
				continue
			}
			for value := range strings.SplitSeq(match[2], "|") {
				if !slices.Contains(m[name][label], value) {
					found = append(found, "there is no "+name+" with "+label+" "+value)
				}
			}
		}
	}
	for _, labels := range grouping.FindAllStringSubmatch(question, -1) {
		for label := range strings.SplitSeq(labels[1], ",") {
			if label = strings.TrimSpace(label); !slices.Contains(known, label) {
				found = append(found, "no metric has the label "+label)
			}
		}
	}
	return found
}
