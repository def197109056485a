// Package locale holds what the bot says, in every language that it speaks: one
// YAML file a language, with its texts, their plural forms, and dates in words.
//
// Another language is one more file beside en.yaml, with the same texts; the
// tests say what is missing. Texts are templates in a small markup (package chat);
// the values put into them are used as they are.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed *.yaml
var files embed.FS

// Args are the values of a text's placeholders, by name. Count, if there, chooses
// the plural form.
type Args map[string]any

// A Language says things in one language.
type Language struct {
	Tag       string // of the file, such as sr-Latn
	dates     dates
	localizer *i18n.Localizer
}

// languages are all there are, by tag. Each is read when it is first asked for: that
// takes longer than all else that happens before the program does something. A file that
// can't be read is a fault of the program, which every test shows.
var languages = func() map[string]func() *Language {
	all := map[string]func() *Language{}
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		all[strings.TrimSuffix(name, ".yaml")] = sync.OnceValue(func() *Language {
			l, err := load(name)
			if err != nil {
				panic(fmt.Sprintf("load %s: %v", name, err))
			}
			return l
		})
	}
	return all
}()

// load reads a language's file.
func load(name string) (*Language, error) {
	src, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var file struct {
		Dates dates
		Texts map[string]any
	}
	if err := yaml.UnmarshalWithOptions(src, &file, yaml.Strict()); err != nil {
		return nil, err
	}
	texts, err := json.Marshal(file.Texts) // which is quicker to read again than YAML
	if err != nil {
		return nil, err
	}
	l := &Language{Tag: strings.TrimSuffix(name, ".yaml"), dates: file.Dates}
	tag, err := language.Parse(l.Tag)
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(tag)
	if _, err := bundle.ParseMessageFileBytes(texts, l.Tag+".json"); err != nil {
		return nil, err
	}
	l.localizer = i18n.NewLocalizer(bundle, l.Tag)
	return l, nil
}

// Languages returns the tags of the languages that there are texts for, in order.
func Languages() []string {
	var tags []string
	for tag := range languages {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags
}

// For returns the language of a tag, or the nearest that contains it: sr-Latn for
// sr-Latn-RS. Without one it is English, and false.
func For(tag string) (*Language, bool) {
	for t := tag; t != ""; {
		if l, ok := languages[t]; ok {
			return l(), true
		}
		i := strings.LastIndexByte(t, '-')
		if i < 0 {
			break
		}
		t = t[:i]
	}
	return languages["en"](), false
}

// Text returns a text with its values, in the plural form that Count asks for.
func (l *Language) Text(id string, args Args) (string, error) {
	config := &i18n.LocalizeConfig{MessageID: id, TemplateData: args}
	if count, ok := args["Count"]; ok {
		config.PluralCount = count
	}
	text, err := l.localizer.Localize(config)
	if err != nil {
		return "", fmt.Errorf("find text %s in %s: %w", id, l.Tag, err)
	}
	return text, nil
}
