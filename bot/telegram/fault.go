package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"

	"github.com/kooperativa/mentorbot/bot/chat"
)

// A fault is why a call of the Bot API didn't do what it should. Nothing is wrapped in it,
// since what the network says has the token in it.
type fault struct {
	kind  kind
	text  string        // without the token
	wait  time.Duration // of busy
	moved int64         // of moved: the chat's new id
	ended error         // the context's error, if that is why
}

// A kind says what a fault means.
type kind int

const (
	broken       kind = iota // the network, Telegram or what stands between: may work later
	busy                     // too many requests
	refused                  // for good
	forbidden                // by the chat
	moved                    // the group has another id
	unauthorized             // the token is wrong
	missing                  // no such method or bot
	conflict                 // another process polls, or a webhook is set
)

// Error is what Telegram, or the network, says.
func (f *fault) Error() string { return f.text }

// Unwrap is the context's error, if a call ended with its context.
func (f *fault) Unwrap() error { return f.ended }

// A pageError is an answer that isn't Telegram's, as of a proxy.
type pageError struct{ status int }

// Error leaves the page out, which may repeat the address.
func (e *pageError) Error() string {
	return fmt.Sprintf("something that isn't Telegram answers %d %s", e.status, http.StatusText(e.status))
}

// newFault reads an error of the library.
func newFault(err error, v veil) *fault {
	f := &fault{text: v.over(err.Error())}
	for _, ended := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) {
			f.ended = ended
		}
	}
	var many *tg.TooManyRequestsError
	var migrated *tg.MigrateError
	var page *pageError
	switch {
	case errors.As(err, &many):
		f.kind, f.wait = busy, max(time.Second, time.Duration(many.RetryAfter)*time.Second)
	case errors.As(err, &migrated):
		f.kind, f.moved = moved, int64(migrated.MigrateToChatID)
	case errors.As(err, &page):
		if page.status == http.StatusRequestEntityTooLarge {
			f.kind = refused
		}
	case strings.Contains(f.text, ", 413 "): // there is no error of its own for it
		f.kind = refused
	default:
		f.kind = plainKind(err)
	}
	return f
}

func plainKind(err error) kind {
	for sentinel, kind := range map[error]kind{
		tg.ErrorForbidden: forbidden, tg.ErrorBadRequest: refused, tg.ErrorUnauthorized: unauthorized,
		tg.ErrorNotFound: missing, tg.ErrorConflict: conflict,
	} {
		if errors.Is(err, sentinel) {
			return kind
		}
	}
	return broken
}

// says reports whether a fault's text has one of some words in it.
func (f *fault) says(words ...string) bool {
	text := strings.ToLower(f.text)
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// asFault returns the fault of an error; nil: it is none.
func asFault(err error) *fault {
	var f *fault
	errors.As(err, &f)
	return f
}

// outcome says of a failed sending what package chat has words for.
func outcome(err error, private bool) error {
	f := asFault(err)
	if f == nil {
		return err
	}
	failed := fmt.Errorf("send to telegram: %w", f)
	switch f.kind {
	case refused:
		if reason := gone(f); reason != "" {
			return &chat.UnreachableError{Reason: reason}
		}
		return failed
	case forbidden:
		if reason := gone(f); reason != "" {
			return &chat.UnreachableError{Reason: reason}
		}
		if private {
			return &chat.UnreachableError{Reason: "blocked"}
		}
		return &chat.UnreachableError{Reason: "left"}
	default:
		return &chat.LaterError{Wait: f.wait, Cause: failed}
	}
}

// gone says in one word why nothing can be sent to a chat any more, by the descriptions
// of Telegram's server, which has no codes for it (https://github.com/tdlib/telegram-bot-api).
func gone(f *fault) string {
	switch {
	case f.says("blocked by the user"):
		return "blocked"
	case f.says("bot was kicked", "not a member", "chat was deleted"):
		return "left"
	case f.says("deactivated", "initiate conversation", "chat not found", "peer_id_invalid", "user not found",
		"rights to send", "have no write access", "chat_write_forbidden", "chat_restricted", "topic_closed", "bots can't send messages to bots"):
		return "closed"
	}
	return ""
}
