/** Completion for zsh. */
import type { Values } from '../program/spec';
import type { Described, OptionValue, Place } from './places';
import { optionValues } from './places';

/** The script, to be sourced after compinit or put into the fpath as _adma. */
export function zshCompletion(places: readonly Place[]): string {
  const paths = places.slice(1).map(({ path }) => `'${path}'`);
  return `#compdef adma
# Completion of adma for zsh: source <(adma completion zsh)
_adma() {
  local at=adma word
  local -a entries
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
      (${paths.join('|')}) at="$at $word" ;;
    esac
  done
  local option=\${words[CURRENT-1]}
  if [[ $PREFIX == --*=* ]]; then
    option=\${PREFIX%%=*}
    compset -P '*='
  fi
  case "$at $option" in
${optionValues(places).map(valueCase).join('\n')}
  esac
  case "$at" in
${places.map(placeCase).join('\n')}
  esac
}
if [[ \${funcstack[1]} == _adma ]]; then _adma "$@"; else compdef _adma adma; fi
`;
}

function valueCase({ after, value }: OptionValue): string {
  const patterns = after.map((words) => `'${words}'`).join('|');
  return `    (${patterns}) ${value === 'anything' ? "_message 'a value'" : offer(value)}; return ;;`;
}

function placeCase({ path, commands, flags, operands }: Place): string {
  const others = operands === undefined ? describe('command', commands) : offer(operands);
  return `    ('${path}')
      if [[ $PREFIX == -* ]]; then
        ${describe('option', flags)}
      else
        ${others}
      fi
      ;;`;
}

function offer(values: Values): string {
  if (values === 'file') return '_files';
  return values === 'folder' ? '_files -/' : `compadd -- ${values.join(' ')}`;
}

function describe(what: string, words: readonly Described[]): string {
  const entries = words.map(({ name, says }) => `'${`${name}:${says}`.replaceAll("'", "'\\''")}'`);
  return `entries=(${entries.join(' ')}); _describe ${what} entries`;
}
