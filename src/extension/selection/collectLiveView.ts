import { type Perspective, perspectives } from '../../protocol/perspectives.ts';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { DistributionSummary, RebalancePerspective, RebalanceReport } from '../../protocol/reports.ts';
import type { LiveView, PerspectiveView, SeriesRole, SeriesView, TableView } from '../../protocol/selectionPage.ts';
import type { WhatIfReport } from '../../protocol/whatIf.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { plainText } from '../plainText.ts';
import { lengthBars, sourceBars } from './collectBars.ts';
import { collectNotes } from './collectNotes.ts';
import { type Formats, liveFormats, none, seriesLabel, shareOf } from './liveFormats.ts';

const longestName = 120;

/** Everything that the page shows of the engine's answer, in words and numbers. */
export function collectLiveView(report: WhatIfReport, plan: RebalancePlan, t: Localize, locale: string): LiveView {
  const formats = liveFormats(t, locale);
  const { n, percent } = formats;
  const keeps = t('Keeps {0} of {1} ({2})', n(report.kept), n(report.instances), percent(shareOf(report.kept, report.instances)));
  const expectation = t('expected {0} ± {1}', n(report.expected), n(report.standardDeviation));
  return {
    instances: report.instances,
    kept: report.kept,
    keeps,
    expectation,
    target: targetSentence(report, formats),
    control: t(
      'Random control: {0} instances drawn by chance under seed {1} stand beside every figure. In the runs its authors published, chance did about as well.',
      n(report.kept),
      report.seed,
    ),
    timing: t('Computed in {0} ms.', n(Math.round(report.milliseconds))),
    spoken: t('{0}, {1}.', keeps, expectation),
    minPerspectives: report.minPerspectives,
    alpha: report.alpha,
    perspectives: perspectives.flatMap((perspective) => {
      const part = report.perspectives[perspective];
      return part === undefined ? [] : [perspectiveView(perspective, part, formats)];
    }),
    sources: sourceBars(report.sources, formats),
    lengths: lengthBars(report.lengths, formats),
    notes: collectNotes(report, plan, formats),
  };
}

function targetSentence({ target }: RebalanceReport, { t, n }: Formats): string | null {
  if (target === undefined) return null;
  if (target.unreachable) return t('The target of {0} cannot be reached; the most is {1}.', n(target.wanted), n(target.maximum));
  return t('Target {0}: the expected volume is {1}.', n(target.wanted), n(target.reached));
}

function perspectiveView(perspective: Perspective, part: RebalancePerspective, formats: Formats): PerspectiveView {
  const { t } = formats;
  const title = perspectiveTitle(perspective, t);
  const boundary = boundaryOf(part);
  return {
    perspective,
    title,
    boundary,
    tau: part.tau,
    mass: part.mass,
    top: part.before.curve[0]?.frequency ?? 1,
    series: distributionsOf(part).map(({ role, summary }) => seriesOf(role, summary)),
    measures: measuresTable(title, part, formats),
    details: detailsTable(title, part, formats),
    lostSentence: lostSentence(part, formats),
    lostCount: part.lostEntities ?? 0,
    lost: (part.lostSample ?? []).map(
      ({ entity, pair, frequency }) => [plainText(pair?.join(' + ') ?? entity, longestName), frequency] as const,
    ),
    spokenRank: spokenRank(title, part, formats),
    spokenLorenz: spokenLorenz(title, part, formats),
  };
}

/** Head and tail are told apart by the threshold before a target scaled it; without a target that is tau. */
function boundaryOf(part: RebalancePerspective): number | null {
  return part.boundary === undefined ? part.tau : part.boundary;
}

interface NamedDistribution {
  readonly role: SeriesRole;
  readonly summary: DistributionSummary;
}

function distributionsOf(part: RebalancePerspective): readonly NamedDistribution[] {
  const all: NamedDistribution[] = [{ role: 'before', summary: part.before }];
  if (part.after) all.push({ role: 'after', summary: part.after });
  if (part.control) all.push({ role: 'control', summary: part.control });
  return all;
}

