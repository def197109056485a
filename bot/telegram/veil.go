package telegram

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

// A veil hides the token.
type veil struct{ token string }

// tokenShape is what BotFather hands out.
var tokenShape = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{20,}$`)

// newVeil takes a token as somebody has copied it.
func newVeil(token string) (veil, error) {
	token = strings.TrimSpace(token)
	if !tokenShape.MatchString(token) {
		return veil{}, errors.New("telegram: the token isn't one: copy it whole from @BotFather, digits, a colon and letters")
	}
	return veil{token}, nil
}

// over returns a text in which the token isn't any more, nor its secret half, however
// they are written.
func (v veil) over(text string) string {
	_, secret, _ := strings.Cut(v.token, ":")
	for _, form := range []string{v.token, url.QueryEscape(v.token), url.PathEscape(v.token), secret} {
		text = strings.ReplaceAll(text, form, "<token>")
	}
	return text
}
