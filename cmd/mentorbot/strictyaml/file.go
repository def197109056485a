package strictyaml

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// ErrFolder says that a folder is where a file was to be read.
var ErrFolder = errors.New("it is a folder")

// ReadFile reads a file for [Read], no more of it than shows that it is too large,
// and its mode.
func ReadFile(name string) (src []byte, mode fs.FileMode, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if info.IsDir() {
		return nil, 0, &fs.PathError{Op: "read", Path: name, Err: ErrFolder}
	}
	src, err = io.ReadAll(io.LimitReader(f, MaxSize+1))
	return src, info.Mode(), err
}
