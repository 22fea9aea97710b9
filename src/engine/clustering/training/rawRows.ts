import { type FileHandle, open } from 'node:fs/promises';
import { EngineError } from '../../jobs/engineError.ts';

/** Equally long rows in files, read without interpreting them. */
export interface RawRowFiles {
  readonly rows: number;
  readonly rowBytes: number;
  /** Consecutive rows, ascending, without gaps. */
  readonly shards: readonly { readonly path: string; readonly firstRow: number; readonly rows: number; readonly dataOffset: number }[];
}

/** Reads ranges of rows into memory that the caller owns. Disposal closes the files. */
export class RawRows implements AsyncDisposable {
  readonly #files: RawRowFiles;
  readonly #handles = new Map<string, Promise<FileHandle>>();

  constructor(files: RawRowFiles) {
    this.#files = files;
  }

  get rows(): number {
    return this.#files.rows;
  }

  get rowBytes(): number {
    return this.#files.rowBytes;
  }

  /** Fills `target` with the rows from `first` on; its length says how many. @throws EngineError `arrays.invalid` for a file that is cut */
  async read(first: number, target: Uint8Array): Promise<void> {
    const { rowBytes, shards } = this.#files;
    const last = first + target.byteLength / rowBytes;
    for (const shard of shards) {
      const from = Math.max(first, shard.firstRow);
      const to = Math.min(last, shard.firstRow + shard.rows);
      if (from >= to) continue;
      const part = target.subarray((from - first) * rowBytes, (to - first) * rowBytes);
      await readFully(await this.#open(shard.path), part, shard.dataOffset + (from - shard.firstRow) * rowBytes, shard.path);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const handle of this.#handles.values()) await (await handle).close();
    this.#handles.clear();
  }

  #open(path: string): Promise<FileHandle> {
    const known = this.#handles.get(path) ?? open(path, 'r');
    this.#handles.set(path, known);
    return known;
  }
}

async function readFully(handle: FileHandle, target: Uint8Array, position: number, path: string): Promise<void> {
  for (let done = 0; done < target.byteLength; ) {
    const { bytesRead } = await handle.read(target, done, target.byteLength - done, position + done);
    if (bytesRead === 0)
      throw new EngineError('arrays.invalid', `${path} is shorter than its header says. Run the same command again.`, { path });
    done += bytesRead;
  }
}
