/** docs/stand-ins.md: what is unknown and what the model does instead. */
import { STAND_INS } from '../../emulator/stand-ins';
import { markdownTable, pageHead } from './markdown';

export function standInPage(): string[] {
  return [
    ...pageHead('Stand-ins', 'emulator/stand-ins.ts'),
    'What the references leave unknown, and what this model does instead. A driver should not rest on any of it.',
    'Numbers that time rests on are in [timing.md](timing.md).',
    '',
    ...markdownTable(
      ['id', 'unit', 'unknown', 'this model', 'option', 'source'],
      STAND_INS.map(({ id, unit, unknown, chosen, option = '', source }) => [
        id,
        unit,
        unknown,
        chosen,
        option,
        source,
      ]),
    ),
  ];
}
