import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import { halfToDouble } from '../../runs/arrayFile.ts';
import { shardFolder } from '../../runs/artifacts.ts';
import { writeFileAtomic } from '../../runs/atomicFile.ts';
import { writeNpy } from '../../runs/npy.ts';
import type { Matrices } from '../../runtime/contracts.ts';
import type { IterationFacts, KMeansParameters } from '../clustering.ts';
import { permute } from '../permutation.ts';
import { repairEmpty } from '../repairEmpty.ts';
import { ByteTrainer } from './byteTrainer.ts';
import { Checkpoint } from './checkpoint.ts';
import { type Compacted, compact } from './compact.ts';
import { FloatTrainer } from './floatTrainer.ts';
import { gatherRows, rowFilesOf, storedBytesOf } from './matrixSource.ts';
import { type RawRowFiles, RawRows } from './rawRows.ts';
import { countLabels, type Trainer } from './trainer.ts';

/** Rows per cluster above which the library trains on a sample. */
const mostRowsPerCluster = 256;

/** A clustering as the compute process gets it; structured-cloneable. */
export interface ClusterTask {
  readonly matrix: FeatureMatrix;
  readonly parameters: KMeansParameters;
  /** Folder of the artifact being built. */
  readonly folder: string;
  /** Least time between two checkpoints; default one second. */
  readonly checkpointMs?: number;
}

export interface ClusterProgress {
  /** Rows labelled so far, in all passes. */
  readonly done: number;
  readonly total: number;
  readonly iteration: number;
  /** Of the last finished iteration. */
  readonly facts?: IterationFacts;
}

/** `clustering.json` beside the arrays. */
export interface ClusteringInfo {
  readonly clusters: number;
  readonly dimensions: number;
  readonly objective: number;
  readonly imbalance: number;
  readonly splits: number;
  readonly collapsed: 'centroids' | 'splits' | null;
  readonly history: readonly IterationFacts[];
  readonly device: string;
  /** Seconds in matrix products, of this call's `seconds`. */
  readonly productSeconds: number;
  readonly seconds: number;
}

/**
 * Spherical k-means as the library's `Kmeans(spherical=True)` computes it (coincide specification, 2.2), from its permutation to its repair
 * of empty clusters; then every row is assigned and empty clusters are dropped. Goes on from the folder's checkpoint.
 * Writes `centroids.npy`, `assignments.npy`, `similarity.npy`, `originalIds.npy` and `clustering.json`.
 */
export async function trainClusters(task: ClusterTask, matrices: Matrices, report: (progress: ClusterProgress) => void): Promise<void> {
  const started = performance.now();
  const { matrix, parameters, folder } = task;
  const shards = join(folder, shardFolder);
  await mkdir(shards, { recursive: true });
  const clusters = Math.min(parameters.clusters, matrix.rows);
  const all = rowFilesOf(matrix);
  const training = await trainingRows(all, clusters, parameters, shards);
  const iterations = clusters === matrix.rows ? 0 : parameters.iterations;
  const progress = new ProgressCounter(training.rows * iterations, matrix.rows, report);
  const sources = {
    matrices,
    clusters,
    dimensions: matrix.dimensions,
    storedBytes: storedBytesOf(matrix),
    all,
    training,
    onRows: (rows: number) => progress.add(rows),
  };
  const trainer =
    parameters.precision === 'f32'
      ? await FloatTrainer.create(sources)
      : await ByteTrainer.create({ ...sources, clip: matrix.clip, folder: shards });
  await using _files = trainer;
  await using checkpoint = new Checkpoint(shards, task.checkpointMs);
  const state = await checkpoint.load(trainer.centroids);
  const history = [...(state?.history ?? [])];
  if (!state) await placeFirstCentroids(trainer, training, matrix, parameters, clusters === matrix.rows);
  progress.skip(history, training.rows);
  await train(trainer, iterations, history, checkpoint, progress);
  const labels = new Int32Array(matrix.rows);
  const similarity = new Float32Array(matrix.rows);
  await trainer.assignAll(labels, similarity);
  const result = compact(trainer, matrix.dimensions, labels, similarity, history);
  await writeResult(folder, result, similarity, {
    dimensions: matrix.dimensions,
    history,
    device: matrices.device,
    productSeconds: matrices.seconds,
    seconds: (performance.now() - started) / 1000,
  });
}

