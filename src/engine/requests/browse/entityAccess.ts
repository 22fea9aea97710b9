import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultMass, type Perspective, perspectives } from '../../../protocol/perspectives.ts';
import { keyless } from '../../dataset/browse/rowOrder.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import type { EngineDeps } from '../../engineDeps.ts';
import { tauOfMass } from '../../entities/distribution.ts';
import type { PerspectiveIndex } from '../../entities/perspectiveIndex.ts';
import { readRowEntities } from '../../entities/rowSlices.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { type Artifact, type ArtifactAddress, peekArtifact } from '../../runs/artifacts.ts';
import { defaultEntityAddresses, obtainEntityStage } from '../entityStage.ts';
import type { HotData } from '../hotData.ts';
import { StageLog } from '../stageLog.ts';

/** The default entities of a dataset, extracted and indexed; perspectives in their usual order. */
export interface DatasetEntities {
  readonly indexes: readonly PerspectiveIndex[];
  /** Artifact of each index. */
  readonly folders: readonly string[];
  /** Frequency up to which an entity is tail at the default mass; null for an index without entities. */
  tauOf(index: PerspectiveIndex): number | null;
}

/** Entity ids of one instance, one list per index. */
export type EntityRow = readonly Uint32Array[];

/** Entities of one instance. */
export interface InstanceEntities extends DatasetEntities {
  readonly row: EntityRow;
}

/** Entities of some instances, in the order of the ordinals. */
export async function entityRows({ indexes, folders }: DatasetEntities, ordinals: ArrayLike<number>): Promise<readonly EntityRow[]> {
  const lists = await Promise.all(indexes.map(({ rowOffsets }, at) => readRowEntities(folders[at] as string, rowOffsets, ordinals)));
  return Array.from(ordinals, (_, row) => lists.map((list) => list[row] as Uint32Array));
}

/** Opens the entities that `analyze` without options finds, and knows without extracting whether they are there. */
export class EntityAccess {
  readonly #deps: EngineDeps;
  readonly #hot: HotData;
  readonly #addresses = new WeakMap<Dataset, ReadonlyMap<Perspective, ArtifactAddress>>();
  readonly #taus = new WeakMap<PerspectiveIndex, { readonly tau: number | null }>();
  readonly #rarest = new WeakMap<Dataset, Uint32Array>();

  constructor(deps: EngineDeps, hot: HotData) {
    this.#deps = deps;
    this.#hot = hot;
  }

  /** All indexes are finished. Builds, waits for and writes nothing. */
  async isReady(dataset: Dataset): Promise<boolean> {
    for (const { folder } of (await this.#addressesOf(dataset)).values())
      if (!(await stat(join(folder, 'done.json')).catch(() => undefined))) return false;
    return true;
  }

  /** The entities when they are finished. */
  async peek(dataset: Dataset): Promise<DatasetEntities | undefined> {
    const addresses = await this.#addressesOf(dataset);
    const artifacts: Artifact[] = [];
    for (const perspective of perspectives) {
      const address = addresses.get(perspective);
      const artifact = address && (await peekArtifact(address));
      if (!artifact) return undefined;
      artifacts.push(artifact);
    }
    return this.#open(artifacts);
  }

  /** The entities, extracted when no earlier request has. */
  async obtain(dataset: Dataset, job: JobContext): Promise<DatasetEntities> {
    const ready = await this.peek(dataset);
    if (ready) return ready;
    const stage = await obtainEntityStage(dataset, {}, this.#deps, job, new StageLog());
    return this.#open(perspectives.map((perspective) => stage.artifact(perspective)));
  }

  async #open(artifacts: readonly Artifact[]): Promise<DatasetEntities> {
    return {
      indexes: await Promise.all(artifacts.map((artifact) => this.#hot.perspective(artifact))),
      folders: artifacts.map(({ folder }) => folder),
      tauOf: (index) => this.#tauOf(index),
    };
  }

  /** Per ordinal the frequency of its rarest entity; `keyless` without entities. */
  rarest(dataset: Dataset, { indexes }: DatasetEntities): Uint32Array {
    const known = this.#rarest.get(dataset);
    if (known) return known;
    const rarest = new Uint32Array(dataset.records).fill(keyless);
    for (const { rowMinFrequency } of indexes) {
      for (let i = 0; i < rarest.length; i++) {
        const least = rowMinFrequency[i] as number;
        if (least > 0 && least < (rarest[i] as number)) rarest[i] = least;
      }
    }
    this.#rarest.set(dataset, rarest);
    return rarest;
  }

  async #addressesOf(dataset: Dataset): Promise<ReadonlyMap<Perspective, ArtifactAddress>> {
    const known = this.#addresses.get(dataset) ?? (await defaultEntityAddresses(dataset, this.#deps));
    this.#addresses.set(dataset, known);
    return known;
  }

  #tauOf(index: PerspectiveIndex): number | null {
    const known = this.#taus.get(index) ?? { tau: tauOfMass(index.frequency, defaultMass[index.perspective])?.tau ?? null };
    this.#taus.set(index, known);
    return known.tau;
  }
}

/** Nonzero per ordinal that holds all of the entities. */
export function holdingAll(
  dataset: Dataset,
  { indexes }: DatasetEntities,
  wanted: readonly { readonly perspective: Perspective; readonly entity: string }[],
): Uint8Array {
  const held = new Uint8Array(dataset.records).fill(1);
  for (const { perspective, entity } of wanted) {
    const index = indexes.find((one) => one.perspective === perspective);
    const id = index?.find(entity) ?? -1;
    const own = new Uint8Array(dataset.records);
    if (index && id >= 0)
      for (const ordinal of index.postings.subarray(index.postOffsets[id], index.postOffsets[id + 1]))
        own[ordinal] = held[ordinal] as number;
    held.set(own);
  }
  return held;
}
