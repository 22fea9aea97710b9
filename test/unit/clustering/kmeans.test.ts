import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Mt19937 } from '../../../src/engine/clustering/mt19937.ts';
import { permute } from '../../../src/engine/clustering/permutation.ts';
import { repairEmpty } from '../../../src/engine/clustering/repairEmpty.ts';
import { toHalf } from '../../../src/engine/features/builtin/float16.ts';
import type { Matrices } from '../../../src/engine/runtime/contracts.ts';
import { arenaBytes, compileKernels, createArena } from '../../../src/engine/runtime/kernels/arena.ts';
import { WasmMatrices } from '../../../src/engine/runtime/kernels/wasmMatrices.ts';
import { literalBytesKMeans } from './literalBytesKmeans.ts';
import { literalKMeans, literalPermutation } from './literalKmeans.ts';
import { normal, random, topicRows } from './noise.ts';
import { kernelPath, rowsOf, type Trained, Workplace } from './training.ts';

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.create();
});
afterAll(() => place[Symbol.asyncDispose]());

/** Matrix products without the ONNX runtime. */
async function wasm(): Promise<Matrices> {
  const module = await compileKernels(readFileSync(kernelPath));
  return Object.assign(new WasmMatrices(), { arena: (blocks: readonly number[]) => createArena(module, arenaBytes(blocks)) });
}

describe('generator and permutation', () => {
  it('draws what std::mt19937 draws', () => {
    const generator = new Mt19937(5489);
    expect(generator.next()).toBe(3499211612);
    for (let i = 1; i < 9999; i++) generator.next();
    expect(generator.next()).toBe(4123659995); // the C++ standard's own check value
  });

  it('permutes as faiss 1.7.3 does', () => {
    expect([...permute(10, 1235, 'mod')]).toEqual([3, 2, 4, 9, 0, 7, 1, 5, 6, 8]);
    expect([...permute(20, 43, 'mod')]).toEqual([8, 16, 13, 19, 9, 10, 0, 17, 4, 14, 11, 12, 18, 6, 15, 7, 3, 1, 5, 2]);
    expect([...permute(7, 1, 'mod')]).toEqual([0, 6, 1, 3, 5, 2, 4]);
  });

  it.each(['mod', 'mulshift'] as const)('%s equals the literal one, for large ranges too', (variant) => {
    for (const n of [1, 2, 3, 1000, 70_000]) expect([...permute(n, 99, variant)]).toEqual(literalPermutation(n, 99, variant));
  });
});

describe('repair of empty clusters', () => {
  it('splits a donor, upwards in even and downwards in odd dimensions', () => {
    const means = Float32Array.of(8, 8, 8, 0, 0, 0);
    expect(repairEmpty(means, [100, 0], 100)).toBe(1);
    expect([...means]).toEqual([8 - 1 / 128, 8 + 1 / 128, 8 - 1 / 128, 8 + 1 / 128, 8 - 1 / 128, 8 + 1 / 128]);
  });

  it('changes nothing where none is empty', () => {
    const means = Float32Array.of(1, 2, 3, 4);
    expect(repairEmpty(means, [5, 7], 12)).toBe(0);
    expect([...means]).toEqual([1, 2, 3, 4]);
  });
});

function expectSame(trained: Trained, literal: ReturnType<typeof literalKMeans>, dimensions: number): void {
  expect(literal.margin, 'the labels must not rest on rounding').toBeGreaterThan(2e-6);
  expect([...trained.labels].map((label) => trained.originalIds[label])).toEqual(literal.labels);
  for (const [id, original] of trained.originalIds.entries()) {
    const got = trained.centroids.subarray(id * dimensions, (id + 1) * dimensions);
    for (const [i, value] of (literal.centroids[original] as Float32Array).entries()) expect(got[i]).toBeCloseTo(value, 5);
  }
  for (const [row, value] of literal.similarity.entries()) expect(trained.similarity[row]).toBeCloseTo(value, 5);
  expect(trained.info.splits).toBe(literal.splits.reduce((sum, each) => sum + each, 0));
}

