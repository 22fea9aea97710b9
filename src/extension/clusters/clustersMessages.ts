import * as v from 'valibot';
import { memberOrders } from '../../protocol/clusters.ts';
import { clustersPageActions, clusterViews, type DrawnClusters } from '../../protocol/clustersPage.ts';
import { perspectives } from '../../protocol/perspectives.ts';

/** A page is a foreign process: what it asks is checked before anything is done. Texts have limits that no user meets. */
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const id = v.pipe(v.string(), v.maxLength(200));
const file = v.nullable(v.pipe(v.string(), v.maxLength(100_000)));
/** The engine knows which ids there are. */
const cluster = v.pipe(v.number(), v.safeInteger());
const ofCluster = { clustering: id, cluster, manifest: file };

export const requestSchemas = {
  none: v.null(),
  open: v.object({ ticket: count, clustering: v.nullable(id), manifest: file, extract: v.boolean() }),
  card: v.object(ofCluster),
  members: v.object({
    ...ofCluster,
    order: v.picklist(memberOrders),
    offset: count,
    limit: v.pipe(count, v.minValue(1), v.maxValue(500)),
  }),
  lift: v.object({
    clustering: id,
    clusters: v.nullable(v.pipe(v.array(cluster), v.minLength(1), v.maxLength(50))),
    text: v.pipe(v.string(), v.maxLength(1000)),
    perspective: v.picklist(perspectives),
    offset: count,
    limit: v.pipe(count, v.minValue(1), v.maxValue(500)),
  }),
  image: v.object({ instance: count, side: v.pipe(count, v.minValue(16), v.maxValue(2048)) }),
  openInstance: v.object({ instance: count, manifest: file }),
  act: v.picklist(clustersPageActions),
};

const drawnSchema = v.object({
  theme: v.string(),
  view: v.picklist(clusterViews),
  tables: v.boolean(),
  clustering: v.string(),
  clusters: v.number(),
  card: v.nullable(v.number()),
  points: v.number(),
  paintedPixels: v.number(),
});

/** Undefined for anything that is no report of what the page shows. */
export function parseDrawn(value: unknown): DrawnClusters | undefined {
  const parsed = v.safeParse(drawnSchema, value);
  return parsed.success ? parsed.output : undefined;
}

const stateSchema = v.object({ version: v.literal(1), dataset: v.pipe(v.string(), v.minLength(1)) });

/** Dataset of a panel that is restored; undefined for what another version kept. */
export function datasetOfState(state: unknown): string | undefined {
  const parsed = v.safeParse(stateSchema, state);
  return parsed.success ? parsed.output.dataset : undefined;
}
