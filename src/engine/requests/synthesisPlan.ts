import type { Perspective } from '../../protocol/perspectives.ts';
import type { SynthesisMethodName, SynthesisPlan, SynthesizeRequest } from '../../protocol/synthesis.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { costOf } from '../synthesis/endpoint/spending.ts';
import { deficits } from '../synthesis/planning/deficitQuota.ts';
import type { StagingState } from '../synthesis/staging/stagingState.ts';
import type { PreparedSynthesis } from './prepareSynthesis.ts';
import type { Makers } from './synthesisTools.ts';

const defaultTop = 20;
/** Seconds per instance before anything was measured. */
const usualSeconds: Readonly<Record<SynthesisMethodName, number>> = {
  augment: 0.4,
  synonym: 0.02,
  rewrite: 5,
  caption: 8,
  converse: 15,
  variation: 20,
  'text-to-image': 25,
  controlnet: 25,
};
/** Tokens of a request where nothing was measured: a short conversation or a picture in, a description out. */
const usualTokens = { inputTokens: 1200, outputTokens: 400 };

interface PlanCall {
  readonly request: SynthesizeRequest;
  readonly dataset: Dataset;
  readonly prepared: PreparedSynthesis;
  readonly makers: Makers;
  readonly staging: string;
  readonly state: StagingState | undefined;
}

/** What a call makes, for people: deficits, requests, time and cost. */
export function synthesisPlan({ request, dataset, prepared, makers, staging, state }: PlanCall): SynthesisPlan {
  const { items, method, parameters } = prepared;
  const ready = items.filter(({ id }) => state?.made(id)).length;
  const missing = items.length - ready;
  const requests = missing * (method.requests(parameters) + (makers.confirm ? 1 : 0));
  const measured = state?.secondsOf(request.method);
  const lanes = makers.images || makers.chat ? (request.concurrency ?? 4) : 1;
  return {
    method: request.method,
    provider: prepared.provider,
    model: makers.images || makers.chat || makers.synthesizer ? makers.identity.model : null,
    asks: makers.asks,
    staging,
    instances: dataset.instances,
    scarce: prepared.scarce,
    parents: prepared.parents,
    skipped: prepared.skipped,
    planned: items.length,
    ready,
    requests,
    estimate: {
      seconds: Math.round(((measured ?? usualSeconds[request.method]) * missing) / lanes),
      cost: estimatedCost(request, requests, makers.images ? missing * parameters.candidates : 0),
      basis: measured === undefined ? 'default' : 'staging',
    },
    ...deficitTables(prepared, request),
  };
}

function estimatedCost(request: SynthesizeRequest, requests: number, images: number): number | null {
  const { priceInput, priceOutput, priceImage } = request;
  if (priceInput === undefined && priceOutput === undefined && priceImage === undefined) return null;
  const asked = requests - images;
  return costOf({ inputTokens: asked * usualTokens.inputTokens, outputTokens: asked * usualTokens.outputTokens, images }, request);
}

function deficitTables(
  { wanted, planned }: PreparedSynthesis,
  { top }: SynthesizeRequest,
): Pick<SynthesisPlan, 'perspectives' | 'deficits'> {
  const perspectives: Partial<Record<Perspective, NonNullable<SynthesisPlan['perspectives'][Perspective]>>> = {};
  const largest: { readonly position: number; readonly entity: number; readonly gap: number; readonly planned: number }[] = [];
  const most = top ?? defaultTop;
  const order = (a: (typeof largest)[number], b: (typeof largest)[number]): number =>
    b.gap - a.gap || b.planned - a.planned || a.position - b.position || a.entity - b.entity;
  for (const [position, { index, tau, want }] of wanted.entries()) {
    const gaps = deficits({ index, tau, want });
    let entities = 0;
    let gap = 0;
    let filled = 0;
    for (let entity = 0; entity < index.entities; entity++) {
      const missing = gaps[entity] as number;
      if (missing === 0) continue;
      const own = planned[position]?.[entity] ?? 0;
      entities++;
      gap += missing;
      filled += Math.min(missing, own);
      const row = { position, entity, gap: missing, planned: own };
      if (largest.length === most && order(row, largest[most - 1] as typeof row) >= 0) continue;
      largest.push(row);
      largest.sort(order);
      if (largest.length > most) largest.pop();
    }
    perspectives[index.perspective] = { tau, want, entities, gap, filled };
  }
  return {
    perspectives,
    deficits: largest.flatMap(({ position, entity, gap, planned: own }) => {
      const one = wanted[position];
      if (!one) return [];
      const have = one.index.frequency[entity] as number;
      return [{ perspective: one.index.perspective, entity: one.index.nameOf(entity), have, want: one.want ?? 0, gap, planned: own }];
    }),
  };
}
