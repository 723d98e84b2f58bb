#!/bin/sh
# Records scripts/workloads/sqlite.csv.gz. Needs Linux, strace, sqlite3, node and about a minute. See README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

node "$here/sqlite-session.mjs" |
  strace -ttt -y -s 0 -e trace=pread64,pwrite64,fsync,fdatasync,ftruncate,unlink -o "$work/log" \
    sqlite3 -bail "$work/shop.db" >"$work/answers"
node "$here/strace-to-msr.mjs" "$work/log" "$work/shop.db" >"$work/trace.csv"
gzip -9n <"$work/trace.csv" >"$here/sqlite.csv.gz"
