import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import type { Manifest } from '../../protocol/manifest.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import { type ComposeRequest, synthesisMethods, synthesisProviders } from '../../protocol/synthesis.ts';
import { ballastVersion } from '../../protocol/version.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { relativePath } from '../runs/relativePath.ts';
import { packKept, type Selection } from '../selection/selection.ts';
import { readManifestOf, sourceOf, sourceSchema } from './manifestParts.ts';

const gateResult = v.object({ gate: v.string(), verdict: v.picklist(['passed', 'failed', 'skipped']), score: v.nullable(v.number()) });

/** Provenance of one synthetic instance, in the order of the output. */
const syntheticSchema = v.object({
  candidate: v.string(),
  /** Id of the new record as the output spells it; null where records have none. */
  id: v.nullable(v.string()),
  /** SHA-256 of the new record's bytes. */
  sha256: v.string(),
  parent: v.object({ ordinal: v.number(), id: v.nullable(v.string()), key: v.string(), duplicate: v.number() }),
  method: v.picklist(synthesisMethods),
  provider: v.picklist(synthesisProviders),
  model: v.object({ name: v.string(), hash: v.nullable(v.string()) }),
  /** What an image model was asked for; null where none was. */
  prompt: v.nullable(v.string()),
  seed: v.number(),
  parameters: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
  targets: v.array(v.object({ perspective: v.picklist(perspectives), entity: v.string(), frequency: v.number(), deficit: v.number() })),
  gates: v.array(gateResult),
  acceptedBy: v.picklist(['person', 'gates']),
  reason: v.nullable(v.string()),
  /** Null: the parent's own image. */
  image: v.nullable(v.object({ path: v.string(), sha256: v.string(), bytes: v.number() })),
});
export type SyntheticProvenance = v.InferOutput<typeof syntheticSchema>;

const parameterSchema = v.object({
  selection: v.nullable(v.object({ path: v.string(), sha256: v.string(), selectionHash: v.string() })),
  synthetic: v.array(v.string()),
  volume: v.union([v.number(), v.literal('keep')]),
  /** What may be merged: candidates that a person accepted, or that were accepted because every gate let them pass. */
  policy: v.literal('accepted'),
  images: v.nullable(v.array(v.string())),
  imageRoots: v.array(v.string()),
});
const manifestSchema = v.looseObject({
  command: v.literal('compose'),
  source: sourceSchema,
  parameters: parameterSchema,
  seed: v.number(),
  selectionHash: v.string(),
  outputs: v.array(
    v.object({ path: v.string(), sha256: v.string(), bytes: v.number(), role: v.picklist(['selection', 'control', 'part']) }),
  ),
  kept: v.object({ records: v.number(), deflatedBits: v.string() }),
  counts: v.looseObject({ records: v.number(), instances: v.number(), kept: v.number(), dropped: v.number(), synthetic: v.number() }),
  synthetic: v.array(syntheticSchema),
});

interface ComposeManifestInput {
  readonly request: ComposeRequest;
  readonly dataset: Dataset;
  readonly selection: Selection;
  /** The manifest that named the kept instances, and its bytes' hash. */
  readonly selectedBy: { readonly path: string; readonly sha256: string } | undefined;
  readonly manifestPath: string;
  readonly outputs: Manifest['outputs'];
  readonly synthetic: readonly SyntheticProvenance[];
  readonly accepted: { readonly person: number; readonly gates: number };
  readonly imageRoots: readonly string[];
  readonly seed: number;
  readonly seconds: number;
}

