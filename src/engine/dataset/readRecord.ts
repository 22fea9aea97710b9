import { open } from 'node:fs/promises';
import { EngineError } from '../jobs/engineError.ts';
import { type Dataset, type InstanceView, partOf } from './dataset.ts';
import { parseRecord } from './parseRecord.ts';
import { viewRecord } from './views/viewTable.ts';

export interface ReadRecord {
  /** The record as it stands in the file. */
  readonly bytes: Buffer;
  /** Parsed; undefined when the position holds no valid JSON. */
  readonly value: unknown;
  readonly view: InstanceView;
}

/** Reads one record. @throws EngineError `instance.notFound`, `dataset.changed` when the file has become shorter */
export async function readRecord(dataset: Dataset, ordinal: number): Promise<ReadRecord> {
  if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal >= dataset.records) {
    throw new EngineError(
      'instance.notFound',
      `There is no instance ${ordinal}: ${dataset.path} has ordinals 0 to ${dataset.records - 1}.`,
      { ordinal, records: dataset.records },
    );
  }
  const part = partOf(dataset, ordinal);
  const start = dataset.start[ordinal] as number;
  const bytes = Buffer.alloc((dataset.end[ordinal] as number) - start);
  await using handle = await open(part.textPath, 'r');
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0)
      throw new EngineError('dataset.changed', `${part.path} has become shorter since it was indexed. Run the same command again.`, {
        path: part.path,
      });
    done += bytesRead;
  }
  const parsed = parseRecord(bytes, 0, bytes.length);
  const value = parsed.ok ? parsed.value : undefined;
  return { bytes, value, view: viewRecord(value, part.view, bytes) };
}
