import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { permutations, precisions, presets } from '../../protocol/clustering.ts';
import type { Manifest } from '../../protocol/manifest.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import type { OutputFile } from '../../protocol/reports.ts';
import { hygieneSwitches } from '../../protocol/requests.ts';
import { type SelectRequest, scoreCuts, semdedupCuts, strategyNames, stratifications } from '../../protocol/select.ts';
import { ballastVersion } from '../../protocol/version.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { relativePath } from '../runs/relativePath.ts';
import { packKept, selectionHash } from '../selection/selection.ts';
import { readManifestOf, sourceOf, sourceSchema } from './manifestParts.ts';
import type { PreparedSelect } from './prepareSelect.ts';
import type { StageLog } from './stageLog.ts';

interface SelectManifestInput {
  readonly request: SelectRequest;
  readonly dataset: Dataset;
  readonly prepared: PreparedSelect;
  readonly manifestPath: string;
  readonly outputs: Manifest['outputs'];
  readonly ordinals: OutputFile | undefined;
  readonly log: StageLog;
}

export function selectManifestOf(call: SelectManifestInput): Manifest {
  const { dataset, prepared, manifestPath, request } = call;
  const { selection } = prepared;
  const path = (target: string): string => relativePath(manifestPath, target);
  return {
    ballastVersion,
    command: 'select',
    source: sourceOf(dataset, request.dataset, manifestPath),
    parameters: parametersOf(call),
    seed: prepared.seed,
    sampler: request.strategy,
    selectionHash: selection.hash,
    counts: {
      records: dataset.records,
      instances: dataset.instances,
      kept: selection.kept.length,
      dropped: dataset.instances - selection.kept.length,
      requested: prepared.requested,
    },
    outputs: call.outputs.map((one) => ({ path: path(one.path), sha256: one.sha256, bytes: one.bytes, role: one.role })),
    stages: [...call.log.stages, { name: 'select', inputHash: dataset.identity, parameterHash: selection.hash, seconds: prepared.seconds }],
    kept: { records: dataset.records, deflatedBits: packKept(selection.kept, dataset.records) },
    device: { requested: request.device ?? 'auto', used: prepared.sources.device },
    verbatim: dataset.summary.format !== 'parquet',
  };
}

/** Everything that decides the selection, defaults included, so that it can be derived again. */
function parametersOf({ request, prepared, manifestPath, ordinals }: SelectManifestInput): Record<string, unknown> {
  const path = (target: string): string => relativePath(manifestPath, target);
  const file = (target: string | undefined): string | null => (target === undefined ? null : path(target));
  return {
    strategy: request.strategy,
    fraction: request.fraction ?? null,
    count: request.count ?? null,
    ...prepared.parameters,
    // A provider's name is no path.
    features: request.features?.endsWith('.npy') ? path(request.features) : (request.features ?? null),
    layout: request.layout ?? null,
    assignments: file(request.assignments),
    centroids: file(request.centroids),
    clusters: request.clusters ?? null,
    iterations: request.iterations ?? null,
    precision: request.precision ?? null,
    permutation: request.permutation ?? null,
    column: file(request.column),
    identities: prepared.identities,
    perspectives: request.perspectives ?? null,
    mass: request.mass ?? null,
    tau: request.tau ?? null,
    hygiene: request.hygiene ?? null,
    minFrequency: request.minFrequency ?? null,
    entities: file(request.entities),
    lexicon: file(request.lexicon),
    stopList: file(request.stopList),
    images: request.images?.map(path) ?? null,
    /** SHA-256 of the chosen ordinals in selection order, as little-endian u32. */
    orderHash: selectionHash(prepared.ordered),
    ordinals: ordinals ? { ...ordinals, path: path(ordinals.path) } : null,
  };
}

