import { Kernel } from '../../../emulator/kernel/kernel';
import { Dram } from '../../../emulator/memory/dram';
import { PLATFORMS } from '../../../emulator/platforms';
import { Machine } from '../../../emulator/platforms/machine';
import { SECOND } from '../../../emulator/sim/time';
import { Disk } from '../../../raid5/disks/disk';
import { HostAdapter } from '../../../raid5/disks/host-adapter';
import type { DiskModel } from '../../../raid5/disks/models';
import { DISK_MODELS } from '../../../raid5/disks/models';

const dram = new Dram(0, 1024 * 1024);

class DiskWorld {
  readonly kernel = new Kernel(new Machine(PLATFORMS.none, { dram }));
  readonly disk: Disk;
  /** Sectors in the order they were answered, with failures marked. */
  readonly answers: string[] = [];

  constructor(model: DiskModel = DISK_MODELS['hdd-7200']) {
    this.disk = new Disk('disk0', 0, model, new HostAdapter(this.kernel));
  }

  submit(sector: number, write = false, fill = 0): void {
    const page = this.kernel.pages.alloc();
    if (write) dram.bytes.fill(fill, page.address, page.address + 4096);
    const endIo = (failed: boolean): void => {
      const byte = dram.bytes[page.address + 4095];
      this.answers.push(
        `${sector}${write ? '' : `=${byte}`}${failed ? ' failed' : ''} in ${this.kernel.processor.context}`,
      );
    };
    this.disk.submit({ write, sector, page, endIo });
  }

  /** @param afterwards something that happens once `count` requests were answered */
  run(count: number): string[] {
    this.kernel.scheduler.spawn('wait', this.kernel.scheduler.sleep(10 * SECOND));
    this.kernel.scheduler.run(() => this.answers.length >= count);
    return this.answers;
  }
}

const sectors = (answers: readonly string[]): number[] => answers.map((answer) => parseInt(answer, 10));

it('serves the nearest request ahead of the head and then starts over from the outside (C-LOOK)', () => {
  const world = new DiskWorld();
  // The head stands behind the first one, which is served at once, when the others arrive.
  for (const sector of [8000, 16, 9000, 800, 8008, 100_000, 0, 50_000]) world.submit(sector);
  expect(sectors(world.run(8))).toEqual([8000, 8008, 9000, 50_000, 100_000, 0, 16, 800]);
});

it('serves equal sectors in the order they came', () => {
  const world = new DiskWorld();
  world.submit(0);
  world.submit(800, true, 1);
  world.submit(800, true, 2);
  world.submit(800);
  expect(world.run(4).map((answer) => answer.replace(' in softirq', ''))).toEqual(['0=0', '800', '800', '800=2']);
});

it('works on as many requests at a time as its model says', () => {
  const times = [1, 4].map((parallel) => {
    const world = new DiskWorld({ ...DISK_MODELS.ssd, parallel });
    for (let i = 0; i < 8; i++) world.submit(800 * i);
    world.run(8);
    return world.kernel.now;
  });
  expect(times[0] / times[1]).toBeGreaterThan(3);
});

it('is busy while it works on anything, however many commands it works on at a time', () => {
  const busy = [1, 4].map((parallel) => {
    const world = new DiskWorld({ ...DISK_MODELS.ssd, parallel });
    for (let i = 0; i < 8; i++) world.submit(800 * i);
    world.run(8);
    expect(world.disk.statistics.busyTime).toBeLessThanOrEqual(world.kernel.now);
    return world.disk.statistics.busyTime;
  });
  // One at a time: the sum of eight service times.
  expect(busy[0] / busy[1]).toBeGreaterThan(3);
});

it('moves data between media and memory and answers in soft interrupt context', () => {
  const world = new DiskWorld(DISK_MODELS.ram);
  world.submit(24, true, 0x5a);
  world.run(1);
  world.submit(24);
  world.submit(32);
  expect(world.run(3)).toEqual(['24 in softirq', '24=90 in softirq', '32=0 in softirq']);
  expect(world.disk.statistics).toMatchObject({ reads: 2, writes: 1 });
  expect(world.kernel.findings.all()).toEqual([]);
});

it('fails everything queued, everything in service and everything to come when it dies, and keeps what it held', () => {
  const world = new DiskWorld();
  world.submit(0, true, 7);
  world.run(1);
  for (const sector of [0, 80, 800]) world.submit(sector, true, 9);
  world.disk.die();
  world.run(4);
  world.submit(8);
  const answers = world.run(5);
  expect(answers.map((answer) => answer.includes('failed'))).toEqual([false, true, true, true, true]);
  expect([...world.disk.media.writtenSectors()]).toEqual([0]);
  expect(world.disk.media.peek(0)![0]).toBe(7);
  expect(world.disk.statistics).toMatchObject({ reads: 0, writes: 1 });
});