describe('k-means in float32', () => {
  it.each([
    { rows: 240, dimensions: 16, clusters: 6 },
    { rows: 301, dimensions: 33, clusters: 17 },
    { rows: 500, dimensions: 7, clusters: 3 },
    { rows: 90, dimensions: 64, clusters: 45 },
    { rows: 200, dimensions: 512, clusters: 9 },
    { rows: 120, dimensions: 1024, clusters: 40 },
    { rows: 64, dimensions: 1, clusters: 2 },
    { rows: 50, dimensions: 12, clusters: 1 },
  ])(
    'gives the labels and centroids of the literal algorithm: $rows x $dimensions into $clusters',
    async ({ rows, dimensions, clusters }) => {
      const values = topicRows(rows, dimensions, 8, rows);
      const matrix = await place.matrix(values, dimensions);
      const literal = literalKMeans(rowsOf(values, dimensions), { clusters, iterations: 10, seed: 42 });
      if (clusters > 1 && dimensions > 1) expectSame(await place.train(matrix, { clusters }), literal, dimensions);
      else expect([...(await place.train(matrix, { clusters })).labels].length).toBe(rows);
    },
  );

  it('takes the multiply-shift permutation when asked', async () => {
    const values = topicRows(200, 10, 5, 3);
    const matrix = await place.matrix(values, 10);
    const literal = literalKMeans(rowsOf(values, 10), { clusters: 7, iterations: 5, seed: 9, permutation: 'mulshift' });
    expectSame(await place.train(matrix, { clusters: 7, iterations: 5, seed: 9, permutation: 'mulshift' }), literal, 10);
    expect([...permute(200, 10, 'mod')]).not.toEqual([...permute(200, 10, 'mulshift')]);
  });

  it.each([20, 512])('reads float16 and rows of %i values in several files', async (dimensions) => {
    const values = topicRows(150, dimensions, 9, dimensions);
    const halves = Uint16Array.from(values, toHalf);
    const exact = values.map((value) => Math.f16round(value));
    const parameters = { clusters: 9, iterations: 8, seed: 1 };
    const literal = literalKMeans(rowsOf(exact, dimensions), parameters);
    expectSame(await place.train(await place.matrix(halves, dimensions, { shards: 4 }), parameters), literal, dimensions);
  });

  it('repairs clusters that become empty', async () => {
    // Twenty copies of five directions far apart, and a spread group: first centroids coincide, so clusters start empty.
    const draw = random(5);
    const dimensions = 12;
    const values = new Float32Array(140 * dimensions);
    for (let r = 0; r < 140; r++)
      for (let i = 0; i < dimensions; i++)
        values[r * dimensions + i] = r < 100 ? (i === r % 5 ? 1 : 0) : (i > 4 ? 1 : 0) + 0.3 * normal(draw);
    const literal = literalKMeans(rowsOf(values, dimensions), { clusters: 9, iterations: 1, seed: 42 });
    expect(literal.splits[0]).toBeGreaterThan(0);
    const trained = await place.train(await place.matrix(values, dimensions), { clusters: 9, iterations: 1 });
    expect(trained.info.splits).toBe(literal.splits[0]);
    // Halves of a split cluster differ by less than float32 resolves in places; all others must agree.
    const clear = literal.labels.filter((label, row) => label === trained.originalIds[trained.labels[row] as number]).length;
    expect(clear).toBeGreaterThan(100);
  });

  it('with as many clusters as rows takes the rows themselves, in their order and not normalized', async () => {
    const values = topicRows(30, 6, 30, 8).map((value, i) => value * (1 + (Math.floor(i / 6) % 3)));
    const trained = await place.train(await place.matrix(values, 6), { clusters: 30 });
    const literal = literalKMeans(rowsOf(values, 6), { clusters: 30, iterations: 10, seed: 42 });
    expectSame(trained, literal, 6);
    expect(trained.info.history).toEqual([]);
  });

  it('with fewer rows than clusters lowers their number', async () => {
    const values = topicRows(12, 6, 12, 8);
    const matrix = await place.matrix(values, 6);
    const trained = await place.train(matrix, { clusters: 50 });
    expect(trained.centroids.length).toBe(12 * 6);
    expect([...trained.labels]).toEqual([...(await place.train(matrix, { clusters: 12 })).labels]);
  });

  it.each([
    { rows: 800, dimensions: 24 },
    { rows: 5000, dimensions: 512 },
  ])('trains on a sample above 256 rows per cluster and assigns all rows: $rows x $dimensions', async ({ rows, dimensions }) => {
    const values = topicRows(rows, dimensions, 6, 11);
    const parameters = { clusters: 3, iterations: 4, seed: 5 };
    const literal = literalKMeans(rowsOf(values, dimensions), parameters);
    const trained = await place.train(await place.matrix(values, dimensions), parameters);
    expectSame(trained, literal, dimensions);
    expect(trained.labels.length).toBe(rows);
  });

  it('puts rows of zeros into cluster 0', async () => {
    const values = topicRows(100, 8, 5, 2);
    values.fill(0, 8 * 20, 8 * 25);
    const trained = await place.train(await place.matrix(values, 8), { clusters: 5 });
    for (let row = 20; row < 25; row++) {
      expect(trained.originalIds[trained.labels[row] as number]).toBe(0);
      expect(trained.similarity[row]).toBe(0);
    }
  });

  it('numbers the clusters without gaps and says what they were called', async () => {
    const values = new Float32Array(60 * 4);
    for (let r = 0; r < 60; r++) values[r * 4 + (r % 3)] = 1; // three different rows, eight clusters
    const trained = await place.train(await place.matrix(values, 4), { clusters: 8 });
    expect(trained.info.clusters).toBe(3);
    expect(new Set(trained.labels)).toEqual(new Set([0, 1, 2]));
    expect([...trained.originalIds]).toEqual([...trained.originalIds].sort((a, b) => a - b));
    expect(trained.info.imbalance).toBeCloseTo(1, 12);
  });

  it('sees a collapse', async () => {
    const draw = random(3);
    const values = Float32Array.from({ length: 200 * 8 }, () => 1 + 0.01 * normal(draw));
    expect((await place.train(await place.matrix(values, 8), { clusters: 5 })).info.collapsed).toBe('centroids');
    const few = new Float32Array(200 * 8);
    for (let r = 0; r < 200; r++) few[r * 8 + (r % 4)] = 1;
    expect((await place.train(await place.matrix(few, 8), { clusters: 12 })).info.collapsed).toBe('splits');
    expect((await place.train(await place.matrix(topicRows(200, 8, 5, 1), 8), { clusters: 5 })).info.collapsed).toBeNull();
  });

  it('reports a rising objective', async () => {
    const values = topicRows(400, 16, 12, 6);
    const { info } = await place.train(await place.matrix(values, 16), { clusters: 12, iterations: 15 });
    expect(info.history.length).toBe(15);
    for (let i = 1; i < 15; i++) expect(info.history[i]?.objective).toBeGreaterThanOrEqual((info.history[i - 1]?.objective ?? 0) - 1e-3);
  });
});

