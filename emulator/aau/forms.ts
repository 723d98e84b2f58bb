/** The shapes of an AAU descriptor (reference/hw-iop3xx 3.2 – 3.5). */
import { fieldMasks } from '../registers/layout';
import {
  AAU_DESCRIPTOR_WORDS,
  AAU_FORMATS,
  AAU_PQ_FORMATS,
  AAU_PQ_PLACES,
  AauWord,
  aauAdcr,
  aauWordRegister,
  ACR,
  BlockCommand,
} from './registers';
import { explainRegister } from '../registers/explain';
import type { DescriptorForm, DescriptorFormat, WordRole } from '../registers/descriptor-format';
import { CONTROL, COUNT, detailed, NEXT, plain, plural, range, UNUSED } from '../registers/descriptor-format';

const acr = fieldMasks(ACR);

/** What a block command does with its source; none for a reserved command. */
const COMMANDS: Readonly<Record<number, string>> = {
  [BlockCommand.null]: 'ignored',
  [BlockCommand.xor]: 'XOR',
  [BlockCommand.fill]: 'the pattern',
  [BlockCommand.directFill]: 'loads the queue',
};

/** The commands of the blocks a descriptor holds, as its control words give them. */
function blockCommands(words: ArrayLike<number>, blocks: number): number[] {
  const commands = AAU_DESCRIPTOR_WORDS.flatMap(({ name }, word) =>
    name === 'ADCR' || name.startsWith('EDCR')
      ? explainRegister(aauWordRegister(word), words[word] ?? 0).fields.filter((field) => /^B\d+$/.test(field.name))
      : [],
  );
  return range(blocks).map((i) => commands.find(({ name }) => name === `B${i + 1}`)?.value ?? 0);
}

function aauName(commands: readonly number[], control: number): string {
  const used = commands.filter((command) => command === BlockCommand.xor || command === BlockCommand.directFill).length;
  if (control & aauAdcr.ZERO_RESULT.mask) return `zero-result check of ${plural(used)}`;
  if (used === 0) return commands.includes(BlockCommand.fill) ? 'memory block fill' : 'null';
  if (used === 1 && commands.includes(BlockCommand.directFill)) return 'copy';
  const onto =
    commands.includes(BlockCommand.directFill) || commands.includes(BlockCommand.fill)
      ? ''
      : ' and what the store queue holds';
  return `XOR of ${plural(used)}${onto}`;
}

function supplementOf(control: number): number {
  return (control & aauAdcr.SUPPLEMENT.mask) >>> aauAdcr.SUPPLEMENT.shift;
}

function aauForm(words: ArrayLike<number>): DescriptorForm {
  const control = words[AauWord.control];
  const format = AAU_FORMATS[supplementOf(control)];
  const commands = blockCommands(words, format.sources);
  const written = (control & aauAdcr.WRITE_ENABLE.mask) !== 0;
  const roles = AAU_DESCRIPTOR_WORDS.slice(0, format.words).map(({ name, title }, word): WordRole => {
    if (word === AauWord.next) return NEXT;
    if (word === AauWord.destination) return plain(written ? 'destination' : 'destination (not written)');
    if (word === AauWord.count) return COUNT;
    if (word === AauWord.control) return CONTROL;
    if (!name.startsWith('SAR')) return detailed(title);
    return plain(`${title}: ${COMMANDS[commands[Number(name.slice(3)) - 1]] ?? 'ignored, reserved command'}`);
  });
  return { name: aauName(commands, control), source: 'hw-iop3xx 3.2 – 3.4', queues: ['result', ''], roles };
}

/** One sum of sources with multipliers; the unit's control register turns it on. */
function aauPqForm(words: ArrayLike<number>): DescriptorForm {
  const control = words[AauWord.control];
  const { sources, words: length } = AAU_PQ_FORMATS[supplementOf(control)];
  const commands = blockCommands(words, sources);
  const places = AAU_PQ_PLACES.slice(0, sources);
  const roles = range(length).map((word): WordRole => {
    const index = places.findIndex(({ source }) => source === word);
    if (index >= 0) return plain(`source ${index + 1}: ${COMMANDS[commands[index]] ?? 'ignored, reserved command'}`);
    const multiplied = range(sources).filter((i) => places[i].multiplier === word);
    if (multiplied.length > 0) {
      const bytes = multiplied.map((i) => `${8 * places[i].byte + 7}:${8 * places[i].byte} of source ${i + 1}`);
      return plain(`multipliers: ${bytes.join(', ')}`);
    }
    if (word === AauWord.next) return NEXT;
    if (word === AauWord.destination) return plain('destination');
    if (word === AauWord.count) return COUNT;
    if (word === AauWord.control) return CONTROL;
    return AAU_DESCRIPTOR_WORDS[word].name.startsWith('EDCR') ? detailed(AAU_DESCRIPTOR_WORDS[word].title) : UNUSED;
  });
  const used = commands.filter((command) => command !== BlockCommand.null).length;
  const check = control & aauAdcr.ZERO_RESULT.mask ? 'zero-result check of the ' : '';
  return {
    name: `${check}P or Q of ${plural(used)}`,
    source: 'hw-iop3xx 3.5 (inferred)',
    queues: ['', 'result'],
    roles,
  };
}

const AAU_DUAL_XOR: DescriptorForm = {
  name: 'dual XOR',
  source: 'hw-iop3xx 3.5 (inferred)',
  queues: ['H', 'D'],
  roles: [
    NEXT,
    ...['source 1', 'source 2', 'horizontal source', 'diagonal source', 'horizontal destination'].map(plain),
    COUNT,
    CONTROL,
    plain('diagonal destination'),
  ],
};

/** The descriptors of this kind of unit. */
export const AAU_FORMAT: DescriptorFormat = {
  register: aauWordRegister,
  control: AauWord.control,
  count: AauWord.count,
  countExcess: 0xff00_0000,
  form(words, control) {
    if (words[AauWord.control] & aauAdcr.DUAL_XOR.mask) return AAU_DUAL_XOR;
    return control & acr.PQ_ENABLE.mask ? aauPqForm(words) : aauForm(words);
  },
  dependent: [],
  oddities: () => [],
  examples: [
    [0x8000_049e],
    [0x8200_249e],
    [0x8000_0004],
    [0x4000_049e],
    [0x8800_0000],
    [0x8200_249e, acr.PQ_ENABLE.mask],
  ],
};
