// Time of whole what-if answers in a running engine, from the artifacts of a finished analysis.
//   node whatIf.js DATASET RUN_DIR [THREADS]   -> JSON
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { JobContext } from '../../src/engine/jobs/jobContext.ts';
import { nodeEngineDeps } from '../../src/engine/nodeEngineDeps.ts';
import { HotData } from '../../src/engine/requests/hotData.ts';
import { WhatIfs } from '../../src/engine/requests/whatIf/whatIfs.ts';
import { perspectives } from '../../src/protocol/perspectives.ts';
import type { WhatIfReport, WhatIfRequest } from '../../src/protocol/whatIf.ts';

/** Steps of a drag over the whole range of a threshold, and jumps to anywhere in it. */
const dragSteps = 100;
const jumps = 20;

type Settings = Omit<WhatIfRequest, 'dataset' | 'runDir'>;

async function main(): Promise<void> {
  const [dataset = '', runDir = '', threads = String(availableParallelism())] = process.argv.slice(2);
  const job: JobContext = { signal: new AbortController().signal, threads: Number(threads), report: () => undefined, log: () => undefined };
  const deps = nodeEngineDeps(join(__dirname, '..'));
  await using whatIfs = new WhatIfs(deps, new HotData(deps));
  const ask = (settings: Settings): Promise<WhatIfReport> => whatIfs.answer({ dataset, runDir, ...settings }, job);
  const from = performance.now();
  const first = await ask({});
  const firstMs = performance.now() - from;
  const most = perspectives.map((perspective) => first.perspectives[perspective]?.before.curve[0]?.frequency ?? 1);
  const start = perspectives.map((perspective) => first.perspectives[perspective]?.tau ?? 1);
  const cases: Record<string, Summary> = {};
  for (const minPerspectives of [1, 2]) {
    const at = (k: number, share: number): Settings => ({
      minPerspectives,
      tau: Object.fromEntries(perspectives.map((perspective, i) => [perspective, i === k ? (most[i] ?? 1) ** share : (start[i] ?? 1)])),
    });
    for (const [k, name] of perspectives.entries()) {
      await ask(at(k, 0));
      const steps: Answer[] = [];
      for (let step = 1; step <= dragSteps; step++) steps.push(await timed(() => ask(at(k, step / dragSteps))));
      cases[`at least ${minPerspectives}: drag tau of ${name}`] = summary(steps);
    }
    const random = uniform(42);
    const jumped: Answer[] = [];
    for (let i = 0; i < jumps; i++) jumped.push(await timed(() => ask(at(i % perspectives.length, random()))));
    cases[`at least ${minPerspectives}: jump with one tau`] = summary(jumped);
  }
  const alphas: Answer[] = [];
  for (let step = 0; step <= jumps; step++) alphas.push(await timed(() => ask({ alpha: 1 - step / (2 * jumps) })));
  cases['drag alpha'] = summary(alphas);
  for (const targetBy of ['tau', 'mass', 'alpha'] as const) {
    const targets: Answer[] = [];
    for (let value = 30; value <= 95; value += 5) targets.push(await timed(() => ask({ target: { kind: 'percent', value }, targetBy })));
    cases[`target from 30 % to 95 % by ${targetBy}`] = summary(targets);
  }
  const { rss, arrayBuffers, heapUsed } = process.memoryUsage();
  const memoryMb = { rss: rss / 1e6, arrays: arrayBuffers / 1e6, heap: heapUsed / 1e6 };
  process.stdout.write(`${JSON.stringify({ instances: first.instances, threads: job.threads, firstMs, cases, memoryMb })}\n`);
}

interface Answer {
  /** From the question to the report as text, as it would leave the process. */
  readonly wholeMs: number;
  /** What the report says of itself: without loading. */
  readonly ownMs: number;
}

interface Summary {
  readonly count: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  readonly ownMaxMs: number;
}

async function timed(run: () => Promise<WhatIfReport>): Promise<Answer> {
  const from = performance.now();
  const report = await run();
  JSON.stringify(report);
  return { wholeMs: performance.now() - from, ownMs: report.milliseconds };
}

function summary(answers: readonly Answer[]): Summary {
  const sorted = answers.map(({ wholeMs }) => wholeMs).sort((a, b) => a - b);
  return {
    count: sorted.length,
    medianMs: sorted[sorted.length >> 1] ?? 0,
    p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    maxMs: sorted.at(-1) ?? 0,
    ownMaxMs: Math.max(...answers.map(({ ownMs }) => ownMs)),
  };
}

/** The same jumps in every run. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

void main();
