/** Completion for bash 4.4 or newer. */
import type { Values } from '../program/spec';
import type { OptionValue, Place } from './places';
import { optionValues } from './places';

/** The script, to be sourced. */
export function bashCompletion(places: readonly Place[]): string {
  const paths = places.slice(1).map(({ path }) => `'${path}'`);
  return `# Completion of adma for bash: source <(adma completion bash)
_adma() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} at=adma word
  # Readline makes three words of --option=value.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
      ${paths.join(' | ')}) at="$at $word" ;;
    esac
  done
  local kind= words=
  case "$at $previous" in
${optionValues(places).map(valueCase).join('\n')}
    *)
      case "$at" in
${places.map(placeCase).join('\n')}
      esac
      ;;
  esac
  if [[ -n $kind ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$kind" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  fi
}
complete -F _adma adma
`;
}

function valueCase({ after, value }: OptionValue): string {
  const patterns = after.map((words) => `'${words}'`).join(' | ');
  return `    ${patterns}) ${value === 'anything' ? ':' : assignment(value)} ;;`;
}

function placeCase({ path, commands, flags, operands }: Place): string {
  const options = assignment(flags.map(({ name }) => name));
  const others = assignment(operands ?? commands.map(({ name }) => name));
  return `        '${path}') if [[ $current == -* ]]; then ${options}; else ${others}; fi ;;`;
}

function assignment(values: Values): string {
  if (values === 'file') return 'kind=-f';
  return values === 'folder' ? 'kind=-d' : `words='${values.join(' ')}'`;
}
