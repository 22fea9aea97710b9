import type { EntityInstances, EntityInstancesRequest, InstanceBrief } from '../../protocol/entities.ts';
import { conversationBegin } from '../dataset/browse/shortText.ts';
import { RecordReader } from '../dataset/readRecord.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { obtainEntityStage } from './entityStage.ts';
import type { HotData } from './hotData.ts';
import { ensureRunDir, withThreads } from './openSource.ts';
import { assertPage } from './page.ts';
import { StageLog } from './stageLog.ts';

/** Some of the instances that hold an entity. @throws EngineError `entity.notFound` */
export async function entityInstances(
  request: EntityInstancesRequest,
  deps: EngineDeps,
  hot: HotData,
  caller: JobContext,
): Promise<EntityInstances> {
  assertPage(request);
  const job = withThreads(caller, request.threads);
  const dataset = await hot.dataset(request, job);
  await ensureRunDir(dataset.runDir);
  const { perspective, entity, offset, limit } = request;
  const stage = await obtainEntityStage(dataset, {}, deps, job, new StageLog());
  const index = await hot.perspective(stage.artifact(perspective));
  const id = index.find(entity);
  if (id < 0) throw new EngineError('entity.notFound', `No instance holds the ${perspective} entity "${entity}".`, { entity, perspective });
  const first = (index.postOffsets[id] as number) + offset;
  const ordinals = index.postings.subarray(first, Math.min(first + limit, index.postOffsets[id + 1] as number));
  const instances: InstanceBrief[] = [];
  await using reader = new RecordReader(dataset);
  for (const ordinal of ordinals) {
    throwIfCancelled(job);
    const { view } = await reader.read(ordinal);
    instances.push({ ordinal, id: view.id, begin: conversationBegin(view.turns) });
  }
  return { entity, frequency: index.frequency[id] as number, offset, instances };
}
