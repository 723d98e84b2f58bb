import { DmaCapability } from '../../../dmaengine/capability';
import type { DmaChan, DmaDevice } from '../../../dmaengine/device';
import { LegacyCapability } from '../../../dmaengine/legacy/capability';
import type { DmaClient } from '../../../dmaengine/legacy/client';
import { DmaState, DmaStateClient } from '../../../dmaengine/legacy/client';
import { DmaClients } from '../../../dmaengine/legacy/clients';
import { AsyncWorld } from '../../async_tx/world';
import { bareEngine, fakeDevice } from '../fake';

const { MEMCPY, XOR, XOR_VAL, INTERRUPT } = DmaCapability;
const { ACK, DUP, NAK } = DmaStateClient;
const { AVAILABLE, REMOVED } = DmaState;

/** A client that takes what `want` says, keeps its books as the document asks, and notes what it is told. */
class Taker implements DmaClient {
  readonly events: string[] = [];
  readonly mine = new Set<DmaChan>();

  constructor(
    readonly capMask: ReadonlySet<LegacyCapability> = new Set(),
    private readonly want: (chan: DmaChan) => DmaStateClient = () => ACK,
  ) {}

  eventCallback(_client: DmaClient, chan: DmaChan, state: DmaState): DmaStateClient {
    this.events.push(`${state === AVAILABLE ? '+' : '-'}${chan.name}`);
    if (state === REMOVED) return this.mine.delete(chan) ? ACK : DUP;
    if (this.mine.has(chan)) return DUP;
    const reply = this.want(chan);
    if (reply === ACK) this.mine.add(chan);
    return reply;
  }
}

function world(cpuNodes?: readonly number[]) {
  const { dma, kernel } = bareEngine(cpuNodes);
  const face = new DmaClients(dma);
  const run = (device: DmaDevice): void => {
    let done = false;
    kernel.scheduler.spawn(
      'remove',
      (function* () {
        yield* face.dmaAsyncDeviceUnregister(device);
        done = true;
      })(),
    );
    kernel.scheduler.run(() => done);
  };
  return { dma, kernel, face, run, rules: () => kernel.findings.all().map(({ rule }) => rule) };
}

