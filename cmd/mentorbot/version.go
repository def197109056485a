package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCommand struct{}

// Help has an example.
func (versionCommand) Help() string {
	return `Example:

  mentorbot version`
}

// version is what this was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// Run prints the version that this was built from, with what, and for what.
func (versionCommand) Run(e *environment) error {
	_, err := fmt.Fprintf(e.out, "mentorbot %s, %s, %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
