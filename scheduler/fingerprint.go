package scheduler

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/store"
)

// rulesAhead is how far the rules of time zones are compared.
const rulesAhead = 3 * 366 * 24 * time.Hour

// fingerprint names what stored plans depend on beside the cycle: the program's
// build, and the rules of the zones in use, as this machine has them.
func fingerprint(build string, zones []string, now time.Time) string {
	var h strings.Builder
	fmt.Fprintln(&h, build)
	slices.Sort(zones)
	for _, name := range slices.Compact(zones) {
		fmt.Fprintln(&h, name)
		loc, err := store.Zone(name)
		if err != nil {
			continue // the machine has lost it: its clock is UTC's
		}
		t := now.In(loc)
		for end := now.Add(rulesAhead); t.Before(end); {
			_, offset := t.Zone()
			_, until := t.ZoneBounds()
			fmt.Fprintln(&h, offset, until.Unix())
			if until.IsZero() {
				break
			}
			t = until
		}
	}
	sum := sha256.Sum256([]byte(h.String()))
	return base32.StdEncoding.EncodeToString(sum[:10])
}
