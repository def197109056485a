package store

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// Errors of Seal and Unseal.
var (
	ErrNoKey    = errors.New("no key for sealing is configured")
	ErrUnsealed = errors.New("sealed with another key, for another place, or damaged")
)

// seals keep secrets at rest with AES-256-GCM.
type seals struct{ aead cipher.AEAD }

func newSeals(key []byte) (seals, error) {
	if key == nil {
		return seals{}, nil
	}
	if len(key) != 32 {
		return seals{}, fmt.Errorf("key for sealing: %d bytes instead of 32", len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return seals{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return seals{aead}, err
}

// Seal encrypts a secret for one place, such as a table and the id of a row:
// elsewhere it can't be unsealed, so nobody can move it there. Without a key the
// error is ErrNoKey.
func (s seals) Seal(secret []byte, place string) ([]byte, error) {
	if s.aead == nil {
		return nil, ErrNoKey
	}
	return s.aead.Seal(nil, nil, secret, []byte(place)), nil
}

// Unseal decrypts what Seal made for the same place. The error is ErrNoKey, or
// ErrUnsealed if the key or the place is another one.
func (s seals) Unseal(sealed []byte, place string) ([]byte, error) {
	if s.aead == nil {
		return nil, ErrNoKey
	}
	secret, err := s.aead.Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return nil, ErrUnsealed
	}
	return secret, nil
}
