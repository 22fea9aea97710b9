// Time of the exact expected volume for new taus, from the artifacts of a finished analysis.
//   node volume.js DATASET RUN_DIR   -> JSON {instances, openMs, medianMs, maxMs, draws}
import { join } from 'node:path';
import { recordFlags } from '../../src/engine/dataset/dataset.ts';
import { openDataset } from '../../src/engine/dataset/openDataset.ts';
import { tailShares } from '../../src/engine/entities/distribution.ts';
import { loadPerspective } from '../../src/engine/entities/loadPerspective.ts';
import type { JobContext } from '../../src/engine/jobs/jobContext.ts';
import { nodeEngineDeps } from '../../src/engine/nodeEngineDeps.ts';
import { obtainEntityStage } from '../../src/engine/requests/entityStage.ts';
import { StageLog } from '../../src/engine/requests/stageLog.ts';
import { rowClassesOf } from '../../src/engine/selection/rowClasses.ts';
import { VolumeModel } from '../../src/engine/selection/volumeModel.ts';
import { defaultMass, perspectives } from '../../src/protocol/perspectives.ts';

/** Changes of tau that are timed: each perspective alone, from a tenth of its tau to ten times it, and all together. */
const factors = [0.1, 0.3, 0.7, 0.9, 1.1, 1.5, 3, 10];

async function main(): Promise<void> {
  const [path = '', runDir = ''] = process.argv.slice(2);
  const job: JobContext = { signal: new AbortController().signal, threads: 2, report: () => undefined, log: () => undefined };
  const deps = nodeEngineDeps(join(__dirname, '..'));
  const started = performance.now();
  const dataset = await openDataset(path, { runDir }, { parquet: deps.runtime.parquet, workerScript: deps.scripts.dataset }, job);
  const stage = await obtainEntityStage(dataset, { perspectives }, deps, job, new StageLog());
  const indexes = await Promise.all(perspectives.map((perspective) => loadPerspective(stage.artifact(perspective))));
  const taus = indexes.map((index) => tailShares(index.frequency, { mass: defaultMass[index.perspective] }).tau ?? 1);
  const instances = dataset.flags.map((flags) => flags & recordFlags.usable);
  const model = new VolumeModel('instances');
  const perspectiveRows = indexes.map((index) => ({ index, rows: rowClassesOf(index) }));
  const setting = { minPerspectives: 1, alpha: 1, instances, certain: new Uint8Array(dataset.records) };
  const expected = (at: readonly number[]): unknown => model.expected(perspectiveRows, at, setting);
  expected(taus);
  const openMs = performance.now() - started;
  const one: number[] = [];
  const all: number[] = [];
  for (const factor of factors) {
    for (let k = 0; k < taus.length; k++) one.push(time(() => expected(taus.map((tau, i) => (i === k ? tau * factor : tau)))));
    all.push(time(() => expected(taus.map((tau) => tau * factor))));
  }
  process.stdout.write(`${JSON.stringify({ instances: dataset.instances, openMs, one: summary(one), all: summary(all) })}\n`);
}

function time(run: () => unknown): number {
  const from = performance.now();
  run();
  return performance.now() - from;
}

function summary(ms: readonly number[]): { medianMs: number; maxMs: number } {
  const sorted = [...ms].sort((a, b) => a - b);
  return { medianMs: sorted[sorted.length >> 1] ?? 0, maxMs: sorted.at(-1) ?? 0 };
}

void main();
