package bot

import (
	"errors"
	"strconv"
	"strings"
	"unicode"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// pageUnits is how much of the programme's own words a page has, its markup included:
// what a message takes, and room for a title.
const pageUnits = chat.MaxText - 300

// privacy says what the bot sends and keeps, who sees it, and what one can have done
// about it; then, page by page, what the programme itself has to say.
func (t *turn) privacy() error {
	program, err := t.tx.Program()
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	word, _ := cut(t.rest)
	pages := paged(program.Privacy)
	if n, err := strconv.Atoi(word); err == nil && n > 0 && n <= len(pages) {
		t.ownWords(program.Name, pages, n)
		return nil
	}
	var buttons []chat.Button
	if len(pages) > 0 {
		buttons = append(buttons, t.button("read-on", "privacy 1"))
	}
	if t.may(known) {
		buttons = append(buttons, t.lead("data", "settings data"), t.lead("delete", "settings delete"), t.lead("settings", "settings"))
	}
	items := []chat.Text{
		t.text("privacy.sends", nil), t.text("privacy.keeps", nil), t.text("privacy.sees", nil), t.text("privacy.names", nil),
		t.text("privacy.chats", nil),
	}
	if t.may(known) {
		items = append(items, t.text("privacy.rights", nil))
	} else {
		items = append(items, t.text("privacy.rights-outsider", nil))
	}
	text := chat.Stack(t.text("privacy.title", nil), chat.List(items))
	if len(pages) > 0 {
		text = chat.Join(text, t.text("privacy.more", locale.Args{"Program": program.Name}))
	}
	t.tell(text, buttons...)
	return nil
}

// ownWords shows a page of the programme's own words, as they were typed.
func (t *turn) ownWords(program string, pages []string, n int) {
	title := t.text("privacy.program", locale.Args{"Program": program})
	if len(pages) > 1 {
		title = t.text("privacy.program-page", locale.Args{"Program": program, "Page": n, "Of": len(pages)})
	}
	var buttons []chat.Button
	if n < len(pages) {
		buttons = append(buttons, t.button("read-on", "privacy "+strconv.Itoa(n+1)))
	}
	if n > 1 {
		buttons = append(buttons, t.button("back", "privacy "+strconv.Itoa(n-1)))
	}
	t.tell(chat.Join(title, chat.Escape(pages[n-1])), append(buttons, t.button("first", "privacy"))...)
}

// paged splits a long text where a page is full: at the end of a line, else between
// words, else anywhere.
func paged(text string) (pages []string) {
	for rest := strings.TrimSpace(text); rest != ""; {
		full := fits(rest)
		at := full
		if full < len(rest) {
			if i := strings.LastIndexByte(rest[:full], '\n'); i > full/2 {
				at = i
			} else if i := strings.LastIndexFunc(rest[:full], unicode.IsSpace); i > full/2 {
				at = i
			}
		}
		pages = append(pages, strings.TrimSpace(rest[:at]))
		rest = strings.TrimSpace(rest[at:])
	}
	return pages
}

// fits returns how many bytes of a text a page takes.
func fits(text string) int {
	units := 0
	for i, r := range text {
		if units += chat.UTF16Len(string(chat.Escape(string(r)))); units > pageUnits {
			return i
		}
	}
	return len(text)
}
