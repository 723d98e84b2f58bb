import { examineText } from '../../../raid5/superblock/examine';
import { humanSize, timeText } from '../../../raid5/superblock/text';
import { disksOf, TestDisk, VECTORS, vectorDisks } from './world';

describe('adma md examine', () => {
  it.each(VECTORS.map((vector) => [vector.name, vector] as const))(
    'says of a member what mdadm 4.2 --examine said, letter for letter (%s)',
    (_, vector) => {
      vectorDisks(vector).forEach((disk, i) => expect(examineText(disk)).toBe(vector.disks[i].examine));
    },
  );

  it('says which checksum it expected (SB-03)', () => {
    const [disk] = disksOf({});
    const sound = /Checksum : (\w+) - correct/.exec(examineText(disk)!)![1];
    disk.image[4096 + 96] = 1;
    const expected = (parseInt(sound, 16) + 1).toString(16);
    expect(examineText(disk)).toContain(`Checksum : ${sound} - expected ${expected}\n`);
  });

  it('has nothing to say of a disk without superblock, or one too short for it', () => {
    expect(examineText(new TestDisk('disk0.img', 40960, new Uint8Array(4096)))).toBeUndefined();
    expect(examineText(new TestDisk('disk0.img', 10, new Uint8Array(4096)))).toBeUndefined();
  });

  it('writes times as C does, in UTC', () => {
    for (const seconds of [0, 951_782_400, 951_868_799, 1_184_284_800, 1_709_164_799, 4_102_444_800]) {
      const [day, date, month, year, time] = new Date(seconds * 1000).toUTCString().replace(',', '').split(' ');
      expect(timeText(BigInt(seconds))).toBe(`${day} ${month} ${date.replace(/^0/, ' ')} ${time} ${year}`);
    }
    expect(timeText((7n << 40n) | 86399n)).toBe('Thu Jan  1 23:59:59 1970');
  });

  it('writes sizes as mdadm does', () => {
    expect(humanSize(5000n * 1024n - 1n)).toBe('');
    expect(humanSize(59768832n)).toBe(' (57.00 MiB 59.77 MB)');
    expect(humanSize(6285164544n)).toBe(' (5.85 GiB 6.29 GB)');
    expect(humanSize(2n ** 42n)).toBe(' (4.00 TiB 4.40 TB)');
  });
});
