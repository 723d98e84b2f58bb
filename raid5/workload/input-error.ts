/**
 * What a user got wrong. Everything that reads input (traces, scenarios, options) throws one of these and nothing else;
 * the command line prints the message and exits with 2.
 */

/** Quotes a piece of input for a message: one line, no control characters, at most 60 characters of it. */
export function quote(text: string): string {
  return `'${oneLine(text.length > 60 ? `${text.slice(0, 59)}…` : text)}'`;
}

/** Writes C0 and C1 control characters and Unicode line breaks as `\u` escapes, so that a message stays on one line. */
function oneLine(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value that is wrong wherever it came from. The message is `PROBLEM, expected EXPECTED`. */
export class FieldError extends Error {
  /**
   * @param problem what is wrong, without a full stop
   * @param expected what would be right; completes "expected …"
   * @param where what the message starts with, for subclasses that know the place
   */
  constructor(
    readonly problem: string,
    readonly expected: string,
    where = '',
  ) {
    super(oneLine(`${where}${problem}, expected ${expected}`));
    this.name = new.target.name;
  }

  /** The message alone, without the name of the class. */
  override toString(): string {
    return this.message;
  }
}

/** A value that is wrong at a place in a file. The message is one line: `FILE:LINE:COL: PROBLEM, expected EXPECTED`. */
export class InputError extends FieldError {
  /**
   * @param file as the user named it
   * @param line counted from 1
   * @param column of the offending field, in UTF-16 code units, counted from 1
   */
  constructor(
    readonly file: string,
    readonly line: number,
    readonly column: number,
    problem: string,
    expected: string,
  ) {
    super(problem, expected, `${file}:${line}:${column}: `);
  }
}
