/** A disk described by its numbers, beside the named models of `raid5/disks/models.ts`. */
import type { DiskModel } from '../../raid5/disks/models';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { parseSize } from '../../raid5/workload/sizes';
import { SECTOR } from '../../raid5/geometry';
import type { Field } from './fields';
import { fields, integer } from './fields';
import type { Shape } from './schema';
import { group, mapped, optional, required, value } from './schema';

const RATE = 'bytes a second like 64MB/s, 1GB or 200MiB';

const bandwidth: Field<number> = {
  expected: RATE,
  types: ['string', 'number'],
  parse(text) {
    const rate = parseSize(text.replace(/\/s$/, ''), RATE);
    if (rate === 0) throw new FieldError(`${quote(text)} is no bandwidth`, RATE);
    return rate;
  },
};

/** Moving parts; a disk without them is solid-state. */
const MECHANICS = group({
  /** one turn of the platters */
  rotation: required(value(fields.at)),
  seek: required(group({ track: required(value(fields.at)), full: required(value(fields.at)) })),
  sectorsPerTrack: required(value(integer(1, 1_000_000))),
  /** what a full seek spans */
  capacity: required(value(fields.size)),
});

/** `{ overhead, queue, bandwidth, mechanics: { rotation, seek: { track, full }, sectorsPerTrack, capacity } }`. */
export const DISK: Shape<DiskModel> = mapped(
  group({
    name: optional(value(fields.text), 'custom'),
    /** of every command */
    overhead: required(value(fields.at)),
    /** commands the drive works on at the same time */
    queue: optional(value(fields.depth), 1),
    bandwidth: required(value(bandwidth)),
    mechanics: optional(MECHANICS, undefined),
  }),
  ({ name, overhead, queue, bandwidth: rate, mechanics }) => ({
    ...{ name, title: 'described by a scenario', overhead, parallel: queue, rate },
    ...(mechanics === undefined ? {} : { mechanics: mechanicsOf(mechanics) }),
  }),
);

type Described = ReturnType<(typeof MECHANICS)['read']>;

function mechanicsOf({ rotation, seek, sectorsPerTrack, capacity }: Described): NonNullable<DiskModel['mechanics']> {
  if (rotation === 0) throw new FieldError("'0' is no rotation", 'the time of one turn');
  if (seek.full < seek.track) throw new FieldError('a full seek is shorter than one to the next track', 'a longer one');
  return {
    ...{ revolution: rotation, trackSeek: seek.track, fullSeek: seek.full, sectorsPerTrack },
    span: capacity / SECTOR,
  };
}
