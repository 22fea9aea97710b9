import type { ClusterSharesView, ComparisonView, CoresetSettings, MeasuredCell, TrialView } from '../../protocol/coresetPage.ts';
import { type Perspective, perspectives } from '../../protocol/perspectives.ts';
import type { ClusterShare, ComparedStrategy, SelectReport } from '../../protocol/select.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { type Formats, liveFormats, none, shareOf } from '../selection/liveFormats.ts';
import { strategyLabel } from './strategyWords.ts';

/** Clusters in the table. */
const listedClusters = 12;

/** A trial in words and numbers. @param left strategies of the comparison that cannot give this size */
export function collectTrial(
  report: SelectReport,
  settings: CoresetSettings,
  left: readonly string[],
  t: Localize,
  locale: string,
): TrialView {
  const formats = liveFormats(t, locale);
  const { n, percent } = formats;
  const { instances, selected } = report;
  const lead = t('Selects {0} of {1} ({2})', n(selected), n(instances), percent(shareOf(selected, instances)));
  const lines = linesOf(report, formats);
  return {
    instances,
    selected,
    lead,
    lines,
    spoken: [lead, ...lines].join('. '),
    comparison: comparisonOf(report, formats),
    clusters: sharesOf(report, formats),
    notes: [...left, ...notesOf(report, settings, t)],
  };
}

function linesOf({ strategy, requested, shortfall, facts, perCluster }: SelectReport, { t, n, d }: Formats): readonly string[] {
  const fact = (name: string): number => facts[name] ?? 0;
  const lines = [t('by {0}', strategyLabel(strategy, t))];
  if (shortfall > 0)
    lines.push(
      t('{0} of the {1} asked for are missing: small clusters were taken whole and could not give more.', n(shortfall), n(requested)),
    );
  if (fact('refilled') > 0)
    lines.push(t('{0} were refilled from other clusters, because small ones were taken whole.', n(fact('refilled'))));
  if (strategy === 'hybrid') {
    const payers = perCluster.filter(({ paid }) => (paid ?? 0) > 0).length;
    lines.push(
      t(
        '{0} entities have a floor: {1} instances were added for them, and {2} clusters gave up {3}.',
        n(fact('flooredEntities')),
        n(fact('added')),
        n(payers),
        n(fact('paid')),
      ),
    );
  }
  if (strategy === 'semdedup') lines.push(t('Instances up to a cosine of {0} to a harder one are kept.', d(fact('threshold'))));
  return lines;
}

function comparisonOf({ comparison, instances }: SelectReport, formats: Formats): ComparisonView {
  const { t, n, d, percent } = formats;
  const { strategies, overlap } = comparison;
  const row = (
    title: string,
    meaning: string,
    cell: (one: ComparedStrategy, i: number) => string | MeasuredCell,
  ): ComparisonView['measures'][number] => ({
    title,
    meaning,
    cells: strategies.map((one, i) => {
      const made = cell(one, i);
      return typeof made === 'string' ? { value: made, detail: null } : made;
    }),
  });
  const part = (some: number, all: number): MeasuredCell => ({
    value: percent(shareOf(some, all)),
    detail: t('{0} of {1}', n(some), n(all)),
  });
  const shown = perspectives.filter((perspective) => strategies.some((one) => one.perspectives[perspective] !== undefined));
  const hasClusters = strategies.some(({ clusters }) => clusters !== undefined);
  const first = strategies[0];
  const name = first === undefined ? '' : strategyLabel(first.strategy, t);
  const byChance = percent(shareOf(first?.selected ?? 0, instances));
  return {
    caption: t('Selections of equal size side by side'),
    strategies: strategies.map(({ strategy }) => strategyLabel(strategy, t)),
    measures: [
      row(t('Instances'), t('Instances in the selection.'), ({ selected }) => n(selected)),
      ...shown.map((perspective) =>
        row(t('Coverage: {0}', perspectiveTitle(perspective, t)), coverageMeaning(perspective, t), ({ perspectives: covered }) => {
          const one = covered[perspective];
          return one === undefined ? none : part(one.kept, one.entities);
        }),
      ),
      ...shown.map((perspective, i) =>
        row(
          t('Gini: {0}', perspectiveTitle(perspective, t)),
          i > 0 ? '' : t('How unevenly the entities that are left are spread. 0: all equally frequent; 1: one has everything.'),
          ({ perspectives: covered }) => (covered[perspective] === undefined ? none : d(covered[perspective].gini)),
        ),
      ),
      ...(hasClusters
        ? [
            row(t('Coverage: clusters'), t('Clusters of which at least one instance is selected.'), ({ clusters }) =>
              clusters === undefined ? none : part(clusters.covered, clusters.clusters),
            ),
            row(t('Largest cluster’s share'), t('Share of the selection that comes from the cluster that gives most.'), ({ clusters }) =>
              clusters === undefined ? none : percent(clusters.largestShare),
            ),
            row(t('Gini: clusters'), t('How unevenly the selection is spread over the clusters.'), ({ clusters }) =>
              clusters === undefined ? none : d(clusters.gini),
            ),
          ]
        : []),
      row(t('Duplicates'), t('Selected instances whose exact content another selected instance has already.'), ({ duplicates }) =>
        n(duplicates),
      ),
      row(
        t('In common with {0}', name),
        t('Share that the selection of {0} holds too. Two draws by chance would share {1}.', name, byChance),
        ({ selected }, i) => (i === 0 ? none : percent(shareOf(overlap[0]?.[i] ?? 0, selected))),
      ),
    ],
  };
}

