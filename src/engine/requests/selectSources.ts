import type { ClusteringOptions, EntityOptions, Preset } from '../../protocol/clustering.ts';
import { perspectives as allPerspectives, type Perspective } from '../../protocol/perspectives.ts';
import type { DatasetRequest } from '../../protocol/requests.ts';
import type { SelectRequest } from '../../protocol/select.ts';
import type { Clustering } from '../clustering/clustering.ts';
import { type ClusterMembers, membersOf } from '../clustering/clusterMembers.ts';
import { type KernelScores, obtainKernelScores, obtainTransferability, type TransferabilityScores } from '../clustering/clusterScores.ts';
import { obtainDeduplication } from '../clustering/deduplication.ts';
import { valuesOfRows } from '../clustering/importClustering.ts';
import { obtainNeighbours } from '../clustering/rowNeighbours.ts';
import { openRows } from '../clustering/rowSource.ts';
import { cosinesWith } from '../clustering/rowTasks.ts';
import { type Dataset, recordFlags } from '../dataset/dataset.ts';
import { usableOrdinals } from '../dataset/usableOrdinals.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { loadPerspective } from '../entities/loadPerspective.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import type { Features } from '../features/featureMatrix.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { openArrayFile } from '../runs/arrayFile.ts';
import { scoresOf } from '../selection/coreset.ts';
import type { RebalanceInput } from '../selection/rebalance.ts';
import type { ScoredClusters, StrategySources } from '../selection/strategies/strategy.ts';
import { obtainClusters, obtainFeatures } from './clusteringStage.ts';
import { type EntityStage, obtainEntityStage } from './entityStage.ts';
import type { HotData } from './hotData.ts';
import { prepareRebalance } from './prepareRebalance.ts';
import type { StageLog } from './stageLog.ts';

/** What of a request decides its artifacts. */
export type SourceRequest = DatasetRequest &
  ClusteringOptions &
  EntityOptions &
  Pick<SelectRequest, 'seed' | 'mass' | 'tau' | 'floors' | 'column'>;

/** What identifies the inputs of a selection, for its manifest: a changed file shows. */
export interface SourceIdentities {
  features?: string;
  clusters?: string;
  /** SHA-256 of the file. */
  column?: string;
}

/** Artifacts of one request: each is obtained when it is first asked for, and only once. */
export class SelectSources implements StrategySources, AsyncDisposable {
  readonly ordinals: Uint32Array;
  readonly textOnly: Uint8Array;
  readonly identities: SourceIdentities = {};
  readonly #dataset: Dataset;
  readonly #request: SourceRequest;
  readonly #deps: EngineDeps;
  readonly #job: JobContext;
  readonly #log: StageLog;
  readonly #hot: HotData | undefined;
  readonly #known = new Map<string, Promise<unknown>>();
  readonly #open: Disposable[] = [];
  #device = 'cpu';

  /** @param hot of a caller that asks again and again: indexes of entities stay in memory */
  constructor(dataset: Dataset, request: SourceRequest, deps: EngineDeps, job: JobContext, log: StageLog, hot?: HotData) {
    this.#dataset = dataset;
    this.#request = request;
    this.#deps = deps;
    this.#job = job;
    this.#log = log;
    this.#hot = hot;
    this.ordinals = usableOrdinals(dataset);
    this.textOnly = Uint8Array.from(this.ordinals, (ordinal) => ((dataset.flags[ordinal] as number) & recordFlags.textOnly ? 1 : 0));
  }

  get bringsClusters(): boolean {
    return this.#request.assignments !== undefined;
  }

  /** Features can be had, or the default provider's are meant. */
  get hasFeatures(): boolean {
    return !this.#isBare;
  }

  /** What the clustering ran on; a selection itself runs on the processor. */
  get device(): string {
    return this.#device;
  }

  features(): Promise<Features> {
    return this.#once('features', async () => {
      if (this.#isBare)
        throw new EngineError('usage', 'Give the features that the clusters were made from with --features.', { option: 'features' });
      const features = await obtainFeatures(this.#dataset, this.#request, this.#deps, this.#job, this.#log);
      this.identities.features = features.matrix.identity;
      return features;
    });
  }

