import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { permutations, precisions, presets } from '../../protocol/clustering.ts';
import type { KnownClustering } from '../../protocol/clusters.ts';
import { devices } from '../../protocol/requests.ts';
import { type Artifact, type ArtifactAddress, hashOf } from '../runs/artifacts.ts';
import { writeFileAtomic } from '../runs/atomicFile.ts';
import { readJson } from '../runs/npy.ts';

/** A remembered clustering with the places of what was computed of it. */
export interface ClusteringRecord extends KnownClustering {
  /** Identity of the dataset. */
  readonly dataset: string;
  readonly artifacts: {
    readonly clusters: ArtifactAddress;
    readonly transferability: ArtifactAddress;
    /** Null without features. */
    readonly kernels: ArtifactAddress | null;
  };
}

/** What a clustering is remembered by. */
export type NewClustering = Omit<ClusteringRecord, 'id' | 'made' | 'artifacts'> & {
  readonly artifacts: {
    readonly clusters: Artifact;
    readonly transferability: Artifact;
    readonly kernels: Artifact | null;
  };
};

const address = v.object({
  stage: v.picklist(['cluster', 'scores']),
  folder: v.string(),
  inputHash: v.string(),
  parameterHash: v.string(),
});
const recordSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  made: v.string(),
  dataset: v.string(),
  options: v.object({
    features: v.exactOptional(v.string()),
    layout: v.exactOptional(v.object({ layers: v.number(), half: v.number() })),
    assignments: v.exactOptional(v.string()),
    centroids: v.exactOptional(v.string()),
    clusters: v.exactOptional(v.number()),
    iterations: v.exactOptional(v.number()),
    precision: v.exactOptional(v.picklist(precisions)),
    permutation: v.exactOptional(v.picklist(permutations)),
    seed: v.exactOptional(v.number()),
    device: v.exactOptional(v.picklist(devices)),
  }),
  preset: v.picklist(presets),
  instances: v.number(),
  clusters: v.number(),
  dimensions: v.number(),
  imbalance: v.number(),
  objective: v.nullable(v.number()),
  splits: v.number(),
  collapsed: v.boolean(),
  device: v.string(),
  artifacts: v.object({ clusters: address, transferability: address, kernels: v.nullable(address) }),
});

function folderOf(runDir: string): string {
  return join(runDir, 'clusterings');
}

/** Remembers a clustering, and that it was used just now. Gives its id. */
export async function rememberClustering(runDir: string, clustering: NewClustering): Promise<string> {
  const { clusters, transferability, kernels } = clustering.artifacts;
  const id = hashOf([clusters, transferability, kernels].map((one) => one && [one.inputHash, one.parameterHash])).slice(0, 16);
  const record: ClusteringRecord = {
    ...clustering,
    id,
    made: new Date().toISOString(),
    artifacts: { clusters: addressIn(clusters), transferability: addressIn(transferability), kernels: kernels && addressIn(kernels) },
  };
  await writeFileAtomic(join(folderOf(runDir), `${id}.json`), `${JSON.stringify(record, null, 2)}\n`);
  return id;
}

function addressIn({ stage, folder, inputHash, parameterHash }: Artifact): ArtifactAddress {
  return { stage, folder, inputHash, parameterHash };
}

/** Clusterings of a dataset, newest first. A record that cannot be read, or whose artifacts are gone, is as good as none. */
export async function readClusterings(runDir: string, dataset: string): Promise<ClusteringRecord[]> {
  const folder = folderOf(runDir);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  const found: ClusteringRecord[] = [];
  for (const name of names) {
    const parsed = v.safeParse(recordSchema, await readJson<unknown>(join(folder, name)).catch(() => undefined));
    if (parsed.success && parsed.output.dataset === dataset && (await isWhole(parsed.output))) found.push(parsed.output);
  }
  return found.sort((a, b) => (a.made < b.made ? 1 : a.made > b.made ? -1 : a.id < b.id ? -1 : 1));
}

async function isWhole({ artifacts: { clusters, transferability, kernels } }: ClusteringRecord): Promise<boolean> {
  for (const one of [clusters, transferability, kernels])
    if (one && !(await stat(join(one.folder, 'done.json')).catch(() => undefined))) return false;
  return true;
}

/** The part of a record that leaves the engine. */
export function knownOf({ dataset: _, artifacts: __, ...known }: ClusteringRecord): KnownClustering {
  return known;
}