function coverageMeaning(perspective: Perspective, t: Localize): string {
  const meanings: Readonly<Record<Perspective, string>> = {
    token: t('Words (nouns) that at least one selected instance holds.'),
    object: t('Things named that at least one selected instance holds.'),
    cooccurrence: t('Pairs of things that at least one selected instance holds together.'),
    interrogation: t('Ways of asking that at least one selected instance uses.'),
  };
  return meanings[perspective];
}

function sharesOf({ perCluster, selected }: SelectReport, formats: Formats): ClusterSharesView | null {
  if (perCluster.length === 0) return null;
  const { t, n, percent } = formats;
  const pays = perCluster.some(({ paid }) => paid !== undefined);
  const wants = perCluster.some(({ want }) => want !== null);
  const empty = perCluster.filter(({ take }) => take === 0).length;
  const weight = ({ paid, take }: ClusterShare): number => (pays ? (paid ?? 0) : take);
  const listed = [...perCluster].sort((a, b) => weight(b) - weight(a) || b.take - a.take || a.cluster - b.cluster).slice(0, listedClusters);
  const caption = pays
    ? t('The {0} of {1} clusters that paid most for the floors', n(listed.length), n(perCluster.length))
    : t('The {0} of {1} clusters that give most', n(listed.length), n(perCluster.length));
  return {
    sentence: t('{0} of {1} clusters give something, {2} give nothing.', n(perCluster.length - empty), n(perCluster.length), n(empty)),
    ids: listed.map(({ cluster }) => cluster),
    table: {
      caption,
      columns: [
        t('Cluster'),
        t('Size'),
        ...(wants ? [t('Budget')] : []),
        t('Selected'),
        t('Of the cluster'),
        t('Of the coreset'),
        ...(pays ? [t('Gave up'), t('Added')] : []),
      ],
      rows: listed.map(({ cluster, size, want, take, paid, added }) => [
        String(cluster),
        n(size),
        ...(wants ? [want === null ? none : n(want)] : []),
        n(take),
        percent(shareOf(take, size)),
        percent(shareOf(take, selected)),
        ...(pays ? [n(paid ?? 0), n(added ?? 0)] : []),
      ]),
    },
  };
}

function notesOf({ strategy, parameters }: SelectReport, settings: CoresetSettings, t: Localize): readonly string[] {
  const scored = strategy === 'coincide' || strategy === 'hybrid';
  return [
    ...(scored && settings.features === undefined && settings.clusters.kind !== 'import'
      ? [
          t(
            'The paper clusters activations of a small vision-language model. These clusters come from built-in descriptors, so its results do not carry over.',
          ),
        ]
      : []),
    ...(scored && parameters.preset === 'paper' && settings.features !== undefined && settings.layout === undefined
      ? [t('Without a layout the preset of the paper takes the whole vector where the paper takes the visual and the language half apart.')]
      : []),
  ];
}
