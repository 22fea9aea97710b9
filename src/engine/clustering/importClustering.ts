import { join } from 'node:path';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { type ArrayFile, openArrayFile, readValues } from '../runs/arrayFile.ts';
import { hashOf, obtainArtifact } from '../runs/artifacts.ts';
import { AtomicFile, writeFileAtomic } from '../runs/atomicFile.ts';
import { npyHeader, readJson, readNpy, writeNpy } from '../runs/npy.ts';
import type { Clustering } from './clustering.ts';
import { membersOf, rowsOfCluster } from './clusterMembers.ts';
import { dot } from './dotTile.ts';
import { type MatrixFiles, openRows } from './rowSource.ts';

/** Changes whenever the same files would give other clusters. */
const version = 1;

export interface ImportedClusters {
  /** `.npy`, int32 or int64: a cluster per position of the dataset, or per instance. */
  readonly assignments: string;
  /** `.npy`, float32 or float64 [clusters, dimensions]. */
  readonly centroids: string;
}

/** What the arrays must fit. */
export interface ImportTarget {
  readonly runDir: string;
  /** Hash of the dataset: the same files beside another dataset are other clusters. */
  readonly identity: string;
  readonly records: number;
  /** Ordinal of each row. */
  readonly ordinals: Uint32Array;
  /** For similarities; undefined when the clusters come without features. */
  readonly matrix: FeatureMatrix | undefined;
  readonly job: JobContext;
}

/** Facts beside the arrays of the artifact. */
interface ImportInfo {
  readonly clusters: number;
  readonly dimensions: number;
  readonly objective: number | null;
  readonly imbalance: number;
}

/** Clusters that the user brings, checked; ids that no instance has are left out and the others numbered anew. */
export async function importClustering(files: ImportedClusters, target: ImportTarget): Promise<Clustering> {
  const { job, matrix } = target;
  const assignments = await openArrayFile(files.assignments, { option: 'assignments', descriptors: ['<i4', '<i8'], dimensions: 1 }, job);
  const centroids = await openArrayFile(files.centroids, { option: 'centroids', descriptors: ['<f4', '<f8'], dimensions: 2 }, job);
  const [clusters = 0, dimensions = 0] = centroids.shape;
  if (matrix && matrix.dimensions !== dimensions)
    fail(
      centroids,
      `has ${dimensions} values per centroid, but the features have ${matrix.dimensions}. Were they made from other features?`,
    );
  const ids = await assignmentOfRows(assignments, clusters, target);
  const artifact = await obtainArtifact(target.runDir, {
    stage: 'cluster',
    inputHash: hashOf([target.identity, assignments.sha256, centroids.sha256, matrix?.identity ?? null]),
    parameters: { version, source: 'import' },
    job,
    build: (folder) => writeImport(folder, ids, centroids, target),
  });
  const { folder } = artifact;
  const info = await readJson<ImportInfo>(join(folder, 'clustering.json'));
  const compact = await readNpy(join(folder, 'assignments.npy'), '<i4');
  const sizes = new Uint32Array(info.clusters);
  for (const cluster of compact) sizes[cluster] = (sizes[cluster] as number) + 1;
  return {
    clusters: info.clusters,
    dimensions: info.dimensions,
    centroids: join(folder, 'centroids.npy'),
    assignments: compact,
    similarity: await readNpy(join(folder, 'similarity.npy'), '<f4'),
    sizes,
    objective: info.objective ?? Number.NaN,
    imbalance: info.imbalance,
    splits: 0,
    history: [],
    originalIds: await readNpy(join(folder, 'originalIds.npy'), '<i4'),
    artifact,
    device: 'import',
  };
}

function fail(file: ArrayFile, why: string): never {
  throw new EngineError('arrays.invalid', `${file.path} ${why}`, { path: file.path });
}

/**
 * Values of the rows from a list with one per position of the dataset, or one per instance.
 * @throws EngineError `arrays.invalid` when the length fits neither
 */
export async function valuesOfRows(
  file: ArrayFile,
  { records, ordinals }: Pick<ImportTarget, 'records' | 'ordinals'>,
): Promise<Float64Array> {
  const length = file.shape[0] as number;
  if (length !== records && length !== ordinals.length) {
    const positions = records === ordinals.length ? '' : ` at ${records} positions`;
    fail(file, `has ${length} values, but the dataset has ${ordinals.length} instances${positions}. Was it made from another dataset?`);
  }
  const values = await readValues(file);
  return length === records ? Float64Array.from(ordinals, (ordinal) => values[ordinal] as number) : values;
}

async function assignmentOfRows(file: ArrayFile, clusters: number, target: ImportTarget): Promise<Int32Array> {
  const values = await valuesOfRows(file, target);
  const ids = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const id = values[row] as number;
    if (!(id >= 0 && id < clusters))
      fail(file, `gives instance ${target.ordinals[row]} the cluster ${id}; there are centroids for 0 to ${clusters - 1}.`);
    ids[row] = id;
  }
  return ids;
}

async function writeImport(folder: string, ids: Int32Array, file: ArrayFile, { matrix, job }: ImportTarget): Promise<void> {
  const [clusters = 0, dimensions = 0] = file.shape;
  const all = membersOf(ids, clusters);
  const originalIds = Int32Array.from({ length: clusters }, (_, id) => id).filter((id) => rowsOfCluster(all, id).length > 0);
  const compactOf = new Int32Array(clusters).fill(-1);
  originalIds.forEach((id, compact) => {
    compactOf[id] = compact;
  });
  const similarity = new Float32Array(ids.length).fill(Number.NaN);
  using centers = openRows(centroidFiles(file));
  using features = matrix ? openRows(matrix) : undefined;
  await using kept = await AtomicFile.create(join(folder, 'centroids.npy'));
  await kept.write(npyHeader(file.descriptor, [originalIds.length, dimensions]));
  const center = new Float64Array(dimensions);
  const row = new Float64Array(dimensions);
  let squares = 0;
  for (const [done, id] of originalIds.entries()) {
    centers.read(id, center, 0);
    const stored = file.descriptor === '<f8' ? center.slice() : Float32Array.from(center);
    await kept.write(new Uint8Array(stored.buffer));
    const members = rowsOfCluster(all, id);
    squares += members.length ** 2;
    if (features)
      for (const member of members) {
        features.read(member, row, 0);
        similarity[member] = dot(row, 0, center, 0, dimensions);
      }
    if (done % 64 !== 0) continue;
    throwIfCancelled(job);
    job.report({ stage: 'cluster', done, total: originalIds.length, unit: 'clusters' });
    await yieldToLoop();
  }
  await kept.commit();
  let objective = 0;
  for (const value of similarity) objective += value;
  const info: ImportInfo = {
    clusters: originalIds.length,
    dimensions,
    objective: features ? objective : null,
    imbalance: ids.length === 0 ? 1 : (originalIds.length * squares) / ids.length ** 2,
  };
  await writeNpy(
    join(folder, 'assignments.npy'),
    ids.map((id) => compactOf[id] as number),
  );
  await writeNpy(join(folder, 'similarity.npy'), similarity);
  await writeNpy(join(folder, 'originalIds.npy'), originalIds);
  await writeFileAtomic(join(folder, 'clustering.json'), `${JSON.stringify(info)}\n`);
}

function centroidFiles({ path, shape, descriptor, dataOffset }: ArrayFile): MatrixFiles {
  const [rows = 0, dimensions = 0] = shape;
  return { rows, dimensions, dtype: descriptor === '<f8' ? 'float64' : 'float32', shards: [{ path, firstRow: 0, rows, dataOffset }] };
}
