import * as fc from 'fast-check';
import { DmaCapability } from '../../dmaengine/capability';
import type { DmaChan } from '../../dmaengine/device';
import { dmaReleaseChannel, dmaRequestChannel } from '../../dmaengine/exclusive';
import type { FakeDevice } from './fake';
import { bareEngine, fakeDevice } from './fake';

const { MEMCPY, XOR, PRIVATE } = DmaCapability;

type Step = readonly ['register' | 'unregister' | 'get' | 'put' | 'request' | 'release', number];

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(fc.constantFrom('register', 'unregister', 'get', 'put', 'request', 'release'), fc.nat(11)),
  { maxLength: 60 },
);

/** The plain model: who holds what, without any counting. */
function play(sequence: readonly Step[]): void {
  const { dma } = bareEngine([0, 1]);
  const all: FakeDevice[] = [];
  const listed: FakeDevice[] = [];
  const exclusive = new Set<DmaChan>();
  const shared = new Set<DmaChan>();
  let clients = 0;

  const free = ({ channels }: FakeDevice): boolean => channels.every((chan) => !exclusive.has(chan));
  const isPublic = (device: FakeDevice): boolean => listed.includes(device) && free(device);
  const act: Record<Step[0], (n: number) => void> = {
    register: (n) => {
      if (all.length === 5) return;
      const device = fakeDevice(1 + (n % 3), n % 2 === 0 ? [MEMCPY] : [MEMCPY, XOR], { node: n % 3 });
      all.push(device);
      listed.push(device);
      expect(dma.registerDevice(device)).toBe(0);
      if (clients > 0) for (const chan of device.channels) shared.add(chan);
    },
    // A driver goes only when nobody uses it: RG-07 is not what is tested here.
    unregister: (n) => {
      const device = listed[n % (listed.length || 1)];
      if (device === undefined || device.channels.some((chan) => shared.has(chan) || exclusive.has(chan))) return;
      listed.splice(listed.indexOf(device), 1);
      dma.unregisterDevice(device);
    },
    get: () => {
      clients++;
      dma.get();
      for (const device of listed) if (isPublic(device)) for (const chan of device.channels) shared.add(chan);
    },
    put: () => {
      if (clients === 0) return;
      dma.put();
      if (--clients === 0) shared.clear();
    },
    request: () => {
      const available = listed
        .flatMap(({ channels }) => channels)
        .find((chan) => !shared.has(chan) && !exclusive.has(chan));
      const chan = dmaRequestChannel(dma, new Set([MEMCPY]));
      expect(chan?.name).toBe(available?.name);
      if (chan === null) return;
      expect(exclusive.has(chan)).toBe(false);
      exclusive.add(chan);
    },
    release: (n) => {
      const chan = [...exclusive][n % (exclusive.size || 1)];
      if (chan === undefined) return;
      exclusive.delete(chan);
      dmaReleaseChannel(dma, chan);
    },
  };

  let rebuilt = false;
  for (const [what, n] of sequence) {
    const first = clients === 0;
    act[what](n);
    rebuilt = (what === 'get' && first) || (what === 'register' && clients > 0);
    for (const device of all) {
      for (const chan of device.channels) {
        expect(chan.clientCount).toBeGreaterThanOrEqual(0);
        expect(chan.clientCount > 0).toBe(shared.has(chan) || exclusive.has(chan));
        if (exclusive.has(chan)) expect(chan.clientCount).toBe(1);
        expect(chan.allocated - chan.freed).toBe(chan.clientCount > 0 ? 1 : 0);
      }
      const used = device.channels.filter(({ clientCount }) => clientCount > 0).length;
      expect(dma.deviceReferences(device)).toBe(listed.includes(device) ? 1 + used : 0);
      if (listed.includes(device)) expect(device.capMask.has(PRIVATE)).toBe(!free(device));
    }
    for (const capability of [MEMCPY, XOR]) {
      for (const cpu of [0, 1]) {
        const chan = dma.findChannel(capability, cpu);
        if (chan === undefined) continue;
        expect(exclusive.has(chan) && clients > 0).toBe(false);
        if (rebuilt) expect([shared.has(chan), isPublic(chan.device as FakeDevice)]).toEqual([true, true]);
      }
    }
  }
}

describe('any sequence of clients and drivers', () => {
  it('keeps counts, exclusivity and table (CH-06, CH-10 … CH-13, EX-01 … EX-08)', () => {
    fc.assert(fc.property(steps, play), { numRuns: 300 });
  });
});
