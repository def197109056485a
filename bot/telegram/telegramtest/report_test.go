package telegramtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kooperativa/mentorbot/bot/telegram/telegramtest"
)

// A trial is a test that a test looks at.
type trial struct {
	testing.TB
	errors []string
	ends   []func()
}

func (tr *trial) Errorf(format string, a ...any) {
	tr.errors = append(tr.errors, fmt.Sprintf(format, a...))
}
func (tr *trial) Cleanup(f func()) { tr.ends = append(tr.ends, f) }

func (tr *trial) end() {
	for _, f := range slices.Backward(tr.ends) {
		f()
	}
}

func TestAViolationFailsTheTest(t *testing.T) {
	for _, c := range []struct {
		name   string
		expect []string
		want   []string // what the test says, in part
	}{
		{"not expected", nil, []string{`misused: sendMessage: Bad Request: sendMessage lacks the parameter`}},
		{"expected", []string{"sendMessage: Bad Request: sendMessage lacks"}, nil},
		{"another", []string{"sendPhoto"}, []string{"misused: sendMessage", "not misused as expected: sendPhoto"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := &trial{TB: t}
			s := telegramtest.New(tr, telegramtest.Options{})
			for _, part := range c.expect {
				s.Expect(part)
			}
			call(t, s, "sendMessage", `{}`)
			call(t, s, "sendMessage", `{"chat_id":1,"text":"a"}`) // to nobody: refused, and no violation
			tr.end()
			if len(tr.errors) != len(c.want) {
				t.Fatalf("it says %q", tr.errors)
			}
			for i, part := range c.want {
				if !strings.Contains(tr.errors[i], part) {
					t.Errorf("it says %q", tr.errors[i])
				}
			}
		})
	}
}
