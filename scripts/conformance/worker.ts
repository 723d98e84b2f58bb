/** Runs cases one after the other in a thread of its own, which its host can end. */
import { CASES } from '../../conformance/cases';
import type { AsyncTxClient } from '../../conformance/client';
import { CLIENT_CASES, runClientCase } from '../../conformance/client';
import type { CaseResult, ConformanceCase } from '../../conformance/case';
import { ChoicesError } from '../../conformance/explorer/choices';
import { exploreCase, replayCase } from '../../conformance/explored-case';
import type { CaseOptions } from '../../conformance/run-case';
import { CASE_DRAM, runCase, runCaseIn, worldFor } from '../../conformance/run-case';
import type { Stack } from '../../conformance/stack';
import { Dram } from '../../emulator/memory/dram';
import { PLATFORMS } from '../../emulator/platforms';
import { FieldError } from '../../raid5/workload/input-error';
import type { TraceOptions } from '../console/recorder';
import { openRecorder } from '../console/recorder';
import { serve } from '../isolation/serve';
import type { Answer, Job } from './job';
import { inSources } from './load-module';
import type { UnderTest } from './under-test';
import { clientUnderTest, stackUnderTest } from './under-test';

const drams = new Map<number, Dram>();
const stacks = new Map<string, Stack>();
const clients = new Map<string, AsyncTxClient>();

function answer(job: Job, alive: () => void): Answer {
  const { caseId, underTest, seed } = job;
  try {
    if (underTest.kind === 'client') return runClient(caseId, underTest.file, seed);
    return run(
      CASES.find(({ id }) => id === caseId)!,
      underTest,
      job,
      alive,
    );
  } catch (error) {
    if (error instanceof ChoicesError) return { kind: 'refused', message: `--replay: ${error.message}` };
    if (error instanceof FieldError) return { kind: 'refused', message: error.message };
    return { kind: 'defect', stack: (error as Error).stack ?? String(error) };
  }
}

function runClient(caseId: string, file: string, seed: number): Answer {
  const client = remembered(clients, file, () => clientUnderTest(file));
  const subject = CLIENT_CASES.find(({ id }) => id === caseId)!;
  return { kind: 'result', result: inSourcesOf(runClientCase(subject, { client, seed })) };
}

function run(
  subject: ConformanceCase,
  underTest: Exclude<UnderTest, { readonly kind: 'client' }>,
  job: Job,
  alive: () => void,
): Answer {
  const { seed, explore, replay, trace } = job;
  const platform = PLATFORMS[job.platform];
  const stack = remembered(stacks, JSON.stringify(underTest), () => stackUnderTest(underTest));
  const options = { platform, stack, seed };
  if (replay !== undefined) return { kind: 'result', result: inSourcesOf(replayCase(subject, options, replay)) };
  if (explore !== undefined) {
    const { result, explored } = exploreCase(subject, options, explore.runs, explore.strategy, alive);
    return { kind: 'result', result: inSourcesOf(result), explored };
  }
  const dram = remembered(drams, platform.dramBase, () => new Dram(platform.dramBase, CASE_DRAM));
  const result =
    trace === undefined ? runCase(subject, { ...options, dram }) : recorded(subject, { ...options, dram }, trace);
  return { kind: 'result', result: inSourcesOf(result) };
}

function recorded(subject: ConformanceCase, options: CaseOptions, trace: TraceOptions): CaseResult {
  const recorder = openRecorder(trace);
  const { waves, trace: follower } = recorder.machine;
  const world = worldFor({ ...options, ...(waves === undefined ? {} : { machine: { waves } }) });
  world.ring.follower = follower;
  const result = runCaseIn(world, subject);
  recorder.close();
  return result;
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
