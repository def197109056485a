package discordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A schema is what the specification says of a value: those keywords of JSON schema that
// it uses. To read one with another keyword is an error, so that none is overlooked.
//
// A validator of its own, since an object must not have fields that its schema lacks,
// although the specification doesn't say so, and since what is wrong has to be told of
// the alternative that was meant.
type schema struct {
	Ref              string             `json:"$ref"`
	Type             types              `json:"type"`
	Properties       map[string]*schema `json:"properties"`
	Required         []string           `json:"required"`
	Additional       *schema            `json:"additionalProperties"`
	MinProperties    *int               `json:"minProperties"`
	MaxProperties    *int               `json:"maxProperties"`
	Items            *schema            `json:"items"`
	MinItems         *int               `json:"minItems"`
	MaxItems         *int               `json:"maxItems"`
	Unique           bool               `json:"uniqueItems"`
	MinLength        *int               `json:"minLength"`
	MaxLength        *int               `json:"maxLength"`
	Pattern          string             `json:"pattern"`
	Format           string             `json:"format"`
	Minimum          *float64           `json:"minimum"`
	Maximum          *float64           `json:"maximum"`
	Enum             []any              `json:"enum"`
	Const            any                `json:"const"`
	OneOf            []*schema          `json:"oneOf"`
	AnyOf            []*schema          `json:"anyOf"`
	AllOf            []*schema          `json:"allOf"`
	Title            string             `json:"title"`
	Description      string             `json:"description"`
	Encoding         string             `json:"contentEncoding"`
	Union            string             `json:"x-discord-union"`
	WriteOnly        bool               `json:"writeOnly"`
	Deprecated       bool               `json:"deprecated"`
	MediaType        string             `json:"contentMediaType"`
	target           *schema            // of Ref
	pattern          *regexp.Regexp
	tellsApart, free bool
	linked           bool
}

// types are one or several.
type types []string

// UnmarshalJSON reads either.
func (w *types) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*w = make(types, 1)
		return json.Unmarshal(data, &(*w)[0])
	}
	return json.Unmarshal(data, (*[]string)(w))
}

// A problem is what is wrong with a body, and where, as Discord tells it.
type problem struct {
	at, code, why string
	other         bool // another alternative was meant
}

func (p *problem) Error() string {
	if p.at == "" {
		return p.why
	}
	return p.at + ": " + p.why
}

func wrong(at, code, format string, values ...any) *problem {
	return &problem{at: at, code: code, why: fmt.Sprintf(format, values...)}
}

// link finds what the references refer to. known gathers the names of all fields.
func (s *schema) link(all map[string]*schema, known map[string]bool) error {
	if s.Ref != "" {
		name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		if s.target = all[name]; s.target == nil {
			return fmt.Errorf("there is no schema %q that can be read", name)
		}
		return s.target.link(all, known)
	}
	if s.linked {
		return nil
	}
	s.linked = true
	if s.Pattern != "" {
		s.pattern = regexp.MustCompile(s.Pattern)
	}
	s.tellsApart = len(s.Enum) > 0 && len(s.AllOf) > 0
	s.free = s.Properties == nil && s.Additional == nil
	for name := range s.Properties {
		known[name] = true
	}
	inner := slices.Concat(s.OneOf, s.AnyOf, s.AllOf, slices.Collect(maps.Values(s.Properties)))
	for _, i := range append(inner, s.Items, s.Additional) {
		if i == nil {
			continue
		}
		if err := i.link(all, known); err != nil {
			return err
		}
	}
	return nil
}

// check says what is wrong with a value that stands at a place.
func (s *schema) check(at string, v any) *problem {
	if s.target != nil {
		return s.target.check(at, v)
	}
	if p := s.checkType(at, v); p != nil {
		return p
	}
	for _, part := range s.AllOf {
		if p := part.check(at, v); p != nil {
			return p
		}
	}
	if len(s.Enum) > 0 && !slices.ContainsFunc(s.Enum, func(e any) bool { return alike(e, v) }) ||
		s.Const != nil && !alike(s.Const, v) {
		return &problem{at: at, code: "BASE_TYPE_CHOICES", why: fmt.Sprintf("Value %v isn't one of those that there are.", v), other: s.Const != nil || s.tellsApart}
	}
	if p := alternatives(at, v, slices.Concat(s.OneOf, s.AnyOf)); p != nil {
		return p
	}
	switch v := v.(type) {
	case string:
		return s.checkString(at, v)
	case json.Number:
		return s.checkNumber(at, v)
	case []any:
		return s.checkList(at, v)
	case map[string]any:
		return s.checkObject(at, v)
	}
	return nil
}

