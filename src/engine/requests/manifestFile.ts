import { access, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import type { Manifest } from '../../protocol/manifest.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import { hygieneSwitches, type RebalanceRequest, samplers } from '../../protocol/requests.ts';
import { ballastVersion } from '../../protocol/version.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { EngineError } from '../jobs/engineError.ts';
import { relativePath } from '../runs/relativePath.ts';
import { overrideSchema } from '../selection/plan/planSchema.ts';
import { packKept, type Selection } from '../selection/selection.ts';
import { checkedManifest, manifestPathOf, manifestSuffix, sourceOf, sourceSchema } from './manifestParts.ts';
import type { PreparedRebalance } from './prepareRebalance.ts';
import type { StageLog } from './stageLog.ts';

interface ManifestInput {
  readonly request: RebalanceRequest;
  readonly dataset: Dataset;
  readonly prepared: PreparedRebalance;
  readonly selection: Selection;
  readonly manifestPath: string;
  readonly outputs: Manifest['outputs'];
  readonly log: StageLog;
  readonly selectSeconds: number;
}

export function manifestOf(call: ManifestInput): Manifest {
  const { dataset, prepared, selection, manifestPath, request } = call;
  const { input, volume } = prepared;
  const path = (target: string): string => relativePath(manifestPath, target);
  return {
    ballastVersion,
    command: 'rebalance',
    source: sourceOf(dataset, request.dataset, manifestPath),
    parameters: parametersOf(call),
    seed: input.seed,
    sampler: input.sampler,
    selectionHash: selection.hash,
    counts: {
      records: dataset.records,
      instances: dataset.instances,
      kept: selection.kept.length,
      dropped: dataset.instances - selection.kept.length,
      expected: volume.expected,
      standardDeviation: Math.sqrt(volume.variance),
    },
    outputs: call.outputs.map((one) => ({ path: path(one.path), sha256: one.sha256, bytes: one.bytes, role: one.role })),
    stages: [
      ...call.log.stages,
      { name: 'select', inputHash: dataset.identity, parameterHash: selection.hash, seconds: call.selectSeconds },
    ],
    kept: { records: dataset.records, deflatedBits: packKept(selection.kept, dataset.records) },
    device: { requested: request.device ?? 'auto', used: 'cpu' },
    verbatim: dataset.summary.format !== 'parquet',
  };
}

/** Everything that decides the selection, thresholds as resolved numbers, so that it can be derived again. */
function parametersOf({ request, prepared, manifestPath }: ManifestInput): Record<string, unknown> {
  const { input } = prepared;
  const file = (target: string | undefined): string | null => (target === undefined ? null : relativePath(manifestPath, target));
  return {
    perspectives: input.composed.map(({ index }) => index.perspective),
    mass: prepared.mass,
    tau: Object.fromEntries(input.composed.filter(({ tau }) => tau !== null).map(({ index, tau }) => [index.perspective, tau])),
    minPerspectives: input.minPerspectives,
    alpha: input.alpha ?? null,
    protect: request.protect ?? [],
    hygiene: request.hygiene ?? null,
    minFrequency: request.minFrequency ?? 1,
    entities: file(request.entities),
    lexicon: file(request.lexicon),
    stopList: file(request.stopList),
    images: request.images?.map((root) => relativePath(manifestPath, root)) ?? null,
    target: request.target ?? null,
    targetBy: request.target ? (request.targetBy ?? 'tau') : null,
    overrides: request.overrides ?? null,
    plan: file(request.plan),
    // Thresholds above are what they came to; this is what was asked for.
    requested: {
      ...(request.mass ? { mass: request.mass } : {}),
      ...(request.tau ? { tau: request.tau } : {}),
      ...(request.alpha === undefined ? {} : { alpha: request.alpha }),
      ...(request.target ? { target: request.target } : {}),
      ...(request.targetBy ? { targetBy: request.targetBy } : {}),
    },
  };
}

const protection = v.variant('kind', [
  v.object({ kind: v.literal('text-only') }),
  v.object({ kind: v.literal('field'), field: v.string(), value: v.string() }),
]);
const numbers = v.record(v.picklist(perspectives), v.number());
const fileName = v.nullable(v.string());
const parameterSchema = v.object({
  perspectives: v.array(v.picklist(perspectives)),
  mass: numbers,
  tau: numbers,
  minPerspectives: v.number(),
  alpha: v.nullable(v.number()),
  protect: v.array(protection),
  hygiene: v.nullable(v.array(v.picklist(hygieneSwitches))),
  minFrequency: v.number(),
  entities: fileName,
  lexicon: fileName,
  stopList: fileName,
  images: v.nullable(v.array(v.string())),
  // Manifests of earlier versions have none of these.
  overrides: v.optional(v.nullable(v.array(overrideSchema)), null),
  plan: v.optional(fileName, null),
  requested: v.optional(
    v.object({
      mass: v.exactOptional(numbers),
      tau: v.exactOptional(numbers),
      alpha: v.exactOptional(v.number()),
      target: v.exactOptional(v.object({ kind: v.picklist(['count', 'percent']), value: v.number() })),
      targetBy: v.exactOptional(v.picklist(['tau', 'mass', 'alpha'])),
    }),
  ),
});
const outputSchema = v.object({
  path: v.string(),
  sha256: v.string(),
  bytes: v.number(),
  role: v.picklist(['selection', 'control', 'part']),
});
const manifestSchema = v.looseObject({
  ballastVersion: v.string(),
  command: v.literal('rebalance'),
  source: sourceSchema,
  parameters: parameterSchema,
  seed: v.number(),
  sampler: v.picklist(samplers),
  selectionHash: v.string(),
  outputs: v.array(outputSchema),
  kept: v.object({ records: v.number(), deflatedBits: v.string() }),
  counts: v.looseObject({ records: v.number(), instances: v.number(), kept: v.number(), dropped: v.number(), expected: v.number() }),
});

/** A manifest as read, its paths made absolute. */
export interface OpenManifest {
  readonly path: string;
  readonly source: { readonly path: string; readonly sha256: string; readonly bytes: number };
  readonly selectionHash: string;
  readonly outputs: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly role: 'selection' | 'control' | 'part';
  }[];
  readonly kept: { readonly records: number; readonly deflatedBits: string };
  readonly counts: {
    readonly records: number;
    readonly instances: number;
    readonly kept: number;
    readonly dropped: number;
    readonly expected: number;
  };
  /** The request that derives the selection again: thresholds instead of masses and targets. */
  readonly request: RebalanceRequest;
  /** The request as it was made, with its masses and its target; the same as `request` in manifests of earlier versions. */
  readonly asked: RebalanceRequest;
}

