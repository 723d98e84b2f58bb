/**
 * The native format of ui.perfetto.dev: a stream of `TracePacket` messages with `TrackEvent`s in them (perfetto's
 * docs/reference/synthetic-track-event.md; field numbers from protos/perfetto/trace). A group of tracks is a process track,
 * every track its child. Names are interned: they stand once, in the packet that uses them first.
 */
import { nanoseconds } from './chrome';
import { ProtobufMessage } from './protobuf';
import { HEXADECIMAL } from './text';
import type { FlowStep, TimelineSink, Track } from './timeline';
import { GROUPS } from './timeline';
import { TIME_FIELDS } from './trace';

const TRACE = { packet: 1 } as const;
const PACKET = {
  timestamp: 8,
  sequenceId: 10,
  trackEvent: 11,
  internedData: 12,
  sequenceFlags: 13,
  trackDescriptor: 60,
} as const;
/** `TracePacket.SequenceFlags`. */
const FLAGS = { stateCleared: 1, needsState: 2 } as const;
const EVENT = {
  annotation: 4,
  type: 9,
  nameIid: 10,
  trackUuid: 11,
  counterValue: 30,
  flowIds: 47,
  terminatingFlowIds: 48,
} as const;
/** `TrackEvent.Type`. */
const TYPE = { begin: 1, end: 2, instant: 3, counter: 4 } as const;
const ANNOTATION = { nameIid: 1, bool: 2, int: 4, text: 6, pointer: 7 } as const;
const INTERNED = { eventNames: 2, annotationNames: 3 } as const;
/** `EventName` and `DebugAnnotationName` alike. */
const NAME = { iid: 1, name: 2 } as const;
const DESCRIPTOR = { uuid: 1, name: 2, process: 3, parent: 5, counter: 8 } as const;
const PROCESS = { pid: 1, name: 6 } as const;
const COUNTER = { unit: 3 } as const;
/** `CounterDescriptor.Unit`. */
const UNIT_COUNT = 2;

/** The one sequence of packets. */
const SEQUENCE = 1;

/** Writes the trace in pieces; one is valid until `write` returns. */
export function perfettoSink(write: (bytes: Uint8Array) => void): TimelineSink {
  return new PerfettoSink(write);
}

/** Strings by number, and those that no packet has told yet. */
class Interning {
  private readonly numbers = new Map<string, number>();
  readonly untold: (readonly [number, string])[] = [];

  number(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.numbers.size + 1;
    this.numbers.set(text, number);
    this.untold.push([number, text]);
    return number;
  }
}

class PerfettoSink implements TimelineSink {
  private readonly names = new Interning();
  private readonly annotations = new Interning();
  private readonly groups = new Set<string>();
  private readonly file = new ProtobufMessage();
  private readonly packet = new ProtobufMessage();
  private readonly event = new ProtobufMessage();
  private readonly inner = new ProtobufMessage();
  private readonly innermost = new ProtobufMessage();
  private first = true;

  constructor(private readonly write: (bytes: Uint8Array) => void) {}

  track(track: Track): void {
    const pid = GROUPS.indexOf(track.group) + 1;
    if (!this.groups.has(track.group)) {
      this.groups.add(track.group);
      const process = this.innermost.clear().number(PROCESS.pid, pid).text(PROCESS.name, track.group);
      this.descriptor(
        this.inner
          .clear()
          .number(DESCRIPTOR.uuid, pid)
          .text(DESCRIPTOR.name, track.group)
          .message(DESCRIPTOR.process, process.content),
      );
    }
    const descriptor = this.inner.clear().number(DESCRIPTOR.uuid, uuidOf(track)).number(DESCRIPTOR.parent, pid);
    descriptor.text(DESCRIPTOR.name, track.name);
    if (track.kind === 'counter') {
      descriptor.message(DESCRIPTOR.counter, this.innermost.clear().number(COUNTER.unit, UNIT_COUNT).content);
    }
    this.descriptor(descriptor);
  }

  slice({ track, name, start, end, fields, steps }: Parameters<TimelineSink['slice']>[0]): void {
    const begin = this.begin(track, TYPE.begin, name, fields);
    for (const step of steps) if (step.time === start) flow(begin, step);
    this.finish(start);
    // A flow that comes later than its slice needs an event of that time.
    for (const step of steps) {
      if (step.time === start) continue;
      flow(this.begin(track, TYPE.instant, 'flow', {}), step);
      this.finish(step.time);
    }
    this.event.clear().number(EVENT.type, TYPE.end).number(EVENT.trackUuid, uuidOf(track));
    this.finish(end);
  }

  instant(track: Track, name: string, time: number, fields: object): void {
    this.begin(track, TYPE.instant, name, fields);
    this.finish(time);
  }

  counter(track: Track, time: number, value: number): void {
    const event = this.event.clear().number(EVENT.type, TYPE.counter).number(EVENT.trackUuid, uuidOf(track));
    event.integer(EVENT.counterValue, value);
    this.finish(time);
  }

  close(): void {}

  /** An event with its name and what it is annotated with. */
  private begin(track: Track, type: number, name: string, fields: object): ProtobufMessage {
    const event = this.event.clear().number(EVENT.type, type).number(EVENT.trackUuid, uuidOf(track));
    event.number(EVENT.nameIid, this.names.number(name));
    for (const field in fields) {
      if (TIME_FIELDS.has(field)) continue;
      const value: unknown = fields[field as keyof typeof fields];
      const annotation = this.inner.clear().number(ANNOTATION.nameIid, this.annotations.number(field));
      if (typeof value === 'boolean') annotation.number(ANNOTATION.bool, value ? 1 : 0);
      else if (typeof value !== 'number') annotation.text(ANNOTATION.text, String(value));
      else if (HEXADECIMAL.has(field)) annotation.number(ANNOTATION.pointer, value);
      else annotation.integer(ANNOTATION.int, value);
      event.message(EVENT.annotation, annotation.content);
    }
    return event;
  }

  /** Puts the event into a packet, behind the names it is the first to use. */
  private finish(time: number): void {
    const packet = this.packet.clear().number(PACKET.timestamp, nanoseconds(time));
    this.tellNames(packet);
    packet.message(PACKET.trackEvent, this.event.content);
    this.put(packet);
  }

  private tellNames(packet: ProtobufMessage): void {
    if (this.names.untold.length + this.annotations.untold.length === 0) return;
    const interned = this.inner.clear();
    for (const [field, { untold }] of [
      [INTERNED.eventNames, this.names],
      [INTERNED.annotationNames, this.annotations],
    ] as const) {
      for (const [iid, name] of untold) {
        interned.message(field, this.innermost.clear().number(NAME.iid, iid).text(NAME.name, name).content);
      }
      untold.length = 0;
    }
    packet.message(PACKET.internedData, interned.content);
  }

  private descriptor(descriptor: ProtobufMessage): void {
    this.put(this.packet.clear().message(PACKET.trackDescriptor, descriptor.content));
  }

  private put(packet: ProtobufMessage): void {
    const flags = this.first ? FLAGS.stateCleared | FLAGS.needsState : FLAGS.needsState;
    this.first = false;
    packet.number(PACKET.sequenceId, SEQUENCE).number(PACKET.sequenceFlags, flags);
    this.write(this.file.clear().message(TRACE.packet, packet.content).content);
  }
}

function flow(event: ProtobufMessage, { flow, kind }: FlowStep): void {
  event.fixed64(kind === 'end' ? EVENT.terminatingFlowIds : EVENT.flowIds, flow);
}

/** Processes have the first numbers. */
function uuidOf({ id }: Track): number {
  return GROUPS.length + id;
}