// alternatives says what is wrong with the alternative that was meant.
func alternatives(at string, v any, all []*schema) (worst *problem) {
	for _, one := range all {
		p := one.check(at, v)
		if p == nil {
			return nil
		}
		if worst == nil || worst.other && !p.other {
			worst = p
		}
	}
	return worst
}

func (s *schema) checkType(at string, v any) *problem {
	if len(s.Type) == 0 {
		return nil
	}
	kind := ""
	switch v := v.(type) {
	case nil:
		kind = "null"
	case string:
		kind = "string"
	case bool:
		kind = "boolean"
	case []any:
		kind = "array"
	case map[string]any:
		kind = "object"
	case json.Number:
		kind = "number"
		if _, err := v.Int64(); err == nil && slices.Contains(s.Type, "integer") {
			kind = "integer"
		}
	}
	if slices.Contains(s.Type, kind) {
		return nil
	}
	return &problem{at: at, code: "BASE_TYPE_BAD_TYPE", why: fmt.Sprintf("It is %s, and must be %s.", kind, strings.Join(s.Type, " or ")), other: true}
}

func (s *schema) checkString(at, v string) *problem {
	n := chat.UTF16Len(v)
	if s.MinLength != nil && n < *s.MinLength {
		return wrong(at, "BASE_TYPE_BAD_LENGTH", "Must be %d or more in length.", *s.MinLength)
	}
	if s.MaxLength != nil && n > *s.MaxLength {
		return wrong(at, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", *s.MaxLength)
	}
	if s.pattern != nil && !s.pattern.MatchString(v) {
		return wrong(at, "STRING_TYPE_REGEX", "String value did not match validation regex: %q.", v)
	}
	switch s.Format {
	case "date-time":
		if _, err := time.Parse(time.RFC3339, v); err != nil {
			return wrong(at, "DATE_TIME_TYPE_PARSE", "Could not parse %q. Should be ISO8601.", v)
		}
	case "uri":
		u, err := url.Parse(v)
		if err != nil || !slices.Contains([]string{"http", "https", "discord", "attachment", "ws"}, u.Scheme) || u.Host == "" {
			return wrong(at, "URL_TYPE_INVALID_URL", "Not a well formed URL: %q.", v)
		}
	}
	return nil
}

func (s *schema) checkNumber(at string, v json.Number) *problem {
	f, err := v.Float64()
	if err != nil || s.Minimum != nil && f < *s.Minimum || s.Maximum != nil && f > *s.Maximum {
		return wrong(at, "NUMBER_TYPE_RANGE", "%s is out of range.", v)
	}
	return nil
}

func (s *schema) checkList(at string, v []any) *problem {
	if s.MinItems != nil && len(v) < *s.MinItems || s.MaxItems != nil && len(v) > *s.MaxItems {
		return wrong(at, "BASE_TYPE_BAD_LENGTH", "It has %d items, which is too many or too few.", len(v))
	}
	for i, item := range v {
		if s.Unique && slices.ContainsFunc(v[:i], func(o any) bool { return alike(o, item) }) {
			return wrong(at, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value: %v.", item)
		}
		if s.Items != nil {
			if p := s.Items.check(join(at, strconv.Itoa(i)), item); p != nil {
				return p
			}
		}
	}
	return nil
}

func (s *schema) checkObject(at string, v map[string]any) *problem {
	for name, f := range s.Properties {
		if f.tellsApart && (v[name] != nil || slices.Contains(s.Required, name)) {
			if p := f.check(join(at, name), v[name]); p != nil {
				p.other = true
				return p
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		f := s.Properties[name]
		if f == nil {
			f = s.Additional
		}
		if said := !api().fields[name] || !empty(v[name]); f == nil && !s.free && said {
			return wrong(join(at, name), "UNKNOWN_FIELD", "There is no such field.")
		}
		if f == nil || f.tellsApart {
			continue
		}
		if p := f.check(join(at, name), v[name]); p != nil {
			p.other = false // the object is the one that was meant
			return p
		}
	}
	for _, name := range s.Required {
		if _, given := v[name]; !given {
			return wrong(join(at, name), "BASE_TYPE_REQUIRED", "This field is required.")
		}
	}
	if s.MaxProperties != nil && len(v) > *s.MaxProperties || s.MinProperties != nil && len(v) < *s.MinProperties {
		return wrong(at, "BASE_TYPE_BAD_LENGTH", "It has %d fields, which is too many or too few.", len(v))
	}
	return nil
}

// empty reports whether a value says nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case []any:
		return len(v) == 0
	}
	return false
}

func alike(a, b any) bool {
	n, is := a.(json.Number)
	m, too := b.(json.Number)
	if is && too {
		return n.String() == m.String()
	}
	switch a.(type) {
	case string, bool, nil:
		return a == b
	}
	return false
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
