package bot

import (
	"strconv"
	"strings"
	"time"
)

// sureFor is how long the button below a question whether somebody is sure means so.
const sureFor = time.Hour

// sure is what such a button has at its end: to which question it is the answer, when
// that was asked, and whom. So it does nothing in other hands, or much later.
func (t *turn) sure(question string) string {
	return question + "-" + strconv.FormatInt(t.now.Unix(), 36) + "-" + t.me()
}

// isSure reports whether a button's end answers a question that the person was asked
// a short while ago.
func (t *turn) isSure(question, said string) bool {
	parts := strings.Split(strings.TrimSpace(said), "-")
	if len(parts) != 3 || parts[0] != question || parts[2] != t.me() {
		return false
	}
	asked, err := strconv.ParseInt(parts[1], 36, 64)
	ago := t.now.Sub(time.Unix(asked, 0))
	return err == nil && ago > -time.Second && ago < sureFor
}