/** Opens `OUT.manifest.json`, or the manifest beside `OUT`. @throws EngineError `manifest.notFound`, `manifest.invalid` */
export async function openManifest(outputOrManifest: string): Promise<OpenManifest> {
  const path = outputOrManifest.endsWith(manifestSuffix) ? outputOrManifest : manifestPathOf(outputOrManifest);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new EngineError(
      'manifest.notFound',
      `There is no manifest at ${path} (${error.code}). Give the result of ballast rebalance or its ${manifestSuffix} file.`,
      { path },
      { cause: error },
    );
  });
  const manifest = checkedManifest(path, parseJson(text, path), manifestSchema, 'a rebalancing');
  const absolute = (target: string): string => resolve(dirname(path), target);
  const { parameters } = manifest;
  const settings: RebalanceRequest = {
    dataset: absolute(manifest.source.openedAs ?? manifest.source.path),
    perspectives: parameters.perspectives,
    minPerspectives: parameters.minPerspectives,
    seed: manifest.seed,
    sampler: manifest.sampler,
    protect: parameters.protect,
    ...(parameters.hygiene === null ? {} : { hygiene: parameters.hygiene }),
    minFrequency: parameters.minFrequency,
    ...(parameters.entities === null ? {} : { entities: absolute(parameters.entities) }),
    ...(parameters.lexicon === null ? {} : { lexicon: absolute(parameters.lexicon) }),
    ...(parameters.stopList === null ? {} : { stopList: absolute(parameters.stopList) }),
    ...(parameters.images === null ? {} : { images: parameters.images.map(absolute) }),
    ...(parameters.overrides === null ? {} : { overrides: parameters.overrides }),
    ...(parameters.plan === null ? {} : { plan: absolute(parameters.plan) }),
  };
  const request: RebalanceRequest = {
    ...settings,
    mass: parameters.mass,
    tau: parameters.tau,
    ...(parameters.alpha === null ? {} : { alpha: parameters.alpha }),
  };
  return {
    path,
    source: { path: absolute(manifest.source.path), sha256: manifest.source.sha256, bytes: manifest.source.bytes },
    selectionHash: manifest.selectionHash,
    outputs: manifest.outputs.map((output) => ({ ...output, path: absolute(output.path) })),
    kept: manifest.kept,
    counts: manifest.counts,
    request,
    asked: parameters.requested ? { ...settings, ...parameters.requested } : request,
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EngineError(
      'manifest.invalid',
      `${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}.`,
      { path },
      { cause: error },
    );
  }
}

/** True when a file that a manifest names is there. */
export async function isReadable(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
