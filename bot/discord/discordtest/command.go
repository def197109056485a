package discordtest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// The kinds of option that people can fill in here.
const (
	optionGroup   = 2 // it and less: subcommands
	optionString  = 3
	optionInteger = 4
	optionBoolean = 5
	optionUser    = 6
	optionNumber  = 10
)

// A command is a slash command as it was registered.
type command struct {
	ID          string            `json:"id"`
	Type        int               `json:"type"`
	Name        string            `json:"name"`
	Names       map[string]string `json:"name_localizations"`
	Description string            `json:"description"`
	Told        map[string]string `json:"description_localizations"`
	Options     []commandOption   `json:"options"`
	Contexts    []int             `json:"contexts"`
	Direct      *bool             `json:"dm_permission"`
	Permissions any               `json:"default_member_permissions"`
	whole       map[string]any
}

type commandOption struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations"`
	Description  string            `json:"description"`
	Told         map[string]string `json:"description_localizations"`
	Required     bool              `json:"required"`
	Autocomplete bool              `json:"autocomplete"`
	Choices      []commandChoice   `json:"choices"`
	Options      []commandOption   `json:"options"`
	MinLength    *int              `json:"min_length"`
	MaxLength    *int              `json:"max_length"`
	MinValue     *float64          `json:"min_value"`
	MaxValue     *float64          `json:"max_value"`
}

type commandChoice struct {
	Name  string            `json:"name"`
	Names map[string]string `json:"name_localizations"`
	Value any               `json:"value"`
}

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

const (
	maxCommands    = 100
	maxCommandText = 8000 // name, description and values, with options and choices
)

