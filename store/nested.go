package store

import (
	"errors"
	"runtime"
	"slices"
)

var errNested = errors.New("a function inside a transaction called View or Update")

// call is the one place from which functions of View and Update are called, so
// that its return address on a goroutine's stack tells that the goroutine is
// inside a transaction.
//
//go:noinline
func call(f func(*Tx) error, tx *Tx) error { return f(tx) }

// insideCall is that return address.
var insideCall = func() (pc uintptr) {
	_ = call(func(*Tx) error {
		var pcs [1]uintptr
		runtime.Callers(2, pcs[:]) // of call, past Callers and this function
		pc = pcs[0]
		return nil
	}, nil)
	return pc
}()

// nested reports whether the caller is inside a transaction's function. Waiting
// for a second transaction there would be waiting for oneself; looking costs less
// than a microsecond.
func nested() bool {
	var pcs [64]uintptr
	return slices.Contains(pcs[:runtime.Callers(3, pcs[:])], insideCall)
}
