package store

import (
	"errors"
	"fmt"
	"time"

	sqlitedriver "modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

// work runs jobs and whatever comes in meanwhile as one transaction; if that
// breaks, each as a transaction of its own.
func (w *writer) work(jobs []*job) {
	if err := w.begin(); err != nil {
		for _, j := range jobs {
			if w.change(j, waiting, taken) {
				j.turns <- turn{err: err}
			}
		}
		return
	}
	ran, rest, ok := w.together(jobs)
	if ok {
		ok = w.link.commit() == nil
	}
	if !ok {
		w.rollback()
	}
	for _, j := range ran {
		switch {
		case j.gone:
		case ok:
			j.turns <- turn{err: j.err}
		default:
			w.change(j, taken, waiting)
			w.alone(j)
		}
	}
	w.putBack(rest)
}

// together runs each job behind a savepoint, until nobody waits or the batch is
// full. Not ok means that the transaction is lost, of all that ran.
func (w *writer) together(jobs []*job) (ran, rest []*job, ok bool) {
	for start := time.Now(); len(jobs) > 0; {
		for i, j := range jobs {
			if len(ran) >= batchSize || time.Since(start) > batchTime {
				return ran, jobs[i:], true
			}
			if !w.change(j, waiting, taken) {
				continue
			}
			ran = append(ran, j)
			if w.behindSavepoint(j) != nil {
				return ran, jobs[i+1:], false
			}
		}
		jobs, _ = w.take()
	}
	return ran, nil, true
}

// behindSavepoint runs one job. Its error is the batch's, not the job's.
func (w *writer) behindSavepoint(j *job) error {
	if _, err := w.link.exec("SAVEPOINT job", nil); err != nil {
		return err
	}
	w.lend(j)
	if j.gone || j.err != nil {
		if _, err := w.link.exec("ROLLBACK TO job", nil); err != nil {
			return err
		}
	}
	_, err := w.link.exec("RELEASE job", nil)
	return err
}

// lend gives the connection to the job's caller until its function has ended.
func (w *writer) lend(j *job) {
	tx := &Tx{now: w.now(), on: w.link, dialect: sqliteDialect}
	j.turns <- turn{tx: tx}
	<-w.played
	if err := tx.end(); err != nil && j.err == nil && !j.gone {
		j.err = err
	}
}

// alone runs one job as a transaction of its own and tells its caller.
func (w *writer) alone(j *job) {
	if !w.change(j, waiting, taken) {
		return
	}
	err := w.begin()
	if err == nil {
		if err = w.lendAlone(j); err != nil || j.gone {
			w.rollback()
		}
	}
	if !j.gone {
		j.turns <- turn{err: err}
	}
}

func (w *writer) lendAlone(j *job) error {
	w.lend(j)
	switch {
	case j.gone || j.err != nil:
		return j.err
	case w.link.rolledBack: // the function hid the error that told it
		return errRolledBack
	default:
		return w.link.commit()
	}
}

// beginTries is how often a transaction asks for the lock while another process
// has it: each time SQLite waits as long as forWriting says, all in all 10 s.
const beginTries = 100

// begin starts the outer transaction, on a new connection if the last one broke.
//
// SQLite's own waiting for a lock looks ever more seldom, ten times a second in
// the end; beside a process that writes without a pause it would find no gap. So
// the writer's connection hardly waits by itself, and is asked again here.
func (w *writer) begin() (err error) {
	if w.link == nil {
		if w.link, err = w.open(); err != nil {
			return fmt.Errorf("connect again: %w", err)
		}
	}
	for range beginTries {
		if err = w.link.begin("BEGIN IMMEDIATE"); !isBusy(err) {
			break
		}
	}
	return err
}

func isBusy(err error) bool {
	var e *sqlitedriver.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlitelib.SQLITE_BUSY
}

// rollback leaves the transaction; a connection that can't is given up.
func (w *writer) rollback() {
	if w.link.rollback() != nil {
		w.link.discard()
		w.link = nil
	}
}
