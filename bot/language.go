package bot

import (
	"strings"

	"github.com/kooperativa/mentorbot/bot/locale"
)

// whichLanguage asks for a language: each is offered in itself.
var whichLanguage = option{
	name: "language", ask: "settings.ask-language",
	offers: (*turn).languageOffers,
	read: func(t *turn, text string) (value, rest string, ok bool) {
		word, rest := cut(text)
		for _, tag := range locale.Languages() {
			if strings.EqualFold(word, tag) {
				return tag, rest, true
			}
		}
		return t.readTitle(text, t.languageOffers)
	},
}

func (t *turn) languageOffers() (offers []offer, err error) {
	for _, tag := range locale.Languages() {
		l, _ := locale.For(tag)
		offers = append(offers, offer{t.inItself(l), tag})
	}
	return offers, nil
}

// inItself is what a language calls itself.
func (s *speech) inItself(l *locale.Language) string {
	name, err := l.Text("language.self", nil)
	if err != nil && s.err == nil {
		s.err = err
	}
	return name
}

// greeting stands after the language that was chosen below the first greeting, which
// is then said again in it.
const greeting = "hello"

// chooseLanguage sets the language, and answers in it.
func (t *turn) chooseLanguage() error {
	tag := t.args["language"]
	err := t.set(tag == t.to.Language && t.to.LanguageChosen, func() error { return t.tx.ChooseLanguage(t.me(), tag) })
	if err != nil {
		return err
	}
	t.to.Language = tag
	t.speak(t.c)
	t.reply.Menu = true
	if strings.TrimSpace(t.rest) == greeting && t.may(member) {
		return t.greet()
	}
	t.done("language.chosen", nil)
	return nil
}
