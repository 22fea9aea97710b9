import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { planSuffix, planVersion, type ReadPlanRequest, type RebalancePlan, type WritePlanRequest } from '../../protocol/plan.ts';
import { realTarget } from '../dataset/outputGuard.ts';
import { EngineError } from '../jobs/engineError.ts';
import { writeFileAtomic } from '../runs/atomicFile.ts';
import { relativePath } from '../runs/relativePath.ts';
import { checkPlan, parsePlan } from '../selection/plan/parsePlan.ts';
import { type PlanFile, planKeys } from '../selection/plan/planSchema.ts';
import { openManifest } from './manifestFile.ts';
import { manifestSuffix } from './manifestParts.ts';

/** Larger files are no plans: a mistaken path must not be read whole. */
const planLimitBytes = 256 * 1024 * 1024;

/**
 * Reads a plan file, or the plan of an earlier run from its manifest: what was asked for then, masses and target included.
 * @throws EngineError `plan.notFound`, `plan.invalid`, `manifest.notFound`, `manifest.invalid`, `usage`
 */
export async function readPlan(request: ReadPlanRequest): Promise<RebalancePlan> {
  const path = resolve(request.path);
  if (path.endsWith(manifestSuffix)) {
    const { plan: _, ...asked } = (await openManifest(path)).asked;
    return { ...asked, ...(request.dataset === undefined ? {} : { dataset: request.dataset }) };
  }
  const { $schema: _, ballastPlan: __, dataset: named, ...settings } = parsePlan(await planText(path), path);
  const absolute = (target: string): string => resolve(dirname(path), target);
  const dataset = request.dataset ?? (named === undefined ? undefined : absolute(named));
  if (dataset === undefined)
    throw new EngineError('usage', `${path} names no dataset. Give the dataset, or add "dataset" to the plan.`, {
      path,
      option: 'dataset',
    });
  return {
    ...settings,
    dataset,
    ...(settings.entities === undefined ? {} : { entities: absolute(settings.entities) }),
    ...(settings.lexicon === undefined ? {} : { lexicon: absolute(settings.lexicon) }),
    ...(settings.stopList === undefined ? {} : { stopList: absolute(settings.stopList) }),
    ...(settings.images === undefined ? {} : { images: settings.images.map(absolute) }),
  };
}

async function planText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new EngineError('plan.notFound', `There is no plan at ${path}.`, { path }, { cause: error });
  });
  if (bytes.length > planLimitBytes) throw new EngineError('plan.invalid', `${path} is too large to be a plan.`, { path });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new EngineError('plan.invalid', `${path} is not UTF-8 text.`, { path }, { cause: error });
  }
}

/**
 * Writes a plan with its paths relative to it, complete or not at all.
 * @throws EngineError `usage` when the name is none of a plan, `plan.invalid` when the plan could not be read again
 */
export async function writePlan({ path: given, plan }: WritePlanRequest): Promise<null> {
  const path = resolve(given);
  assertPlanName(path);
  const relative = (target: string): string => relativePath(path, target);
  const { plan: _, dataset, entities, lexicon, stopList, images, ...settings } = plan;
  for (const input of [dataset, entities, lexicon, stopList]) {
    if (input !== undefined && (await realTarget(path)) === (await realTarget(input)))
      throw new EngineError('output.wouldOverwriteSource', `${path} is an input of the plan itself. Choose another file.`, { path });
  }
  const file: PlanFile = {
    ballastPlan: planVersion,
    ...settings,
    dataset: relative(dataset),
    ...(entities === undefined ? {} : { entities: relative(entities) }),
    ...(lexicon === undefined ? {} : { lexicon: relative(lexicon) }),
    ...(stopList === undefined ? {} : { stopList: relative(stopList) }),
    ...(images === undefined || images.length === 0 ? {} : { images: images.map(relative) }),
  } as PlanFile;
  const checked = checkPlan(withoutUndefined(file), path);
  const ordered = Object.fromEntries(planKeys.filter((key) => checked[key] !== undefined).map((key) => [key, checked[key]]));
  await writeFileAtomic(path, `${JSON.stringify(ordered, null, 2)}\n`);
  return null;
}

/** @throws EngineError `usage` */
export function assertPlanName(path: string): void {
  if (!path.endsWith(planSuffix))
    throw new EngineError('usage', `A plan is saved as NAME${planSuffix}, so that editors know what it is; got ${path}.`, {
      path,
      option: 'save-plan',
    });
}

/** As if it had crossed the wire: keys without a value are no keys. */
function withoutUndefined(plan: PlanFile): unknown {
  return JSON.parse(JSON.stringify(plan));
}
