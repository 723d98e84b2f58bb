/** docs/registers/descriptors.md: what every word of every descriptor means. */
import { DESCRIPTOR_FORMATS } from '../../emulator/platforms/descriptor-forms';
import { hexOf, markdownTable, pageHead } from './markdown';

const TITLES = { adma: 'IOP13xx ADMA', aau: 'IOP3xx AAU', dma: 'IOP3xx DMA' } as const;
const MOST_WORDS = 39;

export function descriptorPage(): string[] {
  return [
    ...pageHead('Descriptors', 'emulator/platforms/descriptor-forms.ts'),
    'Words of 32 bits, little-endian, at a multiple of 32 bytes. The fields of control word and byte count are those of the',
    'registers they are loaded into, on the page of the unit. `adma explain --descriptor` decodes one.',
    '',
    ...(['adma', 'aau', 'dma'] as const).flatMap((kind) => [
      `## ${TITLES[kind]}`,
      '',
      ...DESCRIPTOR_FORMATS[kind].examples.flatMap((example) => formSection(kind, example)),
    ]),
  ];
}

function formSection(kind: keyof typeof TITLES, [control, unitControl = 0]: readonly [number, number?]): string[] {
  const format = DESCRIPTOR_FORMATS[kind];
  const words = new Uint32Array(MOST_WORDS);
  words[format.control] = control;
  const { name, source, roles } = format.form(words, unitControl);
  const enable = unitControl === 0 ? '' : ` and ${hexOf(unitControl)} in the unit's control register`;
  return [
    `### ${name}`,
    '',
    `Control word ${hexOf(control, 8)}${enable}; ${roles.length} words (${source}).`,
    '',
    ...markdownTable(
      ['word', 'byte', 'register', 'meaning'],
      roles.map(({ says }, word) => [String(word), hexOf(4 * word), format.register(word).name, says]),
    ),
  ];
}
