/**
 * What the documents say can be typed. Each document has one reader, who types its commands from first to last in one
 * folder, and sees what the document shows.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scripts } from '../../package.json';
import { prints, shownCommands } from './console';
import type { Document } from './documents';
import { DOCUMENTS, ROOT } from './documents';
import { EXPENSIVE } from './expensive';
import type { CodeBlock } from './markdown';
import { plainWords, Reader } from './reader';
import { leavesOpen, misnamed, withoutComment } from './usage';

/** Something the reader does. */
interface Step {
  readonly line: number;
  /** what the title of the test says */
  readonly says: string;
  readonly act: (reader: Reader) => Promise<void> | void;
}

/** Commands of a lesson belong to an exercise: tests/scripts/learn types them. */
const isLesson = ({ path }: Document): boolean => path.startsWith('scripts/lessons/');

const admaLines = ({ lines }: CodeBlock): string[] =>
  lines.map(withoutComment).filter((line) => line.startsWith('adma '));

function stepsOf(block: CodeBlock): Step[] {
  const { line, info, lines } = block;
  const [language, file] = info.split(' ');
  if (language === 'console')
    return shownCommands(block)
      .filter(({ command }) => !(command in EXPENSIVE))
      .map(typing);
  if (file !== undefined && !isExtract(file)) {
    return [{ line, says: `write ${file}`, act: (reader) => reader.write(file, lines) }];
  }
  return admaLines(block)
    .filter((command) => !leavesOpen(command) && plainWords(command) !== undefined && !(command in EXPENSIVE))
    .map((command) => typing({ line, command, output: [], code: 0 }));
}

function typing({ line, command, output, code }: ReturnType<typeof shownCommands>[number]): Step {
  return {
    line,
    says: command,
    async act(reader) {
      const typed = await reader.type(command);
      const shown = output.join('\n');
      const asShown = output.length === 0 || prints(output, typed.printed);
      // Where they differ the whole of both is the better message.
      const fits = asShown && typed.code === code;
      if (!fits) expect({ code: typed.code, printed: typed.printed.trim() }).toEqual({ code, printed: shown });
      expect(fits).toBe(true);
    },
  };
}

/** Whether a block with the name of a file shows a part of one that lies in the project. */
function isExtract(file: string): boolean {
  return file.startsWith('docs/') || file.startsWith('scripts/');
}

describe.each(DOCUMENTS.filter((document) => !isLesson(document)))('$path does what it says', ({ blocks }) => {
  let reader: Reader;
  beforeAll(() => {
    reader = new Reader();
  });
  afterAll(() => {
    reader.leave();
  });

  for (const { line, says, act } of blocks.flatMap(stepsOf)) {
    it(`line ${line}: ${says}`, async () => act(reader), 120_000);
  }

  it('shows files of the project as they are', () => {
    for (const { info, lines } of blocks) {
      const file = info.split(' ').at(1);
      if (file !== undefined && isExtract(file)) {
        expect(`${readFileSync(join(ROOT, file), 'utf8')}`).toContain(lines.join('\n'));
      }
    }
  });
});

describe.each(DOCUMENTS)('$path names what exists', ({ text, blocks, spans }) => {
  it('in command lines', () => {
    const lines = [
      ...spans.filter(({ text: said }) => said.startsWith('adma ')),
      ...blocks.flatMap((block) => {
        const typed = block.info === 'console' ? shownCommands(block).map(({ command }) => command) : admaLines(block);
        return typed.filter((said) => said.startsWith('adma ')).map((said) => ({ line: block.line, text: said }));
      }),
    ];
    const wrong = lines.flatMap(({ line, text: said }) =>
      misnamed(said).map((name) => `line ${line}: ${said}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('in scripts of npm', () => {
    const named = [...text.matchAll(/\bnpm (?:run (?:-s )?)([a-z][\w:-]*)|\bnpm (start|test)\b/g)];
    const unknown = named.map(([, script, short]) => script ?? short).filter((name) => !(name in scripts));
    expect(unknown).toEqual([]);
  });
});

it('every line that is too expensive to run stands in a document', () => {
  const text = DOCUMENTS.map((document) => document.text).join('\n');
  expect(Object.keys(EXPENSIVE).filter((line) => !text.includes(line))).toEqual([]);
});
