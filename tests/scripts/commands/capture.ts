/** What a command prints on stdout. */
export function printed(run: () => unknown): string {
  const pieces: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => pieces.push(String(text)) > 0);
  try {
    run();
    return pieces.join('');
  } finally {
    spy.mockRestore();
  }
}

/** The message with which a command refuses its input. */
export function refused(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect((error as Error).message).not.toContain('\n');
    return (error as Error).message;
  }
  throw new Error('not refused');
}
