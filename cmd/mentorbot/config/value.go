package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
)

// A value is what was said of a setting, and where.
type value struct {
	text   string
	place  string // as in Source.From
	folder string // from which a relative path is meant
	report func(mistake string) error
}

// A Mistake is something in an environment variable, or in a file that has nothing but
// a secret in it.
type Mistake struct{ Where, Text string }

// Error says what is wrong where, and how to mend it.
func (m *Mistake) Error() string { return m.Where + ": " + m.Text }

// find returns what is said of a setting: by the environment, else by the file, else
// what is usual.
func (s *setting) find(f *yamlFile) (value, error) {
	for _, look := range []func(*setting, *yamlFile) (value, bool, error){inEnvironment, inFile} {
		if v, ok, err := look(s, f); ok || err != nil {
			return v, err
		}
	}
	return value{text: s.usual, place: "default", folder: f.folder()}, nil
}

// prefix begins the names of the variables that are ours.
const prefix = "MENTORBOT_"

// variable is the environment variable of a setting.
func (s *setting) variable() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(s.name, ".", "_"))
}

func inEnvironment(s *setting, _ *yamlFile) (v value, ok bool, err error) {
	name := s.variable()
	report := func(mistake string) error { return &Mistake{name, mistake} }
	text, ok := os.LookupEnv(name)
	path, own := os.LookupEnv(name + "_FILE")
	switch {
	case own && !s.private:
		return v, false, nil // it is reported as unknown
	case ok && own:
		return v, false, report(name + "_FILE is set too: remove one of the two")
	case own:
		v, err = ownFile(path, name+"_FILE")
		return v, err == nil, err
	}
	return value{text, name, "", report}, ok, nil
}

// unknownVariables reports variables that look like ours and mean nothing.
func unknownVariables() error {
	var known []string
	for i := range settings {
		known = append(known, settings[i].variable())
		if settings[i].private {
			known = append(known, settings[i].variable()+"_FILE")
		}
	}
	var mistakes []error
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, prefix) && !strings.HasPrefix(name, prefix+"TEST_") && !slices.Contains(known, name) {
			mistakes = append(mistakes, &Mistake{name, "there is no such setting: " + strictyaml.DidYouMean(name, known, "there are ")})
		}
	}
	return errors.Join(mistakes...)
}

// ownFile reads a file that has nothing but a value in it.
func ownFile(path, named string) (value, error) {
	report := func(mistake string) error { return &Mistake{path + " (" + named + ")", mistake} }
	src, mode, err := strictyaml.ReadFile(path)
	switch text := strings.TrimSpace(string(src)); {
	case errors.Is(err, fs.ErrNotExist):
		return value{}, report("there is no such file")
	case errors.Is(err, strictyaml.ErrFolder):
		return value{}, report("this is a folder: name a file in it")
	case err != nil:
		return value{}, fmt.Errorf("%s: %w", named, err)
	case text == "":
		return value{}, report("the file is empty")
	default:
		return value{text, path + " (" + named + ")", filepath.Dir(path), report}, open(path, mode)
	}
}

// A yamlFile is the configuration file, if there is one.
type yamlFile struct {
	name   string
	doc    *strictyaml.Document
	root   *strictyaml.Map
	groups map[string]*strictyaml.Map
	secret bool // something was read from it that nobody else may see
}

// readYAML reads the file and reports every key that isn't known.
func readYAML(name string, src []byte) *yamlFile {
	f := &yamlFile{name: name, groups: map[string]*strictyaml.Map{}}
	f.doc, f.root = strictyaml.Read(name, src, mask)
	if f.root == nil {
		return f
	}
	keys := map[string][]string{} // by group
	var top []string
	for i := range settings {
		s := &settings[i]
		group, key := s.key()
		if group != "" && keys[group] == nil {
			top = append(top, group)
		}
		if group == "" {
			top = append(top, s.keys(key)...)
		}
		keys[group] = append(keys[group], s.keys(key)...)
	}
	f.root.Only(top...)
	f.groups[""] = f.root
	for _, group := range top {
		v, ok := f.root.Get(group)
		if !ok || keys[group] == nil || v.Empty() {
			continue
		}
		if m, ok := v.Map(); ok {
			m.Only(keys[group]...)
			f.groups[group] = m
		}
	}
	return f
}

// key is where a setting is in the file.
func (s *setting) key() (group, key string) {
	if group, key, ok := strings.Cut(s.name, "."); ok {
		return group, key
	}
	return "", s.name
}

func (s *setting) keys(key string) []string {
	if s.private {
		return []string{key, key + "_file"}
	}
	return []string{key}
}

// folder is from where paths in the file are meant.
func (f *yamlFile) folder() string { return filepath.Dir(f.name) }

func (f *yamlFile) err() error {
	if f.doc == nil {
		return nil
	}
	return f.doc.Err()
}

func inFile(s *setting, f *yamlFile) (v value, ok bool, err error) {
	group, key := s.key()
	m := f.groups[group]
	if m == nil {
		return v, false, nil
	}
	said, ok := m.Get(key)
	ok = ok && (!said.Empty() || s.usual != "") // as init leaves it
	var path strictyaml.Value
	own := false
	if s.private {
		path, own = m.Get(key + "_file")
	}
	switch {
	case ok && own:
		path.Report("%s stands here too: remove one of the two", key)
		return v, false, nil
	case own:
		name, good := path.Scalar()
		if !good {
			return v, false, nil
		}
		v, err = ownFile(relative(name, f.folder()), fmt.Sprintf("%s_file in %s", s.name, f.name))
		return v, err == nil, err
	case !ok:
		return v, false, nil
	}
	text, good := said.Scalar()
	if !good {
		return v, false, nil
	}
	f.secret = f.secret || s.private && s.name != "database" || hasPassword(text)
	at := said.Place()
	return value{text, fmt.Sprintf("%s:%d", f.name, at.Line), f.folder(), func(mistake string) error {
		said.Report("%s", mistake)
		return nil
	}}, true, nil
}
