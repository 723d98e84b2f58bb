/** How many insertions, deletions and replacements turn one word into the other (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    above = row;
  }
  return above[b.length];
}

/**
 * A hint for a misspelt word, ready to stand in a message: ` (did you mean 'chunk'?)`, or nothing when no word is near.
 * Near is two edits, and fewer than half the letters.
 */
export function didYouMean(word: string, words: readonly string[]): string {
  const near = words
    .map((candidate) => ({ candidate, edits: distance(word.slice(0, 40), candidate) }))
    .filter(({ candidate, edits }) => edits <= 2 && edits < candidate.length / 2)
    .sort((a, b) => a.edits - b.edits);
  return near.length === 0 ? '' : ` (did you mean '${near[0].candidate}'?)`;
}
