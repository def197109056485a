package storetest_test

import (
	"context"
	"testing"

	"github.com/kooperativa/mentorbot/store"
	"github.com/kooperativa/mentorbot/store/storetest"
)

func TestEachHasItsOwnDatabase(t *testing.T) {
	for range 2 {
		storetest.Each(t, func(t *testing.T, open storetest.Opener) {
			ctx := context.Background()
			first := open(store.Options{})
			err := first.Update(ctx, func(tx *store.Tx) error {
				if p, err := tx.Program(); err == nil {
					t.Errorf("a new database holds the program %q", p.Name)
				}
				return tx.SetProgram(store.Program{Name: "One"})
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			err = open(store.Options{}).View(ctx, func(tx *store.Tx) error {
				p, err := tx.Program()
				if p.Name != "One" {
					t.Errorf("opened again it holds the program %q", p.Name)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
