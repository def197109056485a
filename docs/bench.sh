#!/usr/bin/env bash
# Measures the figures and writes them to docs/benchmarks.md. Takes about ten
# minutes, most of them to fill a database with 200,000 members; leave the machine
# alone meanwhile.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

bench() { # package, pattern, count, time or number of turns, more flags
  go test "$1" -run '^$' -bench "$2" -count "$3" -benchtime "$4" -timeout 0 "${@:5}" | tee -a "$work/log" >&2
}
median() { # name, unit: the median over the counts
  awk -v name="^$1(-[0-9]+)?$" -v unit="$2" '$1 ~ name { for (i = 2; i < NF; i++) if ($(i+1) == unit) print $i }' "$work/log" |
    sort -g | awk '{ v[NR] = $1 } END { if (!NR) exit 1; print v[int((NR + 1) / 2)] }'
}
ms() { awk -v ns="$1" 'BEGIN { printf "%.3g ms", ns / 1e6 }'; }

CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$work/mentorbot" ./cmd/mentorbot
bench ./store 'BenchmarkUpdate$' 5 100000x
bench ./scheduler 'BenchmarkLoadAndPlan$' 7 2s
bench ./cmd/mentorbot/rehearsal 'BenchmarkRehearse' 3 3x
bench ./scheduler 'BenchmarkIdleTick$' 1 2s
bench ./bot 'BenchmarkLog$' 5 20000x
bench ./scheduler 'BenchmarkRush$' 1 1x
bench ./cmd/mentorbot 'BenchmarkServe$' 1 20x
bench ./cmd/mentorbot 'BenchmarkPlay$' 1 10x
peers=() # PEERS is a folder with telegram/telegraf.cjs and its modules installed
[ -z "${PEERS:-}" ] || peers=(-telegram.peer "$PEERS/telegram/telegraf.cjs")
bench ./cmd/mentorbot 'BenchmarkTelegram$' 3 1x "${peers[@]}"
backup_mb=${BACKUP_MB:-64} # 1024 for the whole figure
bench ./store 'BenchmarkBackup$' 3 2x -store.backup "$backup_mb"

durable=$(median BenchmarkUpdate durable/s)
off=$(median BenchmarkUpdate off/s)
ratio=$(median BenchmarkUpdate %ofoff)
plan=$(median BenchmarkLoadAndPlan ns/op)
idle=$(median BenchmarkIdleTick ns/op)
silent=$(median BenchmarkRehearse/silent ns/op)
onpace=$(median BenchmarkRehearse/on-pace ns/op)
logs=$(median BenchmarkLog logs/s)
p99=$(median BenchmarkLog p99-ms)
rush=$(median BenchmarkRush ns/op)
rushed=$(median BenchmarkRush peak-MB)
ready=$(median BenchmarkServe ready-ms)
idling=$(median BenchmarkServe idle-MB)
usable=$(median BenchmarkPlay usable-ms)
joined=$(median BenchmarkPlay joined-MB)
backup=$(median BenchmarkBackup backup-p99-ms)
backup_ratio=$(median BenchmarkBackup ratio)
telegram=$(median BenchmarkTelegram/at_once logs/s)
telegram_peer=$(median BenchmarkTelegram/at_once peer-logs/s || echo 0)
telegram_mb=$(median BenchmarkTelegram/at_once MB)
telegram_poll=$(median BenchmarkTelegram/at_once first-poll-ms)
telegram_slow=$(median BenchmarkTelegram/30_ms logs/s)
played=$(median BenchmarkPlay played-MB)
size=$(stat -c %s "$work/mentorbot")
cat >docs/benchmarks.md <<TABLE
# Benchmarks

Written by \`make bench\`, on $(nproc) cores ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)), $(go env GOOS)/$(go env GOARCH), $(go env GOVERSION).
Each figure is the median of several runs; durable and not durable updates take
turns within one run, and the percentage is the median of the runs' own.

| what | target | measured |
| --- | --- | --- |
| durable updates of 4 statements, 50 at once, SQLite, synchronous=FULL | 10,000 a second | $(printf '%.0f' "$durable") a second |
| the same, against the same run's synchronous=OFF | 70 % | $(printf '%.0f' "$ratio") % of $(printf '%.0f' "$off") |
| an idle tick with 10,000 cycles and 200,000 members | 1 ms | $(ms "$idle") |
| one cycle of 200 people loaded and planned | 5 ms | $(ms "$plan") |
| a cycle of 200 people rehearsed whole, silent | 5 s | $(ms "$silent") |
| a cycle of 200 people rehearsed whole, on pace | 5 s | $(ms "$onpace") |
| \`/log\` through the whole of \`bot.Handle\`, 64 at once, durable, SQLite | 4,000 a second | $(printf '%.0f' "$logs") a second |
| the same, p99 | 30 ms | $(printf '%.0f' "$p99") ms |
| 2,000 updates a second while another process backs up $backup_mb MB: their p99 | twice that without | $(printf '%.1f' "$backup_ratio") times ($(printf '%.0f' "$backup") ms) |
| one request id delivered 100 times, half of them at once (\`TestOneRequestManyTimes\`) | one effect, equal replies | $(go test ./bot -run 'TestOneRequestManyTimes$' -count 10 >/dev/null && echo 'so in 10 runs of 10') |
| page, script, style and state served after start of \`play\` | 300 ms | $(printf '%.0f' "$usable") ms |
| resident memory of \`play\`, when all have joined | 60 MB | $(printf '%.0f' "$joined") MB |
| the same, when the cycle has been played through | 60 MB | $(printf '%.0f' "$played") MB |
| 100,000 messages due in the same second, planned, enqueued, claimed and settled | 30 s | $(awk -v ns="$rush" 'BEGIN { printf "%.1f s", ns / 1e9 }') |
| the same, most memory resident | 100 MB | $(printf '%.0f' "$rushed") MB |
| \`mentorbot serve\`, from its start to ready | 100 ms | $(printf '%.0f' "$ready") ms |
| the same, resident memory when idle | 40 MB | $(printf '%.0f' "$idling") MB |
| \`/log\` on Telegram by the real binary, durable, one reply: 20,000 updates of 1,000 chats | telegraf's rate with a bare insert | $(printf '%.0f' "$telegram") a second; telegraf $(printf '%.0f' "$telegram_peer") |
| the same, most memory resident | 50 MB | $(printf '%.0f' "$telegram_mb") MB |
| the same, 30 ms for each send | 2,000 a second | $(printf '%.0f' "$telegram_slow") a second |
| from its start to the first \`getUpdates\` | 50 ms | $(printf '%.0f' "$telegram_poll") ms |
| binary, stripped | 40 MB | $(awk -v b="$size" 'BEGIN { printf "%.1f MB", b / 1e6 }') |
TABLE
cat docs/benchmarks.md
