package discordtest

import (
	"bytes"
	_ "embed" // for the specification
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed testdata/discord-openapi.json
var specification []byte

// A spec is what there is to call.
type spec struct {
	operations map[string][]*operation // by method and number of segments
	named      map[string]*operation
	fields     map[string]bool // the names of all fields of all objects
}

// An operation is something that can be called, with a method and a path.
type operation struct {
	id     string // such as create_message
	path   []string
	body   *schema // nil: it takes none
	needed bool    // the body
	files  bool    // it takes them as well
	query  map[string]*schema
}

// api is the specification, read once.
var api = sync.OnceValue(func() *spec {
	s, err := readSpec(specification)
	if err != nil {
		panic("read Discord's specification: " + err.Error())
	}
	return s
})

type content struct {
	Schema json.RawMessage `json:"schema"`
}

type described struct {
	ID         string `json:"operationId"`
	Parameters []struct {
		Name, In string
		Schema   *schema
	} `json:"parameters"`
	Body *struct {
		Content  map[string]content `json:"content"`
		Required bool               `json:"required"`
	} `json:"requestBody"`
}

func readSpec(data []byte) (*spec, error) {
	var raw struct {
		Paths      map[string]map[string]json.RawMessage `json:"paths"`
		Components struct {
			Schemas map[string]json.RawMessage `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	all := map[string]*schema{}
	for name, text := range raw.Components.Schemas {
		if s, err := readSchema(text); err == nil { // others are of answers only, or else missed below
			all[name] = s
		}
	}
	s := &spec{operations: map[string][]*operation{}, named: map[string]*operation{}, fields: map[string]bool{}}
	amend(all)
	for path, methods := range raw.Paths {
		for method, text := range methods {
			if method == "parameters" {
				continue
			}
			if err := s.add(strings.ToUpper(method), path, text, all); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
		}
	}
	return s, nil
}

func readSchema(text []byte) (*schema, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	d.UseNumber()
	s := &schema{}
	return s, d.Decode(s)
}

func (s *spec) add(method, path string, text []byte, all map[string]*schema) error {
	var d described
	if err := json.Unmarshal(text, &d); err != nil {
		return err
	}
	o := &operation{id: d.ID, path: strings.Split(strings.Trim(path, "/"), "/"), query: map[string]*schema{}}
	for _, p := range d.Parameters {
		if p.In == "query" {
			o.query[p.Name] = p.Schema
		}
	}
	if d.Body != nil {
		o.needed = d.Body.Required
		_, o.files = d.Body.Content["multipart/form-data"]
		if c, is := d.Body.Content["application/json"]; is {
			var err error
			if o.body, err = readSchema(c.Schema); err != nil {
				return err
			}
			if err := o.body.link(all, s.fields); err != nil {
				return err
			}
		}
	}
	key := fmt.Sprint(method, len(o.path))
	s.operations[key] = append(s.operations[key], o)
	s.named[o.id] = o
	return nil
}

// amend corrects the specification where the documentation says otherwise, or what it
// says is for people who pay.
func amend(all map[string]*schema) {
	limit := 2000
	for _, name := range []string{"MessageCreateRequest", "MessageEditRequestPartial"} {
		all[name].Properties["content"].MaxLength = &limit
	}
	for _, s := range all { // it is a number that JavaScript can't hold, written as a text
		if p := s.Properties["default_member_permissions"]; p != nil && slices.Contains(p.Type, "integer") {
			p.Type = append(p.Type, "string")
			p.pattern = regexp.MustCompile(`^[0-9]+$`)
		}
	}
}

// find returns the operation of a path, in which words win over parameters, and the
// values of those.
func (s *spec) find(method, path string) (*operation, map[string]string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	var best *operation
	fewest := len(parts) + 1
	for _, o := range s.operations[fmt.Sprint(method, len(parts))] {
		if n, ok := o.matches(parts); ok && n < fewest {
			best, fewest = o, n
		}
	}
	if best == nil {
		return nil, nil
	}
	values := map[string]string{}
	for i, p := range best.path {
		if p[0] == '{' {
			values[strings.Trim(p, "{}")] = parts[i]
		}
	}
	return best, values
}

// matches reports whether a path is the operation's, and how many parameters it took.
func (o *operation) matches(parts []string) (n int, ok bool) {
	for i, p := range o.path {
		if p[0] == '{' {
			n++
		} else if p != parts[i] {
			return 0, false
		}
	}
	return n, true
}

var snowflake = regexp.MustCompile(`^(0|[1-9][0-9]{0,19})$`)

// checkPath says which parameter of a path is no id.
func checkPath(values map[string]string) *problem {
	for name, v := range values {
		if strings.HasSuffix(name, "_id") && !snowflake.MatchString(v) {
			return wrong(name, "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", v)
		}
	}
	return nil
}

// checkQuery says which parameter of a query there isn't.
func (o *operation) checkQuery(q url.Values) *problem {
	for name := range q {
		if o.query[name] == nil {
			return wrong(name, "UNKNOWN_FIELD", "%s takes no such parameter.", o.id)
		}
	}
	return nil
}
