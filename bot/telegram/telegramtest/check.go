package telegramtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// checkCall holds the parameters of a call to the specification.
func checkCall(method string, p map[string]any) error {
	o := api().methods[method]
	if o == nil {
		return fmt.Errorf("there is no method %q", method)
	}
	return o.check("", p)
}

// check holds the fields of an object, whose place in the call is at, to what is said of
// them.
func (o *object) check(at string, values map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f := o.fields[name]
		if f == nil {
			return fmt.Errorf("%s has no parameter %q", o.name, at+name)
		}
		if err := f.check(at+name, values[name]); err != nil {
			return err
		}
		if err := f.measure(values); err != nil {
			return err
		}
	}
	for _, f := range o.fields {
		if _, given := values[f.name]; f.required && !given {
			return fmt.Errorf("%s lacks the parameter %q", o.name, at+f.name)
		}
	}
	if rule := rules[o.name]; rule != nil {
		return rule(values)
	}
	return nil
}

func (f *field) check(at string, v any) error {
	if f.must != "" && v != f.must {
		return mismatch{fmt.Errorf("%s is %v, and must be %s", at, v, f.must)}
	}
	if _, file := v.(*Upload); file && attachable[f.name] {
		return nil
	}
	return f.shape.check(at, v)
}

// attachable are the fields that may refer to a file of the same call, where the
// specification says String.
var attachable = map[string]bool{"media": true, "thumbnail": true, "cover": true, "photo": true}

// A mismatch is that a value isn't of the type that was tried; another type may fit.
type mismatch struct{ error }

// check tries the alternatives. If none fits, it says why the one that was meant doesn't.
func (s shape) check(at string, v any) (err error) {
	for _, f := range s {
		e := f.check(at, v)
		if e == nil {
			return nil
		}
		if err == nil || errors.As(err, new(mismatch)) {
			err = e
		}
	}
	return err
}

func (f form) check(at string, v any) error {
	switch {
	case f.scalar != "":
		return checkScalar(f.scalar, at, v)
	case f.list != nil:
		list, ok := v.([]any)
		if !ok {
			return mismatch{fmt.Errorf("%s is %T, and must be a list", at, v)}
		}
		for i, item := range list {
			if err := f.list.check(at+"["+strconv.Itoa(i)+"]", item); err != nil {
				return err
			}
		}
		return nil
	case f.object.variants != nil:
		return f.object.variants.check(at, v)
	}
	values, ok := v.(map[string]any)
	if !ok {
		return mismatch{fmt.Errorf("%s is %T, and must be a %s", at, v, f.object.name)}
	}
	return f.object.meant(at, values)
}

// meant checks an object after asking whether it is this type that is meant: its required
// fields are there, and have the values that they must have.
func (o *object) meant(at string, values map[string]any) error {
	for _, f := range o.fields {
		if v, given := values[f.name]; f.required && (!given || f.must != "" && v != f.must) {
			return mismatch{fmt.Errorf("%s is no %s: %s", at, o.name, f.name)}
		}
	}
	return o.check(at+".", values)
}

func checkScalar(name, at string, v any) error {
	ok := false
	switch name {
	case "Integer":
		n, number := v.(json.Number)
		_, err := n.Int64()
		ok = number && err == nil
	case "Float":
		n, number := v.(json.Number)
		_, err := n.Float64()
		ok = number && err == nil
	case "String":
		_, ok = v.(string)
	case "Boolean":
		_, ok = v.(bool)
	case "InputFile":
		_, ok = v.(*Upload)
	}
	if !ok {
		return mismatch{fmt.Errorf("%s is %T, and must be a %s", at, v, name)}
	}
	return nil
}

// measure holds a field to its limit; values are all fields of its object.
func (f *field) measure(values map[string]any) error {
	if f.limit == nil {
		return nil
	}
	n, err := f.length(values)
	if err != nil {
		return err
	}
	switch {
	case n >= f.limit.Min && n <= f.limit.Max:
		return nil
	case f.name == "text" && f.limit.AfterEntities && n == 0:
		return errors.New("message text is empty")
	case f.name == "text" && f.limit.AfterEntities:
		return errors.New("message is too long")
	case f.name == "caption":
		return errors.New("message caption is too long")
	case f.name == "callback_data":
		return errors.New("BUTTON_DATA_INVALID")
	}
	return fmt.Errorf("%s has %d %s, and may have %d to %d", f.name, n, f.limit.Unit, f.limit.Min, f.limit.Max)
}

func (f *field) length(values map[string]any) (int, error) {
	switch v := values[f.name].(type) {
	case []any:
		return len(v), nil
	case json.Number:
		n, err := v.Int64()
		return int(n), err
	case string:
		if f.limit.Unit == "bytes" {
			return len(v), nil
		}
		if f.limit.AfterEntities {
			text, _, err := formatted(v, values, f.name)
			return chat.UTF16Len(text), err
		}
		return chat.UTF16Len(v), nil
	}
	return f.limit.Min, nil // of another type, which has no length
}

// formatted reads a text of an object as its parse mode or its entities say.
func formatted(text string, values map[string]any, name string) (string, []entity, error) {
	mode, _ := values["parse_mode"].(string)
	if own, is := values[name+"_parse_mode"].(string); is {
		mode = own
	}
	switch mode {
	case "HTML":
		return parseHTML(text)
	case "":
		list, _ := values["entities"].([]any)
		if name != "text" {
			list, _ = values[name+"_entities"].([]any)
		}
		return withEntities(text, list)
	}
	return "", nil, fmt.Errorf("unsupported parse_mode %q: only HTML is", strings.TrimSpace(mode))
}
