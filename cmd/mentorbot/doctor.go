package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/cmd/mentorbot/config"
	"github.com/kooperativa/mentorbot/cmd/mentorbot/strictyaml"
	"github.com/kooperativa/mentorbot/store"
)

type doctorCommand struct{}

// Help has examples.
func (doctorCommand) Help() string {
	return `It looks at the configuration, the files and who may read them, the key, the database, the
clock, the time zones and the disk, and tells for each fault what to do. The service may go
on working meanwhile. It ends with 1 if there is a fault.

Examples:

  mentorbot doctor
  mentorbot --config /etc/mentorbot/config.yaml doctor`
}

// A finding is what the doctor has to say of one thing.
type finding struct {
	of     string
	grade  grade
	what   string
	remedy string // of what isn't well
}

type grade int

const (
	well grade = iota
	doubtful
	faulty
)

var gradeWords = [...]string{"ok", "warning", "FAULT"}

// A doctor goes from one thing to the next, as far as there is a way.
type doctor struct {
	*environment
	findings []finding
}

func (d *doctor) find(of string, g grade, remedy, format string, args ...any) {
	d.findings = append(d.findings, finding{of, g, fmt.Sprintf(format, args...), remedy})
}

// Run tells what it finds.
func (doctorCommand) Run(e *environment) error {
	d := &doctor{environment: e}
	d.examine()
	faults := 0
	for _, f := range d.findings {
		fmt.Fprintf(e.out, "%-8s %-14s %s\n", gradeWords[f.grade], f.of, indent(f.what))
		if f.remedy != "" {
			fmt.Fprintf(e.out, "%24s%s\n", "", indent("→ "+f.remedy))
		}
		if f.grade == faulty {
			faults++
		}
	}
	switch faults {
	case 0:
		return nil
	case 1:
		return inputError("there is a fault: its remedy is beside it")
	default:
		return inputError("there are %d faults: the remedy is beside each", faults)
	}
}

func indent(text string) string {
	return strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 24))
}

func (d *doctor) examine() {
	c, err := d.configured()
	var open *config.OpenError
	switch {
	case errors.As(err, &open):
		d.find("configuration", faulty, "run chmod 600 "+open.File, "others can read %s (mode %04o), and it has a secret in it", open.File, open.Mode.Perm())
		return
	case err != nil:
		d.find("configuration", faulty, "mend it as it says, or begin with the one that mentorbot init writes", "%v", err)
		return
	}
	d.find("configuration", well, "", "without mistakes")
	d.key(c)
	there, err := made(c)
	switch {
	case err != nil:
		d.find("database", faulty, "see that the folder is there, and yours", "%v", err)
		return
	case !there:
		d.find("database", doubtful, "apply a program file: mentorbot apply program.yaml", "there is none yet at %s", c.Database)
		d.disk(c)
		return
	}
	d.files(c)
	d.disk(c)
	d.database(c)
	d.service(c)
	d.platforms(c)
}

// checkPatience is how long a platform has to say who the bot is.
const checkPatience = 10 * time.Second

// platforms asks each platform whether it knows the bot.
func (d *doctor) platforms(c config.Config) {
	all, err := platforms(c, slog.New(slog.DiscardHandler))
	if err != nil {
		d.find("platforms", faulty, "mend it as it says", "%v", err)
		return
	}
	if len(all) == 0 {
		d.find("platforms", doubtful, "put a bot's token into the configuration: telegram.token or discord.token", "there is none on which the bot speaks")
	}
	ctx, done := context.WithTimeout(d.ctx, checkPatience)
	defer done()
	for _, p := range all {
		checker, ok := p.Adapter.(checker)
		if !ok {
			continue
		}
		if name, err := checker.Check(ctx); err != nil {
			d.find(p.Name, faulty, "see that the token is the bot's, and that this machine reaches the internet", "%v", err)
		} else {
			d.find(p.Name, well, "", "the bot is %s", name)
		}
	}
}

// A checker is an adapter that can ask its platform who the bot is.
type checker interface {
	Check(ctx context.Context) (name string, err error)
}

func (d *doctor) key(c config.Config) {
	if c.Key == nil {
		d.find("key", faulty, "take one from the config.yaml that mentorbot init writes into a new folder; "+
			"if there was one, take that: what it sealed can't be read with another",
			"there is none, and nothing that people do can be kept without")
		return
	}
	d.find("key", well, "", "there is one")
}

// files looks who else may read or change the database.
func (d *doctor) files(c config.Config) {
	if c.Postgres() || runtime.GOOS == "windows" {
		return
	}
	sound := true
	for _, end := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(c.Database + end)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && info.Mode().Perm()&0o077 == 0 {
			continue
		}
		sound = false
		if err != nil {
			d.find("files", faulty, "run it as who owns the database", "%v", err)
			continue
		}
		d.find("files", faulty, "run chmod 600 "+c.Database+end, "others can read %s (mode %04o)", c.Database+end, info.Mode().Perm())
	}
	folder := filepath.Dir(c.Database)
	if info, err := os.Stat(folder); err == nil && info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0 {
		sound = false
		d.find("files", doubtful, "run chmod go-w "+folder, "others can put files into %s (mode %04o)", folder, info.Mode().Perm())
	}
	if sound {
		d.find("files", well, "", "nobody else can read them")
	}
}