describe('k-means in whole numbers', () => {
  it.each([
    { rows: 240, dimensions: 16, clusters: 6 },
    { rows: 301, dimensions: 33, clusters: 17 },
    { rows: 1300, dimensions: 10, clusters: 4 },
    { rows: 20, dimensions: 5, clusters: 20 },
  ])('is exactly the literal algorithm: $rows x $dimensions into $clusters', async ({ rows, dimensions, clusters }) => {
    const values = topicRows(rows, dimensions, 8, rows + 1);
    const matrix = await place.matrix(values, dimensions, { clip: 0.7 });
    const expected = literalBytesKMeans(rowsOf(values, dimensions), { clusters, iterations: 10, seed: 42, clip: 0.7 });
    for (const matrices of [undefined, await wasm()]) {
      const trained = await place.train(matrix, { clusters, precision: 'int8' }, matrices ? { matrices } : {});
      expect([...trained.labels].map((label) => trained.originalIds[label])).toEqual(expected.labels);
    }
  });

  it('has nearly the objective of float32', async () => {
    const values = topicRows(2000, 64, 20, 77);
    const matrix = await place.matrix(values, 64, { clip: 0.5 });
    const floats = await place.train(matrix, { clusters: 20, iterations: 20 });
    const bytes = await place.train(matrix, { clusters: 20, iterations: 20, precision: 'int8' });
    expect(bytes.info.objective / 2000).toBeGreaterThan(floats.info.objective / 2000 - 0.001);
  });
});

