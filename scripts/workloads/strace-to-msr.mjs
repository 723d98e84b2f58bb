// Turns `strace -ttt -y -s 0` of a sqlite3 process into block requests in MSR Cambridge CSV. The model is in README.md.
//
//   node strace-to-msr.mjs STRACE_LOG DATABASE_PATH > trace.csv

import { readFileSync } from 'node:fs';

const SECTOR = 512;
const MERGE_SECTORS = (128 * 1024) / SECTOR;
const MiB = 1024 * 1024;

/** Where each file lives on the one disk, by the suffix SQLite gives its name. */
const EXTENTS = {
  '': { start: 64 * MiB, size: 64 * MiB },
  '-journal': { start: 192 * MiB, size: 32 * MiB },
  '-wal': { start: 256 * MiB, size: 32 * MiB },
};

const [logPath, databasePath] = process.argv.slice(2);
const dirty = new Map(Object.keys(EXTENTS).map((suffix) => [suffix, new Set()]));
const requests = [];

/** The sectors a byte range touches, rounded outward: [first, end). */
function sectors(offset, length) {
  return [Math.floor(offset / SECTOR), Math.ceil((offset + length) / SECTOR)];
}

function request(time, kind, suffix, first, end) {
  const { start, size } = EXTENTS[suffix];
  if (end * SECTOR > size) throw new Error(`file '${suffix}' outgrew its extent`);
  requests.push({ time, kind, offset: start + first * SECTOR, length: (end - first) * SECTOR });
}

/** Write-back: the dirty sectors of one file in ascending order, neighbours merged up to 128 KiB. */
function flush(time, suffix) {
  const sorted = [...dirty.get(suffix)].sort((a, b) => a - b);
  dirty.get(suffix).clear();
  for (let i = 0; i < sorted.length;) {
    let j = i + 1;
    while (j < sorted.length && sorted[j] === sorted[j - 1] + 1 && j - i < MERGE_SECTORS) j++;
    request(time, 'Write', suffix, sorted[i], sorted[j - 1] + 1);
    i = j;
  }
}

/** Sectors not waiting in the page cache are read from the disk, one request a contiguous run. */
function read(time, suffix, offset, length) {
  const [first, end] = sectors(offset, length);
  const waiting = dirty.get(suffix);
  for (let i = first; i < end;) {
    let j = i;
    while (j < end && !waiting.has(j)) j++;
    if (j > i) request(time, 'Read', suffix, i, j);
    i = j + 1;
  }
}

function forget(suffix, fromSector) {
  for (const sector of dirty.get(suffix)) if (sector >= fromSector) dirty.get(suffix).delete(sector);
}

const CALL = /^(\d+)\.(\d{6}) (\w+)\((?:\d+<([^>]*)>|"([^"]*)")(.*)\) += (-?\d+)/;
for (const line of readFileSync(logPath, 'latin1').split('\n')) {
  const match = CALL.exec(line);
  if (match === null) continue;
  const [, seconds, micros, name, openPath, namedPath, rest, result] = match;
  const path = openPath ?? namedPath;
  const suffix = path.startsWith(databasePath) ? path.slice(databasePath.length) : undefined;
  if (suffix === undefined || !(suffix in EXTENTS) || Number(result) < 0) continue;
  const time = Number(seconds) * 1e6 + Number(micros);
  const [length, offset] = rest.split(', ').slice(-2).map(Number);
  if (name === 'pread64' && Number(result) > 0) read(time, suffix, offset, Number(result));
  else if (name === 'pwrite64') {
    const [first, end] = sectors(offset, length);
    for (let sector = first; sector < end; sector++) dirty.get(suffix).add(sector);
  } else if (name === 'fsync' || name === 'fdatasync') flush(time, suffix);
  else if (name === 'ftruncate') forget(suffix, Math.ceil(Number(rest.split(', ')[1]) / SECTOR));
  else if (name === 'unlink') forget(suffix, 0);
}

const start = requests[0].time; // microseconds; one is ten ticks of 100 ns
for (const { time, kind, offset, length } of requests) {
  process.stdout.write(`${(time - start) * 10},sqlite,0,${kind},${offset},${length},0\n`);
}
