#!/usr/bin/env bash
# Makes the archives of a release in dist/release, the same bytes from any checkout of the
# same commit: what is in them, its order, owners, modes and times come from the commit
# alone, and the compiler is the one that go.mod names. Needs git, Go, GNU tar and zip.
set -euo pipefail
umask 022
export LC_ALL=C TZ=UTC
cd "$(dirname "$0")/.."

if [ -n "$(git status --porcelain)" ]; then
  echo "release.sh: there are changes that aren't committed: commit them, or set them aside" >&2
  exit 1
fi
commit_time=$(git log -1 --format=%ct)
compiler=go$(awk '$1 == "go" { print $2 }' go.mod)
# Nothing of what this machine prefers.
export GOTOOLCHAIN=$compiler CGO_ENABLED=0 GOFLAGS='' GOEXPERIMENT='' GOAMD64=v1 GOARM64=v8.0 GOENV=off GOWORK=off

out=dist/release
rm -rf "$out"
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pack() { # os, arch
  local suffix='' version name
  [ "$1" = windows ] && suffix=.exe
  GOOS=$1 GOARCH=$2 go build -trimpath -buildvcs=true -ldflags '-s -w' -o "$work/mentorbot$suffix" ./cmd/mentorbot
  # What "mentorbot version" says: the tag, if the commit has one.
  version=$(go version -m "$work/mentorbot$suffix" | awk '$1 == "mod" { print $3 }')
  name=mentorbot_${version}_$1_$2
  mkdir "$work/$name"
  mv "$work/mentorbot$suffix" "$work/$name/"
  cp README.md LICENSE config.example.yaml deploy/mentorbot.service "$work/$name/"
  chmod 644 "$work/$name"/*
  chmod 755 "$work/$name" "$work/$name/mentorbot$suffix"
  find "$work/$name" -exec touch --date "@$commit_time" {} +
  if [ "$1" = windows ]; then
    (cd "$work" && find "$name" | sort | zip -X -9 -q -@ "$name.zip")
    mv "$work/$name.zip" "$out/"
  else
    tar --create --directory "$work" --format ustar --sort name --owner 0 --group 0 --numeric-owner "$name" |
      gzip -n -9 >"$out/$name.tar.gz"
  fi
  rm -r "${work:?}/$name"
  echo "$name"
}

for os in linux darwin windows; do
  for arch in amd64 arm64; do
    pack "$os" "$arch"
  done
done
(cd "$out" && sha256sum -- mentorbot_* >SHA256SUMS)
