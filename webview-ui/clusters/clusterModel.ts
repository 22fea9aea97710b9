import type { ClusterList } from '../../src/protocol/clusters.ts';
import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import { visibleLine } from '../shared/unseen.ts';

/** Longest name of an entity in a description. */
const nameLimit = 40;

/** The clusters of a list as columns of numbers; a cluster is named by its position. NaN stands for a number that is not there. */
export class ClusterModel {
  readonly list: ClusterList;
  readonly count: number;
  readonly size: Float64Array;
  readonly transferability: Float64Array;
  readonly density: Float64Array | null;
  readonly score: Float64Array | null;
  /** Instances that the run kept, and their share of the cluster; null without a run. */
  readonly kept: Float64Array | null;
  readonly keptShare: Float64Array | null;
  /** Instances that the budgets gave; for a run without budgets of these clusters, what it kept. */
  readonly take: Float64Array | null;
  readonly want: Float64Array | null;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Positions, descending by size; equals in the order of the ids. */
  readonly bySize: Int32Array;
  /** Kept instances of all clusters among all instances; null without a run. */
  readonly keptOfAll: number | null;
  readonly #tailShares = new Map<Perspective, Float64Array>();
  readonly #positions = new Map<number, number>();
  readonly #names: readonly string[];

  constructor(list: ClusterList) {
    this.list = list;
    this.count = list.cluster.length;
    this.size = Float64Array.from(list.size);
    this.transferability = numbers(list.transferability);
    this.density = list.density && numbers(list.density);
    this.score = list.score && numbers(list.score);
    this.x = numbers(list.x);
    this.y = numbers(list.y);
    this.kept = list.run ? Float64Array.from(list.run.kept) : null;
    this.keptShare = this.kept?.map((kept, i) => kept / (this.size[i] || 1)) ?? null;
    this.want = list.run?.quota ? Float64Array.from(list.run.quota.want) : null;
    this.take = list.run?.quota ? Float64Array.from(list.run.quota.take) : this.kept;
    const all = this.size.reduce((sum, size) => sum + size, 0);
    this.keptOfAll = this.kept && this.kept.reduce((sum, kept) => sum + kept, 0) / (all || 1);
    this.bySize = Int32Array.from(list.cluster.keys()).sort((a, b) => (this.size[b] ?? 0) - (this.size[a] ?? 0) || a - b);
    for (const [i, id] of list.cluster.entries()) this.#positions.set(id, i);
    this.#names = (list.entities?.names ?? []).map((name) => visibleLine(name, nameLimit));
    for (const perspective of perspectives) {
      const shares = list.entities?.tailShare[perspective];
      if (shares !== undefined) this.#tailShares.set(perspective, numbers(shares));
    }
  }

  get hasEntities(): boolean {
    return this.list.entities !== undefined;
  }

  /** Perspectives with a tail share per cluster. */
  get tailPerspectives(): readonly Perspective[] {
    return [...this.#tailShares.keys()];
  }

  /** Tail mentions among the mentions of each cluster; undefined before entities were extracted. */
  tailShare(perspective: Perspective): Float64Array | undefined {
    return this.#tailShares.get(perspective);
  }

  id(position: number): number {
    return this.list.cluster[position] ?? -1;
  }

  /** Position of a cluster by its id; -1 when there is none. */
  position(id: number): number {
    return this.#positions.get(id) ?? -1;
  }

  /** Entities that describe a cluster, best first. */
  names(position: number, most = 3): readonly string[] {
    const { entities } = this.list;
    if (entities === undefined) return [];
    const from = position * entities.perCluster;
    const top = entities.top.slice(from, from + Math.min(most, entities.perCluster));
    return top.flatMap((at) => this.#names[at] ?? []);
  }

  /** Ids of the most similar other clusters, best first. */
  related(position: number): readonly number[] {
    const { related, relatedCount } = this.list;
    return related.slice(position * relatedCount, (position + 1) * relatedCount).filter((id) => id >= 0);
  }
}

/** A number that JSON could not carry came as null. */
function numbers(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}
