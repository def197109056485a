package store

import (
	"slices"
	"strings"
)

// PairSnapshot reads what of a cycle concerns one pair's meetings: the cycle, the two,
// the pair and its meetings. It is good for asking how the pair stands, not for a plan.
func (tx *Tx) PairSnapshot(pairID string) (*Snapshot, error) {
	type half struct {
		member Member
		person Person
	}
	var pair Pair
	var mentor, mentee half
	s, err := one(tx, "read pair with its cycle", func(row scanner, s *Snapshot) error {
		return row.Scan(slices.Concat(pair.fields(), s.Cycle.fields(), mentor.member.fields(), mentor.person.fields(),
			mentee.member.fields(), mentee.person.fields())...)
	}, selectWholePair, pairID)
	if err != nil {
		return nil, err
	}
	if mentor.person.ID > mentee.person.ID {
		mentor, mentee = mentee, mentor
	}
	s.Members = []Member{mentor.member, mentee.member}
	s.People = map[string]*Person{mentor.person.ID: &mentor.person, mentee.person.ID: &mentee.person}
	s.Pairs, s.Answers, s.Told = []Pair{pair}, map[[2]string]Answer{}, []Told{}
	s.Meetings, err = tx.MeetingsOf(pairID)
	return &s, err
}

var selectWholePair = `SELECT ` + strings.Join([]string{of("pair", pairColumns), of("cycle", cycleColumns),
	of("m1", memberColumns), of("p1", personColumns), of("m2", memberColumns), of("p2", personColumns)}, ", ") + `
	FROM pair JOIN cycle ON cycle.id = pair.cycle_id
	JOIN member m1 ON m1.cycle_id = pair.cycle_id AND m1.person_id = mentor_id JOIN person p1 ON p1.id = mentor_id
	JOIN member m2 ON m2.cycle_id = pair.cycle_id AND m2.person_id = mentee_id JOIN person p2 ON p2.id = mentee_id
	WHERE pair.id = $1`
