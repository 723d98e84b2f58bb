/**
 * The answers of a run as text: decimal numbers and, for repetitions, `AxN`, separated by dots. Defaults (0) at the
 * end are left out; a run of nothing but defaults is `0`.
 */

/** A text that is no list of choices, or a list that does not fit the run. */
export class ChoicesError extends RangeError {}

/** `3.0x12.1` for 3, twelve times 0, 1. */
export function formatChoices(answers: readonly number[]): string {
  const words: string[] = [];
  const { length } = withoutDefaults(answers);
  for (let at = 0; at < length;) {
    let end = at + 1;
    while (end < length && answers[end] === answers[at]) end++;
    words.push(end - at > 1 ? `${answers[at]}x${end - at}` : String(answers[at]));
    at = end;
  }
  return words.length === 0 ? '0' : words.join('.');
}

/** The answers of a text; throws a ChoicesError that says where it is wrong. */
export function parseChoices(text: string): number[] {
  const answers: number[] = [];
  let column = 1;
  for (const word of text.split('.')) {
    const [, answer, count] = /^(\d{1,6})(?:x([1-9]\d{0,6}))?$/.exec(word) ?? [];
    if (answer === undefined) {
      throw new ChoicesError(`choices, column ${column}: '${word}' is neither a number nor of the form 0x12`);
    }
    for (let i = 0; i < Number(count ?? 1); i++) answers.push(Number(answer));
    column += word.length + 1;
  }
  return withoutDefaults(answers);
}

/** The same list without the defaults at its end. */
export function withoutDefaults(answers: readonly number[]): number[] {
  let { length } = answers;
  while (length > 0 && answers[length - 1] === 0) length--;
  return answers.slice(0, length);
}