/** All rows, or a random sample of them where there are very many for each cluster. */
async function trainingRows(
  all: RawRowFiles,
  clusters: number,
  { seed, permutation }: KMeansParameters,
  folder: string,
): Promise<RawRowFiles> {
  const most = clusters * mostRowsPerCluster;
  if (all.rows <= most) return all;
  return gatherRows(all, permute(all.rows, seed, permutation).subarray(0, most), join(folder, 'sample.rows'));
}

/** Random rows, scaled to length 1; with as many clusters as rows, the rows themselves. */
async function placeFirstCentroids(
  trainer: Trainer,
  training: RawRowFiles,
  matrix: FeatureMatrix,
  { seed, permutation }: KMeansParameters,
  isEveryRow: boolean,
): Promise<void> {
  const order = isEveryRow ? undefined : permute(training.rows, seed + 1, permutation);
  const { centroids, width } = trainer;
  await using rows = new RawRows(training);
  const raw = new Uint8Array(rows.rowBytes);
  const values = matrix.dtype === 'float16' ? undefined : new Float32Array(raw.buffer);
  for (let c = 0; c < trainer.clusters; c++) {
    await rows.read(order?.[c] ?? c, raw);
    if (values) centroids.set(values, c * width);
    else centroids.set(Float32Array.from(new Uint16Array(raw.buffer), halfToDouble), c * width);
  }
  if (!isEveryRow) trainer.normalize();
}

async function train(
  trainer: Trainer,
  iterations: number,
  history: IterationFacts[],
  checkpoint: Checkpoint,
  progress: ProgressCounter,
): Promise<void> {
  while (history.length < iterations) {
    const changed = await trainer.assign();
    await checkpoint.settle(); // the centroids were being saved while they were in use; now they change
    const last = history.at(-1);
    if (changed === 0 && last) {
      // The same labels make the same centroids: every further iteration would repeat this one.
      while (history.length < iterations) history.push({ ...last, changed: 0 });
      return;
    }
    const counts = countLabels(trainer.labels, trainer.clusters);
    const objective = trainer.update(counts);
    const splits = repairEmpty(trainer.centroids, counts, trainer.rows);
    trainer.normalize();
    history.push({ objective, imbalance: imbalanceOf(counts, trainer.rows), splits, changed });
    progress.iteration(history);
    checkpoint.save({ iteration: history.length, history }, trainer.centroids);
  }
}

/** clusters * sum(n^2) / rows^2 */
export function imbalanceOf(counts: Uint32Array, rows: number): number {
  let squares = 0;
  for (const count of counts) squares += count * count;
  return (counts.length * squares) / (rows * rows);
}

async function writeResult(
  folder: string,
  { centroids, labels, originalIds, collapsed, objective, imbalance, splits }: Compacted,
  similarity: Float32Array,
  rest: Pick<ClusteringInfo, 'dimensions' | 'history' | 'device' | 'productSeconds' | 'seconds'>,
): Promise<void> {
  const clusters = originalIds.length;
  await Promise.all([
    writeNpy(join(folder, 'centroids.npy'), centroids, [clusters, rest.dimensions]),
    writeNpy(join(folder, 'assignments.npy'), labels),
    writeNpy(join(folder, 'similarity.npy'), similarity),
    writeNpy(join(folder, 'originalIds.npy'), originalIds),
  ]);
  const info: ClusteringInfo = { clusters, objective, imbalance, splits, collapsed: collapsed ?? null, ...rest };
  await writeFileAtomic(join(folder, 'clustering.json'), `${JSON.stringify(info)}\n`);
}

/** Reports at most ten times a second, and after every iteration. */
class ProgressCounter {
  readonly #total: number;
  readonly #report: (progress: ClusterProgress) => void;
  #done = 0;
  #iteration = 0;
  #facts: IterationFacts | undefined;
  #reportedAt = 0;

  constructor(trainingRows: number, finalRows: number, report: (progress: ClusterProgress) => void) {
    this.#total = trainingRows + finalRows;
    this.#report = report;
  }

  add(rows: number): void {
    this.#done += rows;
    if (performance.now() - this.#reportedAt >= 100) this.#send();
  }

  iteration(history: readonly IterationFacts[]): void {
    this.#iteration = history.length;
    this.#facts = history.at(-1);
    this.#send();
  }

  /** Iterations of an earlier call. */
  skip(history: readonly IterationFacts[], trainingRows: number): void {
    this.#done += history.length * trainingRows;
    this.#iteration = history.length;
    this.#facts = history.at(-1);
  }

  #send(): void {
    this.#reportedAt = performance.now();
    this.#report({
      done: this.#done,
      total: this.#total,
      iteration: this.#iteration,
      ...(this.#facts ? { facts: this.#facts } : {}),
    });
  }
}
