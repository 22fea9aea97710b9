import type { Perspective } from '../../../protocol/perspectives.ts';
import type { RebalancePerspective } from '../../../protocol/reports.ts';
import type { WhatIfReport, WhatIfRequest } from '../../../protocol/whatIf.ts';
import { entityFrequency } from '../../entities/distribution.ts';
import { type FrequencyRuns, postingsOf, summaryOfRuns, tailRun } from '../../entities/frequencyRuns.ts';
import { countSources } from '../../reports/sourceColumn.ts';
import type { ExpectedVolume } from '../../selection/expectedVolume.ts';
import { hashOfVerdicts } from '../../selection/selection.ts';
import type { Thresholds } from '../../selection/thresholds.ts';
import { type HolderCounts, heldDistribution } from '../../selection/whatIf/holderCounts.ts';
import { part } from '../../selection/whatIf/liveSelection.ts';
import { unusableCounts } from '../rebalance.ts';
import type { LiveDataset, LiveStanding } from './liveDataset.ts';
import type { LivePerspective } from './livePerspective.ts';

export interface ReportInput {
  readonly request: WhatIfRequest;
  readonly live: LiveDataset;
  readonly composed: readonly LivePerspective[];
  readonly standing: LiveStanding;
  readonly thresholds: Thresholds;
  readonly volume: ExpectedVolume;
  /** Absent where the sampler's selection is not computed. The counts are tallied with `headEnds`. */
  readonly selection?: { readonly counts: readonly HolderCounts[]; readonly figures: DrawnFigures };
  readonly reused: readonly string[];
}

/** Everything that a rebalancing would report, but for its files and its times. */
export function buildReport(input: ReportInput): Omit<WhatIfReport, 'milliseconds' | 'seconds' | 'loaded'> {
  const { request, live, composed, standing, thresholds, volume, selection, reused } = input;
  const { dataset } = live;
  const { overrides } = standing;
  const { target } = thresholds;
  return {
    instances: dataset.instances,
    kept: 0,
    dropped: 0,
    expected: volume.expected,
    standardDeviation: Math.sqrt(volume.variance),
    seed: request.seed ?? 42,
    sampler: request.sampler ?? 'hash',
    minPerspectives: request.minPerspectives ?? 1,
    alpha: thresholds.alpha ?? 1,
    protectedInstances: standing.protectedInstances,
    ...(target ? { target: { ...target, unreachable: false } } : {}),
    overrides: { kept: overrides.kept, dropped: overrides.dropped, unmatched: overrides.unmatched },
    perspectives: perspectiveReports(composed, thresholds, selection),
    sources: [],
    ...(selection ? selection.figures : {}),
    problems: unusableCounts(dataset),
    reused,
  };
}

/** What a selection is beside its entities. */
export type DrawnFigures = Pick<WhatIfReport, 'kept' | 'dropped' | 'selectionHash' | 'lengths' | 'sources'>;

export function drawnFigures(live: LiveDataset, kept: number, verdicts: Uint8Array): DrawnFigures {
  const { selection, control } = live.lengths.summaries(verdicts, kept);
  return {
    kept,
    dropped: live.dataset.instances - kept,
    selectionHash: hashOfVerdicts(verdicts, part.selection),
    lengths: { before: live.lengthsBefore, after: selection, control },
    sources: countSources(live.sources, live.instances, verdicts),
  };
}

/** Per perspective the first entity that is not head. */
export function headEnds(composed: readonly LivePerspective[], { boundary }: Thresholds): readonly number[] {
  return composed.map(({ runs }, k) => runs.starts[headRunsOf(runs, boundary[k] ?? null)] as number);
}

function headRunsOf(runs: FrequencyRuns, limit: number | null): number {
  return limit === null ? runs.values.length : tailRun(runs, limit);
}

function perspectiveReports(
  composed: readonly LivePerspective[],
  { taus, boundary, mass }: Thresholds,
  selection: ReportInput['selection'],
): Partial<Record<Perspective, RebalancePerspective>> {
  return Object.fromEntries(
    composed.map((one, k): [Perspective, RebalancePerspective] => {
      const limit = boundary[k] ?? null;
      const counts = selection?.counts[k];
      return [
        one.perspective,
        {
          tau: taus[k] ?? null,
          boundary: limit,
          mass: mass[k] ?? 0,
          before: summaryOfRuns(one.runs, limit),
          ...(counts ? comparison(one, counts, limit) : {}),
        },
      ];
    }),
  );
}

function comparison(
  { index, runs }: LivePerspective,
  counts: HolderCounts,
  limit: number | null,
): Omit<RebalancePerspective, 'tau' | 'boundary' | 'mass' | 'before'> {
  const headRuns = headRunsOf(runs, limit);
  const [after, control] = [heldDistribution(counts, 'selection'), heldDistribution(counts, 'control')];
  const headBefore = runs.postings[headRuns] as number;
  const tailBefore = postingsOf(runs) - headBefore;
  const shares = (one: typeof after): { readonly tail?: number; readonly head?: number } =>
    limit === null
      ? {}
      : {
          ...(tailBefore > 0 ? { tail: (postingsOf(one.runs) - one.headPostings) / tailBefore } : {}),
          ...(headBefore > 0 ? { head: one.headPostings / headBefore } : {}),
        };
  const [kept, keptByChance] = [shares(after), shares(control)];
  return {
    after: summaryOfRuns(after.runs, limit),
    control: summaryOfRuns(control.runs, limit),
    lostEntities: after.lost,
    lostSample: after.lostSample.map((entity) => entityFrequency(index, entity)),
    controlLostEntities: control.lost,
    ...(kept.tail === undefined ? {} : { tailKept: kept.tail }),
    ...(kept.head === undefined ? {} : { headKept: kept.head }),
    ...(keptByChance.tail === undefined ? {} : { controlTailKept: keptByChance.tail }),
    ...(keptByChance.head === undefined ? {} : { controlHeadKept: keptByChance.head }),
  };
}
