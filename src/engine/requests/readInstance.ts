import type { InstanceRecord, ReadInstanceRequest } from '../../protocol/entities.ts';
import { partOf } from '../dataset/dataset.ts';
import { readRecord } from '../dataset/readRecord.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { HotData } from './hotData.ts';
import { withThreads } from './openSource.ts';

const defaultLimitBytes = 1024 * 1024;

/** One record as it stands in the file, with its place. @throws EngineError `instance.notFound` */
export async function readInstance(request: ReadInstanceRequest, hot: HotData, caller: JobContext): Promise<InstanceRecord> {
  const limit = request.limitBytes ?? defaultLimitBytes;
  if (!Number.isInteger(limit) || limit < 1)
    throw new EngineError('usage', `limitBytes takes a whole number from 1; got ${limit}.`, { option: 'limitBytes' });
  const dataset = await hot.dataset(request, withThreads(caller, request.threads));
  const ordinal = request.instance;
  const { bytes, view } = await readRecord(dataset, ordinal);
  const part = partOf(dataset, ordinal);
  return {
    ordinal,
    id: view.id,
    file: part.path,
    fileBytes: part.bytes,
    range: part.kind === 'parquet' ? null : { byteStart: dataset.start[ordinal] as number, byteEnd: dataset.end[ordinal] as number },
    // A decoder in streaming mode leaves out a character that the limit cuts in two.
    text: new TextDecoder().decode(bytes.subarray(0, limit), { stream: bytes.length > limit }),
    bytes: bytes.length,
    cut: bytes.length > limit,
  };
}
