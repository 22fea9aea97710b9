import type { ClusterPoints, ClusterPointsRequest } from '../../../protocol/clusters.ts';
import { placeOn } from '../../clustering/centroidMap.ts';
import { rowsOfCluster } from '../../clustering/clusterMembers.ts';
import { openRows } from '../../clustering/rowSource.ts';
import { Breath } from '../../jobs/breath.ts';
import { EngineError } from '../../jobs/engineError.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { verdictOf } from '../browse/verdictMemory.ts';
import { meanSimilarity } from './clusterCard.ts';
import { shortened } from './clusterList.ts';
import { type ClusterMemory, clusterNumber } from './clusterMemory.ts';

const defaultPoints = 2000;
const mostPoints = 20_000;
/** Below this, instances have nothing to do with their centroid, and no factor brings them there. */
const leastCosine = 0.01;

/**
 * Places of a cluster's instances on the map of the clusters. A centroid of spherical k-means is the mean of its instances, all of length
 * 1, stretched to length 1: instances are stretched by the same factor, so that they lie around their centroid and not between it and the
 * middle of the map.
 * @throws EngineError `clustering.notFound`, `cluster.notFound`, `usage`
 */
export async function clusterPoints(request: ClusterPointsRequest, memory: ClusterMemory, caller: JobContext): Promise<ClusterPoints> {
  const limit = request.limit ?? defaultPoints;
  if (!Number.isInteger(limit) || limit < 1 || limit > mostPoints)
    throw new EngineError('usage', `A map shows 1 to ${mostPoints} instances; got ${limit}.`, { option: 'limit' });
  const inHand = await memory.take(request, caller);
  const { open, dataset, ordinals, job } = inHand;
  const cluster = clusterNumber(inHand, request.cluster);
  const members = rowsOfCluster(open.members, cluster);
  const matrix = await memory.features(inHand);
  const { plane } = await memory.map(inHand);
  const shown = members.length <= limit ? members : ((await memory.greedy(inHand, cluster, limit)) ?? members).slice(0, limit).sort();
  const verdicts = request.manifest === undefined ? undefined : await memory.browser.verdicts.open(dataset, request.manifest, job);
  using rows = openRows(matrix);
  const values = new Float64Array(matrix.dimensions);
  const x: number[] = [];
  const y: number[] = [];
  const breath = new Breath(job);
  const cosine = meanSimilarity(open, members) ?? 1;
  const longer = cosine > leastCosine ? 1 / cosine : 1;
  for (const row of shown) {
    if (breath.isDue) await breath.take();
    rows.read(row, values, 0);
    stretch(values, longer);
    const place = placeOn(plane, values);
    x.push(shortened(place[0]));
    y.push(shortened(place[1]));
  }
  const ordinal = Array.from(shown, (row) => ordinals[row] as number);
  return {
    cluster: request.cluster,
    size: members.length,
    ordinal,
    x,
    y,
    ...(verdicts ? { kept: ordinal.map((one) => (verdictOf(verdicts, one) === 'kept' ? 1 : 0)) } : {}),
  };
}

/** Gives a row this length; a row of zeros stays. */
function stretch(row: Float64Array, length: number): void {
  let squares = 0;
  for (let k = 0; k < row.length; k++) squares += (row[k] as number) ** 2;
  if (squares === 0) return;
  const factor = length / Math.sqrt(squares);
  for (let k = 0; k < row.length; k++) row[k] = (row[k] as number) * factor;
}