/** Ranks of the wire are 0-based; a logarithmic axis starts at 1. Entities that nothing holds any more have no place on it. */
function seriesOf(role: SeriesRole, summary: DistributionSummary): SeriesView {
  const points = summary.curve.filter((point) => point.frequency > 0).map((point) => [point.rank + 1, point.frequency] as const);
  return { role, points, lorenz: summary.lorenz ?? [] };
}

function measuresTable(title: string, part: RebalancePerspective, formats: Formats): TableView {
  const { t, n, d, percent } = formats;
  const cell = (value: number | undefined, format: (value: number) => string): string => (value === undefined ? none : format(value));
  return {
    caption: t('{0}: what changes', title),
    columns: [t('Measure'), ...(['before', 'after', 'control'] as const).map((role) => seriesLabel(role, t))],
    rows: [
      [t('Gini'), d(part.before.gini), cell(part.after?.gini, d), cell(part.control?.gini, d)],
      [t('Tail occurrences kept'), none, cell(part.tailKept, percent), cell(part.controlTailKept, percent)],
      [t('Head occurrences kept'), none, cell(part.headKept, percent), cell(part.controlHeadKept, percent)],
      [t('Entities lost'), none, cell(part.lostEntities, n), cell(part.controlLostEntities, n)],
    ],
  };
}

function detailsTable(title: string, part: RebalancePerspective, { t, n, d, percent }: Formats): TableView {
  const distributions = distributionsOf(part);
  const row = (label: string, value: (summary: DistributionSummary) => string): string[] => [
    label,
    ...distributions.map(({ summary }) => value(summary)),
  ];
  return {
    caption: t('{0}: measures', title),
    columns: [t('Measure'), ...distributions.map(({ role }) => seriesLabel(role, t))],
    rows: [
      row(t('Entities'), (summary) => n(summary.entities)),
      row(t('Occurrences'), (summary) => n(summary.postings)),
      row(t('Entropy in bits'), (summary) => d(summary.entropy)),
      row(t('Entities in the tail'), (summary) => percent(summary.tailEntityShare)),
      row(t('Occurrences in the tail'), (summary) => percent(summary.tailMassShare)),
    ],
  };
}

function lostSentence({ before, lostEntities, controlLostEntities, lostSample }: RebalancePerspective, { t, n }: Formats): string {
  if (lostEntities === undefined) return t('{0} entities.', n(before.entities));
  const lost = t('{0} of {1} entities are lost; by chance {2}.', n(lostEntities), n(before.entities), n(controlLostEntities ?? 0));
  const listed = lostSample?.length ?? 0;
  return listed === 0 || listed === lostEntities ? lost : `${lost} ${t('The most frequent {0} are listed.', n(listed))}`;
}

function spokenRank(title: string, part: RebalancePerspective, formats: Formats): string {
  const { t, n, significant, percent } = formats;
  const boundary = boundaryOf(part);
  if (boundary === null) return t('{0}: no entity.', title);
  const shape = t(
    '{0}: rank-frequency curve of {1} entities on logarithmic axes. Threshold tau is {2}; the tail holds {3} of the entities and {4} of the occurrences.',
    title,
    n(part.before.entities),
    significant(boundary),
    percent(part.before.tailEntityShare),
    percent(part.before.tailMassShare),
  );
  if (part.tailKept === undefined || part.headKept === undefined) return shape;
  const kept = t(
    'Of the tail {0} is kept, of the head {1}; by chance {2} and {3}.',
    percent(part.tailKept),
    percent(part.headKept),
    percentOrNone(part.controlTailKept, formats),
    percentOrNone(part.controlHeadKept, formats),
  );
  return `${shape} ${kept} ${lostSentence(part, formats)}`;
}

function spokenLorenz(title: string, part: RebalancePerspective, { t, d }: Formats): string {
  if (part.after === undefined || part.control === undefined) return t('{0}: Lorenz curve. Gini {1}.', title, d(part.before.gini));
  return t(
    '{0}: Lorenz curves. Gini {1} before, {2} after, {3} in the random control; 0 means that all entities are equally frequent.',
    title,
    d(part.before.gini),
    d(part.after.gini),
    d(part.control.gini),
  );
}

function percentOrNone(share: number | undefined, { percent }: Formats): string {
  return share === undefined ? none : percent(share);
}
