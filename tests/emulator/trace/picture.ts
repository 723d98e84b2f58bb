/**
 * What a viewer makes of a Perfetto file, read by code that shares nothing with the writers, and the rules that it has to
 * keep: strictly nested slices on every track, flows that touch slices, counters and flows in the order of time.
 */

/** All times are nanoseconds. */
export interface PictureSlice {
  readonly track: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface PictureFlow {
  readonly id: number;
  readonly track: string;
  readonly time: number;
  readonly ends: boolean;
}

export interface Picture {
  readonly slices: PictureSlice[];
  readonly instants: { readonly track: string; readonly name: string; readonly time: number }[];
  readonly counters: { readonly track: string; readonly time: number; readonly value: number }[];
  readonly flows: PictureFlow[];
}

/** What is wrong with a picture; nothing, if it is right. */
export function faults(picture: Picture): string[] {
  return [...nesting(picture), ...flowFaults(picture), ...counterFaults(picture)];
}

/** Finds the slice of a track at a time: the latest that has begun, unless it is over. */
export function finder(slices: readonly PictureSlice[]): (track: string, time: number) => PictureSlice | undefined {
  const tracks = by(slices, (slice) => slice.track);
  return (track, time) => {
    const list = tracks.get(track) ?? [];
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (list[middle].start <= time) low = middle + 1;
      else high = middle;
    }
    return low > 0 && time <= list[low - 1].end ? list[low - 1] : undefined;
  };
}

function by<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item)) ?? [];
    groups.set(key(item), group);
    group.push(item);
  }
  return groups;
}

/** On a track every slice lies in the one that is open, or begins when that has ended. */
function nesting({ slices }: Picture): string[] {
  const wrong: string[] = [];
  for (const [track, list] of by(slices, (slice) => slice.track)) {
    const open: PictureSlice[] = [];
    let last = -Infinity;
    for (const slice of list) {
      if (slice.start < last) wrong.push(`${track}: ${slice.name} at ${slice.start} comes after ${last}`);
      last = slice.start;
      if (slice.end < slice.start) wrong.push(`${track}: ${slice.name} ends before it begins`);
      while (open.length > 0 && open[open.length - 1].end <= slice.start) open.pop();
      if (open.length > 0 && open[open.length - 1].end < slice.end) {
        wrong.push(`${track}: ${slice.name} from ${slice.start} to ${slice.end} crosses ${open[open.length - 1].end}`);
      }
      open.push(slice);
    }
  }
  return wrong;
}

function flowFaults({ flows, slices }: Picture): string[] {
  const wrong: string[] = [];
  const at = finder(slices);
  for (const { id, track, time } of flows) {
    if (at(track, time) === undefined) wrong.push(`flow ${id} touches nothing on ${track} at ${time}`);
  }
  for (const [id, steps] of by(flows, (flow) => String(flow.id))) {
    const ends = steps.filter((step) => step.ends);
    if (ends.length > 1) wrong.push(`flow ${id} ends ${ends.length} times`);
    if (ends.length === 1 && steps.some(({ time }) => time > ends[0].time))
      wrong.push(`flow ${id} goes on after its end`);
  }
  return wrong;
}

function counterFaults({ counters }: Picture): string[] {
  const wrong: string[] = [];
  for (const [track, samples] of by(counters, (sample) => sample.track)) {
    for (let i = 1; i < samples.length; i++) {
      if (samples[i].time < samples[i - 1].time) wrong.push(`${track} goes back to ${samples[i].time}`);
    }
    if (samples.some(({ value }) => !Number.isInteger(value) || value < 0)) wrong.push(`${track} is no count`);
  }
  return wrong;
}
