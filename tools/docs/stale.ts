/** Paths of the pages that are not what they would be if they were written now. @param read throws where there is none */
export function stalePages(
  pages: readonly { readonly path: string; readonly text: string }[],
  read: (path: string) => string,
): string[] {
  return pages.filter(({ path, text }) => current(path, read) !== text).map(({ path }) => path);
}

function current(path: string, read: (path: string) => string): string | undefined {
  try {
    return read(path);
  } catch {
    return undefined;
  }
}
