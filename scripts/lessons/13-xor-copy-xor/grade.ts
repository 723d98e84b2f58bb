/** A small write of a stripe: on one channel, on two engines, without any, and beside another client. */
import type { AsyncTx, DmaChan, Page, PlatformName } from '../../../index';
import type { IopAdmaChan } from '../../../dmaengine/iop-adma/channel';
import { DmaCtrl } from '../../../dmaengine/flags';
import { AsyncTxFlags } from '../../../async_tx/submit';
import type { ThreadBody } from '../../../emulator/kernel/scheduler';
import { MILLISECOND } from '../../../emulator/sim/time';
import type { Buffer } from '../../../conformance/world/buffers';
import type { CaseWorld } from '../../../conformance/world/case-world';
import { AsyncBench } from '../../../conformance/world/async-bench';
import { Checks, functionOf } from '../grading';
import type { Grader } from '../lesson';
import type { Story } from '../on-the-stack';
import { checkRun, tryOut } from '../on-the-stack';

/** What the exercise is given. */
interface Write {
  readonly parity: Page;
  readonly data: Page;
  readonly fresh: Page;
}

type WriteBlock = (api: AsyncTx, write: Write, done: () => void) => void;

export const grade: Grader = (exercise) => {
  const writeBlock = functionOf<WriteBlock>(exercise, 'writeBlock');
  const checks = new Checks();
  const run = (says: string, on: PlatformName, neighbour = false): Story =>
    checkRun(checks, { says, rule: 'AX-40', on, body: (world, story) => write(world, story, writeBlock, neighbour) });
  run('without engines parity follows the data', 'none');
  run('on an IOP342, where one channel does it all', 'iop342');
  const story = run('on an IOP321, where copies and sums are two engines', 'iop321');
  run('on an IOP342 beside a client that has not rung yet', 'iop342', true);
  const given = (exercise['predictions'] ?? {}) as Readonly<Record<string, unknown>>;
  checks.predicted(given['onOneChannel'], descriptorsOn('iop342'), 'prediction: descriptors on one channel');
  checks.predicted(given['onTwoEngines'], descriptorsOn('iop321'), 'prediction: descriptors on two engines');
  return { checks: checks.all, timeline: story.lines('engine.fetch', 'engine.complete', 'cpu.tasklet') };
};

/** @param neighbour whether somebody else has slots pending on the channel */
function* write(world: CaseWorld, story: Story, writeBlock: WriteBlock, neighbour: boolean): ThreadBody {
  const bench = new AsyncBench(world);
  const [parity, data, fresh, a, b, sum] = world.blocks(6);
  if (neighbour) bench.xor(sum.span(), [a.span(), b.span()], { flags: AsyncTxFlags.ACK });
  const others = bench.log.records.length;
  let calls = 0;
  writeBlock(bench.api, pagesOf([parity, data, fresh]), () => {
    calls++;
    story.note('done is called');
    world.check(
      data.bytes.every((byte, i) => byte === fresh.bytes[i]),
      'AX-40',
      'done after the copy',
      'it came before',
    );
  });
  story.note('writeBlock has returned');
  for (let i = 0; i < parity.size; i++) parity.shadow[i] ^= data.shadow[i] ^ fresh.shadow[i];
  data.shadow.set(fresh.shadow);
  const moves = bench.log.records.slice(others).filter(({ writes }) => writes.length > 0);
  const fenced = moves.slice(0, -1).every(({ flags }) => (flags & DmaCtrl.PREP_FENCE) !== 0);
  world.check(fenced, 'AX-09', 'a fence on every link that the next one reads', 'one has none');
  const pending = world.dma.devices.flatMap(({ channels }) => channels).reduce((sum, chan) => sum + pendingOf(chan), 0);
  world.check(pending === 0, 'IA-45', 'every channel to be rung', `${pending} slots wait for somebody to ring`);
  yield* world.settle(MILLISECOND);
  world.check(calls === 1, 'AX-41', 'done to be called once', calls === 0 ? 'it never was' : `it was ${calls} times`);
  bench.audit('AX-40');
}

/** Slots that were submitted since the engine was last told. */
function pendingOf(chan: DmaChan): number {
  return (chan as IopAdmaChan).pending;
}

/** How many descriptors the chain takes, the interrupt descriptors among them. */
function descriptorsOn(on: PlatformName): number {
  let descriptors = 0;
  tryOut({
    says: 'the chain as it should be',
    rule: 'AX-40',
    on,
    *body(world) {
      const bench = new AsyncBench(world);
      const [parity, data, fresh] = world.blocks(3).map((block) => block.span());
      const { ACK, FENCE } = AsyncTxFlags;
      const prexor = bench.xor(parity, [parity, data], { flags: FENCE });
      const drain = bench.copy(data, fresh, { after: prexor, flags: FENCE });
      bench.xor(parity, [parity, data], { after: drain, flags: ACK });
      descriptors = bench.log.records.length;
      bench.issue();
      yield* world.settle(MILLISECOND);
    },
  });
  return descriptors;
}

function pagesOf(blocks: readonly Buffer[]): Write {
  const [parity, data, fresh] = blocks.map(({ pages: [page] }) => page);
  return { parity, data, fresh };
}
