package discordtest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// An option is what a person fills in.
type option struct {
	Name    string `json:"name"`
	Type    int    `json:"type"`
	Value   any    `json:"value"`
	Focused *bool  `json:"focused,omitempty"`
	focused bool
}

// command finds a command that the person is offered. The caller holds the lock.
func (at *Seat) command(name string) (command, error) {
	all := at.offered()
	i := slices.IndexFunc(all, func(c command) bool { return c.Name == name })
	switch {
	case i < 0:
		return command{}, fmt.Errorf("%s: there is no command /%s here", at.user.Name, name)
	case len(all[i].Options) > 0 && all[i].Options[0].Type <= optionGroup:
		return command{}, fmt.Errorf("/%s has subcommands, which nobody can fill in here", name)
	}
	return all[i], nil
}

// fill makes options of texts, as the person's app does. whole: nothing required may lack.
func (at *Seat) fill(c command, values map[string]string, whole bool) (all []option, err error) {
	for name := range values {
		if !slices.ContainsFunc(c.Options, func(o commandOption) bool { return o.Name == name }) {
			return nil, fmt.Errorf("/%s has no option %q", c.Name, name)
		}
	}
	for _, o := range c.Options {
		text, given := values[o.Name]
		if !given && o.Required && whole {
			return nil, fmt.Errorf("/%s: the option %s is required", c.Name, o.Name)
		}
		if !given {
			continue
		}
		v, err := at.value(o, text)
		if err != nil && whole {
			return nil, fmt.Errorf("/%s: %s: %w", c.Name, o.Name, err)
		}
		if err != nil {
			v = text // it is being typed
		}
		all = append(all, option{Name: o.Name, Type: o.Type, Value: v})
	}
	return all, nil
}

// value reads what was typed for an option.
func (at *Seat) value(o commandOption, typed string) (any, error) {
	if len(o.Choices) > 0 {
		for _, ch := range o.Choices {
			if strings.EqualFold(ch.Name, typed) || fmt.Sprint(ch.Value) == typed {
				return ch.Value, nil
			}
		}
		return nil, fmt.Errorf("%q isn't among the choices", typed)
	}
	switch o.Type {
	case optionString:
		n := chat.UTF16Len(typed)
		if n == 0 || o.MinLength != nil && n < *o.MinLength || n > 6000 || o.MaxLength != nil && n > *o.MaxLength {
			return nil, fmt.Errorf("it has %d characters", n)
		}
		return typed, nil
	case optionInteger, optionNumber:
		f, err := strconv.ParseFloat(typed, 64)
		if err != nil || o.Type == optionInteger && f != float64(int64(f)) ||
			o.MinValue != nil && f < *o.MinValue || o.MaxValue != nil && f > *o.MaxValue {
			return nil, fmt.Errorf("%q is no number that fits", typed)
		}
		return f, nil
	case optionBoolean:
		return strconv.ParseBool(typed)
	case optionUser:
		u := at.server.user(strings.TrimPrefix(typed, "@"))
		return u.ID, nil
	}
	return nil, fmt.Errorf("nobody can fill in a type %d here", o.Type)
}

// Slash uses a command with options, as the person's app lets them be filled in: an
// unknown command or option, a required one that lacks, or a choice that isn't in the
// list is an error. It returns the interaction's id.
func (at *Seat) Slash(name string, options map[string]string) (id string, err error) {
	s := at.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := at.command(name)
	if err != nil {
		return "", err
	}
	filled, err := at.fill(c, options, true)
	if err != nil {
		return "", err
	}
	return at.use(c, filled)
}

// use sends a command. The caller holds the lock.
func (at *Seat) use(c command, options []option) (id string, err error) {
	i := at.act(kindCommand, c.Name)
	i.options = options
	i.payload["data"] = at.commandData(c, options)
	return i.ID, at.server.deliver(i)
}

func (at *Seat) commandData(c command, options []option) map[string]any {
	data := map[string]any{"id": c.ID, "name": c.Name, "type": 1}
	if len(options) > 0 {
		data["options"] = options
	}
	users := map[string]any{}
	for _, o := range options {
		if id, is := o.Value.(string); is && o.Type == optionUser {
			users[id] = at.server.members[id].wire
		}
	}
	if len(users) > 0 {
		data["resolved"] = map[string]any{"users": users}
	}
	return data
}

// words reads a typed line as a person would fill in a command's options: in their order,
// a word each or "several words", the last option taking all that is left; or as
// name:value anywhere.
func words(c command, line string) (map[string]string, error) {
	values := map[string]string{}
	free := c.Options
	rest := strings.TrimSpace(line)
	for rest != "" {
		word, after := firstWord(rest)
		if name, value, named := strings.Cut(word, ":"); named && has(c.Options, name) && value != "" {
			values[name] = value
			free = slices.DeleteFunc(slices.Clone(free), func(o commandOption) bool { return o.Name == name })
			rest = after
			continue
		}
		switch {
		case len(free) == 0:
			return nil, fmt.Errorf("/%s has no option for %q", c.Name, rest)
		case len(free) == 1 && free[0].Type == optionString && len(free[0].Choices) == 0 && rest[0] != '"':
			word, after = rest, ""
		}
		values[free[0].Name], free, rest = word, free[1:], after
	}
	return values, nil
}

func has(all []commandOption, name string) bool {
	return slices.ContainsFunc(all, func(o commandOption) bool { return o.Name == name })
}

// firstWord cuts the first word off, or what stands in quotes.
func firstWord(s string) (word, rest string) {
	if s[0] == '"' {
		if word, rest, closed := strings.Cut(s[1:], `"`); closed {
			return word, strings.TrimSpace(rest)
		}
	}
	word, rest, _ = strings.Cut(s, " ")
	return word, strings.TrimSpace(rest)
}

// errSilent is what Discord shows to a person whose bot isn't there.
var errSilent = errors.New("the application did not respond")
