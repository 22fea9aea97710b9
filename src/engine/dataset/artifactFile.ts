import { type FileHandle, open } from 'node:fs/promises';
import { npyHeader } from '../runs/npy.ts';

/** Bytes gathered before a write reaches the file. */
const bufferBytes = 1024 * 1024;

/**
 * A file in the folder of an artifact under construction. The folder appears as a whole once it is done, so the file needs neither a
 * temporary name nor a flushed folder, only its own bytes on the disk.
 */
export class ArtifactFile implements AsyncDisposable {
  readonly #handle: FileHandle;
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #filled = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(path: string): Promise<ArtifactFile> {
    return new ArtifactFile(await open(path, 'w'));
  }

  async append(chunk: Uint8Array): Promise<void> {
    if (this.#filled + chunk.byteLength > bufferBytes) await this.#flush();
    if (chunk.byteLength > bufferBytes) {
      await this.#writeAll(chunk);
      return;
    }
    this.#buffer.set(chunk, this.#filled);
    this.#filled += chunk.byteLength;
  }

  /** Everything appended lies on the disk. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#handle.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }

  async #flush(): Promise<void> {
    const filled = this.#filled;
    this.#filled = 0;
    if (filled > 0) await this.#writeAll(this.#buffer.subarray(0, filled));
  }

  async #writeAll(chunk: Uint8Array): Promise<void> {
    for (let done = 0; done < chunk.byteLength; ) done += (await this.#handle.write(chunk, done, chunk.byteLength - done)).bytesWritten;
  }
}

/** A 1-D array as a NumPy file of an artifact. */
export async function writeArray(path: string, array: Float64Array | Uint32Array | Uint16Array | Uint8Array): Promise<void> {
  const descriptor =
    array instanceof Float64Array ? '<f8' : array instanceof Uint32Array ? '<u4' : array instanceof Uint16Array ? '<u2' : '|u1';
  await writeWhole(path, npyHeader(descriptor, [array.length]), new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

export async function writeWhole(path: string, ...chunks: readonly Uint8Array[]): Promise<void> {
  await using file = await ArtifactFile.create(path);
  for (const chunk of chunks) await file.append(chunk);
  await file.finish();
}
