package main

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/programfile"
)

//go:embed config.example.yaml
var exampleConfig []byte

const programName = "program.yaml"

type initCommand struct {
	Dir string `arg:"" optional:"" default:"." help:"The folder; it is made if need be. Default: the current one."`
}

// Help has examples.
func (initCommand) Help() string {
	return `It writes config.yaml, with a fresh key, and program.yaml, a sample to change. Nobody
but you can read them. It never overwrites: if one of them is there, it does nothing.

Examples:

  mentorbot init             in the current folder
  mentorbot init mentoring   in a new folder`
}

// Run writes both files, or none.
func (c initCommand) Run(e *environment) error {
	if info, err := os.Stat(c.Dir); err == nil && !info.IsDir() {
		return inputError("%s is not a folder", c.Dir)
	}
	configFile, programFile := filepath.Join(c.Dir, config.DefaultFile), filepath.Join(c.Dir, programName)
	for _, file := range []string{configFile, programFile} {
		if err := absent(file); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	if err := write(configFile, withKey(exampleConfig)); err != nil {
		return err
	}
	if err := write(programFile, programfile.Sample); err != nil {
		return errors.Join(err, os.Remove(configFile))
	}
	fmt.Fprintf(e.out, "Wrote %s and %s.\n\nNext, ", configFile, programFile)
	if c.Dir != "." {
		fmt.Fprintf(e.out, "in the folder %s, ", c.Dir)
	}
	fmt.Fprint(e.out, `change program.yaml to your cycle; then
  mentorbot rehearse program.yaml   shows every message that it would send
  mentorbot apply program.yaml      puts it into the database
`)
	return nil
}

// absent refuses a file that is there, whatever it is.
func absent(file string) error {
	_, err := os.Lstat(file)
	switch {
	case err == nil:
		return inputError("%s is there already: nothing was written; choose another folder", file)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	default:
		return fmt.Errorf("look for %s: %w", file, err)
	}
}

// write writes a new file that only its owner can read. A file that couldn't be
// written whole is removed.
func write(file string, content []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make file: %w", err)
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", file, err), os.Remove(file))
	}
	return nil
}

// withKey puts a fresh key in the place of the example's empty one.
func withKey(example []byte) []byte {
	var b [config.KeySize]byte
	rand.Read(b[:])
	return bytes.Replace(example, []byte("\nkey:\n"), []byte("\nkey: "+base64.StdEncoding.EncodeToString(b[:])+"\n"), 1)
}