describe('a client of 2007', () => {
  it('hears nothing when it registers, and of all channels when it asks (CL-01, CL-02, CL-04)', () => {
    const { face } = world();
    face.dmaAsyncDeviceRegister(fakeDevice(2));
    const client = new Taker();
    face.dmaAsyncClientRegister(client);
    expect(client.events).toEqual([]);
    face.dmaAsyncClientChanRequest(client);
    expect(client.events).toEqual(['+dma0chan0', '+dma0chan1']);
  });

  it('hears only of channels that satisfy its mask, in the names of its time (CL-01, CF-01)', () => {
    const { face } = world();
    face.dmaAsyncDeviceRegister(fakeDevice(1, [MEMCPY]));
    face.dmaAsyncDeviceRegister(fakeDevice(1, [MEMCPY, XOR_VAL, INTERRUPT]));
    const client = new Taker(new Set([LegacyCapability.MEMCPY, LegacyCapability.ZERO_SUM]));
    const never = new Taker(new Set([LegacyCapability.DUAL_XOR]));
    for (const it of [client, never]) {
      face.dmaAsyncClientRegister(it);
      face.dmaAsyncClientChanRequest(it);
    }
    expect([client.events, never.events]).toEqual([['+dma1chan0'], []]);
  });

  it('is in use of what it answers ACK, not of DUP, and hears no more after NAK (CL-03, CL-04)', () => {
    const { face } = world();
    const device = fakeDevice(4);
    face.dmaAsyncDeviceRegister(device);
    const replies = [DUP, ACK, NAK];
    const client = new Taker(new Set(), ({ chanId }) => replies[chanId]);
    face.dmaAsyncClientRegister(client);
    face.dmaAsyncClientChanRequest(client);
    expect(client.events).toHaveLength(3);
    expect(device.channels.map((chan) => face.inUse(chan))).toEqual([false, true, false, false]);
  });

  it('is not offered a channel without resources; others are allocated again at each offer (CL-04, CL-05)', () => {
    const { face } = world();
    let asked = 0;
    face.dmaAsyncDeviceRegister(
      fakeDevice(2, [MEMCPY], { deviceAllocChanResources: ({ chanId }) => (chanId === 0 ? -12 : ++asked) }),
    );
    for (const client of [new Taker(), new Taker()]) {
      face.dmaAsyncClientRegister(client);
      face.dmaAsyncClientChanRequest(client);
      expect(client.events).toEqual(['+dma0chan1']);
    }
    expect(asked).toBe(2);
  });

  it('hears of a new device in the order of registration, and of the old ones again (RG-06, CL-06, T-01)', () => {
    const { face, rules } = world();
    const clients = [new Taker(), new Taker()];
    for (const client of clients) face.dmaAsyncClientRegister(client);
    face.dmaAsyncDeviceRegister(fakeDevice());
    face.dmaAsyncDeviceRegister(fakeDevice());
    expect(clients.map(({ events }) => events)).toEqual(new Array(2).fill(['+dma0chan0', '+dma0chan0', '+dma1chan0']));
    expect(rules()).toEqual([]);
  });

  it('breaks a rule when it answers ACK twice, or to a removal of what it does not hold (CL-06, CL-07, T-01)', () => {
    const { face, rules } = world();
    const client: DmaClient = { capMask: new Set(), eventCallback: () => ACK };
    face.dmaAsyncClientRegister(client);
    face.dmaAsyncDeviceRegister(fakeDevice());
    expect(rules()).toEqual([]);
    face.dmaAsyncClientChanRequest(client);
    expect(rules()).toEqual(['CL-06']);
    face.dmaAsyncClientUnregister(client);
    face.dmaAsyncClientRegister(client);
    face.dmaAsyncClientUnregister(client);
    expect(rules()).toEqual(['CL-06', 'CL-07']);
  });

  it('loses every channel when it unregisters, and only it does (CL-08)', () => {
    const { face } = world();
    const device = fakeDevice(2);
    const clients = [new Taker(), new Taker()];
    for (const client of clients) face.dmaAsyncClientRegister(client);
    face.dmaAsyncDeviceRegister(device);
    face.dmaAsyncClientUnregister(clients[0]);
    expect(clients[0].events.slice(-2)).toEqual(['-dma0chan0', '-dma0chan1']);
    expect(clients[1].events).toEqual(['+dma0chan0', '+dma0chan1']);
    expect(face.inUse(device.channels[0])).toBe(true);
    expect(device.channels[0].freed).toBe(0);
  });

  it('applies a filter of its platform in the callback, as section 4.2 shows (CL-01)', () => {
    interface MyPlatformDma extends DmaDevice {
      readonly platformSpecificCapability: boolean;
    }
    const { face } = world();
    const plain = Object.assign(fakeDevice(), { platformSpecificCapability: false });
    const special = Object.assign(fakeDevice(), { platformSpecificCapability: true });
    face.dmaAsyncDeviceRegister(plain);
    face.dmaAsyncDeviceRegister(special);
    const client = new Taker(new Set([LegacyCapability.MEMCPY]), (chan) => {
      const platDmaDev = chan.device as MyPlatformDma;
      return platDmaDev.platformSpecificCapability ? ACK : DUP;
    });
    face.dmaAsyncClientRegister(client);
    face.dmaAsyncClientChanRequest(client);
    expect([...client.mine]).toEqual([special.channels[0]]);
    expect([plain, special].map(({ channels }) => face.inUse(channels[0]))).toEqual([false, true]);
  });

  it('shares the channels of the real driver with the clients of today (CL-04, CL-05)', () => {
    const { dma, chans, kernel } = new AsyncWorld();
    const pools = chans.map(({ pool }) => pool);
    const face = new DmaClients(dma);
    const client = new Taker(new Set([LegacyCapability.XOR, LegacyCapability.ZERO_SUM]));
    face.dmaAsyncClientRegister(client);
    face.dmaAsyncClientChanRequest(client);
    face.dmaAsyncClientChanRequest(client);
    expect([...client.mine]).toEqual(chans);
    expect(chans.map(({ clientCount }) => clientCount)).toEqual(chans.map(() => 2));
    expect(chans.map(({ pool }) => pool)).toEqual(pools);
    expect(kernel.findings.all()).toEqual([]);
  });
});

