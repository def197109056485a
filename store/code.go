package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// codeBytes are the random bytes of a code: 128 bits.
const codeBytes = 16

// newCode returns a secret that lets somebody in: 26 characters of a-z2-7.
func newCode() string {
	var b [codeBytes]byte
	rand.Read(b[:])
	return base32Lower.EncodeToString(b[:])
}

// codeHash is what is kept of a code. A code has so many random bits that nobody can
// search for it, so no salt or slow hash is needed.
func codeHash(code string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(code))))
	return hex.EncodeToString(sum[:])
}
