/** Grades exercises in a thread of its own. */
import { inSources, loadModule } from '../conformance/load-module';
import { serve } from '../isolation/serve';
import { GRADERS } from '../lessons/graders';
import type { GradingAnswer, GradingJob } from './grading-job';

/** What solutions do on the machine, by lesson: always the same. */
const examples = new Map<string, readonly string[]>();

function graded({ slug, file, solution }: GradingJob): GradingAnswer {
  const grade = GRADERS[slug]();
  const example = examples.get(slug) ?? grade(loadModule(solution)).timeline;
  examples.set(slug, example);
  try {
    const { checks, timeline } = grade(loadModule(file));
    return { checks, happened: timeline, example, broken: '' };
  } catch (error) {
    return { checks: [], happened: [], example, broken: told(error) };
  }
}

/** What went wrong, and where in the learner's file. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frame = /^ *at .*exercise\.ts.*$/m.exec(inSources(error.stack ?? ''))?.[0].trim();
  return frame === undefined ? error.message : `${error.message} (${frame})`;
}

serve(graded);
