import type { Preset } from '../../../protocol/clustering.ts';
import type { ParameterName, StrategyDeclaration, StrategyParameters, StrategyScores } from '../../../protocol/select.ts';
import type { ClusterMembers } from '../../clustering/clusterMembers.ts';
import type { NearnessMetric } from '../../clustering/nearestRows.ts';
import type { PerspectiveIndex } from '../../entities/perspectiveIndex.ts';
import type { ClusterQuota } from '../budgets.ts';
import type { NeighbourLists } from '../d2Scan.ts';
import type { RebalanceInput } from '../rebalance.ts';
import type { DeduplicatedClusters } from '../semdedupCut.ts';

/** A way to choose a given number of instances. Rows count the usable instances: row i belongs to `ordinals[i]`. */
export interface Strategy {
  readonly declaration: StrategyDeclaration;
  /** @throws EngineError `selection.unreachable` when it cannot give so many */
  select(input: StrategyInput): Promise<StrategyResult>;
}

export interface StrategyInput {
  /** Rows wanted, 1 to all. */
  readonly size: number;
  readonly seed: number;
  readonly ordinals: Uint32Array;
  /** What the declaration lists, defaults filled in. */
  readonly parameters: StrategyParameters;
  readonly sources: StrategySources;
}

/** Artifacts, made or loaded when a strategy first asks for them. */
export interface StrategySources {
  clusters(preset: Preset): Promise<ScoredClusters>;
  /** Cluster of each row, without any score. */
  members(): Promise<ClusterMembers>;
  /** 1 - cosine of each row with its centroid. @throws EngineError `usage` without features */
  distances(): Promise<Float64Array>;
  deduplicated(): Promise<DeduplicatedClusters & { readonly twin: Uint32Array }>;
  neighbours(metric: NearnessMetric, count: number): Promise<NeighbourLists>;
  /** Cosines of a row with all rows, for one row at a time. */
  cosines(): Promise<(row: number) => Float64Array>;
  /** Finite score per row. @param mayMiss rows without image may have none: NaN */
  column(mayMiss: boolean): Promise<Float64Array>;
  perspective(perspective: PerspectiveIndex['perspective']): Promise<PerspectiveIndex>;
  rebalance(): Promise<RebalanceInput>;
}

/** Clusters with what COINCIDE computes of them. Ids are compact. */
export interface ScoredClusters {
  readonly members: ClusterMembers;
  /** transferability / density, finite. */
  readonly scores: Float64Array;
  /** Rows of a cluster in greedy MMD order, at least `length` of them. */
  greedy(cluster: number, length: number): Promise<Uint32Array>;
}

export interface StrategyResult {
  /** Rows in selection order: a prefix of it is a selection too. */
  readonly picks: Uint32Array;
  /** In order of visit, of strategies with budgets. */
  readonly quotas?: readonly ClusterQuota[];
  /** Rows given up and added for floors. */
  readonly paid?: Uint32Array;
  readonly added?: Uint32Array;
  readonly facts: Readonly<Record<string, number>>;
  /** Why the row was taken or left. */
  scores(row: number): StrategyScores;
}

/** A parameter that the strategy's own declaration promises. */
export function parameterOf<Name extends ParameterName>(parameters: StrategyParameters, name: Name): NonNullable<StrategyParameters[Name]> {
  const value = parameters[name];
  if (value === undefined || value === null) throw new Error(`the strategy declares no parameter ${name}`);
  return value;
}

/** Place of each row among the picks; -1 for those that were not picked. */
export function placesOf(picks: Uint32Array, rows: number): Int32Array {
  const places = new Int32Array(rows).fill(-1);
  for (let i = 0; i < picks.length; i++) places[picks[i] as number] = i;
  return places;
}
