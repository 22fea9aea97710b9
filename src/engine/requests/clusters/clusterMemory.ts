import type { ClustersRequest } from '../../../protocol/clusters.ts';
import { type Perspective, perspectives } from '../../../protocol/perspectives.ts';
import { type CentroidMap, obtainCentroidMap } from '../../clustering/centroidMap.ts';
import { kernelInput, obtainKernelScores } from '../../clustering/clusterScores.ts';
import { HolderCounter } from '../../clustering/holderCounter.ts';
import { type ClusteringRecord, readClusterings } from '../../clustering/knownClusterings.ts';
import { numberOfId, type OpenClustering, openClustering } from '../../clustering/openClustering.ts';
import { readProblemBits } from '../../dataset/browse/problemBits.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import { type InstanceSources, instanceSources } from '../../dataset/instanceSources.ts';
import { usableOrdinals } from '../../dataset/usableOrdinals.ts';
import type { PerspectiveIndex } from '../../entities/perspectiveIndex.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import { EngineError } from '../../jobs/engineError.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import type { Browser } from '../browse/browser.ts';
import type { DatasetEntities } from '../browse/entityAccess.ts';
import { RecentMap } from '../browse/recentMap.ts';
import { obtainFeatures } from '../clusteringStage.ts';
import { ensureRunDir, withThreads } from '../openSource.ts';
import { StageLog } from '../stageLog.ts';

/** Clusterings kept open: one is looked at, another compared with it. */
const clusteringLimit = 2;
/** Pairs say what their objects say, many times over. */
const describing: readonly Perspective[] = ['token', 'object', 'interrogation'];

/** A clustering of an opened dataset, for one request. */
export interface ClustersInHand {
  readonly dataset: Dataset;
  readonly job: JobContext;
  readonly open: OpenClustering;
  /** Ordinal of each row. */
  readonly ordinals: Uint32Array;
}

/** What the requests about clusters share and remember between calls. All of it can be made again from files. */
export class ClusterMemory {
  readonly browser: Browser;
  readonly #open = new RecentMap<string, OpenClustering>(clusteringLimit);
  readonly #maps = new WeakMap<OpenClustering, CentroidMap>();
  readonly #matrices = new WeakMap<OpenClustering, FeatureMatrix>();
  readonly #ordinals = new WeakMap<Dataset, Uint32Array>();
  readonly #sources = new WeakMap<Dataset, InstanceSources>();
  readonly #problems = new WeakMap<Dataset, Uint16Array>();
  readonly #counters = new WeakMap<PerspectiveIndex, HolderCounter>();

  constructor(browser: Browser) {
    this.browser = browser;
  }

  /** @throws EngineError `clustering.notFound` */
  async take(request: ClustersRequest, caller: JobContext): Promise<ClustersInHand> {
    const job = withThreads(caller, request.threads);
    const dataset = await this.browser.hot.dataset(request, job);
    await ensureRunDir(dataset.runDir);
    return { dataset, job, open: await this.of(dataset, request.clustering), ordinals: this.ordinals(dataset) };
  }

  /** As `find`. @throws EngineError `clustering.notFound` */
  async of(dataset: Dataset, id: string | undefined): Promise<OpenClustering> {
    const found = await this.find(dataset, id);
    if (found) return found;
    throw new EngineError(
      'clustering.notFound',
      id === undefined
        ? `${dataset.path} has not been clustered yet. Run ballast cluster first.`
        : `${dataset.path} has no clustering ${id} any more. Run ballast cluster again.`,
      { path: dataset.path },
    );
  }

  /** The clustering with an id, or the one made last; undefined when there is none. */
  async find(dataset: Dataset, id: string | undefined): Promise<OpenClustering | undefined> {
    const records = await readClusterings(dataset.runDir, dataset.identity);
    const record = id === undefined ? records[0] : records.find((one) => one.id === id);
    return record && this.#opened(record, dataset);
  }

