/** Completion for fish. */
import type { Values } from '../program/spec';
import type { Flag, Place } from './places';

/** The script, to be sourced or put into ~/.config/fish/completions/adma.fish. */
export function fishCompletion(places: readonly Place[]): string {
  const paths = places.slice(1).map(({ path }) => `'${path}'`);
  return `# Completion of adma for fish: adma completion fish | source
function __adma_at
    set -l at adma
    for word in (commandline -opc)
        switch "$at $word"
            case ${paths.join(' ')}
                set at "$at $word"
        end
    end
    test "$at" = "$argv"
end
complete -c adma -f
${places.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, commands, flags, operands }: Place): string[] {
  const start = `complete -c adma -n '__adma_at ${path}'`;
  return [
    ...commands.map(({ name, says }) => `${start} -a ${name} -d ${quoted(says)}`),
    ...flags.map((flag) => `${start} -l ${flag.name.slice(2)}${valueOf(flag)} -d ${quoted(flag.says)}`),
    ...(operands === undefined ? [] : [`${start}${offer(operands)}`]),
  ];
}

function valueOf({ value }: Flag): string {
  if (value === 'nothing') return '';
  return value === 'anything' ? ' -x' : ` -r${offer(value)}`;
}

function offer(values: Values): string {
  if (values === 'file') return ' -F';
  return values === 'folder' ? " -a '(__fish_complete_directories)'" : ` -a '${values.join(' ')}'`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
