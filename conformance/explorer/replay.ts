import type { Chooser } from '../../emulator/sim/choice';
import { ChoicesError, parseChoices } from './choices';
import type { Explorable, Verdict } from './explorer';

/** Answers from a list, then by default; refuses answers that a point does not have. */
class ReplayChooser implements Chooser {
  private position = 0;

  constructor(private readonly answers: readonly number[]) {}

  choose(point: string, alternatives: number): number {
    if (alternatives === 1) return 0;
    const answer = this.answers[this.position++] ?? 0;
    if (answer >= alternatives) {
      throw new ChoicesError(
        `choice ${this.position} is ${answer}, and at ${point} there are ${alternatives}, from 0: another case?`,
      );
    }
    return answer;
  }

  /** Answers nobody asked for. */
  get left(): number {
    return Math.max(0, this.answers.length - this.position);
  }
}

/** Runs the case in the order that a string of choices says; throws a ChoicesError when the string does not fit. */
export function replay(subject: Explorable, choices: string): Verdict {
  const answers = parseChoices(choices);
  const chooser = new ReplayChooser(answers);
  const verdict = subject.run(chooser);
  if (chooser.left > 0) {
    throw new ChoicesError(`the run ends after ${answers.length - chooser.left} of ${answers.length} choices`);
  }
  return verdict;
}