const numbers = v.record(v.picklist(perspectives), v.number());
const text = v.nullable(v.string());
const parameterSchema = v.object({
  strategy: v.picklist(strategyNames),
  fraction: v.nullable(v.number()),
  count: v.nullable(v.number()),
  preset: v.optional(v.picklist(presets)),
  temperature: v.optional(v.number()),
  neighbours: v.optional(v.number()),
  gamma: v.optional(v.number()),
  cut: v.optional(v.picklist([...scoreCuts, ...semdedupCuts])),
  stratify: v.optional(v.picklist(stratifications)),
  floors: v.optional(numbers),
  features: text,
  layout: v.nullable(v.object({ layers: v.number(), half: v.number() })),
  assignments: text,
  centroids: text,
  clusters: v.nullable(v.number()),
  iterations: v.nullable(v.number()),
  precision: v.nullable(v.picklist(precisions)),
  permutation: v.nullable(v.picklist(permutations)),
  column: text,
  identities: v.object({ features: v.optional(v.string()), clusters: v.optional(v.string()), column: v.optional(v.string()) }),
  perspectives: v.nullable(v.array(v.picklist(perspectives))),
  mass: v.nullable(numbers),
  tau: v.nullable(numbers),
  hygiene: v.nullable(v.array(v.picklist(hygieneSwitches))),
  minFrequency: v.nullable(v.number()),
  entities: text,
  lexicon: text,
  stopList: text,
  images: v.nullable(v.array(v.string())),
  orderHash: v.string(),
  ordinals: v.nullable(v.object({ path: v.string(), sha256: v.string(), bytes: v.number() })),
});
const manifestSchema = v.looseObject({
  command: v.literal('select'),
  source: sourceSchema,
  parameters: parameterSchema,
  seed: v.number(),
  selectionHash: v.string(),
  outputs: v.array(
    v.object({ path: v.string(), sha256: v.string(), bytes: v.number(), role: v.picklist(['selection', 'control', 'part']) }),
  ),
  kept: v.object({ records: v.number(), deflatedBits: v.string() }),
  counts: v.looseObject({ records: v.number(), instances: v.number(), kept: v.number(), dropped: v.number() }),
});
type ReadManifest = v.InferOutput<typeof manifestSchema>;

/** A manifest of `select` as read, its paths made absolute. */
export interface OpenSelectManifest {
  readonly path: string;
  readonly source: { readonly path: string; readonly sha256: string; readonly bytes: number };
  readonly selectionHash: string;
  readonly orderHash: string;
  readonly outputs: ReadManifest['outputs'];
  readonly ordinals: OutputFile | undefined;
  readonly kept: ReadManifest['kept'];
  readonly counts: ReadManifest['counts'];
  readonly identities: ReadManifest['parameters']['identities'];
  /** The request that derives the selection again. */
  readonly request: SelectRequest;
}

/** Opens a manifest if it is one of `select`; undefined when it is another command's, or cannot be read at all (whose reader says why). */
export async function openSelectManifest(outputOrManifest: string): Promise<OpenSelectManifest | undefined> {
  const read = await readManifestOf(outputOrManifest, 'select', manifestSchema, 'a selection');
  if (!read) return undefined;
  const { path } = read;
  const { parameters, ...manifest } = read.manifest;
  const absolute = (target: string): string => resolve(dirname(path), target);
  return {
    path,
    source: { path: absolute(manifest.source.path), sha256: manifest.source.sha256, bytes: manifest.source.bytes },
    selectionHash: manifest.selectionHash,
    orderHash: parameters.orderHash,
    outputs: manifest.outputs.map((output) => ({ ...output, path: absolute(output.path) })),
    ordinals: parameters.ordinals ? { ...parameters.ordinals, path: absolute(parameters.ordinals.path) } : undefined,
    kept: manifest.kept,
    counts: manifest.counts,
    identities: parameters.identities,
    request: requestOf(read.manifest, absolute),
  };
}

function requestOf({ source, parameters, seed }: ReadManifest, absolute: (target: string) => string): SelectRequest {
  const { identities: _, orderHash: __, ordinals: ___, ...given } = parameters;
  const files = ['assignments', 'centroids', 'column', 'entities', 'lexicon', 'stopList'] as const;
  const entries = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  return {
    ...(Object.fromEntries(entries) as unknown as SelectRequest),
    ...Object.fromEntries(files.flatMap((name) => (given[name] === null ? [] : [[name, absolute(given[name])]]))),
    ...(given.features?.endsWith('.npy') ? { features: absolute(given.features) } : {}),
    ...(given.images ? { images: given.images.map(absolute) } : {}),
    dataset: absolute(source.openedAs ?? source.path),
    seed,
  };
}

/** Files of the request that its derivation reads. */
export function inputFilesOf({ request }: OpenSelectManifest): string[] {
  const { features, assignments, centroids, column, entities, lexicon, stopList } = request;
  return [features?.endsWith('.npy') ? features : undefined, assignments, centroids, column, entities, lexicon, stopList].filter(
    (path) => path !== undefined,
  );
}