describe('the same labels', () => {
  const dimensions = 48;
  const values = topicRows(5000, dimensions, 30, 12, 0.9);

  it.each(['f32', 'int8'] as const)('for one and for three threads (%s)', async (precision) => {
    const matrix = await place.matrix(values, dimensions, { clip: 0.5 });
    const one = await place.train(matrix, { clusters: 40, precision }, { threads: 1 });
    const three = await place.train(matrix, { clusters: 40, precision }, { threads: 3 });
    expect(three.labels).toEqual(one.labels);
    expect(three.centroids).toEqual(one.centroids);
    expect(three.similarity).toEqual(one.similarity);
  });

  it.each(['f32', 'int8'] as const)('without the ONNX runtime (%s)', async (precision) => {
    const small = topicRows(400, 24, 10, 31);
    const matrix = await place.matrix(small, 24, { clip: 0.6 });
    const onnx = await place.train(matrix, { clusters: 11, precision });
    const slow = await place.train(matrix, { clusters: 11, precision }, { matrices: await wasm() });
    expect(slow.labels).toEqual(onnx.labels);
    expect(slow.info.device).toBe('wasm');
    expect(onnx.info.device).toBe('cpu');
  });

  it.each(['f32', 'int8'] as const)('when it is broken off after any iteration and goes on from its checkpoint (%s)', async (precision) => {
    const matrix = await place.matrix(values, dimensions, { clip: 0.5 });
    const parameters = { clusters: 40, iterations: 6, precision } as const;
    const whole = await place.train(matrix, parameters);
    for (const stop of [1, 3, 5]) {
      const folder = join(place.folder, `broken-${precision}-${stop}`);
      const broken = place.train(matrix, parameters, {
        folder,
        progress: ({ iteration }) => {
          if (iteration > stop) throw new Error('broken off');
        },
      });
      await expect(broken).rejects.toThrow('broken off');
      expect(readdirSync(join(folder, 'shards'))).toContain('checkpoint.json');
      const resumed = await place.train(matrix, parameters, { folder });
      expect(resumed.labels).toEqual(whole.labels);
      expect(resumed.centroids).toEqual(whole.centroids);
      expect(resumed.info.history.map(({ objective }) => objective)).toEqual(whole.info.history.map(({ objective }) => objective));
    }
  });
});

const faiss = ['/usr/bin/python3', 'python3'].find((python) => {
  try {
    execFileSync(python, ['-c', 'import faiss'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

describe('faiss', () => {
  it.skipIf(!faiss)(`gives the same labels (skipped without Debian's python3-faiss)`, async () => {
    const values = topicRows(3000, 64, 40, 1);
    const matrix = await place.matrix(values, 64);
    const trained = await place.train(matrix, { clusters: 50, iterations: 20 });
    const script = `
import faiss, numpy as np, json, sys
x = np.load(sys.argv[1]).astype('float32')
km = faiss.Kmeans(x.shape[1], 50, niter=20, seed=42, spherical=True, max_points_per_centroid=256, min_points_per_centroid=1)
km.train(x)
print(json.dumps(km.index.search(x, 1)[1][:, 0].tolist()))`;
    const labels = JSON.parse(
      execFileSync(faiss as string, ['-c', script, matrix.shards[0]?.path ?? ''], { encoding: 'utf8' }),
    ) as number[];
    expect([...trained.labels].map((label) => trained.originalIds[label])).toEqual(labels);
  });
});
