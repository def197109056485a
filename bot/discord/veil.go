package discord

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

// A veil hides the token.
type veil struct{ token string }

// tokenShape is what the developer portal hands out.
var tokenShape = regexp.MustCompile(`^[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}$`)

// newVeil takes a token as somebody has copied it.
func newVeil(token string) (veil, error) {
	token = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(token), "Bot "))
	if !tokenShape.MatchString(token) {
		return veil{}, errors.New("discord: the token isn't one: copy it whole from the bot's page in the developer portal, three parts with dots between")
	}
	return veil{token}, nil
}

// over returns a text in which neither the token is any more, nor its secret part, nor
// other secrets, such as an interaction's token.
func (v veil) over(text string, secrets ...string) string {
	parts := strings.Split(v.token, ".")
	for _, secret := range append(secrets, v.token, parts[len(parts)-1]) {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if form != "" {
				text = strings.ReplaceAll(text, form, "<token>")
			}
		}
	}
	return text
}
