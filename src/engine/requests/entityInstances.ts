import type { EntityInstances, EntityInstancesRequest, InstanceBrief } from '../../protocol/entities.ts';
import { readRecord } from '../dataset/readRecord.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { loadPerspective } from '../entities/loadPerspective.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { obtainEntityStage } from './entityStage.ts';
import { ensureRunDir, openSource, withThreads } from './openSource.ts';
import { assertPage } from './page.ts';
import { StageLog } from './stageLog.ts';

/** UTF-16 units of a conversation shown to tell instances apart. */
const beginLength = 200;

/** Some of the instances that hold an entity. @throws EngineError `entity.notFound` */
export async function entityInstances(request: EntityInstancesRequest, deps: EngineDeps, caller: JobContext): Promise<EntityInstances> {
  assertPage(request);
  const job = withThreads(caller, request.threads);
  const dataset = await openSource(request, deps, job);
  await ensureRunDir(dataset.runDir);
  const { perspective, entity, offset, limit } = request;
  const stage = await obtainEntityStage(dataset, {}, deps, job, new StageLog());
  const index = await loadPerspective(stage.artifact(perspective));
  const id = index.find(entity);
  if (id < 0) throw new EngineError('entity.notFound', `No instance holds the ${perspective} entity "${entity}".`, { entity, perspective });
  const first = (index.postOffsets[id] as number) + offset;
  const ordinals = index.postings.subarray(first, Math.min(first + limit, index.postOffsets[id + 1] as number));
  const instances: InstanceBrief[] = [];
  for (const ordinal of ordinals) {
    throwIfCancelled(job);
    const { view } = await readRecord(dataset, ordinal);
    const text = view.turns.map((turn) => turn.text.slice(0, beginLength).trim()).find((said) => said !== '') ?? '';
    instances.push({ ordinal, id: view.id, begin: text });
  }
  return { entity, frequency: index.frequency[id] as number, offset, instances };
}
