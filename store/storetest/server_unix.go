//go:build !windows

package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// serve runs the server until its standard input ends, which happens when the
// test process does, however it ends; then it leaves nothing behind.
const serve = `
"$1/postgres" -D "$2/data" -c unix_socket_directories="$2" -c listen_addresses= \
	-c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off >"$2/log" 2>&1 &
cat >/dev/null
kill -INT $!
wait
rm -rf "$2"
`

// held are the servers' standard inputs: open as long as this process lives, which
// takes references that the garbage collector sees.
var held []io.Closer

// startServer starts a server that nobody else can reach, on a socket in a
// temporary folder. Without PostgreSQL the address is "".
func startServer() (address string, err error) {
	bin := binaries()
	if bin == "" {
		return "", nil
	}
	dir, err := os.MkdirTemp("/tmp", "mentorbot-postgres-") // paths of sockets must be short
	if err != nil {
		return "", err
	}
	as, err := unprivileged(dir)
	if err != nil {
		return "", err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"),
		"-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = as, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	run := exec.Command("sh", "-c", serve, "serve", bin, dir)
	run.SysProcAttr, run.Dir = as, dir
	stdin, err := run.StdinPipe()
	if err != nil {
		return "", err
	}
	held = append(held, stdin)
	if err := run.Start(); err != nil {
		return "", err
	}
	address = "postgres://postgres@/postgres?host=" + dir
	if err := answers(address); err != nil {
		text, _ := os.ReadFile(filepath.Join(dir, "log"))
		return "", fmt.Errorf("%w\n%s", err, text)
	}
	return address, nil
}

// binaries returns the folder of PostgreSQL's programs, the newest if there are
// several, or "".
func binaries() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return ""
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }))
}

func version(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb)))) // 0 where it is no number
	return n
}

// unprivileged gives the folder to the user as whom the server may run: not root.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	as := &syscall.SysProcAttr{Setpgid: true} // an interrupt is for the test process alone
	if os.Geteuid() != 0 {
		return as, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return as, os.Chown(dir, int(uid), int(gid))
}

// answers waits until the server takes connections.
func answers(address string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond): // a process that starts gives no signal
		}
	}
}