  async #opened(record: ClusteringRecord, dataset: Dataset): Promise<OpenClustering> {
    const key = JSON.stringify([dataset.runDir, record.id]);
    const known = this.#open.get(key);
    if (known) return known;
    const open = await openClustering(record);
    this.#open.set(key, open);
    return open;
  }

  ordinals(dataset: Dataset): Uint32Array {
    const ordinals = this.#ordinals.get(dataset) ?? usableOrdinals(dataset);
    this.#ordinals.set(dataset, ordinals);
    return ordinals;
  }

  async sources(dataset: Dataset): Promise<InstanceSources> {
    const sources = this.#sources.get(dataset) ?? (await instanceSources(dataset));
    this.#sources.set(dataset, sources);
    return sources;
  }

  /** Bits of every ordinal's problems, as rows show them. */
  async problems(dataset: Dataset): Promise<Uint16Array> {
    const problems = this.#problems.get(dataset) ?? (await readProblemBits(dataset));
    this.#problems.set(dataset, problems);
    return problems;
  }

  async map({ open, dataset, job }: ClustersInHand): Promise<CentroidMap> {
    const map = this.#maps.get(open) ?? (await obtainCentroidMap(open, dataset.runDir, job));
    this.#maps.set(open, map);
    return map;
  }

  /** The features that the clustering was made of. @throws EngineError `usage` when it has none, `arrays.invalid` when they are others by now */
  async features({ open, dataset, job }: ClustersInHand): Promise<FeatureMatrix> {
    const known = this.#matrices.get(open);
    if (known) return known;
    const { options, artifacts } = open.record;
    if (!artifacts.kernels)
      throw new EngineError('usage', 'These clusters came without features, so their instances have no places.', { option: 'features' });
    const { matrix } = await obtainFeatures(dataset, options, this.browser.deps, job, new StageLog());
    if (kernelInput(artifacts.clusters, matrix) !== artifacts.kernels.inputHash)
      throw new EngineError('arrays.invalid', 'The features are not those that the clusters were made of. Cluster again.', {});
    this.#matrices.set(open, matrix);
    return matrix;
  }

  /** Rows of a cluster in greedy order, `length` of them or all; undefined without features. */
  async greedy(inHand: ClustersInHand, cluster: number, length: number): Promise<Uint32Array | undefined> {
    const { open, dataset, job } = inHand;
    if (!open.kernels) return undefined;
    const known = open.kernels.orderOf(cluster);
    if (known) return known;
    if (length <= 1) return open.kernels.medoids.subarray(cluster, cluster + 1);
    const deps = { runDir: dataset.runDir, workerScript: this.browser.deps.scripts.clustering, job };
    const { record, members } = open;
    const scores = await obtainKernelScores(
      { artifact: { ...record.artifacts.clusters, seconds: 0, reused: true } },
      members,
      await this.features(inHand),
      record.preset,
      deps,
    );
    return scores.greedy(cluster, length);
  }

  /** The entities when they are there; extracted first when `extract` says so. */
  entities({ dataset, job }: ClustersInHand, extract = false): Promise<DatasetEntities | undefined> {
    return extract ? this.browser.entities.obtain(dataset, job) : this.browser.entities.peek(dataset);
  }

  /** Counters of the perspectives that describe a cluster. */
  counters({ indexes }: Pick<DatasetEntities, 'indexes'>, ordinals: Uint32Array): HolderCounter[] {
    return describing.flatMap((perspective) => this.counter({ indexes }, perspective, ordinals) ?? []);
  }

  counter({ indexes }: Pick<DatasetEntities, 'indexes'>, perspective: Perspective, ordinals: Uint32Array): HolderCounter | undefined {
    const index = indexes[perspectives.indexOf(perspective)];
    if (!index) return undefined;
    const counter = this.#counters.get(index) ?? new HolderCounter(index, ordinals);
    this.#counters.set(index, counter);
    return counter;
  }
}

/** Compact number of the cluster with an id. @throws EngineError `cluster.notFound` */
export function clusterNumber({ open }: ClustersInHand, id: number): number {
  const cluster = numberOfId(open, id);
  if (cluster < 0) throw new EngineError('cluster.notFound', `No instance is in a cluster ${id}.`, { cluster: id });
  return cluster;
}
