import { perspectives } from '../../protocol/perspectives.ts';
import { type SelectionStrings, seriesRoles } from '../../protocol/selectionPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { controlStrings } from './controlStrings.ts';
import { seriesLabel } from './liveFormats.ts';

/** All words of the page in the editor's language. */
export function panelStrings(t: Localize): SelectionStrings {
  return {
    controls: controlStrings(t),
    groups: {
      plan: t('Plan'),
      thresholds: t('Thresholds'),
      volume: t('Volume'),
      hygiene: t('Hygiene'),
      protection: t('Protection'),
      control: t('Random control'),
      overrides: t('Overrides ({0})', '{0}'),
      method: t('About these numbers'),
    },
    method: [
      t(
        'The paper calls its thresholds adaptive; in its code they are constants, picked by hand for each dataset. The masses here are those it used.',
      ),
      t('τ is no target count: a frequent entity keeps far more than τ instances, because their other entities draw as well.'),
      t('The expected volume is exact, in closed form. What is kept was drawn under the seed, so it is what Apply writes.'),
    ],
    series: record(seriesRoles, (role) => seriesLabel(role, t)),
    titles: record(perspectives, (perspective) => perspectiveTitle(perspective, t)),
    byMass: t('by mass'),
    byTau: t('fixed τ'),
    byTarget: t('τ in use {0}', '{0}'),
    controlOf: t('{0}: {1}', '{0}', '{1}'),
    targetOff: t('off'),
    targetCount: t('instances'),
    targetPercent: t('percent'),
    byNames: { tau: t('τ'), mass: t('mass'), alpha: t('alpha') },
    lastPerspective: t('One perspective must stay: without any, nothing could be kept.'),
    outOfRange: t('Write a number from {0} to {1}.', '{0}', '{1}'),
    removeProtection: t('Remove protection of {0}', '{0}'),
    removeOverride: t('Remove override: {0}', '{0}'),
    openInstance: t('{0}, open in the instance browser', '{0}'),
    noOverrides: t('No verdict is forced. The instance browser can keep or drop single instances.'),
    moreOverrides: t('The newest {0} of {1} are listed.', '{0}', '{1}'),
    loading: t('Loading the dataset…'),
    cancel: t('Cancel'),
    cancelled: t('Cancelled. The figures show the plan as it was before.'),
    cancelledLoad: t('Cancelled. What was finished is used again.'),
    noFigures: t('No figures yet'),
    tryAgain: t('Try Again'),
    reload: t('Reload'),
    openResult: t('Open Result'),
    revealManifest: t('Reveal Manifest'),
    browseDropped: t('Browse Dropped'),
    resultOutdated: t('The plan has changed since.'),
    figures: t('Figures'),
    rankCharts: t('Rank-Frequency'),
    lorenzCharts: t('Lorenz'),
    tables: t('Tables (T)'),
    rankAxis: t('Rank of the entity (log)'),
    frequencyAxis: t('Instances (log)'),
    entityShareAxis: t('Share of the entities, rarest first'),
    postingShareAxis: t('Share of the occurrences'),
    equality: t('All entities equally frequent'),
    head: t('head'),
    tail: t('tail'),
    legend: t('Legend'),
    tauLegend: t('Threshold τ, drag it: head above, tail below'),
    scaledLegend: t('τ scaled for the target'),
    noEntities: t('No entity in this perspective.'),
    chartHint: t('Arrow keys move along a chart. Press T for tables.'),
    tauHandle: t('{0}: threshold τ', '{0}'),
    tauText: t('τ {0}: entities in at most {0} instances are tail', '{0}'),
    tauShort: t('τ {0}', '{0}'),
    scaledShort: t('in use {0}', '{0}'),
    point: t('{0}, rank {1}: {2} instances', '{0}', '{1}', '{2}'),
    lorenzPoint: t('{0}: the rarest {1} of the entities hold {2} of the occurrences', '{0}', '{1}', '{2}'),
    barPoint: t('{0}, {1}: {2}', '{0}', '{1}', '{2}'),
    curveCaption: t('{0}: frequency by rank (selected ranks)', '{0}'),
    lorenzCaption: t('{0}: occurrences held by the rarest entities (selected shares)', '{0}'),
    rank: t('Rank'),
    entityShare: t('Rarest entities'),
    lostTitle: t('What is lost'),
    lostCaption: t('{0}: entities that no kept instance holds, the most frequent {1} of {2}', '{0}', '{1}', '{2}'),
    lostEntity: t('Entity'),
    lostFrequency: t('Instances'),
    notes: t('What to know about these numbers ({0})', '{0}'),
  };
}

function record<K extends string>(keys: readonly K[], value: (key: K) => string): Readonly<Record<K, string>> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, string>;
}
