package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A fault is why a call of the API didn't do what it should. Nothing is wrapped in it,
// since what the network says may have a token in it.
type fault struct {
	status int           // of the answer; 0: there was none
	code   int           // of Discord's; 0: it gave none
	text   string        // without tokens
	wait   time.Duration // that a 429 asks for
	global bool          // it asks so of all that the bot does
	ended  error         // the context's error, if that is why
}

// Error is what Discord, or the network, says.
func (f *fault) Error() string { return f.text }

// Unwrap is the context's error, if a call ended with its context.
func (f *fault) Unwrap() error { return f.ended }

// The codes that discordgo has no names for
// (https://docs.discord.com/developers/topics/opcodes-and-status-codes#json).
const (
	codeOpeningTooFast = 40003
	codeNoMutualServer = 50278
)

// brokenOff is the fault of a call that had no answer.
func (v veil) brokenOff(err error, secret string) *fault {
	f := &fault{}
	for _, ended := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) {
			f.ended = ended
		}
	}
	var u *url.Error // its text has the address, which has an interaction's token
	if errors.As(err, &u) {
		err = u.Err
	}
	f.text = v.over(err.Error(), secret)
	return f
}

// asFault returns the fault of an error; nil: it is none.
func asFault(err error) *fault {
	var f *fault
	errors.As(err, &f)
	return f
}

// is reports whether a fault has one of Discord's codes.
func (f *fault) is(codes ...int) bool {
	for _, c := range codes {
		if f != nil && f.code == c {
			return true
		}
	}
	return false
}

// refused reports whether a call would be refused again.
func (f *fault) refused() bool {
	return f != nil && f.status >= 400 && f.status < 500 && f.status != http.StatusTooManyRequests &&
		f.status != http.StatusRequestTimeout && f.code != codeOpeningTooFast
}

// stale reports whether an interaction can't be answered any more.
func (f *fault) stale() bool {
	return f.is(discordgo.ErrCodeUnknownInteraction, discordgo.ErrCodeUnknownWebhook, discordgo.ErrCodeInvalidWebhookTokenProvided)
}

// outcome says of a failed sending what package chat has words for.
func outcome(err error, private bool) error {
	f := asFault(err)
	if f == nil {
		return err
	}
	failed := fmt.Errorf("send to discord: %w", f)
	switch {
	case f.is(discordgo.ErrCodeCannotSendMessagesToThisUser, codeNoMutualServer):
		return &chat.UnreachableError{Reason: "closed"}
	case f.is(discordgo.ErrCodeUnknownChannel, discordgo.ErrCodeMissingAccess) && !private:
		return &chat.UnreachableError{Reason: "left"}
	case f.is(discordgo.ErrCodeMissingPermissions, discordgo.ErrCodeMissingAccess, discordgo.ErrCodeUnknownUser, discordgo.ErrCodeUnknownChannel):
		return &chat.UnreachableError{Reason: "closed"}
	case f.status == http.StatusUnauthorized, !f.refused():
		return &chat.LaterError{Wait: f.wait, Cause: failed}
	}
	return failed
}
