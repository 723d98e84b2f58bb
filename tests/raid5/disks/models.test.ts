import fc from 'fast-check';
import { MILLISECOND, SECOND } from '../../../emulator/sim/time';
import { DISK_MODELS, INSTANT, serviceTime } from '../../../raid5/disks/models';

const HDD = DISK_MODELS['hdd-7200'];
const { revolution, trackSeek, fullSeek, sectorsPerTrack, span } = HDD.mechanics;

const anyRequest = fc.record({
  now: fc.nat({ max: 10 ** 12 }),
  head: fc.nat({ max: span }),
  sector: fc.nat({ max: span }),
  bytes: fc.integer({ min: 1, max: 256 }).map((n) => 512 * n),
});

const transferTime = (rate: number, bytes: number): number => Math.round((bytes / rate) * SECOND);

it('a disk without moving parts takes its overhead and the transfer, wherever the block is', () => {
  fc.assert(
    fc.property(anyRequest, ({ now, head, sector, bytes }) => {
      for (const model of [DISK_MODELS.ssd, DISK_MODELS.ram]) {
        expect(serviceTime(model, now, head, sector, bytes)).toBe(model.overhead + transferTime(model.rate, bytes));
      }
      expect(serviceTime(INSTANT, now, head, sector, bytes)).toBe(0);
    }),
  );
});

it('a disk with moving parts takes overhead, seek, at most one turn and the transfer, in whole picoseconds', () => {
  fc.assert(
    fc.property(anyRequest, ({ now, head, sector, bytes }) => {
      fc.pre(head !== sector);
      const time = serviceTime(HDD, now, head, sector, bytes);
      const least = HDD.overhead + trackSeek + transferTime(HDD.rate, bytes);
      expect(Number.isInteger(time)).toBe(true);
      expect(time).toBeGreaterThanOrEqual(least - 1);
      expect(time).toBeLessThanOrEqual(least + fullSeek - trackSeek + revolution + 1);
    }),
  );
});

it('a longer transfer never takes less time, and a longer seek never lets the head arrive earlier', () => {
  fc.assert(
    fc.property(anyRequest, fc.nat({ max: span }), ({ now, head, sector, bytes }, other) => {
      expect(serviceTime(HDD, now, head, sector, bytes + 512)).toBeGreaterThanOrEqual(
        serviceTime(HDD, now, head, sector, bytes),
      );
      // Same angle, so the time differs by seeks and whole turns only.
      const aligned = other - (other % sectorsPerTrack) + (sector % sectorsPerTrack);
      fc.pre(head !== sector && head !== aligned);
      const [near, far] = [sector, aligned].sort((a, b) => Math.abs(a - head) - Math.abs(b - head));
      expect(serviceTime(HDD, now, head, far, bytes) + 1).toBeGreaterThanOrEqual(
        serviceTime(HDD, now, head, near, bytes),
      );
    }),
  );
});

it('a disk streams what follows the head without seek or turn', () => {
  fc.assert(
    fc.property(anyRequest, ({ now, head, bytes }) => {
      expect(serviceTime(HDD, now, head, head, bytes)).toBe(transferTime(HDD.rate, bytes));
    }),
  );
});

it('random reads of a 7200 rpm disk take about seek plus half a turn', () => {
  let sum = 0;
  for (let i = 0; i < 1000; i++)
    sum += serviceTime(HDD, i * 7_919_000_003, (i * 7919) % span, ((i * 104_729) % 977) * (span / 977), 4096);
  expect(sum / 1000).toBeGreaterThan(5 * MILLISECOND);
  expect(sum / 1000).toBeLessThan(25 * MILLISECOND);
});
