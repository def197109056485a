package discordtest

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// rules are what the specification says in words only, or not at all, by method.
var rules = map[string]func(*Call) *refusal{
	"create_message":                      messageRule,
	"update_message":                      messageRule,
	"execute_webhook":                     messageRule,
	"update_original_webhook_message":     messageRule,
	"update_webhook_message":              messageRule,
	"create_interaction_response":         callbackRule,
	"bulk_set_application_commands":       commandsRule,
	"bulk_set_guild_application_commands": commandsRule,
	"create_guild_scheduled_event":        eventRule,
}

// maxEmbeds is how long the texts of all embeds of a message may be together.
const maxEmbeds = 6000

func messageRule(c *Call) *refusal { return ruled(checkMessage("", c.data(), flagsOf[c.Method])) }

// flagsOf are the flags that a message may be given by a method.
var flagsOf = map[string]int{
	"create_message":                  flagNoEmbeds | flagSilent,
	"update_message":                  flagNoEmbeds,
	"execute_webhook":                 flagNoEmbeds | flagSilent | flagEphemeral,
	"update_original_webhook_message": flagNoEmbeds,
	"update_webhook_message":          flagNoEmbeds,
	"create_interaction_response":     flagNoEmbeds | flagSilent | flagEphemeral,
}

func ruled(p *problem) *refusal {
	if p != nil {
		return invalid(p)
	}
	return nil
}

func checkMessage(at string, v map[string]any, flags int) *problem {
	if bits := as[int](v["flags"]); bits&^flags != 0 {
		return wrong(join(at, "flags"), "BASE_TYPE_CHOICES", "%d can't be set here.", bits&^flags)
	}
	if p := checkMentions(join(at, "allowed_mentions"), v["allowed_mentions"]); p != nil {
		return p
	}
	if p := checkEmbeds(join(at, "embeds"), as[[]wireEmbed](v["embeds"])); p != nil {
		return p
	}
	return checkComponents(join(at, "components"), as[[]component](v["components"]))
}

// checkMentions: what is allowed by kind can't be listed as well.
func checkMentions(at string, v any) *problem {
	m := as[struct{ Parse, Users, Roles []string }](v)
	for _, kind := range m.Parse {
		if kind == "users" && len(m.Users) > 0 || kind == "roles" && len(m.Roles) > 0 {
			return wrong(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "parse:[%q] and %s: [ids...] are mutually exclusive.", kind, kind)
		}
	}
	return nil
}

