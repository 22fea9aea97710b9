import { readFileSync, rmSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { floatWidth } from '../../src/engine/clustering/training/tiles.ts';
import { type ClusteringInfo, trainClusters } from '../../src/engine/clustering/training/trainClusters.ts';
import { MagnitudeHistogram } from '../../src/engine/features/clip.ts';
import { halfToDouble } from '../../src/engine/runs/arrayFile.ts';
import { parseNpyHeader } from '../../src/engine/runs/npy.ts';
import { createMatrices } from '../../src/engine/runtime/compute/createMatrices.ts';
import type { Precision } from '../../src/protocol/clustering.ts';

/** Values that the range of a byte is chosen from; the product looks at all. */
const sampledBytes = 1 << 22;

/**
 * kmeans.js cluster FILE.npy K ITERATIONS SEED THREADS PRECISION FOLDER KERNELS: what the compute process does for one clustering.
 * kmeans.js assignment THREADS KERNELS ROWSxDIMENSIONSxCLUSTERS...: the assignment step alone, at those shapes.
 */
async function cluster([file = '', clusters, iterations, seed, threads, precision, folder = '', kernels = '']: readonly string[]) {
  const handle = await open(file, 'r');
  const head = Buffer.alloc(4096);
  await handle.read(head, 0, head.length, 0);
  const sample = new Uint8Array(sampledBytes);
  const { shape, descriptor, dataOffset } = parseNpyHeader(head, file);
  const [rows = 0, dimensions = 0] = shape;
  const { bytesRead } = await handle.read(sample, 0, sampledBytes, dataOffset);
  await handle.close();
  const histogram = new MagnitudeHistogram();
  if (descriptor === '<f2') for (const half of new Uint16Array(sample.buffer, 0, bytesRead >> 1)) histogram.add(halfToDouble(half));
  else for (const value of new Float32Array(sample.buffer, 0, bytesRead >> 2)) histogram.add(value);
  rmSync(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await trainClusters(
    {
      matrix: {
        rows,
        dimensions,
        dtype: descriptor === '<f2' ? 'float16' : 'float32',
        shards: [{ path: file, firstRow: 0, rows, dataOffset }],
        clip: histogram.clip(),
        identity: file,
      },
      parameters: {
        clusters: Number(clusters),
        iterations: Number(iterations),
        seed: Number(seed),
        precision: precision as Precision,
        permutation: 'mod',
      },
      folder,
    },
    await createMatrices({ device: 'cpu', threads: Number(threads) }, kernels),
    () => undefined,
  );
  const info = JSON.parse(readFileSync(join(folder, 'clustering.json'), 'utf8')) as ClusteringInfo;
  const { objective, seconds, productSeconds } = info;
  process.stdout.write(JSON.stringify({ objective, seconds, productSeconds }));
}

async function assignment([threads, kernels = '', ...shapes]: readonly string[]) {
  const matrices = await createMatrices({ device: 'cpu', threads: Number(threads) }, kernels);
  const rates: { floats: number; bytes: number }[] = [];
  for (const shape of shapes) {
    const [count = 0, dimensions = 0, clusters = 0] = shape.split('x').map(Number);
    const width = floatWidth(dimensions); // as a clustering lays its rows out
    const arena = await matrices.arena([count * width * 4, clusters * width * 4, count * dimensions, clusters * dimensions, count * 4]);
    const at = {
      rows: arena.allocate(count * width * 4),
      centroids: arena.allocate(clusters * width * 4),
      bytes: arena.allocate(count * dimensions),
      centers: arena.allocate(clusters * dimensions),
      labels: arena.allocate(count * 4),
    };
    const noise = (values: Float32Array | Uint8Array | Int8Array, of: () => number): void => {
      for (let i = 0; i < values.length; i++) values[i] = of();
    };
    noise(arena.float32(at.rows, count * width), () => Math.random() - 0.5);
    noise(arena.float32(at.centroids, clusters * width), () => Math.random() - 0.5);
    noise(arena.uint8(at.bytes, count * dimensions), () => Math.random() * 256);
    noise(arena.int8(at.centers, clusters * dimensions), () => Math.random() * 127 - 63);
    const flops = 2 * count * dimensions * clusters;
    const floats = await rateOf(flops, () =>
      matrices.assignFloats(arena, { at: at.centroids, clusters, dimensions: width }, { rows: at.rows, count, labels: at.labels }),
    );
    await using assigner = await matrices.prepareBytes(arena, { at: at.centers, clusters, dimensions });
    const bytes = await rateOf(flops, () => assigner.assign({ rows: at.bytes, count, labels: at.labels }));
    rates.push({ floats, bytes });
  }
  process.stdout.write(JSON.stringify(rates));
}

/** G operations per second, over one second. */
async function rateOf(flops: number, run: () => Promise<void>): Promise<number> {
  await run();
  let runs = 0;
  const from = performance.now();
  while (performance.now() - from < 1000) {
    await run();
    runs++;
  }
  return (runs * flops) / (performance.now() - from) / 1e6;
}

const [verb, ...args] = process.argv.slice(2);
void (verb === 'assignment' ? assignment(args) : cluster(args));
