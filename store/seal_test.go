package store_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

func TestSeal(t *testing.T) {
	withKey := func(b byte) *store.Store {
		return storetest.Open(t, store.Options{Key: bytes.Repeat([]byte{b}, 32)})
	}
	one, same, other, none := withKey(1), withKey(1), withKey(2), storetest.Open(t, store.Options{})
	secret := []byte("what nobody else should read")
	sealed, err := one.Seal(secret, "announcement/1")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, secret[:8]) {
		t.Error("the secret can be read")
	}
	if again, err := one.Seal(secret, "announcement/1"); err != nil || bytes.Equal(sealed, again) {
		t.Errorf("what is sealed twice looks the same, %v", err)
	}
	if got, err := same.Unseal(sealed, "announcement/1"); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("unsealed %q, %v", got, err)
	}
	damaged := bytes.Clone(sealed)
	damaged[len(damaged)/2] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"another key":   func() ([]byte, error) { return other.Unseal(sealed, "announcement/1") },
		"another place": func() ([]byte, error) { return one.Unseal(sealed, "announcement/2") },
		"damage":        func() ([]byte, error) { return one.Unseal(damaged, "announcement/1") },
		"nothing":       func() ([]byte, error) { return one.Unseal(nil, "announcement/1") },
	} {
		if got, err := try(); !errors.Is(err, store.ErrUnsealed) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := none.Seal(secret, ""); !errors.Is(err, store.ErrNoKey) {
		t.Errorf("sealing without a key: %v", err)
	}
	if _, err := none.Unseal(sealed, ""); !errors.Is(err, store.ErrNoKey) {
		t.Errorf("unsealing without a key: %v", err)
	}
	if s, err := store.Open(t.Context(), store.Options{Database: ":memory:", Key: secret}); err == nil {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		t.Error("a key of another length is taken")
	}
}
