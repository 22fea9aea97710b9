import { type ClusterMembersPage, type ClusterMembersRequest, memberOrders } from '../../../protocol/clusters.ts';
import { rowsOfCluster } from '../../clustering/clusterMembers.ts';
import { EngineError } from '../../jobs/engineError.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { instanceRows } from '../browse/instanceRows.ts';
import { assertPage } from '../page.ts';
import { type ClusterMemory, type ClustersInHand, clusterNumber } from './clusterMemory.ts';

const mostRows = 500;

/** Some of a cluster's instances. @throws EngineError `clustering.notFound`, `cluster.notFound`, `usage` */
export async function clusterMembers(
  request: ClusterMembersRequest,
  memory: ClusterMemory,
  caller: JobContext,
): Promise<ClusterMembersPage> {
  assertPage(request, mostRows);
  if (!memberOrders.includes(request.order))
    throw new EngineError('usage', `Members cannot be ordered by "${request.order}".`, { option: 'order' });
  const inHand = await memory.take(request, caller);
  const { open, dataset, ordinals, job } = inHand;
  const { browser } = memory;
  const cluster = clusterNumber(inHand, request.cluster);
  const { offset, limit } = request;
  const total = rowsOfCluster(open.members, cluster).length;
  const rows = (await ordered(request, inHand, cluster, memory)).subarray(offset, offset + limit);
  const verdicts = request.manifest === undefined ? undefined : await browser.verdicts.open(dataset, request.manifest, job);
  const entities = await memory.entities(inHand);
  return {
    offset,
    total,
    rows: await instanceRows(
      dataset,
      Array.from(rows, (row) => ordinals[row] as number),
      { problems: await memory.problems(dataset), entities, verdicts },
      job,
    ),
    similarity: open.kernels ? Array.from(rows, (row) => open.similarity[row] as number) : null,
  };
}

/** Rows in the order asked for, at least up to the page's end. */
async function ordered(
  { order, offset, limit }: ClusterMembersRequest,
  inHand: ClustersInHand,
  cluster: number,
  memory: ClusterMemory,
): Promise<Uint32Array> {
  const { open } = inHand;
  const rows = rowsOfCluster(open.members, cluster);
  if (order === 'ordinal') return rows;
  if (!open.kernels)
    throw new EngineError('usage', 'These clusters came without features: their members have no order but that of the file.', {
      option: 'order',
    });
  if (order === 'greedy') return (await memory.greedy(inHand, cluster, Math.min(rows.length, offset + limit))) ?? rows;
  const { similarity } = open;
  return rows.slice().sort((a, b) => (similarity[b] as number) - (similarity[a] as number) || a - b);
}
