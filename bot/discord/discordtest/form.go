package discordtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A form is a modal as the bot has made it.
type form struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

// An openForm is what a person has before them.
type openForm struct {
	form *form
	from *interaction
}

// A Form is a form that a person has before them.
type Form struct {
	CustomID, Title string
	Fields          []Field
}

// A Field is one input of a form.
type Field struct {
	CustomID, Label, Placeholder, Value string
	Required, Long                      bool
}

// input returns the one text input of a row, and its label.
func (c component) input() (*component, string) {
	switch {
	case c.Type == actionRow && len(c.Components) == 1 && c.Components[0].Type == textInput:
		return &c.Components[0], c.Components[0].Label
	case c.Type == labelled && c.Component != nil && c.Component.Type == textInput:
		return c.Component, c.Label
	}
	return nil, ""
}

// lengths returns how long an input's value must and may be.
func (c component) lengths() (least, most int) {
	most = 4000
	if c.MinLength != nil {
		least = *c.MinLength
	}
	if c.MaxLength != nil {
		most = *c.MaxLength
	}
	return least, most
}

func (f *form) fields() (all []Field) {
	for _, row := range f.Components {
		in, label := row.input()
		all = append(all, Field{
			CustomID: in.CustomID, Label: label, Placeholder: in.Placeholder, Value: in.Value,
			Required: in.Required == nil || *in.Required, Long: in.Style == 2,
		})
	}
	return all
}

// Form returns the form that is open, if one is.
func (at *Seat) Form() (f Form, open bool) {
	at.server.mu.Lock()
	defer at.server.mu.Unlock()
	o := at.user.opened
	if o == nil {
		return Form{}, false
	}
	return Form{CustomID: o.form.CustomID, Title: o.form.Title, Fields: o.form.fields()}, true
}

// Dismiss closes the form that is open.
func (at *Seat) Dismiss() {
	at.server.mu.Lock()
	defer at.server.mu.Unlock()
	at.user.opened = nil
}

// Fill fills in the form that is open, by labels or custom ids, and submits it. What
// isn't given stays as it is.
func (at *Seat) Fill(values map[string]string) error {
	s := at.server
	s.mu.Lock()
	defer s.mu.Unlock()
	o := at.user.opened
	if o == nil {
		return fmt.Errorf("%s: no form is open", at.user.Name)
	}
	rows, used := []any{}, map[string]bool{}
	for n, row := range o.form.Components {
		in, label := row.input()
		value := in.Value
		for _, key := range []string{in.CustomID, label} {
			if v, given := values[key]; given {
				value, used[key] = v, true
			}
		}
		if err := in.takes(label, value); err != nil {
			return err
		}
		one := map[string]any{"type": textInput, "id": 2*n + 2, "custom_id": in.CustomID, "value": value}
		if row.Type == labelled {
			rows = append(rows, map[string]any{"type": labelled, "id": 2*n + 1, "component": one})
		} else {
			rows = append(rows, map[string]any{"type": actionRow, "id": 2*n + 1, "components": []any{one}})
		}
	}
	for key := range values {
		if !used[key] {
			return fmt.Errorf("%s: the form has no field %q", at.user.Name, key)
		}
	}
	return at.submit(o, rows)
}

// takes says what an app has against a value.
func (c component) takes(label, value string) error {
	least, most := c.lengths()
	n := chat.UTF16Len(value)
	switch {
	case n == 0 && (c.Required == nil || *c.Required):
		return fmt.Errorf("the field %q is required", label)
	case n > most || n > 0 && n < least:
		return fmt.Errorf("the field %q has %d characters, and may have %d to %d", label, n, least, most)
	case c.Style != 2 && strings.Contains(value, "\n"):
		return fmt.Errorf("the field %q has one line", label)
	}
	return nil
}

// submit sends a form. The caller holds the lock.
func (at *Seat) submit(o *openForm, rows []any) error {
	seat := &Seat{server: at.server, user: at.user, channel: o.from.channel}
	i := seat.act(kindForm, o.form.CustomID)
	i.payload["data"] = map[string]any{"custom_id": o.form.CustomID, "components": rows}
	if i.source = o.from.source; i.source != nil {
		i.payload["message"] = i.source.wireMessage
	}
	at.user.opened = nil
	return at.server.deliver(i)
}

// fillLines fills in the form that is open with a line each, in order.
func (at *Seat) fillLines(o Form, text string) error {
	lines := strings.Split(text, "\n")
	if len(lines) > len(o.Fields) {
		return fmt.Errorf("%s: the form has %d fields, for %d lines", at.user.Name, len(o.Fields), len(lines))
	}
	values := map[string]string{}
	for i, line := range lines {
		values[o.Fields[i].CustomID] = line
	}
	return at.Fill(values)
}

// show is a form as a person sees it.
func (f *form) show() string {
	lines := []string{f.Title}
	for _, field := range f.fields() {
		lines = append(lines, strings.TrimSpace(field.Label+": "+field.Value))
	}
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == "" }), "\n")
}