// What room there must be on the disk: less is a fault, or a reason to look.
const (
	roomAtLeast = 32 << 20
	roomEnough  = 512 << 20
)

func (d *doctor) disk(c config.Config) {
	if c.Postgres() {
		return
	}
	folder := filepath.Dir(c.Database)
	free, err := freeSpace(folder)
	if err != nil {
		d.find("disk", doubtful, "look for yourself", "how much room there is in %s can't be told: %v", folder, err)
		return
	}
	d.room(free, fileSize(c.Database))
}

// room judges how much there is beside a database of some size, in bytes.
func (d *doctor) room(free, size uint64) {
	const remedy = "remove what isn't needed there, or move the database to a larger disk"
	switch {
	case free < roomAtLeast:
		d.find("disk", faulty, remedy, "there is room for %d MB only", free>>20)
	case free < max(roomEnough, 2*size):
		d.find("disk", doubtful, remedy, "there is room for %d MB: a backup beside the database needs its size again (%d MB)", free>>20, size>>20)
	default:
		d.find("disk", well, "", "there is room for %d MB", free>>20)
	}
}

func fileSize(file string) uint64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return uint64(info.Size())
}

// database looks into the database.
func (d *doctor) database(c config.Config) {
	s, err := d.open(c)
	if err != nil {
		d.find("database", faulty, "if it is damaged, restore a backup: mentorbot restore FILE, with the damaged one moved aside", "%v", err)
		return
	}
	defer s.Close()
	damage, err := s.Examine(d.ctx)
	switch {
	case err != nil:
		d.find("database", faulty, "stop the service, and restore a backup: mentorbot restore FILE", "%v", err)
		return
	case len(damage) > 0:
		d.find("database", faulty, "stop the service, move the database aside, and restore a backup: mentorbot restore FILE",
			"it is damaged: %s", strings.Join(damage, "; "))
		return
	}
	d.find("database", well, "", "whole")
	err = s.View(d.ctx, func(tx *store.Tx) error { return d.inside(tx, c.Key != nil) })
	if err != nil {
		d.find("database", faulty, "look at what it says", "%v", err)
	}
}

func (d *doctor) inside(tx *store.Tx, keyed bool) error {
	if keyed {
		fits, err := tx.KeyFits()
		if err != nil {
			return err
		}
		if !fits {
			d.find("key", faulty, "put the key into the configuration with which the service has worked so far",
				"what is sealed in the database was sealed with another")
		}
	}
	cycles, err := tx.Cycles()
	if err != nil {
		return err
	}
	if len(cycles) == 0 {
		d.find("programme", doubtful, "apply a program file: mentorbot apply program.yaml", "there is no cycle in it")
	}
	zones, err := tx.Zones()
	if err != nil {
		return err
	}
	known := true
	for _, name := range zones {
		if _, err := store.Zone(name); err != nil {
			known = false
			d.find("time zones", faulty, "update Mentorbot, whose zones are its own", "%v", err)
		}
	}
	if known {
		d.find("time zones", well, "", "all that are used are known")
	}
	t, err := tx.Tally()
	if err != nil {
		return err
	}
	d.clock(tx.Now(), t.Latest)
	d.outbox(tx.Now(), t)
	return nil
}

// built is before any clock that is right.
var built = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// How far the clock may be behind what was written down, and how long something may wait
// to be sent.
const (
	clockSlack = time.Minute
	waitsLong  = 15 * time.Minute
)

func (d *doctor) clock(now, latest time.Time) {
	const remedy = "set the clock, and have it set from the network (timedatectl set-ntp true)"
	switch {
	case now.Before(built):
		d.find("clock", faulty, remedy, "it shows %s, which is past", now.Format(time.RFC3339))
	case latest.After(now.Add(clockSlack)):
		d.find("clock", faulty, remedy, "it shows %s, and the database knows of %s", now.Format(time.RFC3339), latest.Format(time.RFC3339))
	default:
		d.find("clock", well, "", "%s", now.Format(time.RFC3339))
	}
}

func (d *doctor) outbox(now time.Time, t store.Tally) {
	if waited := now.Sub(t.Oldest); !t.Oldest.IsZero() && waited > waitsLong {
		d.find("messages", doubtful, "see that the service works: mentorbot status; and its log",
			"one has waited for %d minutes to be sent", int(waited.Minutes()))
		return
	}
	d.find("messages", well, "", "none has waited long to be sent")
}

// service asks whether the service works.
func (d *doctor) service(c config.Config) {
	if c.Watch == "" {
		d.find("service", doubtful, "set watch.listen in the configuration", "it can't be asked")
		return
	}
	switch said, works, err := askService(d.ctx, c.Watch); {
	case err != nil:
		d.find("service", doubtful, "start it: mentorbot serve", "it doesn't run, as far as %s tells", c.Watch)
	case !works:
		d.find("service", faulty, "look at its log", "it runs, but: %s", strictyaml.Visible(said))
	default:
		d.find("service", well, "", "it works")
	}
}
