import { type FileHandle, open } from 'node:fs/promises';
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
  await using reader = new RecordReader(dataset);
  return reader.read(ordinal);
}

/** Reads many records of a dataset; every file is opened once. */
export class RecordReader implements AsyncDisposable {
  readonly #dataset: Dataset;
  readonly #files = new Map<string, Promise<FileHandle>>();

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  /** @throws EngineError `instance.notFound`, `dataset.changed` when the file has become shorter */
  async read(ordinal: number): Promise<ReadRecord> {
    const dataset = this.#dataset;
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
    const handle = await this.#open(part.textPath);
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

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files.values()) {
      await file.then(
        (handle) => handle.close(),
        () => undefined, // it never opened
      );
    }
  }

  #open(path: string): Promise<FileHandle> {
    const known = this.#files.get(path) ?? open(path, 'r');
    this.#files.set(path, known);
    return known;
  }
}