describe('a device of 2007', () => {
  it('goes after every client was told and the last reference is gone, and each is put once (RG-08, CL-07, CL-09, D-01)', () => {
    const { dma, face, run, rules } = world();
    const device = fakeDevice(2);
    const clients = [new Taker(), new Taker()];
    for (const client of clients) face.dmaAsyncClientRegister(client);
    face.dmaAsyncDeviceRegister(device);
    expect(dma.deviceReferences(device)).toBe(3);
    run(device);
    expect(clients.map(({ events }) => events.slice(-2))).toEqual(new Array(2).fill(['-dma0chan0', '-dma0chan1']));
    expect(device.channels.map(({ allocated, freed }) => [allocated, freed])).toEqual([
      [2, 1],
      [2, 1],
    ]);
    expect([dma.deviceReferences(device), dma.devices, rules()]).toEqual([0, [], []]);
  });

  it('waits for a client that still holds a channel (RG-08, CL-09)', () => {
    const { kernel, face } = world();
    const device = fakeDevice();
    const [chan] = device.channels;
    face.dmaAsyncDeviceRegister(device);
    const client = new Taker();
    face.dmaAsyncClientRegister(client);
    face.dmaAsyncClientChanRequest(client);
    face.dmaChanGet(chan);
    let done = false;
    kernel.scheduler.spawn(
      'remove',
      (function* () {
        yield* face.dmaAsyncDeviceUnregister(device);
        done = true;
      })(),
    );
    kernel.scheduler.spawn(
      'holder',
      (function* () {
        yield* kernel.scheduler.sleep(1_000_000);
        expect([done, chan.freed, face.inUse(chan)]).toEqual([false, 0, true]);
        face.dmaChanPut(chan);
        expect(chan.freed).toBe(1);
      })(),
    );
    kernel.scheduler.run(() => done);
  });

  it('may seem unused to a processor that took no reference (CL-09, CL-10)', () => {
    const { face } = world([0, 0]);
    const device = fakeDevice();
    face.dmaAsyncDeviceRegister(device);
    face.dmaChanGet(device.channels[0], 1);
    expect([0, 1].map((cpu) => face.inUse(device.channels[0], cpu))).toEqual([false, true]);
  });

  it('may be got on one processor and put on the other (CL-09)', () => {
    const { face, run } = world([0, 0]);
    const device = fakeDevice();
    face.dmaAsyncDeviceRegister(device);
    face.dmaChanGet(device.channels[0], 0);
    face.dmaChanPut(device.channels[0], 1);
    run(device);
    expect(face.dma.devices).toEqual([]);
  });

  it.each([
    'deviceAllocChanResources',
    'deviceFreeChanResources',
    'deviceTxStatus',
    'deviceIssuePending',
    'devicePrepDmaMemcpy',
    'devicePrepDmaXor',
  ] as const)('is a BUG without %s (RG-02)', (routine) => {
    const device = fakeDevice(1, [MEMCPY, XOR], { [routine]: undefined });
    expect(() => world().face.dmaAsyncDeviceRegister(device)).toThrow(expect.objectContaining({ rule: 'RG-02' }));
  });

  it.each([
    ['2.6.24', INTERRUPT, false],
    ['2.6.24', XOR_VAL, true],
    ['2.6.25', INTERRUPT, true],
    ['2.6.25', XOR_VAL, false],
  ] as const)(
    'in %s capability %i without an interrupt routine: BUG is %s (RG-02, D-08)',
    (release, capability, bug) => {
      const face = new DmaClients(bareEngine().dma, release);
      const device = fakeDevice(1, [capability], { devicePrepDmaInterrupt: undefined });
      const panic = expect(() => face.dmaAsyncDeviceRegister(device));
      if (bug) panic.toThrow(expect.objectContaining({ rule: 'RG-02' }));
      else panic.not.toThrow();
    },
  );
});
