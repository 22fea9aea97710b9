import type { InstanceCluster } from '../../src/protocol/clusters.ts';
import { section, textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';

const nameLimit = 80;

/** Where the instance stands in the clustering: its cluster's numbers, its place in it, and the way to the cluster. */
export function clusterSection(own: InstanceCluster, manifest: string | null, context: PageContext): HTMLElement {
  const { strings, n, say, bridge, content } = context;
  const { clusterFacts, clusterEntities, showCluster } = strings.detail;
  const digits = new Intl.NumberFormat(content.locale, { maximumSignificantDigits: 4 });
  const number = (value: number | null): string => (value === null ? '–' : digits.format(value));
  const facts: readonly (readonly [string, string])[] = [
    [clusterFacts.id, String(own.cluster)],
    [clusterFacts.size, n(own.size)],
    [clusterFacts.transferability, number(own.transferability)],
    [clusterFacts.density, number(own.density)],
    [clusterFacts.score, number(own.score)],
    [clusterFacts.similarity, number(own.similarity)],
    // People count from 1.
    [clusterFacts.rank, own.rank === null ? '–' : say(clusterFacts.rankOf, own.rank + 1, own.size)],
  ];
  const list = element('dl', { class: 'facts-list' });
  for (const [name, value] of facts) list.append(element('div', {}, element('dt', {}, name), element('dd', {}, value)));
  const typical =
    own.entities.length === 0
      ? []
      : [
          element(
            'p',
            { class: 'cluster-entities' },
            `${clusterEntities}: `,
            ...own.entities.flatMap((entity, i) => [...(i > 0 ? [', '] : []), element('bdi', {}, visibleLine(entity, nameLimit))]),
          ),
        ];
  const show = textButton(showCluster, () => {
    const which = { cluster: own.cluster, clustering: own.clustering, ...(manifest === null ? {} : { manifest }) };
    void bridge.request('showCluster', which).catch(context.report);
  });
  return section('cluster', strings.detail.cluster, list, ...typical, show);
}
