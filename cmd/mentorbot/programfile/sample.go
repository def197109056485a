package programfile

import _ "embed"

// Sample is a program file to begin with: the pilot cycle, with notes.
//
//go:embed sample.yaml
var Sample []byte
