package store

import (
	"fmt"
	"sync"
	"time"
)

var zones sync.Map // name → *time.Location

// Zone returns the location of an IANA zone, such as Europe/Belgrade. Unlike
// [time.LoadLocation] it reads each zone once, and refuses "" and "Local", whose
// meaning depends on the machine.
func Zone(name string) (*time.Location, error) {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("load zone: %q is not an IANA zone", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("load zone: %w", err)
	}
	zones.Store(name, loc)
	return loc, nil
}

// location returns a stored zone. Zones were checked when they were stored; should
// the machine have lost one since, UTC is better than silence.
func location(name string) *time.Location {
	loc, err := Zone(name)
	if err != nil {
		return time.UTC
	}
	return loc
}
