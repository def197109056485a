package store

import (
	"crypto/rand"
	"encoding/base32"
)

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewID returns a new id: 13 characters of a-z2-7, random, never guessable from
// another one.
func NewID() string {
	var b [8]byte
	rand.Read(b[:])
	return base32Lower.EncodeToString(b[:])
}

// fill gives *id a new id unless it has one.
func fill(id *string) {
	if *id == "" {
		*id = NewID()
	}
}

// ValidSlug reports whether s can be the id that a person writes in a program
// file: 1 to 40 characters of a-z, 0-9 and -.
func ValidSlug(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return len(s) > 0 && len(s) <= 40
}
