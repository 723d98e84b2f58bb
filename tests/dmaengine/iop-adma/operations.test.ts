import * as fc from 'fast-check';
import type { IopAdmaHardware } from '../../../dmaengine/iop-adma/hardware';
import { IOP13XX } from '../../../dmaengine/iop-adma/hw13xx';
import { GuestPanic } from '../../../emulator/findings';
import { ACK, INT, submit, World } from './world';

const PAGES = 6;
const BYTES = PAGES * 4096;

interface Operation {
  readonly kind: 'memcpy' | 'xor' | 'memset';
  readonly dest: number;
  readonly srcs: readonly number[];
  readonly len: number;
  readonly value: number;
}

const operation: fc.Arbitrary<Operation> = fc
  .record({
    kind: fc.constantFrom('memcpy' as const, 'xor' as const, 'memset' as const),
    dest: fc.nat(BYTES - 1),
    srcs: fc.array(fc.nat(BYTES - 1), { minLength: 1, maxLength: 16 }),
    len: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 5000 })),
    value: fc.nat(255),
  })
  .map((op) => ({ ...op, len: Math.min(op.len, ...[op.dest, ...op.srcs].map((at) => BYTES - at)) }))
  // Source and destination apart, or in place: sources are read a block ahead of the destination.
  .filter(({ dest, srcs, len }) => srcs.every((src) => src === dest || src + len <= dest || dest + len <= src));

/** What the operation means, on bytes. */
function model(memory: Uint8Array, { kind, dest, srcs, len, value }: Operation): void {
  for (let i = 0; i < len; i++) {
    if (kind === 'memset') memory[dest + i] = value;
    else if (kind === 'memcpy') memory[dest + i] = memory[srcs[0] + i];
    else memory[dest + i] = srcs.reduce((sum, src) => sum ^ memory[src + i], 0);
  }
}