  /** The user brings clusters and names no features: nothing can be computed from instances then. */
  get #isBare(): boolean {
    return this.#request.assignments !== undefined && this.#request.features === undefined;
  }

  clustering(): Promise<Clustering> {
    return this.#once('clustering', async () => {
      const features = this.#isBare ? undefined : await this.features();
      const clustering = await obtainClusters(this.#dataset, this.#request, features, this.#deps, this.#job, this.#log);
      const { inputHash, parameterHash } = clustering.artifact;
      this.identities.clusters = `${inputHash}-${parameterHash}`;
      if (clustering.device !== 'import') this.#device = clustering.device;
      return clustering;
    });
  }

  members(): Promise<ClusterMembers> {
    return this.#once('members', async () => {
      const clustering = await this.clustering();
      return membersOf(clustering.assignments, clustering.clusters);
    });
  }

  transferability(preset: Preset): Promise<TransferabilityScores> {
    return this.#once(`transferability ${preset}`, async () => {
      const clustering = await this.clustering();
      const layout = this.#isBare ? this.#request.layout : (await this.features()).matrix.layout;
      if (layout && 2 * layout.layers * layout.half !== clustering.dimensions)
        throw new EngineError(
          'arrays.invalid',
          `--layout ${layout.layers}x${layout.half} means ${2 * layout.layers * layout.half} values, but the centroids have ${clustering.dimensions}.`,
          { option: 'layout' },
        );
      const scores = await obtainTransferability(clustering, layout, preset, this.#scoreDeps());
      this.#log.add(`transferability ${preset}`, scores.artifact);
      return scores;
    });
  }

  kernels(preset: Preset): Promise<KernelScores> {
    return this.#once(`kernels ${preset}`, async () => {
      const { matrix } = await this.features();
      const scores = await obtainKernelScores(await this.clustering(), await this.members(), matrix, preset, this.#scoreDeps());
      this.#log.add(`density ${preset}`, scores.artifact);
      return scores;
    });
  }

  async clusters(preset: Preset): Promise<ScoredClusters> {
    const { transferability } = await this.transferability(preset);
    const kernels = await this.kernels(preset);
    return {
      members: await this.members(),
      scores: scoresOf(transferability, kernels.density),
      greedy: (cluster, length) => kernels.greedy(cluster, length),
    };
  }

  async distances(): Promise<Float64Array> {
    await this.features(); // imported clusters have no similarity without them
    return Float64Array.from((await this.clustering()).similarity, (similarity) => 1 - similarity);
  }

  deduplicated(): ReturnType<typeof obtainDeduplication> {
    return this.#once('deduplication', async () => {
      const { matrix } = await this.features();
      const found = await obtainDeduplication(await this.clustering(), await this.members(), matrix, this.#scoreDeps());
      this.#log.add('deduplication', found.artifact);
      return found;
    });
  }

  neighbours(metric: 'squaredDistance' | 'cosine', count: number): ReturnType<typeof obtainNeighbours> {
    return this.#once(`neighbours ${metric} ${count}`, async () => {
      const { matrix } = await this.features();
      const found = await obtainNeighbours(matrix, metric, count, this.#scoreDeps());
      this.#log.add(`neighbours ${metric}`, found.artifact);
      return found;
    });
  }

  async cosines(): Promise<(row: number) => Float64Array> {
    const { matrix } = await this.features();
    const rows = openRows(matrix);
    this.#open.push(rows);
    let ready: ((row: number) => Float64Array) | undefined;
    return (row) => {
      ready ??= cosinesWith(rows); // most selections never ask
      return ready(row);
    };
  }

  column(mayMiss: boolean): Promise<Float64Array> {
    return this.#once(`column ${mayMiss}`, async () => {
      const { column } = this.#request;
      if (column === undefined) throw new EngineError('usage', 'Give a score per instance with --column FILE.npy.', { option: 'column' });
      const file = await openArrayFile(
        column,
        { option: 'column', descriptors: ['<f4', '<f8', '<f2', '<i4', '<i8'], dimensions: 1 },
        this.#job,
      );
      this.identities.column = file.sha256;
      const values = await valuesOfRows(file, { records: this.#dataset.records, ordinals: this.ordinals });
      const wrong = values.findIndex((value, row) => !Number.isFinite(value) && !(mayMiss && Number.isNaN(value) && this.textOnly[row]));
      if (wrong >= 0) {
        const ordinal = this.ordinals[wrong] as number;
        const rule = mayMiss ? 'only instances without image may have no score (NaN)' : 'every instance needs a finite number';
        throw new EngineError('arrays.invalid', `${column} gives instance ${ordinal} the score ${values[wrong]}; ${rule}.`, {
          path: column,
          ordinal,
        });
      }
      return values;
    });
  }

  entityStage(): Promise<EntityStage> {
    return this.#once('entities', () =>
      obtainEntityStage(this.#dataset, { ...this.#request, perspectives: this.#perspectives() }, this.#deps, this.#job, this.#log),
    );
  }

  perspective(perspective: Perspective): Promise<PerspectiveIndex> {
    return this.#once(`perspective ${perspective}`, async () => {
      const artifact = (await this.entityStage()).artifact(perspective);
      return this.#hot ? this.#hot.perspective(artifact) : loadPerspective(artifact);
    });
  }

  /** Perspectives that coverage is reported for. */
  get perspectives(): readonly Perspective[] {
    return this.#request.perspectives ?? allPerspectives;
  }

  rebalance(): Promise<RebalanceInput> {
    return this.#once('rebalance', async () => {
      const {
        dataset,
        images,
        runDir,
        threads,
        device,
        perspectives,
        entities,
        mass,
        tau,
        hygiene,
        minFrequency,
        lexicon,
        stopList,
        seed,
      } = this.#request;
      const given = { images, runDir, threads, device, perspectives, entities, mass, tau, hygiene, minFrequency, lexicon, stopList, seed };
      const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      return (await prepareRebalance(this.#dataset, { dataset, ...options }, this.#deps, this.#job, this.#log)).input;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const open of this.#open.splice(0)) open[Symbol.dispose]();
  }

  /** All that the request may need: what is composed, and what has a floor. */
  #perspectives(): Perspective[] {
    const floors = this.#request.floors ?? {};
    return allPerspectives.filter((each) => this.perspectives.includes(each) || floors[each] !== undefined);
  }

  #scoreDeps(): Parameters<typeof obtainNeighbours>[3] {
    return { runDir: this.#dataset.runDir, workerScript: this.#deps.scripts.clustering, job: this.#job };
  }

  #once<Value>(name: string, obtain: () => Promise<Value>): Promise<Value> {
    const known = this.#known.get(name) ?? obtain();
    this.#known.set(name, known);
    return known as Promise<Value>;
  }
}
