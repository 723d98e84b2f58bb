/** One JSON document on stdout and nothing else: what `--json` means. */

/** Prints a document; what is undefined in it is left out. @param schemaVersion raised when a field changes its meaning */
export function printJson(schemaVersion: number, document: object): void {
  process.stdout.write(`${JSON.stringify({ schemaVersion, ...document }, null, 2)}\n`);
}
