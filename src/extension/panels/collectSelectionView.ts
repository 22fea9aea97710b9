import { type Perspective, perspectives } from '../../protocol/perspectives.ts';
import type { DistributionSummary, RebalancePerspective, RebalanceReport } from '../../protocol/reports.ts';
import type { PerspectiveView, SelectionStrings, SelectionView, SeriesRole, SeriesView, TableView } from '../../protocol/selectionPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';

interface Formats {
  readonly t: Localize;
  readonly n: (value: number) => string;
  /** Two decimals. */
  readonly d: (value: number) => string;
  /** Three significant digits for small numbers, whole ones from 1000: a scaled tau is rarely an integer. */
  readonly significant: (value: number) => string;
  readonly percent: (share: number) => string;
}

/** Everything that the page of a selection shows, in words and numbers, from the engine's report. */
export function collectSelectionView(report: RebalanceReport, datasetName: string, t: Localize, locale: string): SelectionView {
  const formats = formatsOf(t, locale);
  const views = perspectives.flatMap((perspective) => {
    const part = report.perspectives[perspective];
    return part === undefined ? [] : [perspectiveView(perspective, part, formats)];
  });
  return {
    locale,
    title: t('Rebalanced: {0}', datasetName),
    summary: summaryOf(report, formats),
    perspectives: views,
    canOpenOutput: report.output !== undefined,
    canRevealManifest: report.manifest !== undefined,
    strings: stringsOf(t),
  };
}

function formatsOf(t: Localize, locale: string): Formats {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const threeDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  return {
    t,
    n: (value) => whole.format(value),
    d: (value) => decimal.format(value),
    significant: (value) => (value >= 1000 ? whole : threeDigits).format(value),
    percent: (value) => share.format(value),
  };
}

function summaryOf(report: RebalanceReport, { t, n, percent }: Formats): readonly string[] {
  const share = report.instances === 0 ? 0 : report.kept / report.instances;
  const lines = [
    t('Kept {0} of {1} instances ({2}), dropped {3}.', n(report.kept), n(report.instances), percent(share), n(report.dropped)),
    t('Expected volume {0} ± {1}. Seed {2}, sampler {3}.', n(report.expected), n(report.standardDeviation), report.seed, report.sampler),
  ];
  if (report.target?.unreachable === true)
    lines.push(t('The target of {0} cannot be reached; the most is {1}.', n(report.target.wanted), n(report.target.maximum)));
  return lines;
}

function perspectiveView(perspective: Perspective, part: RebalancePerspective, formats: Formats): PerspectiveView {
  const { t, significant } = formats;
  const title = perspectiveTitle(perspective, t);
  const distributions = distributionsOf(part);
  const series = distributions.map(({ role, summary }): SeriesView => ({ role, label: seriesLabel(role, t), points: pointsOf(summary) }));
  const facts = factsOf(part, formats);
  const boundary = boundaryOf(part);
  return {
    perspective,
    title,
    boundary,
    boundaryLabel: boundary === null ? '' : t('τ = {0}', significant(boundary)),
    series,
    facts,
    spoken: spokenOf(title, part, facts, formats),
    measures: measuresTable(title, distributions, formats),
    curve: curveTable(title, series, formats),
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
function pointsOf(summary: DistributionSummary): SeriesView['points'] {
  return summary.curve.filter((point) => point.frequency > 0).map((point) => [point.rank + 1, point.frequency] as const);
}

function factsOf(part: RebalancePerspective, { t, n, d, significant, percent }: Formats): readonly string[] {
  const facts: string[] = [];
  facts.push(part.after ? t('Gini {0} before, {1} after', d(part.before.gini), d(part.after.gini)) : t('Gini {0}', d(part.before.gini)));
  if (part.tailKept !== undefined && part.headKept !== undefined)
    facts.push(t('Kept {0} of the tail and {1} of the head', percent(part.tailKept), percent(part.headKept)));
  const boundary = boundaryOf(part);
  if (boundary !== null && part.before.tailEntityShare === 0) facts.push(t('No tail: every entity is more frequent than τ'));
  if (part.lostEntities !== undefined) facts.push(t('Entities lost: {0} of {1}', n(part.lostEntities), n(part.before.entities)));
  if (part.tau !== null && boundary !== null && part.tau !== boundary)
    facts.push(t('For the target τ was scaled from {0} to {1}', significant(boundary), significant(part.tau)));
  return facts;
}

function spokenOf(title: string, part: RebalancePerspective, facts: readonly string[], { t, n, significant, percent }: Formats): string {
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
  return [shape, ...facts.map((fact) => t('{0}.', fact))].join(' ');
}

function measuresTable(title: string, distributions: readonly NamedDistribution[], { t, n, d, percent }: Formats): TableView {
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
      row(t('Gini'), (summary) => d(summary.gini)),
      row(t('Entropy in bits'), (summary) => d(summary.entropy)),
      row(t('Entities in the tail'), (summary) => percent(summary.tailEntityShare)),
      row(t('Occurrences in the tail'), (summary) => percent(summary.tailMassShare)),
    ],
  };
}

/** One row per rank that any curve has; a curve without that rank leaves its cell empty. */
function curveTable(title: string, series: readonly SeriesView[], { t, n }: Formats): TableView {
  const byRank = new Map<number, Map<SeriesRole, number>>();
  for (const { role, points } of series)
    for (const [rank, frequency] of points) {
      const cells = byRank.get(rank) ?? new Map<SeriesRole, number>();
      byRank.set(rank, cells.set(role, frequency));
    }
  const ranks = [...byRank.keys()].sort((a, b) => a - b);
  const cell = (rank: number, role: SeriesRole): string => {
    const frequency = byRank.get(rank)?.get(role);
    return frequency === undefined ? '' : n(frequency);
  };
  return {
    caption: t('{0}: frequency by rank (selected ranks)', title),
    columns: [t('Rank'), ...series.map(({ label }) => label)],
    rows: ranks.map((rank) => [n(rank), ...series.map(({ role }) => cell(rank, role))]),
  };
}

function seriesLabel(role: SeriesRole, t: Localize): string {
  const labels: Readonly<Record<SeriesRole, string>> = { before: t('Before'), after: t('After'), control: t('Random control') };
  return labels[role];
}

function stringsOf(t: Localize): SelectionStrings {
  return {
    showTables: t('Show as Tables'),
    showCharts: t('Show as Charts'),
    openOutput: t('Open Result'),
    revealManifest: t('Reveal Manifest'),
    rankAxis: t('Rank of the entity (log)'),
    frequencyAxis: t('Instances (log)'),
    head: t('head'),
    tail: t('tail'),
    legend: t('Legend'),
    tauLegend: t('Threshold τ: head above, tail below'),
    noEntities: t('No entity in this perspective.'),
    chartHint: t('Arrow keys move along the curve. Press T for tables.'),
    point: t('{0}, rank {1}: {2} instances', '{0}', '{1}', '{2}'),
  };
}
