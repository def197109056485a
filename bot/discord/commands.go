package discord

import (
	"context"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/wire"
)

// What Discord takes of commands
// (https://docs.discord.com/developers/interactions/application-commands).
const (
	maxCommands    = 100
	maxOptions     = 25
	maxDescribed   = 100
	maxChoices     = 25
	maxInputs      = 5
	suggestFor     = 2 * time.Second
	contextGuild   = 0
	contextBotChat = 1
)

// A command is a slash command, as it is compared with what Discord has.
type command struct {
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Told        map[string]string `json:"description_localizations,omitempty"`
	Options     []option          `json:"options,omitempty"`
	Contexts    []int             `json:"contexts,omitempty"`
	Permissions string            `json:"default_member_permissions,omitempty"`
}

type option struct {
	Type        int               `json:"type"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Told        map[string]string `json:"description_localizations,omitempty"`
	Suggests    bool              `json:"autocomplete,omitempty"`
}

const optionText = 3

// offer offers the commands: those for everybody everywhere, coordinators' in the one
// server, hidden from who may not manage it. They stay as they are if they are right
// already, so that starting changes nothing.
func (s *session) offer() {
	everybody, coordinators, err := s.table()
	if err == nil {
		err = s.overwrite("/applications/"+s.id()+"/commands", everybody)
	}
	if err == nil && s.o.Guild != "" {
		err = s.overwrite("/applications/"+s.id()+"/guilds/"+s.o.Guild+"/commands", coordinators)
	}
	if err != nil && s.ctx.Err() == nil {
		s.log.Warn("the commands can't be offered", "error", s.api.veil.over(err.Error()))
	}
}

// overwrite sets the commands at a path, if they aren't so already.
func (s *session) overwrite(path string, want []command) error {
	return s.insistOn(func() error {
		var now []command
		if err := s.ask(s.late, call{method: http.MethodGet, path: path + "?with_localizations=true"}, false, &now); err != nil {
			return err
		}
		if same(now, want) {
			return nil
		}
		return s.ask(s.late, call{method: http.MethodPut, path: path, body: want}, false, nil)
	})
}

// insistOn tries something that isn't urgent, unless it is refused for good.
func (s *session) insistOn(try func() error) (err error) {
	for n := 0; s.ctx.Err() == nil; n++ {
		if err = try(); err == nil || asFault(err).refused() {
			return err
		}
		wait := wire.RetryIn(n)
		if f := asFault(err); f != nil {
			wait = max(wait, f.wait)
		}
		s.sleep(wait)
	}
	return err
}

// same compares commands, in whatever order.
func same(a, b []command) bool {
	tidy := func(list []command) []command {
		list = slices.Clone(list)
		slices.SortFunc(list, func(x, y command) int { return strings.Compare(x.Name, y.Name) })
		for i := range list {
			c := &list[i]
			if len(c.Options) == 0 {
				c.Options = nil
			}
			if len(c.Told) == 0 {
				c.Told = nil
			}
			for j := range c.Options {
				if len(c.Options[j].Told) == 0 {
					c.Options[j].Told = nil
				}
			}
		}
		return list
	}
	return reflect.DeepEqual(tidy(a), tidy(b))
}

// table makes the commands, in English and in the languages that Discord has.
func (s *session) table() (everybody, coordinators []command, err error) {
	everybody, coordinators = []command{}, []command{}
	offered, err := s.commands("en")
	if err != nil {
		return nil, nil, err
	}
	s.forms.set(offered)
	told := map[string][]chat.Command{}
	for _, tag := range s.o.Languages {
		if locale := localeOf(tag); locale != "" {
			if told[locale], err = s.commands(tag); err != nil {
				return nil, nil, err
			}
		}
	}
	for i := range offered {
		c := s.command(&offered[i], told)
		if !commandName.MatchString(c.Name) {
			continue
		}
		if offered[i].Coordinators {
			c.Permissions, c.Contexts = manageServer, nil
			coordinators = append(coordinators, c)
		} else {
			everybody = append(everybody, c)
		}
	}
	return everybody[:min(len(everybody), maxCommands)], coordinators[:min(len(coordinators), maxCommands)], nil
}

var commandName = regexp.MustCompile(`^[a-z0-9_-]{1,32}$`)

// manageServer is the permission that a coordinator has until the server's owner says
// otherwise. The bot checks in any case.
const manageServer = "32"

func (s *session) commands(language string) ([]chat.Command, error) {
	ctx, cancel := context.WithTimeout(s.late, patience)
	defer cancel()
	return s.handler.Commands(ctx, "", language)
}

// command makes a slash command. What a form can ask for isn't required of who begins.
func (s *session) command(o *chat.Command, told map[string][]chat.Command) command {
	c := command{Name: o.Name, Description: described(o.Description, o.Name), Contexts: []int{contextGuild, contextBotChat}, Told: map[string]string{}}
	for locale, list := range told {
		if i := slices.IndexFunc(list, func(other chat.Command) bool { return other.Name == o.Name }); i >= 0 {
			c.Told[locale] = described(list[i].Description, o.Name)
		}
	}
	for n, op := range o.Options[:min(len(o.Options), maxOptions)] {
		if !commandName.MatchString(op.Name) {
			continue
		}
		one := option{Type: optionText, Name: op.Name, Description: described(op.Description, op.Name), Suggests: true, Told: map[string]string{}}
		for locale, list := range told {
			i := slices.IndexFunc(list, func(other chat.Command) bool { return other.Name == o.Name })
			if i >= 0 && n < len(list[i].Options) && list[i].Options[n].Name == op.Name {
				one.Told[locale] = described(list[i].Options[n].Description, op.Name)
			}
		}
		c.Options = append(c.Options, one)
	}
	return c
}

func described(words, name string) string {
	words = clip(strings.Join(strings.Fields(clean(words)), " "), maxDescribed)
	if !visible(words) {
		return name
	}
	return words
}

// locales are the languages of Discord's app by their tags
// (https://docs.discord.com/developers/reference#locales); English is told anyway.
var locales = map[string]string{
	"id": "id", "da": "da", "de": "de", "es": "es-ES", "fr": "fr", "hr": "hr", "it": "it", "lt": "lt", "hu": "hu", "nl": "nl", "no": "no", "nb": "no",
	"pl": "pl", "pt": "pt-BR", "ro": "ro", "fi": "fi", "sv": "sv-SE", "vi": "vi", "tr": "tr", "cs": "cs", "el": "el", "bg": "bg", "ru": "ru",
	"uk": "uk", "hi": "hi", "th": "th", "ja": "ja", "ko": "ko",
}

// localeOf is Discord's locale of a language; "": it has none.
func localeOf(tag string) string {
	language, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return locales[language]
}

// suggest answers what somebody is typing of an option, or says nothing in time.
func (s *session) suggest(i *wireInteraction) {
	ctx, cancel := context.WithTimeout(s.late, suggestFor)
	defer cancel()
	choices, err := s.choices(ctx, i)
	if err != nil {
		s.log.Warn("nothing can be suggested", "interaction", i.ID, "error", s.api.veil.over(err.Error()))
	}
	list := []discordgo.ApplicationCommandOptionChoice{}
	for _, c := range choices[:min(len(choices), maxChoices)] {
		value := clean(c.Value)
		if n := chat.UTF16Len(value); n > 0 && n <= maxDescribed {
			list = append(list, discordgo.ApplicationCommandOptionChoice{Name: described(c.Label, value), Value: value})
		}
	}
	a := &answering{session: s, i: i}
	r := response{Type: discordgo.InteractionApplicationCommandAutocompleteResult, Data: map[string]any{"choices": list}}
	if err := a.respond(s.late, r, nil); err != nil && !asFault(err).refused() {
		s.log.Warn("suggestions can't be told", "interaction", i.ID, "error", err)
	}
}

func (s *session) choices(ctx context.Context, i *wireInteraction) (choices []chat.Choice, err error) {
	defer s.caught(i.ID, &err)
	r := i.request()
	r.Text, r.Options = "/"+i.Data.Name, i.options()
	for _, o := range i.Data.Options {
		if typed, is := o.Value.(string); is && o.Focused {
			return s.handler.Suggest(ctx, r, o.Name, clean(typed))
		}
	}
	return nil, nil
}

// forms are the commands whose options may be asked for as a form.
type forms struct {
	mu  sync.Mutex
	all map[string]chat.Command
}

func (f *forms) set(list []chat.Command) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = map[string]chat.Command{}
	for _, c := range list {
		if c.Form && len(c.Options) > 0 && len(c.Options) <= maxInputs {
			f.all[c.Name] = c
		}
	}
}

func (f *forms) of(name string) (chat.Command, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, is := f.all[name]
	return c, is
}

// opens opens the form that an interaction asks for, if it does. That can't wait: it is
// the first answer, or none.
func (s *session) opens(i *wireInteraction, e *event) bool {
	var f func() form
	hint, asks := strings.CutPrefix(i.Data.CustomID, askSign)
	c, belong := s.forms.of(i.Data.Name)
	switch {
	case i.Kind == kindComponent && asks:
		f = func() form { return asking(hint) }
	case i.Kind == kindCommand && belong && len(e.request.Options) == 0:
		f = func() form { return s.formOf(e.request, c) }
	default:
		return false
	}
	s.busy.Go(func() {
		a := &answering{session: s, i: i}
		err := a.respond(s.late, response{Type: discordgo.InteractionResponseModal, Data: f()}, nil)
		if err != nil && !asFault(err).is(discordgo.ErrCodeInteractionHasAlreadyBeenAcknowledged) {
			s.log.Warn("a form can't be opened", "interaction", i.ID, "error", err)
		}
	})
	return true
}

// offeredTo are the commands that somebody may use, in their language.
func (s *session) offeredTo(ctx context.Context, r *chat.Request) (list []chat.Command, err error) {
	defer s.caught(r.ID, &err)
	return s.handler.Commands(ctx, r.UserID, r.Language)
}

// formOf is a form for the options of a command, in the language of who asks, if that can
// be told in time.
func (s *session) formOf(r *chat.Request, c chat.Command) form {
	ctx, cancel := context.WithTimeout(s.late, suggestFor)
	defer cancel()
	if list, err := s.offeredTo(ctx, r); err == nil {
		if i := slices.IndexFunc(list, func(o chat.Command) bool { return o.Name == c.Name }); i >= 0 && len(list[i].Options) <= maxInputs {
			c = list[i]
		}
	}
	f := form{ID: formSign + c.Name, Title: clip(label(c.Description), maxTitle)}
	for _, o := range c.Options {
		f.add(discordgo.TextInput{CustomID: o.Name, Label: o.Description, Style: discordgo.TextInputShort, Required: o.Required, MaxLength: maxTyped})
	}
	return f
}
