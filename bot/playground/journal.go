package playground

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// A record is what happened in a chat, as the journal keeps it.
type record struct {
	Journal string  `json:",omitempty"` // the journal's name, in its first record
	Chat    string  `json:",omitempty"`
	Key     string  `json:",omitempty"` // of the message
	Bubble  *bubble `json:",omitempty"` // in place of the one with the same id, if there is one
	Ask     *string `json:",omitempty"`
	News    *news   `json:",omitempty"`
}

// A journal is a file to which each record adds one line.
type journal struct {
	id   string
	file *os.File // nil: nothing is kept
	size int64    // up to the end of the last whole line
	shut bool
}

// openJournal reads the journal at a path and makes it ready for more; without a
// path there is none. A last line that a crash left unfinished is cut off.
func openJournal(path string) (*journal, []record, error) {
	j := &journal{id: rand.Text()}
	if path == "" {
		return j, nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, fmt.Errorf("open journal: %w", err)
	}
	records, err := j.read(data)
	if err != nil {
		return nil, nil, fmt.Errorf("open journal: %s: %w; move the file away to begin a new one", path, err)
	}
	if j.file, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600); err != nil {
		return nil, nil, fmt.Errorf("open journal: %w", err)
	}
	if err := j.prepare(len(records) == 0); err != nil {
		return nil, nil, fmt.Errorf("open journal: %w", errors.Join(err, j.file.Close()))
	}
	return j, records, nil
}

// read reads the whole lines.
func (j *journal) read(data []byte) (records []record, err error) {
	for n := 1; ; n++ {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		if !whole {
			return records, nil
		}
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			if len(rest) == 0 {
				return records, nil // the file grew, but its content didn't reach the disk
			}
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if r.Journal != "" {
			j.id = r.Journal
		}
		records = append(records, r)
		j.size += int64(len(line)) + 1
		data = rest
	}
}

// prepare cuts off what is torn, and names a new journal.
func (j *journal) prepare(isNew bool) error {
	if err := j.file.Truncate(j.size); err != nil {
		return err
	}
	if isNew {
		return j.write(record{Journal: j.id})
	}
	return nil
}

// write adds a record. If that fails the journal is as it was.
func (j *journal) write(r record) error {
	if j.shut {
		return errors.New("the page is closed")
	}
	if j.file == nil {
		return nil
	}
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	line = append(line, '\n')
	if _, err := j.file.WriteAt(line, j.size); err != nil {
		return fmt.Errorf("write journal: %w", errors.Join(err, j.file.Truncate(j.size)))
	}
	j.size += int64(len(line))
	return nil
}

func (j *journal) close() error {
	j.shut = true
	if j.file == nil {
		return nil
	}
	if err := errors.Join(j.file.Sync(), j.file.Close()); err != nil {
		return fmt.Errorf("close journal: %w", err)
	}
	return nil
}
