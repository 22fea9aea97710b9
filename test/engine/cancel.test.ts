import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { MersenneTwister } from '../../src/engine/selection/samplers/mersenneTwister.ts';
import type { Stage } from '../../src/protocol/progress.ts';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { enginePath, temporaryFolder } from './ballast.ts';
import { EngineConnection } from './engineConnection.ts';

/** What the product promises, held by the median; the worst is printed, because a loaded machine may add anything. */
const promisedMs = 500;
const worstMs = 10_000;
const roundsPerStage = 5;
/** Later in a stage there is nothing new to meet. */
const latestMs = 4000;

const folder = temporaryFolder('cancel');
const dataset = join(folder, 'set.json');
const output = join(folder, 'out.json');
const done = join(folder, 'done');
const random = new MersenneTwister(500);
/** The long stages of a rebalancing in their order, and the artifacts that each of them finds ready. */
const stages: readonly (readonly [stage: Stage, ready: readonly string[]])[] = [
  ['index', []],
  ['extract', ['index']],
  ['reverseIndex', ['index', 'extract']],
  ['select', ['index', 'extract', 'reverseIndex', 'keys']],
  ['write', ['index', 'extract', 'reverseIndex', 'keys']],
];

let engine: EngineConnection;
/** When each stage began and ended in a run that nothing interrupted, in ms. */
const spans = new Map<Stage, { begin: number; end: number }>();
let wanted: Buffer;
const allAnswers: number[] = [];

beforeAll(async () => {
  // About 60 MB: long enough for every stage to be met in the middle.
  await generateDataset({ outFile: dataset, instances: 40_000, seed: 8, profile: 'full', validJson: true });
  engine = await EngineConnection.start(process.execPath, [enginePath]);
  await engine.request(
    'selection/rebalance',
    { dataset, runDir: done, output, target: { kind: 'percent', value: 50 } },
    {
      onProgress: ({ stage }) => {
        const now = performance.now();
        spans.set(stage, { begin: spans.get(stage)?.begin ?? now, end: now });
      },
    },
  );
  wanted = readFileSync(output);
}, 300_000);

afterAll(() => engine.end());

/** Starts the rebalancing in `runDir`, cancels it `delay` ms after its stage began, gives the ms until the answer; undefined when it was done before. */
async function cancelIn(stage: Stage, delay: number, runDir: string): Promise<number | undefined> {
  const source = new CancellationTokenSource();
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    sent = performance.now();
    source.cancel();
  };
  const job = engine.request(
    'selection/rebalance',
    { dataset, runDir, output, target: { kind: 'percent', value: 50 } },
    {
      token: source.token,
      onProgress: (progress) => {
        if (progress.stage === stage && progress.reused !== true) timer ??= setTimeout(cancel, delay);
      },
    },
  );
  const fault = await job.then(() => undefined, engine.faultOf);
  const answered = performance.now();
  clearTimeout(timer);
  if (fault === undefined) return undefined;
  expect(fault.code).toBe('run.cancelled');
  return answered - sent;
}

describe('cancelling a rebalancing of 60 MB', () => {
  it.each(stages)('in the middle of %s is answered, and leaves no result', async (stage, ready) => {
    const span = spans.get(stage);
    expect(span, `${stage} was never reported`).toBeDefined();
    const length = (span?.end ?? 0) - (span?.begin ?? 0);
    const answers: number[] = [];
    for (let round = 0; round < roundsPerStage; round++) {
      const runDir = join(folder, `run-${stage}-${round}`);
      copyReady(runDir, ready);
      rmSync(output, { force: true });
      rmSync(`${output}.manifest.json`, { force: true });
      const ms = await cancelIn(stage, random.random() * Math.min(length, latestMs), runDir);
      if (ms !== undefined) {
        answers.push(ms);
        expect(readdirSync(folder).filter((name) => name.includes('out.json'))).toEqual([]);
      }
      rmSync(runDir, { recursive: true });
    }
    answers.sort((a, b) => a - b);
    const [median = Number.NaN, worst = Number.NaN] = [answers[answers.length >> 1], answers.at(-1)];
    console.log(
      `${stage} (${length.toFixed(0)} ms): ${answers.length} cancels, median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms`,
    );
    expect(answers.length).toBeGreaterThan(0);
    expect(worst).toBeLessThan(worstMs);
    allAnswers.push(...answers);
  });

  it('is answered within half a second in the median of all', () => {
    expect(allAnswers.sort((a, b) => a - b)[allAnswers.length >> 1]).toBeLessThan(promisedMs);
  });

  it('leaves an engine that gives the same bytes as before', async () => {
    await engine.request('selection/rebalance', { dataset, runDir: done, output, target: { kind: 'percent', value: 50 } });
    expect(readFileSync(output).equals(wanted)).toBe(true);
  });
});

describe('a dataset that changes', () => {
  it('while it is read, or goes away, is told as such', async () => {
    const runDir = join(folder, 'changing');
    let isChanged = false;
    const fault = await engine
      .request(
        'dataset/inspect',
        { dataset, runDir },
        {
          onProgress: ({ stage, done: bytes }) => {
            if (isChanged || stage !== 'index' || bytes === 0) return;
            isChanged = true;
            appendFileSync(dataset, ' ');
          },
        },
      )
      .then(() => undefined, engine.faultOf);
    expect(fault).toMatchObject({ code: 'dataset.changed', data: { path: dataset } });
    rmSync(dataset);
    const gone = await engine.request('dataset/inspect', { dataset, runDir }).then(() => undefined, engine.faultOf);
    expect(gone).toMatchObject({ code: 'dataset.notFound', data: { path: dataset } });
  });
});

/** A run folder as an earlier, interrupted run would have left it: with the artifacts of these stages only. */
function copyReady(runDir: string, ready: readonly string[]): void {
  const isReady = (name: string): boolean => ready.some((stage) => name.startsWith(`${stage}-`));
  for (const name of readdirSync(join(done, 'artifacts')))
    if (isReady(name)) cpSync(join(done, 'artifacts', name), join(runDir, 'artifacts', name), { recursive: true });
  if (ready.length > 0 && existsSync(join(done, 'sources'))) cpSync(join(done, 'sources'), join(runDir, 'sources'), { recursive: true });
}
