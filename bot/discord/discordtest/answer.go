package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// A refusal is an answer other than what was asked for.
type refusal struct {
	Status  int
	Code    int
	Message string
	problem *problem
	broken  bool // a correct client never gets it
	wait    time.Duration
	global  bool
}

func (r *refusal) Error() string {
	text := fmt.Sprintf("%d: %s", r.Code, r.Message)
	if r.problem != nil {
		text += ": " + r.problem.Error()
	}
	return text
}

// refuse returns a refusal that correct clients may get.
func refuse(status, code int, message string) *refusal {
	return &refusal{Status: status, Code: code, Message: message}
}

// broken is for what a correct client never does.
func broken(status, code int, message string) *refusal {
	return &refusal{Status: status, Code: code, Message: message, broken: true}
}

func invalid(p *problem) *refusal {
	return &refusal{Status: http.StatusBadRequest, Code: 50035, Message: "Invalid Form Body", problem: p, broken: true}
}

// The refusals that have a name in Discord's documentation.
var (
	errUnauthorized  = refuse(http.StatusUnauthorized, 0, "401: Unauthorized")
	errNoRoute       = broken(http.StatusNotFound, 0, "404: Not Found")
	errChannel       = refuse(http.StatusNotFound, 10003, "Unknown Channel")
	errGuild         = refuse(http.StatusNotFound, 10004, "Unknown Guild")
	errMember        = refuse(http.StatusNotFound, 10007, "Unknown Member")
	errMessage       = refuse(http.StatusNotFound, 10008, "Unknown Message")
	errRole          = refuse(http.StatusNotFound, 10011, "Unknown Role")
	errUser          = refuse(http.StatusNotFound, 10013, "Unknown User")
	errWebhook       = refuse(http.StatusNotFound, 10015, "Unknown Webhook")
	errInteraction   = refuse(http.StatusNotFound, 10062, "Unknown interaction")
	errEvent         = refuse(http.StatusNotFound, 10070, "Unknown Guild Scheduled Event")
	errTooLarge      = broken(http.StatusRequestEntityTooLarge, 40005, "Request entity too large")
	errAcknowledged  = refuse(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
	errAccess        = refuse(http.StatusForbidden, 50001, "Missing Access")
	errChannelKind   = broken(http.StatusForbidden, 50024, "Cannot execute action on this channel type")
	errOthersMessage = broken(http.StatusForbidden, 50005, "Cannot edit a message authored by another user")
	errEmpty         = broken(http.StatusBadRequest, 50006, "Cannot send an empty message")
	errClosed        = refuse(http.StatusForbidden, 50007, "Cannot send messages to this user")
	errPermission    = refuse(http.StatusForbidden, 50013, "Missing Permissions")
	errToken         = refuse(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
	errJSON          = broken(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
	errNoGuild       = refuse(http.StatusForbidden, 50278, "Cannot send messages to this user due to having no mutual guilds")
)

// body is what is answered with an error.
func (r *refusal) body() []byte {
	v := map[string]any{"code": r.Code, "message": r.Message}
	if r.problem != nil {
		v["errors"] = r.problem.tree()
	}
	return encode(v)
}

// tree is a problem as Discord nests it by its place.
func (p *problem) tree() any {
	var v any = map[string]any{"_errors": []any{map[string]any{"code": p.code, "message": p.why}}}
	if p.at == "" {
		return v
	}
	parts := strings.Split(p.at, ".")
	for i := len(parts) - 1; i >= 0; i-- {
		v = map[string]any{parts[i]: v}
	}
	return v
}

func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // it is always JSON
	}
	return data
}

// as reads part of a checked body as a type.
func as[T any](v any) (t T) {
	if v == nil {
		return t
	}
	data := encode(v)
	if err := json.Unmarshal(data, &t); err != nil {
		panic(err) // the specification was asked
	}
	return t
}
