package programfile

import (
	"slices"

	"github.com/kooperativa/mentorbot/store"
)

// sameRules compares rules as the file has them.
func sameRules(a, b store.Rules) bool { return slices.Equal(ruleFields(&a), ruleFields(&b)) }
