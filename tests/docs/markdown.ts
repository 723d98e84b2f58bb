/** A Markdown document as its tests see it: what stands in code blocks and code spans, links, and headings. */

/** Lines of code, fenced or indented by four spaces. */
export interface CodeBlock {
  /** number of the first line of code */
  readonly line: number;
  /** words behind the fence: `console`, `ts docs/examples/driver.ts`; `indented` for a block without fence */
  readonly info: string;
  readonly lines: readonly string[];
}

/** A code span or the target of a link, where it stands. */
export interface Mention {
  readonly line: number;
  readonly text: string;
}

export interface Markdown {
  readonly blocks: readonly CodeBlock[];
  /** Code spans outside of blocks. */
  readonly spans: readonly Mention[];
  /** Targets of links, images among them. */
  readonly links: readonly Mention[];
  /** What a link may name behind `#`, as GitHub makes it of headings. */
  readonly anchors: readonly string[];
}

const FENCE = /^ *(```+|~~~+) *(.*)$/;
const INDENT = '    ';

/** Takes a document apart. */
export function markdown(text: string): Markdown {
  const lines = text.split('\n');
  const blocks: CodeBlock[] = [];
  const prose: Mention[] = [];
  for (let at = 0; at < lines.length; at++) {
    const fence = FENCE.exec(lines[at]);
    const start = fence === null ? at : at + 1;
    if (fence !== null) {
      at = lines.findIndex((line, i) => i >= start && line.trim() === fence[1]);
      if (at < 0) throw new Error(`line ${start}: a fence without end`);
      blocks.push({ line: start + 1, info: fence[2].trim(), lines: lines.slice(start, at) });
    } else if (lines[at].startsWith(INDENT) && (lines[at - 1] ?? '') === '') {
      while (at + 1 < lines.length && continuesBlock(lines, at + 1)) at++;
      const code = lines.slice(start, at + 1).map((line) => line.slice(INDENT.length));
      blocks.push({ line: start + 1, info: 'indented', lines: code });
    } else {
      prose.push({ line: at + 1, text: lines[at] });
    }
  }
  return {
    blocks,
    spans: prose.flatMap((line) => found(line, /`([^`]+)`/g)),
    links: prose.flatMap(({ line, text: said }) =>
      found({ line, text: said.replace(/`[^`]*`/g, '`') }, /\]\(([^)\s]+)\)/g),
    ),
    anchors: prose.flatMap(({ text: said }) => {
      const heading = /^#+ (.*)$/.exec(said)?.[1];
      return heading === undefined ? [] : [anchorOf(heading)];
    }),
  };
}

/** Indented itself, or an empty line that indented ones follow. */
function continuesBlock(lines: readonly string[], at: number): boolean {
  const next = lines.findIndex((line, i) => i >= at && line !== '');
  return next >= 0 && lines[next].startsWith(INDENT);
}

function found({ line, text }: Mention, pattern: RegExp): Mention[] {
  return [...text.matchAll(pattern)].map(([, inside]) => ({ line, text: inside }));
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
