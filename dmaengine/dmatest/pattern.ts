/**
 * The bytes of a test and what a wrong one means (the kernel's dmatest.c). Bits of a byte say where it comes
 * from: 0x80 a source, 0x40 to be copied, 0x20 to be overwritten; the low five count down with the position.
 */
const SRC = 0x80;
const DST = 0x00;
const COPY = 0x40;
const OVERWRITE = 0x20;
const COUNT_MASK = 0x1f;
/** The position that every byte of a fill has. */
const MEMSET_INDEX = 1;
/** Mismatches reported in full; the rest are counted. */
const MAX_ERROR_COUNT = 32;

/** A stretch of a buffer that takes part: [start, start + length). */
export interface Region {
  readonly start: number;
  readonly length: number;
}

/** A wrong byte, in the kernel's words. */
export interface Mismatch {
  readonly kind: 'source overwritten' | 'not copied' | 'copied where it must not be' | 'other';
  readonly text: string;
}

/** What verification found. */
export interface Verdict {
  readonly mismatches: readonly Mismatch[];
  /** Mismatches beyond those listed. */
  readonly suppressed: number;
}

/** `dmatest_init_srcs`. */
export function fillSource(buffer: Uint8Array, region: Region, memset: boolean): void {
  for (let i = 0; i < buffer.length; i++) buffer[i] = SRC | (inside(i, region) ? COPY : 0) | index(i, memset);
}

/** `dmatest_init_dsts`. */
export function fillDestination(buffer: Uint8Array, region: Region, memset: boolean): void {
  for (let i = 0; i < buffer.length; i++) buffer[i] = DST | (inside(i, region) ? OVERWRITE : 0) | index(i, memset);
}

/** The byte that a fill writes. */
export const MEMSET_VALUE = SRC | COPY | (~MEMSET_INDEX & COUNT_MASK);

/** Collects mismatches over all buffers of one test. */
export class Verifier {
  private readonly list: Mismatch[] = [];
  private suppressed = 0;

  constructor(private readonly memset: boolean) {}

  /** A source must be as it was, below, inside and above its region. */
  source(buffer: Uint8Array, region: Region): void {
    for (let i = 0; i < buffer.length; i++) {
      this.expect(buffer[i], SRC | (inside(i, region) ? COPY : 0) | index(i, this.memset), i, true);
    }
  }

  /** A destination holds the source's bytes inside its region and its own outside. */
  destination(buffer: Uint8Array, region: Region, sourceStart: number): void {
    for (let i = 0; i < buffer.length; i++) {
      const expected = inside(i, region)
        ? SRC | COPY | index(i - region.start + sourceStart, this.memset)
        : DST | index(i, this.memset);
      this.expect(buffer[i], expected, i, false);
    }
  }

  /** What was found. */
  get verdict(): Verdict {
    return { mismatches: this.list, suppressed: this.suppressed };
  }

  private expect(actual: number, expected: number, at: number, source: boolean): void {
    if (actual === expected) return;
    if (this.list.length === MAX_ERROR_COUNT) this.suppressed++;
    else this.list.push(mismatch(actual, expected, at, source));
  }
}

/** `dmatest_mismatch`: the four classes. */
function mismatch(actual: number, expected: number, at: number, source: boolean): Mismatch {
  const difference = actual ^ expected;
  const tail = `Expected ${hex(expected)}, got ${hex(actual)}`;
  const place = `[0x${at.toString(16)}]`;
  if (source) return { kind: 'source overwritten', text: `srcbuf${place} overwritten! ${tail}` };
  if (expected & COPY && difference & (COPY | OVERWRITE)) {
    return { kind: 'not copied', text: `dstbuf${place} not copied! ${tail}` };
  }
  if (difference & SRC) return { kind: 'copied where it must not be', text: `dstbuf${place} was copied! ${tail}` };
  return { kind: 'other', text: `dstbuf${place} mismatch! ${tail}` };
}

function inside(i: number, { start, length }: Region): boolean {
  return i >= start && i < start + length;
}

function index(i: number, memset: boolean): number {
  return ~(memset ? MEMSET_INDEX : i) & COUNT_MASK;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
