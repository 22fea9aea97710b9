import * as path from 'node:path';
import type { KnownClustering } from '../../protocol/clusters.ts';
import type { ClusteringChoice } from '../../protocol/clustersPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';

/** Known clusterings in words: how many clusters, of which features, when. Equal words are told apart by the seed and the preset. */
export function clusteringChoices(known: readonly KnownClustering[], t: Localize, locale: string): readonly ClusteringChoice[] {
  const n = new Intl.NumberFormat(locale);
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const facts = known.map((one) => ({
    id: one.id,
    label: t('{0} clusters · {1} · {2}', n.format(one.clusters), featuresName(one, t), time.format(new Date(one.made))),
    detail: t('seed {0}, preset {1}', String(one.options.seed ?? 42), one.preset),
  }));
  return facts.map(({ id, label, detail }) => {
    const isOnly = facts.filter((other) => other.label === label).length === 1;
    return { id, label: isOnly ? label : t('{0} · {1}', label, detail) };
  });
}

/** Where the features of a clustering came from. */
function featuresName({ options }: KnownClustering, t: Localize): string {
  const { features = 'builtin', assignments } = options;
  if (features !== 'builtin') return plainText(path.basename(features), 60);
  return assignments === undefined ? t('built-in features') : plainText(path.basename(assignments), 60);
}
