import * as v from 'valibot';
import type { ClustersOpenAt } from '../../protocol/clustersPage.ts';

/** A place of the panel as a command names it; the dataset by its absolute path. */
export type ClusterTarget = { readonly dataset: string } & ClustersOpenAt;

const schema = v.object({
  dataset: v.pipe(v.string(), v.minLength(1)),
  cluster: v.exactOptional(v.pipe(v.number(), v.safeInteger())),
  clustering: v.exactOptional(v.string()),
  manifest: v.exactOptional(v.string()),
});

/** Undefined for anything else than such a place, such as a file's URI or a row of a view. */
export function parseClusterTarget(target: unknown): ClusterTarget | undefined {
  const parsed = v.safeParse(schema, target);
  return parsed.success ? parsed.output : undefined;
}