func checkEmbeds(at string, all []wireEmbed) *problem {
	n := 0
	for i, e := range all {
		texts := []string{e.Title, e.Description}
		if e.Author != nil {
			texts = append(texts, e.Author.Name)
		}
		if e.Footer != nil {
			texts = append(texts, e.Footer.Text)
		}
		for j, f := range e.Fields {
			if strings.TrimSpace(f.Name) == "" || strings.TrimSpace(f.Value) == "" {
				return wrong(fmt.Sprintf("%s.%d.fields.%d", at, i, j), "BASE_TYPE_REQUIRED", "This field is required.")
			}
			texts = append(texts, f.Name, f.Value)
		}
		for _, t := range texts {
			n += chat.UTF16Len(t)
		}
		if len(texts) == 2 && e.Title == "" && e.Description == "" && e.Image == nil && e.Thumbnail == nil {
			return wrong(fmt.Sprintf("%s.%d", at, i), "BASE_TYPE_REQUIRED", "The embed is empty.")
		}
	}
	if n > maxEmbeds {
		return wrong(at, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of %d.", maxEmbeds)
	}
	return nil
}

const (
	maxRows = 5
	rowWide = 5
)

func checkComponents(at string, rows []component) *problem {
	if len(rows) > maxRows {
		return wrong(at, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and %d in length.", maxRows)
	}
	ids := map[string]bool{}
	for i, row := range rows {
		at := fmt.Sprintf("%s.%d", at, i)
		if row.Type != actionRow {
			return wrong(at+".type", "UNION_TYPE_CHOICES", "this server has action rows only")
		}
		if len(row.Components) > rowWide || len(row.Components) > 1 && row.Components[0].Type != button {
			return wrong(at+".components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The components are too wide.")
		}
		for j, c := range row.Components {
			at := fmt.Sprintf("%s.components.%d", at, j)
			if c.CustomID != "" && ids[c.CustomID] {
				return wrong(at+".custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated.")
			}
			ids[c.CustomID] = true
			if p := c.checkTouch(at); p != nil {
				return p
			}
			if c.Type != button && j > 0 {
				return wrong(at, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The components are too wide.")
			}
		}
	}
	return nil
}

// checkTouch says what is wrong with a button or a select.
func (c component) checkTouch(at string) *problem {
	switch {
	case c.Type == stringSelect:
		return c.checkSelect(at)
	case c.Type != button:
		return nil
	case c.Style == 6:
		return wrong(at+".style", "BASE_TYPE_CHOICES", "this server sells nothing")
	case strings.TrimSpace(c.Label) == "" && c.Emoji == nil:
		return wrong(at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button must have a label or an emoji.")
	case c.Style == linkButton && (c.URL == "" || c.CustomID != ""):
		return wrong(at, "BUTTON_COMPONENT_INVALID_URL", "A button that leads somewhere has a url, and no custom id.")
	case c.Style != linkButton && (c.URL != "" || c.CustomID == ""):
		return wrong(at, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required, and no url.")
	}
	return nil
}

func (c component) checkSelect(at string) *problem {
	values, defaults := map[string]bool{}, 0
	for i, o := range c.Options {
		if values[o.Value] {
			return wrong(fmt.Sprintf("%s.options.%d.value", at, i), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used.")
		}
		values[o.Value] = true
		if o.Default {
			defaults++
		}
	}
	least, most := c.span()
	if least > most || most > len(c.Options) || defaults > most {
		return wrong(at, "BASE_TYPE_BAD_LENGTH", "Of %d options, %d to %d can't be chosen, %d beforehand.", len(c.Options), least, most, defaults)
	}
	return nil
}

// span returns how many options must and may be chosen.
func (c component) span() (least, most int) {
	least, most = 1, 1
	if c.MinValues != nil {
		least = *c.MinValues
	}
	if c.MaxValues != nil {
		most = *c.MaxValues
	}
	return least, most
}

func callbackRule(c *Call) *refusal {
	v := c.data()
	switch as[struct{ Type int }](c.Body).Type {
	case 4:
		return ruled(checkMessage("data", v, flagsOf[c.Method]))
	case 5:
		if as[int](v["flags"])&^flagEphemeral != 0 {
			return invalid(wrong("data.flags", "BASE_TYPE_CHOICES", "Only ephemeral can be set here."))
		}
	case 7:
		return ruled(checkMessage("data", v, flagNoEmbeds))
	case 8:
		for i, ch := range as[[]struct {
			Name  string
			Value any
		}](v["choices"]) {
			if text, is := ch.Value.(string); is && chat.UTF16Len(text) > 100 || is && text == "" || strings.TrimSpace(ch.Name) == "" {
				return invalid(wrong(fmt.Sprintf("data.choices.%d", i), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."))
			}
		}
	case 9:
		return ruled(checkForm(as[form](v)))
	}
	return nil
}

const maxInputs = 5

// checkForm says what is wrong with a form.
func checkForm(f form) *problem {
	if len(f.Components) > maxInputs {
		return wrong("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and %d in length.", maxInputs)
	}
	ids := map[string]bool{}
	for i, row := range f.Components {
		at := fmt.Sprintf("data.components.%d", i)
		input, label := row.input()
		switch {
		case input == nil:
			return wrong(at, "UNION_TYPE_CHOICES", "this server has one text input in each row of a form")
		case ids[input.CustomID]:
			return wrong(at+".custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated.")
		case strings.TrimSpace(label) == "":
			return wrong(at+".label", "BASE_TYPE_REQUIRED", "This field is required.")
		}
		ids[input.CustomID] = true
		least, most := input.lengths()
		if n := chat.UTF16Len(input.Value); least > most || n > most || n > 0 && n < least {
			return wrong(at+".value", "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
		}
	}
	return nil
}

// locales are the languages that Discord's app has.
var locales = regexp.MustCompile(`^(ar|bg|cs|da|de|el|en-GB|en-US|es-419|es-ES|fi|fr|he|hi|hr|hu|id|it|ja|ko|lt|nl|no|pl|pt-BR|ro|ru|sv-SE|th|tr|uk|vi|zh-CN|zh-TW)$`)
