/** One question to several platforms: answers that are the same stand once. */
import type { PlatformName } from '../../emulator/platforms';
import { PLATFORM_NAMES } from '../../emulator/platforms';
import { forOption, oneOf } from '../input/fields';

/** Platforms that answer alike. */
export interface PlatformGroup<T> {
  readonly platforms: readonly PlatformName[];
  readonly answer: T;
}

/** Asks every platform; those that have no answer give undefined. Answers are plain data. */
export function byPlatform<T>(
  names: readonly PlatformName[],
  ask: (name: PlatformName) => T | undefined,
): readonly PlatformGroup<T>[] {
  const groups = new Map<string, { platforms: PlatformName[]; answer: T }>();
  for (const name of names) {
    const answer = ask(name);
    if (answer === undefined) continue;
    const key = JSON.stringify(answer);
    const group = groups.get(key) ?? { platforms: [], answer };
    groups.set(key, { platforms: [...group.platforms, name], answer });
  }
  return [...groups.values()];
}

/**
 * The platforms that `--platform` names; all of them where it is not given.
 * @throws FieldError
 */
export function platformsOf(option: string | undefined): readonly PlatformName[] {
  if (option === undefined) return PLATFORM_NAMES;
  return [forOption('--platform', () => oneOf(PLATFORM_NAMES).parse(option))];
}
