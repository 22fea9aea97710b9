import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import type { ClusterModel } from './clusterModel.ts';
import type { PageContext } from './pageContext.ts';

/** What the colour of a cluster can mean. */
export type ColouringName = 'kept' | 'score' | `tail-${Perspective}`;

/** Values above each limit are in a class of their own; so many classes have a colour and a texture of their own. */
export const classCount = 5;

/** A measure of the clusters in classes: a canvas cannot tell more than a few apart without colour. */
export interface Colouring {
  readonly name: ColouringName;
  readonly title: string;
  readonly values: Float64Array;
  /** Per cluster its class, 0 to `classCount - 1`; -1 without a value. */
  readonly classes: Int8Array;
  /** Lowest and highest value of each class. */
  readonly ranges: readonly { readonly low: number; readonly high: number }[];
  readonly write: (value: number) => string;
}

/** The colourings that the clusters have, the most telling first. */
export function colouringsOf(model: ClusterModel, { strings, percent, short }: PageContext): readonly Colouring[] {
  const { columns } = strings;
  const made: Colouring[] = [];
  if (model.keptShare) made.push(shares('kept', columns.keptShare, model.keptShare, percent));
  for (const perspective of perspectives) {
    const values = model.tailShare(perspective);
    const title = columns.tailShare.replace('{0}', strings.perspectives[perspective]);
    if (values) made.push(quantiles(`tail-${perspective}`, title, values, percent));
  }
  if (model.score) made.push(quantiles('score', columns.score, model.score, short));
  const first = made.findIndex(({ name }) => name === 'kept' || name === 'tail-object');
  return first <= 0 ? made : [made[first] as Colouring, ...made.filter((_, i) => i !== first)];
}

/** None, and the quarters: the same colour means the same share in every run. */
function shares(name: ColouringName, title: string, values: Float64Array, write: (value: number) => string): Colouring {
  const classes = Int8Array.from(values, (value) => (Number.isNaN(value) ? -1 : Math.min(classCount - 1, Math.ceil(value * 4 - 1e-9))));
  const ranges = Array.from({ length: classCount }, (_, i) => ({ low: Math.max(0, i - 1) / 4, high: i / 4 }));
  return { name, title, values, classes, ranges, write };
}

/** About as many clusters in each class; equal values are in the same. */
function quantiles(name: ColouringName, title: string, values: Float64Array, write: (value: number) => string): Colouring {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const limits: number[] = [];
  for (let i = 1; i < classCount; i++) {
    const limit = known[Math.floor((i * known.length) / classCount)];
    if (limit !== undefined && limit > (limits.at(-1) ?? known[0] ?? limit)) limits.push(limit);
  }
  const classes = Int8Array.from(values, (value) => (Number.isNaN(value) ? -1 : limits.filter((limit) => value >= limit).length));
  const edges = [known[0] ?? 0, ...limits, known.at(-1) ?? 0];
  const ranges = edges.slice(1).map((high, i) => ({ low: edges[i] ?? 0, high }));
  return { name, title, values, classes, ranges, write };
}
