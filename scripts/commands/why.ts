/** `adma why`: from a byte or a descriptor back to what led to it, by a recorded trace. */
import { PLACES } from '../../conformance/why/places';
import type { TraceEvent } from '../../conformance/why/trace-text';
import { parseTraceText } from '../../conformance/why/trace-text';
import type { Explanation } from '../../conformance/why/why';
import { whyByte, whyDescriptor } from '../../conformance/why/why';
import { FieldError, quote } from '../../raid5/workload/input-error';
import { ExitCode } from '../console/exit-code';
import { printJson } from '../console/print-json';
import type { Field } from '../input/fields';
import { forOption, refuseOption } from '../input/fields';
import { readInput } from '../input/read-input';

/** Options as commander hands them over. */
export interface WhyOptions {
  readonly byte?: string;
  readonly descriptor?: string;
  readonly json?: boolean;
}

const SCHEMA_VERSION = 1;

const BYTE: Field<{ readonly disk: string; readonly sector: number; readonly offset: number }> = {
  expected: 'DISK:SECTOR:OFFSET, like disk1:8:17',
  types: ['string'],
  parse(text) {
    const [, disk, sector, offset] = /^(.+):(\d+):(\d+)$/.exec(text) ?? [];
    if (disk === undefined || Number(offset) > 511) throw new FieldError(`${quote(text)} is no byte`, this.expected);
    return { disk: /^\d+$/.test(disk) ? `disk${disk}` : disk, sector: Number(sector), offset: Number(offset) };
  },
};

const ADDRESS: Field<number> = {
  expected: 'an address, like 0x7040',
  types: ['string'],
  parse(text) {
    if (!/^(0x[\da-f]+|\d+)$/i.test(text)) throw new FieldError(`${quote(text)} is none`, this.expected);
    return Number(text);
  },
};

/**
 * Prints every step that led to a byte or a descriptor, with the source file and the rules of each; 1 when the trace has none.
 * @throws FieldError
 */
export function why(file: string, options: WhyOptions): ExitCode {
  const { byte, descriptor, json } = options;
  if ((byte === undefined) === (descriptor === undefined)) {
    refuseOption('--byte', 'it is one question at a time', '--byte or --descriptor');
  }
  const place = byte === undefined ? undefined : forOption('--byte', () => BYTE.parse(byte));
  const address = descriptor === undefined ? undefined : forOption('--descriptor', () => ADDRESS.parse(descriptor));
  const events = parseTraceText(readInput(file), file);
  const explanation =
    place === undefined ? whyDescriptor(events, address!) : whyByte(events, place.disk, place.sector, place.offset);
  if (explanation === undefined) {
    process.stderr.write(`${file}: nothing in this trace ${place === undefined ? 'executes' : 'writes'} it\n`);
    return ExitCode.failed;
  }
  if (json === true) printJson(SCHEMA_VERSION, document(explanation));
  else process.stdout.write(text(explanation));
  return ExitCode.done;
}

function document({ title, steps }: Explanation): object {
  return { title, steps: steps.map((event) => ({ ...event, ...PLACES[event.point] })) };
}

function text({ title, steps }: Explanation): string {
  const lines = steps.flatMap((event) => {
    const { says, file, rules } = PLACES[event.point];
    const rule = event.fields['rule'];
    return [
      `${(event.time / 1e6).toFixed(6).padStart(18)} µs  ${reading(event, says)}`,
      `${' '.repeat(23)}${fieldsOf(event)}`,
      `${' '.repeat(23)}${file} (${rules}${rule === undefined ? '' : `, ${rule}`})`,
    ];
  });
  return `${[title, ...lines].join('\n')}\n`;
}

/** The decision is told in words. */
function reading({ point, fields }: TraceEvent, says: string): string {
  if (point !== 'stripe.decide') return `${point}: ${says}`;
  const { way, rmw, rcw, rule } = fields;
  if (rule === 'WR-01') return `${point}: ${way}, because parity here may be wrong or read-modify-write is off`;
  return `${point}: ${way}, because rmw would read ${rmw} blocks and rcw ${rcw}`;
}

function fieldsOf({ fields }: TraceEvent): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
