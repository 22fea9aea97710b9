import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { perspectives as allPerspectives, defaultMass } from '../../protocol/perspectives.ts';
import type { SynthesisProvider, SynthesisTarget, SynthesizeRequest } from '../../protocol/synthesis.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { type ImageList, listImages } from '../dataset/imageList.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import { usableOrdinals } from '../dataset/usableOrdinals.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { tailShares } from '../entities/distribution.ts';
import { loadPerspective } from '../entities/loadPerspective.ts';
import { ImageBytes } from '../features/builtin/imageBytes.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { HashDraws, instanceCounters } from '../selection/samplers/hashSampler.ts';
import type { SynthesisItem, SynthesisMethod } from '../synthesis/methods/method.ts';
import { declaredValues, resolveMethodParameters } from '../synthesis/methods/parameters.ts';
import { methodOf } from '../synthesis/methods/table.ts';
import { rarestScarce, scarceEntitiesOf, type WantedPerspective } from '../synthesis/planning/scarcity.ts';
import { obtainEntityStage } from './entityStage.ts';
import { planScarce } from './planScarce.ts';
import { planSynonyms } from './planSynonyms.ts';
import { StageLog } from './stageLog.ts';
import { type ChosenPicks, imageOf, targetOf } from './synthesisInputs.ts';

/** Changes whenever the same item would be made differently. */
const itemVersion = 1;
const defaultSeed = 42;
/** Targets named in a candidate, the rarest ones. */
const namedTargets = 16;

export interface PreparedSynthesis extends Omit<ChosenPicks, 'picks'> {
  readonly method: SynthesisMethod;
  readonly provider: SynthesisProvider;
  readonly parameters: ReturnType<typeof resolveMethodParameters>;
  readonly seed: number;
  readonly wanted: readonly WantedPerspective[];
  readonly items: readonly SynthesisItem[];
  readonly images: ImageList;
  readonly imageBytes: ImageBytes;
  /** Instance position (0 to instances - 1) of each ordinal; -1 where there is none. */
  readonly instanceOf: Int32Array;
  readonly keys: Uint8Array;
  readonly duplicates: Uint32Array;
}

/** The identity of who makes it, as far as that changes what is made. */
export interface MakerIdentity {
  readonly model: string;
  readonly hash: string | null;
  readonly textModel: string | null;
}

/** What a call is to make: parents by the reference's rule or by quota, with their targets and stable ids. Asks nobody, writes nothing but artifacts. */
export async function prepareSynthesis(
  dataset: Dataset,
  request: SynthesizeRequest,
  maker: MakerIdentity,
  deps: EngineDeps,
  job: JobContext,
): Promise<PreparedSynthesis> {
  const method = methodOf(request.method);
  const { declaration } = method;
  const parameters = resolveMethodParameters(declaration.name, declaration.parameters, request);
  const provider = providerOf(request, method);
  const seed = request.seed ?? defaultSeed;
  const wanted = await wantedPerspectives(dataset, request, deps, job);
  const rarest = rarestScarce(wanted, dataset.records);
  const images = await listImages(dataset);
  const instanceOf = new Int32Array(dataset.records).fill(-1);
  for (const [i, ordinal] of usableOrdinals(dataset).entries()) instanceOf[ordinal] = i;
  const { keys, duplicates } = await obtainInstanceKeys(dataset, { workerScript: deps.scripts.dataset }, job);
  const draws = new HashDraws(seed, instanceCounters(keys, duplicates));
  const [key0, key1] = draws.key('synthesis', declaration.name);
  const rank = Float64Array.from({ length: dataset.records }, (_, ordinal) => draws.draw(key0, key1, ordinal));

  const shared = { dataset, request, method, parameters, wanted, rarest, rank, images, instanceOf };
  const chosen = declaration.needs.includes('thesaurus') ? await planSynonyms(shared, deps, job) : await planScarce(shared, job);
  throwIfCancelled(job);
  const imageBytes = new ImageBytes(deps.runtime.parquet);
  const needsImage = declaration.needs.includes('image');
  const identity = {
    itemVersion,
    method: declaration.name,
    provider,
    maker,
    parameters: declaredValues(declaration.parameters, parameters),
    seed,
  };
  const items: SynthesisItem[] = [];
  for (const [done, { ordinal, copy, exchange }] of chosen.picks.entries()) {
    if (done % 64 === 0) {
      throwIfCancelled(job);
      job.report({ stage: 'plan', done, total: chosen.picks.length, unit: 'instances' });
    }
    const image = needsImage ? await imageBytes.read(imageOf(images, instanceOf, ordinal)) : undefined;
    const content = image ? createHash('sha256').update(image).digest('hex') : null;
    const key = Buffer.from(keys.subarray(ordinal * 16, ordinal * 16 + 16)).toString('hex');
    const words = exchange ? { noun: exchange.noun, synonym: exchange.synonym } : null;
    const digest = createHash('sha256')
      .update(JSON.stringify([identity, key, duplicates[ordinal], content, copy, words]))
      .digest();
    items.push({
      id: digest.toString('hex', 0, 8),
      ordinal,
      copy,
      seed: digest.readUInt32BE(8),
      targets: exchange ? [exchange.target] : targetsOf(wanted, ordinal),
      ...(words ? { exchange: words } : {}),
    });
  }
  job.report({ stage: 'plan', done: items.length, total: items.length, unit: 'instances' });
  const { picks: _, ...counts } = chosen;
  return { method, provider, parameters, seed, wanted, ...counts, items, images, imageBytes, instanceOf, keys, duplicates };
}

/** @throws EngineError `usage` when the provider cannot do the method */
function providerOf(request: SynthesizeRequest, { declaration }: SynthesisMethod): SynthesisProvider {
  const provider =
    request.provider ?? (request.endpoint && declaration.providers.includes('endpoint') ? 'endpoint' : declaration.providers[0]);
  if (!provider || !declaration.providers.includes(provider))
    throw new EngineError(
      'usage',
      `--provider ${provider} does not do ${declaration.name}; it is done by ${declaration.providers.join(' or ')}.`,
      {
        option: 'provider',
      },
    );
  return provider;
}

function targetsOf(wanted: readonly WantedPerspective[], ordinal: number): SynthesisTarget[] {
  return scarceEntitiesOf(wanted, ordinal)
    .map(({ perspective, entity }) => targetOf(wanted[perspective] as WantedPerspective, entity))
    .sort((a, b) => a.frequency - b.frequency)
    .slice(0, namedTargets);
}

async function wantedPerspectives(
  dataset: Dataset,
  request: SynthesizeRequest,
  deps: EngineDeps,
  job: JobContext,
): Promise<WantedPerspective[]> {
  const order = request.perspectives ?? allPerspectives;
  const stage = await obtainEntityStage(dataset, { ...request, perspectives: order }, deps, job, new StageLog());
  const least = request.wantAtLeast ?? (request.quota ? 3 : 1);
  return Promise.all(
    order.map(async (perspective) => {
      const index = await loadPerspective(stage.artifact(perspective));
      const mass = request.mass?.[perspective] ?? defaultMass[perspective];
      const { tau } = tailShares(index.frequency, { mass, tau: request.tau?.[perspective] });
      return { index, tau, want: tau === null ? null : Math.max(tau, least) };
    }),
  );
}

/** Default staging folder of a dataset. */
export function stagingPathOf(request: SynthesizeRequest, dataset: Dataset): string {
  return resolve(request.staging ?? `${dataset.runDir}/staging`);
}
