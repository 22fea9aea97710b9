import type { Frontier, FrontierLine } from '../../protocol/clusters.ts';
import type { CoverageOf, FrontierLineView, FrontierView } from '../../protocol/coresetPage.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { type Formats, liveFormats, shareOf } from '../selection/liveFormats.ts';
import { strategyLabel } from './strategyWords.ts';

/** One figure of the answers to the parts of a question; a strategy that several hold is taken from the first, random comes last. */
export function collectFrontier(answers: readonly Frontier[], t: Localize, locale: string): FrontierView {
  const formats = liveFormats(t, locale);
  const all = answers.flatMap(({ strategies }) => strategies);
  const distinct = all.filter(({ strategy }, i) => all.findIndex((other) => other.strategy === strategy) === i);
  const first = answers[0]?.strategies[0]?.strategy;
  const ordered = [
    ...distinct.filter(({ strategy }) => strategy !== 'random' || first === 'random'),
    ...distinct.filter(({ strategy }) => strategy === 'random' && first !== 'random'),
  ];
  const lines = ordered.map((line) => lineView(line, t));
  const known: readonly CoverageOf[] = (['object', 'token', 'interrogation', 'cooccurrence', 'clusters'] as const).filter((of) =>
    lines.some(({ points }) => points.some(({ covered }) => covered[of] !== undefined)),
  );
  return {
    coverages: known.map((of) => ({ of, title: titleOf(of, t), axis: axisOf(of, t) })),
    lines,
    unreachable: ordered.flatMap((line) => unreachableSentences(line, formats)),
    spoken: Object.fromEntries(known.map((of) => [of, spokenOf(of, lines, formats)])),
  };
}

function lineView({ strategy, points }: FrontierLine, t: Localize): FrontierLineView {
  return {
    strategy,
    label: strategyLabel(strategy, t),
    points: points.flatMap((point) => {
      if ('unreachable' in point) return [];
      const entries = perspectives.flatMap((perspective): [CoverageOf, number][] => {
        const one = point.perspectives[perspective];
        return one === undefined ? [] : [[perspective, shareOf(one.kept, one.entities)]];
      });
      if (point.clusters !== undefined) entries.push(['clusters', shareOf(point.clusters.covered, point.clusters.clusters)]);
      return [{ fraction: point.fraction, selected: point.selected, covered: Object.fromEntries(entries) }];
    }),
  };
}

function titleOf(of: CoverageOf, t: Localize): string {
  return of === 'clusters' ? t('Clusters') : perspectiveTitle(of, t);
}

function axisOf(of: CoverageOf, t: Localize): string {
  return of === 'clusters' ? t('Share of the clusters covered') : t('Share of the entities covered ({0})', perspectiveTitle(of, t));
}

/** What a strategy cannot give, once per bound. */
function unreachableSentences({ strategy, points }: FrontierLine, { t, n }: Formats): readonly string[] {
  const sentences = points.flatMap((point) => {
    if (!('unreachable' in point)) return [];
    const label = strategyLabel(strategy, t);
    if (point.maximum !== null) return [t('{0} can keep at most {1} instances.', label, n(point.maximum))];
    if (point.minimum !== null) return [t('{0} needs more than the smallest sizes: its floors hold more instances.', label)];
    return [t('{0} cannot give every size.', label)];
  });
  return [...new Set(sentences)];
}

function spokenOf(of: CoverageOf, lines: readonly FrontierLineView[], { t, percent }: Formats): string {
  const parts = lines.flatMap(({ label, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    const [low, high] = [first?.covered[of], last?.covered[of]];
    return first === undefined || last === undefined || low === undefined || high === undefined
      ? []
      : [t('{0}: {1} at {2}, {3} at {4}', label, percent(low), percent(first.fraction), percent(high), percent(last.fraction))];
  });
  return t('Coverage of {0} by size. {1}', titleOf(of, t), parts.join('; '));
}
