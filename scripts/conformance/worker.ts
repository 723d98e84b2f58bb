/** Runs cases one after the other in a thread of its own, which its host can end. */
import { CASES } from '../../conformance/cases';
import type { CaseResult, ConformanceCase } from '../../conformance/case';
import { CASE_DRAM, runCase } from '../../conformance/run-case';
import type { Stack } from '../../conformance/stack';
import { Dram } from '../../emulator/memory/dram';
import { PLATFORMS } from '../../emulator/platforms';
import { FieldError } from '../../raid5/workload/input-error';
import { serve } from '../isolation/serve';
import type { Answer, Job } from './job';
import { inSources } from './load-module';
import { stackUnderTest } from './under-test';

const drams = new Map<number, Dram>();
const stacks = new Map<string, Stack>();

function answer(job: Job): Answer {
  const subject = CASES.find(({ id }) => id === job.caseId)!;
  try {
    return run(subject, job);
  } catch (error) {
    if (error instanceof FieldError) return { kind: 'refused', message: error.message };
    return { kind: 'defect', stack: (error as Error).stack ?? String(error) };
  }
}

function run(subject: ConformanceCase, { underTest, platform: name, seed }: Job): Answer {
  const platform = PLATFORMS[name];
  const stack = remembered(stacks, JSON.stringify(underTest), () => stackUnderTest(underTest));
  const dram = remembered(drams, platform.dramBase, () => new Dram(platform.dramBase, CASE_DRAM));
  return { kind: 'result', result: inSourcesOf(runCase(subject, { platform, stack, seed, dram })) };
}

/** What threw is named by its place in the user's files. */
function inSourcesOf(result: CaseResult): CaseResult {
  const complaints = result.complaints.map((complaint) => ({ ...complaint, where: inSources(complaint.where) }));
  return { ...result, complaints };
}

function remembered<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

serve<Job, Answer>(answer);
