import type { InstanceCluster } from '../../protocol/clusters.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';

/** Longest name of an entity, in UTF-16 units. */
const entityUnits = 60;

/** Where an instance stands among the clusters, as names and values. */
export function clusterFacts(cluster: InstanceCluster, t: Localize, locale: string): readonly (readonly [name: string, value: string])[] {
  const whole = new Intl.NumberFormat(locale);
  const digits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  const { size, transferability, density, score, similarity, rank, entities } = cluster;
  const list = new Intl.ListFormat(locale, { type: 'unit' });
  return [
    [t('Cluster'), t('{0}, with {1} instances', whole.format(cluster.cluster), whole.format(size))],
    ...(entities.length === 0 ? [] : [[t('Typical entities'), list.format(entities.map((one) => plainText(one, entityUnits)))] as const]),
    [t('Transferability'), digits.format(transferability)],
    ...(density === null ? [] : [[t('Density'), digits.format(density)] as const]),
    ...(score === null ? [] : [[t('Score of the cluster'), digits.format(score)] as const]),
    ...(similarity === null ? [] : [[t('Similarity to the centroid'), digits.format(similarity)] as const]),
    ...(rank === null ? [] : [[t('Place in the greedy order'), t('{0} of {1}', whole.format(rank + 1), whole.format(size))] as const]),
  ];
}
