import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClusteringInfo } from '../../src/engine/clustering/training/trainClusters.ts';
import { readJson, readNpy } from '../../src/engine/runs/npy.ts';
import { createComputeProcess } from '../../src/engine/runtime/compute/computeProcess.ts';
import { topicRows } from '../unit/clustering/noise.ts';
import { Workplace } from '../unit/clustering/training.ts';
import { temporaryFolder } from './ballast.ts';

const dist = join(import.meta.dirname, '../../dist');
const folder = temporaryFolder('compute');
const signal = new AbortController().signal;

/** The compute process where no package can be found. */
function withoutPackages(): string {
  for (const name of ['compute.js', 'kernels.wasm']) copyFileSync(join(dist, name), join(folder, name));
  return join(folder, 'compute.js');
}

describe('compute process', () => {
  it('answers with the error of a task, and works on', async () => {
    const compute = createComputeProcess(join(dist, 'compute.js'));
    await expect(compute.run('nonsense', null, { signal })).rejects.toMatchObject({ code: 'internal' });
    expect(await compute.run('onnxFacts', null, { signal })).toMatchObject({ providers: expect.arrayContaining(['cpu']) });
  });

  it('runs one task after the other', async () => {
    const compute = createComputeProcess(join(dist, 'compute.js'));
    const ended: number[] = [];
    await Promise.all([0, 1, 2].map((i) => compute.run('onnxFacts', null, { signal }).then(() => ended.push(i))));
    expect(ended).toEqual([0, 1, 2]);
  });

  it('does not start for an aborted job', async () => {
    const compute = createComputeProcess(join(folder, 'missing.js'));
    await expect(compute.run('onnxFacts', null, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'run.cancelled' });
    await expect(compute.run('onnxFacts', null, { signal })).rejects.toMatchObject({ code: 'compute.crashed' });
  });

  it('clusters without the ONNX runtime, with the same labels, and says so', async () => {
    await using place = await Workplace.create();
    const matrix = await place.matrix(topicRows(300, 20, 8, 3), 20);
    const compute = createComputeProcess(withoutPackages());
    expect(await compute.version()).toBeUndefined();
    expect(await compute.probe(['cpu'])).toMatchObject([{ available: false, detail: expect.stringContaining('cannot be loaded') }]);
    const parameters = { clusters: 9, iterations: 8, seed: 42, precision: 'f32', permutation: 'mod' } as const;
    await compute.run('cluster', { task: { matrix, parameters, folder: place.folder }, device: 'auto', threads: 2 }, { signal });
    expect((await readJson<ClusteringInfo>(join(place.folder, 'clustering.json'))).device).toBe('wasm');
    expect(await readNpy(join(place.folder, 'assignments.npy'), '<i4')).toEqual((await place.train(matrix, parameters)).labels);
    const gpu = compute.run('cluster', { task: { matrix, parameters, folder: place.folder }, device: 'cuda', threads: 2 }, { signal });
    await expect(gpu).rejects.toMatchObject({ code: 'device.unavailable' });
  });
});
