package playground

import (
	"net/http"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A menuItem is a command that may be chosen from the page's menu.
type menuItem struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Options     []string `json:"options,omitempty"`
}

func (p *Playground) getCommands(w http.ResponseWriter, r *http.Request, run *run) {
	person, ok := p.book.person(r.FormValue("chat"))
	if !ok {
		refuse(w, http.StatusNotFound, "There is no such person here.")
		return
	}
	commands, err := run.handler.Commands(r.Context(), person.ID, person.Language)
	if err != nil {
		p.o.Log.Error("ask for commands", "error", err)
		refuse(w, http.StatusInternalServerError, "The commands couldn't be found.")
		return
	}
	items := make([]menuItem, len(commands))
	for i, c := range commands {
		items[i] = menuItem{Name: c.Name, Description: c.Description}
		for _, o := range c.Options {
			items[i].Options = append(items[i].Options, o.Name)
		}
	}
	answer(w, items)
}

// postSuggest returns likely values for the option that is being typed.
func (p *Playground) postSuggest(w http.ResponseWriter, r *http.Request, run *run) {
	var in struct{ Chat, Command, Option, Typed string }
	if !p.read(w, r, &in, &in.Chat) {
		return
	}
	person, _ := p.book.person(in.Chat)
	choices, err := run.handler.Suggest(r.Context(), chat.Request{
		UserID: in.Chat, ChatID: in.Chat, Language: person.Language, Text: "/" + clean(in.Command),
	}, in.Option, clean(in.Typed))
	if err != nil {
		p.o.Log.Error("ask for suggestions", "error", err)
		choices = nil // the page does without
	}
	type choice struct {
		Label string `json:"label"`
		Value string `json:"value"`
	}
	list := make([]choice, len(choices))
	for i, c := range choices {
		list[i] = choice(c)
	}
	answer(w, list)
}
