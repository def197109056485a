//go:build unix

package main

import "golang.org/x/sys/unix"

// freeSpace is how many bytes there is room for in a folder.
func freeSpace(folder string) (uint64, error) {
	var s unix.Statfs_t
	err := unix.Statfs(folder, &s)
	return uint64(s.Bavail) * uint64(s.Bsize), err //nolint:unconvert,gosec // its types differ between systems
}
