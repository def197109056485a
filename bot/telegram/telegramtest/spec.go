package telegramtest

import (
	_ "embed" // the specification
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

//go:embed testdata/telegram-bot-api.json
var specFile []byte

//go:embed testdata/telegram-limits.json
var limitsFile []byte

// A spec is what the Bot API consists of.
type spec struct{ methods, types map[string]*object }

// An object is the parameters of a method, or a type.
type object struct {
	name     string
	fields   map[string]*field
	variants shape // of a type that is one of several others
}

// A field is a parameter, or a field of a type.
type field struct {
	name     string
	required bool
	shape    shape
	must     string // the only value that it may have; "": any
	limit    *limit
}

// A shape is what a value may look like: one of the alternatives.
type shape []form

// A form is one alternative: a scalar, a list or an object.
type form struct {
	scalar string // Integer, Float, String, Boolean, InputFile
	list   shape
	object *object
}

// A limit bounds the length of a field.
type limit struct {
	Min, Max      int
	Unit          string // characters (UTF-16 units), bytes, items, value
	AfterEntities bool   `json:"after_entities"`
}

// api reads the specification once.
var api = sync.OnceValue(func() *spec {
	s, err := readSpec(specFile, limitsFile)
	if err != nil {
		panic(fmt.Sprintf("read the specification: %v", err)) // it is part of the program
	}
	return s
})

type rawObject struct {
	Name     string
	Subtypes []string
	Fields   []struct {
		Name, Description string
		Types             []string
		Required          bool
	}
}

func readSpec(specJSON, limitsJSON []byte) (*spec, error) {
	var raw struct{ Methods, Types map[string]rawObject }
	if err := json.Unmarshal(specJSON, &raw); err != nil {
		return nil, err
	}
	var limits map[string]*limit
	if err := json.Unmarshal(limitsJSON, &limits); err != nil {
		return nil, err
	}
	s := &spec{methods: map[string]*object{}, types: map[string]*object{}}
	for name := range raw.Types {
		s.types[name] = &object{name: name}
	}
	for name, r := range raw.Types {
		if err := s.fill(s.types[name], r, limits); err != nil {
			return nil, err
		}
	}
	for name, r := range raw.Methods {
		s.methods[name] = &object{name: name}
		if err := s.fill(s.methods[name], r, limits); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// must finds the values that tell types apart, such as: Type of the media, must be photo.
var must = regexp.MustCompile(`^(?:Type of|Scope type|Error source|Source of|The member's status).*, (?:must be|always) "?([a-z0-9_]+)"?$`)

func (s *spec) fill(o *object, r rawObject, limits map[string]*limit) (err error) {
	if o.variants, err = s.shape(r.Subtypes); err != nil {
		return fmt.Errorf("%s: %w", o.name, err)
	}
	o.fields = map[string]*field{}
	for _, raw := range r.Fields {
		f := &field{name: raw.Name, required: raw.Required, limit: limits[o.name+"."+raw.Name]}
		if m := must.FindStringSubmatch(raw.Description); m != nil {
			f.must = m[1]
		}
		if f.shape, err = s.shape(raw.Types); err != nil {
			return fmt.Errorf("%s.%s: %w", o.name, raw.Name, err)
		}
		o.fields[raw.Name] = f
	}
	return nil
}

func (s *spec) shape(names []string) (all shape, err error) {
	var elems []string // of lists: an album may hold this and that
	for _, name := range names {
		f := form{}
		if elem, list := strings.CutPrefix(name, "Array of "); list {
			elems = append(elems, elem)
			continue
		} else if o := s.types[name]; o != nil && name != "InputFile" {
			f.object = o
		} else if scalars[name] {
			f.scalar = name
		} else {
			return nil, fmt.Errorf("there is no type %q", name)
		}
		all = append(all, f)
	}
	if elems == nil {
		return all, nil
	}
	list, err := s.shape(elems)
	return append(all, form{list: list}), err
}

var scalars = map[string]bool{"Integer": true, "Float": true, "String": true, "Boolean": true, "InputFile": true}