describe('data', () => {
  it('is what the byte model says after any sequence of copies, xors and fills', () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 12 }), (operations) => {
        const world = new World();
        const chan = world.channel();
        const base = 0x8_0000;
        const memory = world.machine.dram.bytes.subarray(base, base + BYTES);
        memory.forEach((_, i) => (memory[i] = (i * 37) ^ (i >> 7)));
        const expected = memory.slice();
        world.call(() => {
          for (const op of operations) {
            model(expected, op);
            const srcs = op.srcs.map((src) => base + src);
            const { device } = chan;
            if (op.kind === 'memcpy') {
              submit(device.devicePrepDmaMemcpy!(chan, base + op.dest, srcs[0], op.len, ACK));
            } else if (op.kind === 'memset') {
              submit(device.devicePrepDmaMemset!(chan, base + op.dest, op.value, op.len, ACK));
            } else {
              submit(device.devicePrepDmaXor!(chan, base + op.dest, srcs, srcs.length, op.len, ACK));
            }
          }
          chan.device.deviceIssuePending!(chan);
        });
        world.settle();
        expect(Buffer.from(memory).equals(Buffer.from(expected))).toBe(true);
        expect(world.rules()).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('xor_val', () => {
  /** Four sources and their sum, one byte of one of them changed or not. */
  function check(changeAt: number | undefined, len: number, maxCheckBytes = IOP13XX.maxCheckBytes): number {
    const world = new World();
    const chan = world.channel({ hardware: { ...IOP13XX, maxCheckBytes } });
    const pages = [1, 2, 4, 7].map((value) => world.page(() => value));
    if (changeAt !== undefined) world.bytes(pages[2])[changeAt] ^= 0x10;
    const result = { value: 99 };
    world.call(() => {
      const srcs = pages.map(({ address }) => address);
      submit(chan.device.devicePrepDmaXorVal!(chan, srcs, 4, len, result, ACK | INT));
      chan.device.deviceIssuePending!(chan);
    });
    expect(result.value).toBe(99);
    world.settle();
    expect(world.rules()).toEqual([]);
    return result.value;
  }

  it('answers 0 when the sources sum to zero, the P bit when they do not (CF-06)', () => {
    expect(check(undefined, 4096)).toBe(0);
    expect(check(0, 4096)).toBe(1);
    expect(check(4095, 4096)).toBe(1);
  });

  it('looks at no byte past the length', () => {
    expect(check(100, 100)).toBe(0);
    expect(check(99, 100)).toBe(1);
  });

  it('collects the results of a group where a descriptor checks at most 1024 bytes (IA-22, IA-55)', () => {
    expect(check(undefined, 4096, 1024)).toBe(0);
    for (const at of [0, 1024, 2047, 3000, 4095]) expect(check(at, 4096, 1024)).toBe(1);
    expect(check(2500, 2500, 1024)).toBe(0);
    expect(check(2499, 2500, 1024)).toBe(1);
  });

  it('is a BUG when the engine never wrote the status back', () => {
    const hardware: IopAdmaHardware = {
      ...IOP13XX,
      writeXorVal: (kernel, phys, srcs, srcCnt, _done, len, interrupt) =>
        IOP13XX.writeXor(kernel, phys, 0x8000, srcs, srcCnt, len, interrupt),
    };
    expect(() => new World().probe({ hardware })).toThrow(GuestPanic);
  });
});

describe('memset', () => {
  it('replicates the byte over the pattern and ignores the rest of the value', () => {
    const world = new World();
    const chan = world.channel();
    const page = world.page();
    world.call(() => {
      submit(chan.device.devicePrepDmaMemset!(chan, page.address + 3, 0x1a5, 10, ACK));
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect([...world.bytes(page, 16)]).toEqual([0, 0, 0, ...Array<number>(10).fill(0xa5), 0, 0, 0]);
  });
});

describe('an interrupt operation', () => {
  it('interrupts without being asked to, and moves nothing (IA-24)', () => {
    const world = new World();
    const chan = world.channel();
    const before = world.kernel.interrupts.total;
    const ran = jest.fn();
    world.call(() => {
      const tx = chan.device.devicePrepDmaInterrupt!(chan, ACK)!;
      tx.callback = ran;
      submit(tx);
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect(ran).toHaveBeenCalledTimes(1);
    expect(world.kernel.interrupts.total).toBe(before + 1);
    expect(world.machine.engines[0].statistics.errors).toBe(0);
  });
});

describe('ordinary operations', () => {
  it('interrupt only when PREP_INTERRUPT asks for it (IA-25)', () => {
    const world = new World();
    const chan = world.channel();
    const before = world.kernel.interrupts.total;
    world.call(() => {
      submit(chan.device.devicePrepDmaMemcpy!(chan, 0x8000, 0x9000, 64, ACK));
      chan.device.deviceIssuePending!(chan);
    });
    world.settle();
    expect(world.kernel.interrupts.total).toBe(before);
  });

  it('of length 0 are refused, longer than 16 MiB are a BUG (IA-22, IA-23)', () => {
    const world = new World();
    const chan = world.channel();
    const { device } = chan;
    const most = 16 * 1024 * 1024;
    world.call(() => {
      expect(device.devicePrepDmaMemcpy!(chan, 0, 0, 0, 0)).toBeNull();
      expect(device.devicePrepDmaXor!(chan, 0, [0, 0], 2, 0, 0)).toBeNull();
      expect(device.devicePrepDmaXorVal!(chan, [0, 0], 2, 0, { value: 0 }, 0)).toBeNull();
      expect(device.devicePrepDmaMemset!(chan, 0, 0, 0, 0)).toBeNull();
      expect(device.devicePrepDmaMemcpy!(chan, 0, 0, most, 0)).not.toBeNull();
      expect(() => device.devicePrepDmaMemcpy!(chan, 0, 0, most + 1, 0)).toThrow(GuestPanic);
      expect(() => device.devicePrepDmaXor!(chan, 0, [0, 0], 2, most + 1, 0)).toThrow(GuestPanic);
      expect(() => device.devicePrepDmaMemset!(chan, 0, 0, most + 1, 0)).toThrow(GuestPanic);
      expect(() => device.devicePrepDmaXor!(chan, 0, [], 17, 64, 0)).toThrow(GuestPanic);
    });
  });
});