func commandsRule(c *Call) *refusal {
	all := as[[]command](c.Body)
	if len(all) > maxCommands {
		return invalid(wrong("", "APPLICATION_COMMANDS_TOO_MANY", "There are %d commands, and may be %d.", len(all), maxCommands))
	}
	seen := map[string]bool{}
	for i, cmd := range all {
		at := strconv.Itoa(i)
		if cmd.Type > 1 {
			return invalid(wrong(at+".type", "BASE_TYPE_CHOICES", "this server has slash commands only"))
		}
		if seen[cmd.Name] {
			return invalid(wrong(at+".name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique."))
		}
		seen[cmd.Name] = true
		if p := checkNamed(at, cmd.Name, cmd.Names, cmd.Description, cmd.Told); p != nil {
			return invalid(p)
		}
		if p := checkOptions(at+".options", cmd.Options); p != nil {
			return invalid(p)
		}
		if n := chat.UTF16Len(cmd.Name) + chat.UTF16Len(cmd.Description) + lengthOf(cmd.Options); n > maxCommandText {
			return invalid(wrong(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (%d > %d).", n, maxCommandText))
		}
	}
	return nil
}

func checkNamed(at, name string, names map[string]string, description string, told map[string]string) *problem {
	if n := chat.UTF16Len(description); n < 1 || n > 100 || strings.TrimSpace(description) == "" {
		return wrong(at+".description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	}
	for locale := range told {
		if !locales.MatchString(locale) {
			return wrong(at+".description_localizations."+locale, "BASE_TYPE_CHOICES", "Discord has no locale %q.", locale)
		}
	}
	all := map[string]string{"": name}
	for locale, n := range names {
		if !locales.MatchString(locale) {
			return wrong(at+".name_localizations."+locale, "BASE_TYPE_CHOICES", "Discord has no locale %q.", locale)
		}
		all[locale] = n
	}
	for _, n := range all {
		if !commandName.MatchString(n) || strings.ToLower(n) != n {
			return wrong(at+".name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid: %q.", n)
		}
	}
	return nil
}

func checkOptions(at string, all []commandOption) *problem {
	seen, optional := map[string]bool{}, false
	for i, o := range all {
		at := fmt.Sprintf("%s.%d", at, i)
		if p := checkNamed(at, o.Name, o.Names, o.Description, o.Told); p != nil {
			return p
		}
		switch {
		case seen[o.Name]:
			return wrong(at+".name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists: %q.", o.Name)
		case o.Required && optional:
			return wrong(at+".required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options.")
		case o.Autocomplete && len(o.Choices) > 0:
			return wrong(at+".choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "Choices can't be beside autocomplete.")
		}
		seen[o.Name], optional = true, optional || !o.Required
		for j, ch := range o.Choices {
			if v, is := ch.Value.(string); is && (v == "" || chat.UTF16Len(v) > 100) || strings.TrimSpace(ch.Name) == "" {
				return wrong(fmt.Sprintf("%s.choices.%d", at, j), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
			}
			if slices.ContainsFunc(o.Choices[:j], func(e commandChoice) bool { return e.Name == ch.Name }) {
				return wrong(fmt.Sprintf("%s.choices.%d.name", at, j), "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Choice name already exists: %q.", ch.Name)
			}
		}
		if p := checkOptions(at+".options", o.Options); p != nil {
			return p
		}
	}
	return nil
}

func lengthOf(all []commandOption) (n int) {
	for _, o := range all {
		n += chat.UTF16Len(o.Name) + chat.UTF16Len(o.Description) + lengthOf(o.Options)
		for _, ch := range o.Choices {
			n += chat.UTF16Len(ch.Name) + chat.UTF16Len(fmt.Sprint(ch.Value))
		}
	}
	return n
}

// setCommands puts commands in the place of those that there were.
func (s *Server) setCommands(c *Call) (any, *refusal) {
	if refused := s.mine(c); refused != nil {
		return nil, refused
	}
	guild := c.Path["guild_id"]
	list, _ := c.Body.([]any)
	all := []command{}
	for i, cmd := range as[[]command](c.Body) {
		cmd.ID = stable("command "+guild+" "+cmd.Name, 600_000_000_000_000_000)
		cmd.whole, _ = list[i].(map[string]any)
		all = append(all, cmd)
	}
	s.commands[guild] = all
	s.overwrites[guild]++
	return s.wireCommands(guild), nil
}

func (s *Server) listCommands(c *Call) (any, *refusal) {
	if refused := s.mine(c); refused != nil {
		return nil, refused
	}
	return s.wireCommands(c.Path["guild_id"]), nil
}

// mine refuses what is of another application, or of a guild without it.
func (s *Server) mine(c *Call) *refusal {
	if guild := c.Path["guild_id"]; c.Path["application_id"] != s.AppID || guild != "" && s.guilds[guild] == nil {
		return errAccess
	}
	return nil
}

func (s *Server) wireCommands(guild string) []any {
	all := []any{}
	for _, cmd := range s.commands[guild] {
		w := map[string]any{
			"type": 1, "default_member_permissions": nil, "nsfw": false, "contexts": nil, "dm_permission": true, "integration_types": []int{0},
			"name_localizations": nil, "description_localizations": nil, "options": []any{},
		}
		for name, v := range cmd.whole {
			if v != nil {
				w[name] = v
			}
		}
		w["id"], w["application_id"], w["version"] = cmd.ID, s.AppID, cmd.ID
		if guild != "" {
			w["guild_id"] = guild
		}
		all = append(all, w)
	}
	return all
}

// Overwrites returns how often the commands of a guild were written; of "", those that
// are everywhere.
func (s *Server) Overwrites(guildID string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.overwrites[guildID]
}

// Commands returns the names of the commands that the person's app offers there.
func (at *Seat) Commands() (names []string) {
	at.server.mu.Lock()
	defer at.server.mu.Unlock()
	for _, c := range at.offered() {
		names = append(names, c.Name)
	}
	return names
}

// offered are the commands that the person's app offers there. The caller holds the lock.
func (at *Seat) offered() (all []command) {
	s, g := at.server, at.channel.guild
	if g == nil {
		for _, c := range s.commands[""] {
			if (c.Contexts == nil || slices.Contains(c.Contexts, 1)) && (c.Direct == nil || *c.Direct) {
				all = append(all, c)
			}
		}
		return all
	}
	m := g.members[at.user.ID]
	if m == nil {
		return nil
	}
	for _, c := range slices.Concat(s.commands[g.ID], s.commands[""]) {
		if (c.Contexts == nil || slices.Contains(c.Contexts, 0)) && c.permits(m.may) {
			all = append(all, c)
		}
	}
	return all
}

// permits reports whether a member with permissions is offered the command.
func (c command) permits(may int64) bool {
	if c.Permissions == nil || may&administrator != 0 {
		return true
	}
	bits, err := strconv.ParseInt(fmt.Sprint(c.Permissions), 10, 64)
	return err == nil && bits != 0 && may&bits == bits
}