export function composeManifestOf(call: ComposeManifestInput): Manifest & { readonly synthetic: readonly SyntheticProvenance[] } {
  const { dataset, selection, manifestPath, request, synthetic } = call;
  const path = (target: string): string => relativePath(manifestPath, target);
  const parameters: v.InferOutput<typeof parameterSchema> = {
    selection: call.selectedBy ? { ...call.selectedBy, path: path(call.selectedBy.path), selectionHash: selection.hash } : null,
    synthetic: request.synthetic.map(path),
    volume: request.volume,
    policy: 'accepted',
    images: request.images?.map(path) ?? null,
    imageRoots: call.imageRoots.map(path),
  };
  return {
    ballastVersion,
    command: 'compose',
    source: sourceOf(dataset, request.dataset, manifestPath),
    parameters,
    seed: call.seed,
    sampler: 'hash',
    selectionHash: selection.hash,
    counts: {
      records: dataset.records,
      instances: dataset.instances,
      kept: selection.kept.length,
      dropped: dataset.instances - selection.kept.length,
      synthetic: synthetic.length,
      volume: selection.kept.length + synthetic.length,
      accepted: call.accepted.person + call.accepted.gates,
      acceptedByPerson: call.accepted.person,
      acceptedByGates: call.accepted.gates,
    },
    outputs: call.outputs.map((one) => ({ path: path(one.path), sha256: one.sha256, bytes: one.bytes, role: one.role })),
    stages: [{ name: 'compose', inputHash: dataset.identity, parameterHash: selection.hash, seconds: call.seconds }],
    kept: { records: dataset.records, deflatedBits: packKept(selection.kept, dataset.records) },
    device: { requested: request.device ?? 'auto', used: 'cpu' },
    verbatim: true,
    synthetic: synthetic.map((one) => (one.image ? { ...one, image: { ...one.image, path: path(one.image.path) } } : one)),
  };
}

/** A manifest of `compose` as read, its paths made absolute. */
export interface OpenComposeManifest {
  readonly path: string;
  readonly source: { readonly path: string; readonly sha256: string; readonly bytes: number };
  readonly selectionHash: string;
  readonly outputs: v.InferOutput<typeof manifestSchema>['outputs'];
  readonly kept: { readonly records: number; readonly deflatedBits: string };
  readonly counts: {
    readonly records: number;
    readonly instances: number;
    readonly kept: number;
    readonly dropped: number;
    readonly synthetic: number;
  };
  readonly synthetic: readonly SyntheticProvenance[];
  readonly selectedBy: { readonly path: string; readonly sha256: string; readonly selectionHash: string } | undefined;
  readonly request: ComposeRequest;
}

/** Opens a manifest if it is one of `compose`; undefined when it is another command's, or cannot be read at all (whose reader says why). */
export async function openComposeManifest(outputOrManifest: string): Promise<OpenComposeManifest | undefined> {
  const read = await readManifestOf(outputOrManifest, 'compose', manifestSchema, 'a composition');
  if (!read) return undefined;
  const { path } = read;
  const { parameters, ...manifest } = read.manifest;
  const absolute = (target: string): string => resolve(dirname(path), target);
  const output = manifest.outputs[0]?.path ?? '';
  return {
    path,
    source: { path: absolute(manifest.source.path), sha256: manifest.source.sha256, bytes: manifest.source.bytes },
    selectionHash: manifest.selectionHash,
    outputs: manifest.outputs.map((one) => ({ ...one, path: absolute(one.path) })),
    kept: manifest.kept,
    counts: manifest.counts,
    synthetic: manifest.synthetic.map((one) => (one.image ? { ...one, image: { ...one.image, path: absolute(one.image.path) } } : one)),
    selectedBy: parameters.selection ? { ...parameters.selection, path: absolute(parameters.selection.path) } : undefined,
    request: {
      dataset: absolute(manifest.source.openedAs ?? manifest.source.path),
      output: absolute(output),
      synthetic: parameters.synthetic.map(absolute),
      volume: parameters.volume,
      seed: manifest.seed,
      ...(parameters.selection ? { selection: absolute(parameters.selection.path) } : {}),
      ...(parameters.images ? { images: parameters.images.map(absolute) } : {}),
    },
  };
}
