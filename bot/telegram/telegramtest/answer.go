package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// A refusal is an answer other than ok.
type refusal struct {
	Status      int
	Description string
	Parameters  map[string]int64
	broken      bool // a correct client never gets it
}

func (r *refusal) Error() string { return r.Description }

// broken is for what a correct client never does.
func broken(err error) *refusal {
	return &refusal{Status: http.StatusBadRequest, Description: "Bad Request: " + err.Error(), broken: true}
}

func bad(why string) *refusal {
	return &refusal{Status: http.StatusBadRequest, Description: "Bad Request: " + why}
}

func forbidden(why string) *refusal {
	return &refusal{Status: http.StatusForbidden, Description: "Forbidden: " + why}
}

func conflict(why string) *refusal {
	return &refusal{Status: http.StatusConflict, Description: "Conflict: " + why}
}

func busy(seconds int) *refusal {
	return &refusal{
		Status: http.StatusTooManyRequests, Description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
		Parameters: map[string]int64{"retry_after": int64(seconds)},
	}
}

// body is what is answered with an error.
func (r *refusal) body() []byte {
	data, err := json.Marshal(struct {
		OK          bool             `json:"ok"`
		Code        int              `json:"error_code"`
		Description string           `json:"description"`
		Parameters  map[string]int64 `json:"parameters,omitempty"`
	}{Code: r.Status, Description: r.Description, Parameters: r.Parameters})
	if err != nil {
		panic(err) // it is always JSON
	}
	return data
}

// fine is what is answered with a result.
func fine(result any) ([]byte, error) {
	return json.Marshal(struct {
		OK     bool `json:"ok"`
		Result any  `json:"result"`
	}{true, result})
}
