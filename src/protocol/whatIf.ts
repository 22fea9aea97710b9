import type { RebalanceReport } from './reports.ts';
import type { RebalanceRequest } from './requests.ts';

/**
 * What a rebalancing would give, without writing: the exact expected volume, and the selection itself under the request's seed (hash
 * sampler), so that what is shown is what applying writes. The first call on a dataset loads it; later ones answer within 100 ms.
 * The python sampler has to walk all its draws: for it the volume is told and no selection (`kept` 0, no `after`, no `sources`).
 */
export type WhatIfRequest = Omit<RebalanceRequest, 'output' | 'randomControl' | 'dryRun'>;

export interface WhatIfReport extends RebalanceReport {
  /** Smallest and largest useful tau per perspective are 1 and the frequency of its first entity. */
  readonly sources: readonly SourceShare[];
  /** Overrides in force, and those of the plan that match no instance. */
  readonly overrides: { readonly kept: number; readonly dropped: number; readonly unmatched: number };
  /** Milliseconds of the computation alone, without loading. */
  readonly milliseconds: number;
  /** The dataset had to be loaded for this answer. */
  readonly loaded: boolean;
}

/**
 * Instances of one source before, after and in the control: the file of a mixture; else the first folder of the first image's path, `.`
 * for a path without one, `text-only`, or `other` (video, embedded images, and the smallest sources where there are more than 500).
 */
export interface SourceShare {
  readonly source: string;
  readonly before: number;
  readonly after: number;
  readonly control: number;
}
