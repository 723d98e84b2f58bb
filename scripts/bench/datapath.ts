/** The bare datapath against native loops over the same buffers, in turns. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { referenceDatapath } from '../../emulator/datapath/reference';
import { wasmDatapath } from '../../emulator/datapath/wasm';
import { Dram } from '../../emulator/memory/dram';
import { table } from '../console/table';
import type { KernelCase } from './datapath-kernels';
import { checksum, KERNEL_DRAM_BYTES, repeat, scribble } from './datapath-kernels';
import type { Figure } from './harness';
import { projectFile } from './project';
import { median, timed } from './harness';

const ROUNDS = 9;
/** A sample is the fastest of so many slices, here and in native/datapath.c. */
const SLICES = 8;
/** Source bytes of a slice: about a millisecond. */
const SLICE_BYTES = 4e7;

const KIB = 1024;

/** A case, its name and the ratio to the native peer that is the goal. */
interface Row extends KernelCase {
  readonly name: string;
  readonly goal?: number;
}

const sizes = [4 * KIB, 64 * KIB];
const CASES: readonly Row[] = [
  { name: 'accumulate', kernel: 'accumulate', sources: 1, bytes: KIB },
  ...[4, 5].flatMap((sources) => [
    { name: 'XOR', kernel: 'xor' as const, sources, bytes: 4 * KIB, goal: 0.4 },
    { name: 'XOR', kernel: 'xor' as const, sources, bytes: 64 * KIB, goal: 0.9 },
  ]),
  ...[4, 8].flatMap((sources) =>
    sizes.flatMap((bytes) => [
      { name: 'P+Q, powers of two', kernel: 'syndrome' as const, sources, bytes, goal: 0.65 },
      { name: 'P+Q, peer as in Linux', kernel: 'streaming' as const, sources, bytes },
      { name: 'P+Q, any multipliers', kernel: 'general' as const, sources, bytes, goal: 0.6 },
    ]),
  ),
];

/** The native peers: as fast as the machine allows, and as AVX2 and SSE loops proper. */
const PEERS = [
  { name: 'native', flags: ['-O3', '-march=native'] },
  { name: 'native, no AVX-512', flags: ['-O3', '-march=native', '-mno-avx512f'] },
];

const HEADING = ['in place in DRAM', 'WASM GB/s', ...PEERS.flatMap(({ name }) => [`${name} GB/s`, 'ratio']), 'goal'];

/** Measures all cases: lines to print, and figures to keep. */
export function datapathBench(): { readonly lines: readonly string[]; readonly figures: readonly Figure[] } {
  const folder = mkdtempSync(join(tmpdir(), 'adma-bench-'));
  try {
    const binaries = PEERS.map(({ flags }, i) => compile(join(folder, `peer${i}`), flags));
    const results = CASES.map((row) => compare(row, binaries));
    return {
      lines: table([HEADING, ...results.map(({ cells }) => cells)]),
      figures: results.flatMap((r) => r.figures),
    };
  } catch (error) {
    if (!(error instanceof NoPeers)) throw error;
    return { lines: [`bare datapath skipped: ${error.message}`], figures: [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** There is nothing to compare with on this machine. */
class NoPeers extends Error {}

function compile(binary: string, flags: readonly string[]): string {
  if (process.arch !== 'x64') throw new NoPeers(`the native peers are x86-64, this machine is ${process.arch}`);
  try {
    const source = projectFile('scripts', 'bench', 'native', 'datapath.c');
    execFileSync('gcc', [...flags, '-o', binary, source], { stdio: 'pipe' });
  } catch (error) {
    throw new NoPeers(`gcc cannot compile the native peers: ${(error as Error).message.split('\n')[0]}`);
  }
  return binary;
}

function compare(row: Row, binaries: readonly string[]): { readonly cells: string[]; readonly figures: Figure[] } {
  const dram = new Dram(0, KERNEL_DRAM_BYTES);
  const wasm = wasmDatapath(dram);
  const [ours, theirs] = [wasm, referenceDatapath(dram)].map((datapath) => {
    scribble(dram, row.bytes);
    repeat(datapath, row, 1);
    return checksum(dram, row.bytes);
  });
  if (ours !== theirs) throw new Error(`${row.name}: WASM and reference differ`);

  const times = Math.ceil(SLICE_BYTES / (row.sources * row.bytes));
  const native = (binary: string): number => {
    const args = [row.kernel, row.sources, row.bytes, times].map(String);
    const [nanoseconds, sum] = execFileSync(binary, args, { encoding: 'utf8' }).split(' ').map(Number);
    if (sum !== ours) throw new Error(`${row.name}: WASM and native peer differ`);
    return nanoseconds;
  };
  const slice = (): number => (timed(() => repeat(wasm, row, times)) / times) * 1e9;

  repeat(wasm, row, 10 * times);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    wasm: Math.min(...Array.from({ length: SLICES }, slice)),
    native: binaries.map(native),
  }));

  const speed = (nanoseconds: readonly number[]): number => (row.sources * row.bytes) / median(nanoseconds);
  const name = `${row.name}, ${row.sources} × ${row.bytes / KIB} KiB`;
  const wasmSpeed = speed(rounds.map((round) => round.wasm));
  const peers = binaries.map((_, i) => ({
    speed: speed(rounds.map((round) => round.native[i])),
    ratio: median(rounds.map((round) => round.native[i] / round.wasm)),
  }));
  return {
    cells: [
      name,
      wasmSpeed.toFixed(1),
      ...peers.flatMap((peer) => [peer.speed.toFixed(1), peer.ratio.toFixed(2)]),
      row.goal?.toFixed(2) ?? '',
    ],
    figures: [
      { name, unit: 'GB/s', value: wasmSpeed },
      ...peers.map((peer, i) => ({ name, unit: `WASM ÷ ${PEERS[i].name}`, value: peer.ratio })),
    ],
  };
}
