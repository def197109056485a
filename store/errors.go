package store

import "errors"

// ErrNotFound says that there is no such row. Errors that wrap it name the step.
var ErrNotFound = errors.New("not found")

// A Refusal says which invariant an act would have broken: a mistake of whoever
// acted, to be answered kindly, never trouble of the store. Compare with
// errors.Is, or take the code with errors.As.
type Refusal struct {
	Code string // stable, for finding words in somebody's language
	text string
}

// Error says in English what was refused.
func (r *Refusal) Error() string { return r.text }

// What the nouns refuse.
var (
	ErrSlug          = &Refusal{"slug", "an id is made of a-z, 0-9 and -, 40 characters at most"}
	ErrKnown         = &Refusal{"known", "there is one already"}
	ErrZone          = &Refusal{"zone", "no such time zone"}
	ErrDates         = &Refusal{"dates", "the dates are not in order"}
	ErrMinimum       = &Refusal{"minimum", "the minimum of meetings is 1 or more"}
	ErrBeforeCycle   = &Refusal{"before-cycle", "that day is before the cycle starts"}
	ErrAfterCycle    = &Refusal{"after-cycle", "that day is after the cycle ends"}
	ErrNoSuchTime    = &Refusal{"no-such-time", "clocks skip that time on that day"}
	ErrFuture        = &Refusal{"future", "that day is still to come"}
	ErrPast          = &Refusal{"past", "that time has passed"}
	ErrSameDay       = &Refusal{"same-day", "the pair has a meeting on that day"}
	ErrState         = &Refusal{"state", "it is too late, or too early, for that"}
	ErrPartner       = &Refusal{"partner", "that is for the other one of the pair to say"}
	ErrPairEnded     = &Refusal{"pair-ended", "the pair has ended"}
	ErrInPair        = &Refusal{"in-pair", "the person is in a pair with another role"}
	ErrRoles         = &Refusal{"roles", "a pair is a mentor and a mentee of the cycle"}
	ErrNotMember     = &Refusal{"not-member", "the person is not a member of the cycle"}
	ErrAccountTaken  = &Refusal{"account-taken", "the account belongs to somebody else"}
	ErrInvitationOld = &Refusal{"invitation-old", "the invitation has expired"}
	ErrInvitationHad = &Refusal{"invitation-used", "the invitation has been used"}
)

// orRefuse returns refusal in place of an error that says that there is no such row,
// and where there is no error.
func orRefuse(err error, refusal *Refusal) error {
	if err == nil || errors.Is(err, ErrNotFound) {
		return refusal
	}
	return err
}
