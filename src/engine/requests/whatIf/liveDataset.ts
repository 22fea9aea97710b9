import type { LengthSummary } from '../../../protocol/reports.ts';
import type { RebalanceRequest } from '../../../protocol/requests.ts';
import { type Dataset, recordFlags } from '../../dataset/dataset.ts';
import { type InstanceKeys, obtainInstanceKeys } from '../../dataset/instanceKeys.ts';
import type { EngineDeps } from '../../engineDeps.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../../jobs/jobContext.ts';
import { type SourceColumn, sourceColumn } from '../../reports/sourceColumn.ts';
import { controlOrder } from '../../selection/controlOrder.ts';
import { type ForcedVerdicts, matchOverrides, type Standing, standingOf } from '../../selection/overrides.ts';
import { alphaDraws } from '../../selection/rebalance.ts';
import { sampleOf } from '../../selection/rowSample.ts';
import { HashDraws, instanceCounters } from '../../selection/samplers/hashSampler.ts';
import { LengthRanks } from '../../selection/whatIf/lengthRanks.ts';
import { controlPlaces, type DrawTables, part } from '../../selection/whatIf/liveSelection.ts';
import { warnOfUnmatched } from '../prepareRebalance.ts';
import { protectedInstances } from '../protect.ts';

/** Who is kept or dropped whatever the draws say. */
export interface LiveStanding extends Standing {
  readonly overrides: ForcedVerdicts;
  readonly protectedInstances: number;
}

/** Draws of one seed that belong to no perspective. */
interface SeedDraws {
  readonly seed: number;
  readonly alphaDraws: Float64Array;
  readonly controlOrder: Uint32Array;
}

/** A dataset as the what-if needs it again and again: columns over its instances, in memory. */
export class LiveDataset {
  readonly dataset: Dataset;
  readonly keys: InstanceKeys;
  /** Nonzero for instances. */
  readonly instances: Uint8Array;
  /** On shared memory. */
  readonly counters: Uint32Array;
  readonly sample: Uint32Array | undefined;
  readonly lengths: LengthRanks;
  readonly lengthsBefore: LengthSummary;
  readonly sources: SourceColumn;
  #standing: { readonly key: string; readonly value: LiveStanding } | undefined;
  #seed: SeedDraws | undefined;
  #draws: { readonly seed: number; readonly standing: Standing; readonly value: DrawTables } | undefined;

  private constructor(columns: Pick<LiveDataset, 'dataset' | 'keys' | 'instances' | 'counters' | 'lengths' | 'sources'>) {
    const { dataset, keys, instances, counters, lengths, sources } = columns;
    this.dataset = dataset;
    this.keys = keys;
    this.instances = instances;
    this.counters = counters;
    this.sample = sampleOf(counters);
    this.lengths = lengths;
    this.lengthsBefore = lengths.summaries(
      instances.map((usable) => usable * part.selection),
      dataset.instances,
    ).selection;
    this.sources = sources;
  }

  static async open(dataset: Dataset, deps: EngineDeps, job: JobContext): Promise<LiveDataset> {
    const keys = await obtainInstanceKeys(dataset, { workerScript: deps.scripts.dataset }, job);
    throwIfCancelled(job);
    const sources = await sourceColumn(dataset);
    await breathe(job);
    const instances = dataset.flags.map((flags) => (flags & recordFlags.usable ? 1 : 0));
    const counters = new Uint32Array(new SharedArrayBuffer(dataset.records * 8));
    counters.set(instanceCounters(keys.keys, keys.duplicates));
    await breathe(job);
    const lengths = new LengthRanks(dataset, instances);
    await breathe(job);
    return new LiveDataset({ dataset, keys, instances, counters, lengths, sources });
  }

  /** True when the dataset is still what it was when this was loaded. */
  isOf({ identity, path, runDir }: Dataset): boolean {
    return this.dataset.identity === identity && this.dataset.path === path && this.dataset.runDir === runDir;
  }

  /** @returns undefined when it has to be made first */
  readyStanding(request: RebalanceRequest): LiveStanding | undefined {
    return this.#standing?.key === standingKey(request) ? this.#standing.value : undefined;
  }

  async standing(request: RebalanceRequest, job: JobContext): Promise<LiveStanding> {
    const { keys, duplicates } = this.keys;
    const overrides = matchOverrides(request.overrides ?? [], { keys, duplicates, instances: this.instances });
    warnOfUnmatched(overrides, this.dataset, job);
    const isProtected = await protectedInstances(this.dataset, request.protect ?? [], job);
    let count = 0;
    for (let ordinal = 0; ordinal < isProtected.length; ordinal++) if (isProtected[ordinal] && this.instances[ordinal]) count++;
    const value = { ...standingOf(this.instances, isProtected, overrides.verdicts), overrides, protectedInstances: count };
    this.#standing = { key: standingKey(request), value };
    return value;
  }

  readyDraws(seed: number, standing: Standing): DrawTables | undefined {
    return this.#draws?.seed === seed && this.#draws.standing === standing ? this.#draws.value : undefined;
  }

  async draws(seed: number, standing: Standing, job: JobContext): Promise<DrawTables> {
    const { alphaDraws: alpha, controlOrder: order } = this.#seed?.seed === seed ? this.#seed : await this.#drawSeed(seed, job);
    const value = { alphaDraws: alpha, controlPlaces: controlPlaces(order, standing) };
    this.#draws = { seed, standing, value };
    return value;
  }

  async #drawSeed(seed: number, job: JobContext): Promise<SeedDraws> {
    const alphaOf = alphaDraws(new HashDraws(seed, this.counters));
    const alpha = new Float64Array(this.dataset.records);
    for (let ordinal = 0; ordinal < alpha.length; ordinal++) alpha[ordinal] = alphaOf(ordinal);
    await breathe(job);
    this.#seed = { seed, alphaDraws: alpha, controlOrder: controlOrder(seed, this.counters) };
    return this.#seed;
  }
}

/** @throws EngineError `run.cancelled` */
async function breathe(job: JobContext): Promise<void> {
  await yieldToLoop();
  throwIfCancelled(job);
}

function standingKey({ protect, overrides }: RebalanceRequest): string {
  return JSON.stringify([protect ?? [], (overrides ?? []).map(({ content, duplicate, verdict }) => [content, duplicate, verdict])]);
}
