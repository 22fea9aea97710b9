import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isProcessAlive } from './processAlive.ts';

/** Bytes gathered before a write reaches the file. */
const writeBufferBytes = 8 * 1024 * 1024;

/** Marks files that a killed process may leave behind; never a name of a result. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.ballast-tmp`);
}

/**
 * A file that appears complete or not at all: written under a temporary name in the same folder, flushed to disk, then renamed.
 * Disposal without `commit` removes it.
 */
export class AtomicFile implements AsyncDisposable {
  readonly path: string;
  readonly #temporary: string;
  #handle: FileHandle | undefined;
  #buffer = Buffer.allocUnsafe(writeBufferBytes);
  #filled = 0;
  #bytes = 0;
  #committed = false;

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  static async create(path: string): Promise<AtomicFile> {
    await mkdir(dirname(path), { recursive: true });
    const temporary = temporaryName(path);
    const handle = await open(temporary, 'wx').catch((error: NodeJS.ErrnoException) => {
      error.path = path; // people know the file that they asked for
      throw error;
    });
    return new AtomicFile(path, temporary, handle);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Where a foreign writer (DuckDB) may write instead of `write`; call `commit` afterwards all the same. */
  get temporaryPath(): string {
    return this.#temporary;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.byteLength;
    if (this.#filled + chunk.byteLength > this.#buffer.byteLength) await this.#flush();
    if (chunk.byteLength > this.#buffer.byteLength) {
      await this.#writeAll(chunk);
      return;
    }
    this.#buffer.set(chunk, this.#filled);
    this.#filled += chunk.byteLength;
  }

  /** Everything written lies on the disk, still under the temporary name. */
  async prepare(): Promise<void> {
    await this.#flush();
    const handle = this.#handle;
    if (!handle) return;
    await handle.sync();
    await handle.close();
    this.#handle = undefined;
  }

  async commit(): Promise<void> {
    await this.prepare();
    await rename(this.#temporary, this.path);
    this.#committed = true;
    await syncFolder(dirname(this.path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#committed) return;
    await this.#handle?.close();
    this.#handle = undefined;
    await rm(this.#temporary, { force: true });
  }

  async #flush(): Promise<void> {
    const filled = this.#filled;
    this.#filled = 0;
    if (filled > 0) await this.#writeAll(this.#buffer.subarray(0, filled));
  }

  async #writeAll(chunk: Uint8Array): Promise<void> {
    const handle = this.#handle;
    if (!handle) throw new Error('write to a closed file');
    for (let offset = 0; offset < chunk.byteLength; ) {
      const { bytesWritten } = await handle.write(chunk, offset, chunk.byteLength - offset).catch((error: NodeJS.ErrnoException) => {
        error.path ??= this.path; // the system names no file when a disk is full
        throw error;
      });
      offset += bytesWritten;
    }
  }
}

/** Removes what killed processes left of `path`: temporary files whose writer no longer runs. */
export async function removeStaleTemporaries(path: string): Promise<void> {
  const folder = dirname(path);
  const prefix = `.${basename(path)}.`;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(prefix)) continue;
    const writer = /^(\d+)-[0-9a-f]{8}\.ballast-tmp$/.exec(name.slice(prefix.length))?.[1];
    if (writer && !isProcessAlive(Number(writer))) await rm(join(folder, name), { force: true });
  }
}

/** Whole content at once, atomically. */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await AtomicFile.create(path);
  await file.write(typeof content === 'string' ? Buffer.from(content, 'utf8') : content);
  await file.commit();
}

/** Makes a rename survive a power cut; not every platform can open folders, which is no error. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (!handle) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
