package strictyaml

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// A file full of mistakes must not keep anybody waiting, or fill a terminal.
func TestManyMistakes(t *testing.T) {
	var keys strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&keys, "key%d: x, ", i)
	}
	began := time.Now()
	doc, root := Read("f.yaml", []byte("{"+keys.String()+"}"), nil)
	root.Only("a", "b")
	var mistakes Mistakes
	if !errors.As(doc.Err(), &mistakes) || len(mistakes) != maxMistakes+1 {
		t.Fatalf("%d mistakes", len(mistakes))
	}
	if last := mistakes[maxMistakes].Text; last != "and more: mend these first" {
		t.Errorf("the last says %s", last)
	}
	if n := len(mistakes.Error()); n > 1<<20 {
		t.Errorf("%d bytes are said", n)
	}
	if took := time.Since(began); took > 20*time.Second { // 1 s here
		t.Errorf("it took %v", took)
	}
}

func TestTooManyKeys(t *testing.T) {
	if said := first(strings.Repeat("x: 1\n", 4<<20/5)); said != "f.yaml:1001:1: there are too many keys: 1000 at most" {
		t.Errorf("said %s", said)
	}
}

// What is no text is one mistake, however many lines it seems to have.
func TestBinaryFileIsOneMistake(t *testing.T) {
	doc, root := Read("f.yaml", []byte("a: \xff\xfe\n\xff\n\xff"), nil)
	want := "f.yaml:1:4: this is not UTF-8: save the file with the encoding UTF-8\n    1 | a: \ufffd\ufffd\n      |    ^"
	if err := doc.Err(); root != nil || err.Error() != want {
		t.Errorf("said %q, want %q", err, want)
	}
}
