import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { cancelledError } from '../../../jobs/engineError.ts';

/** Read in pieces large enough for the disk. */
const readBytes = 4 * 1024 * 1024;
/** Files of some dozen models. */
const most = 1000;

/** SHA-256 of files, computed again only for those that changed: planning must not read gigabytes each time a setting moves. */
export class FileHashes {
  readonly #known = new Map<string, Promise<string>>();

  /** @throws EngineError `run.cancelled` */
  async of(
    path: string,
    { dev, ino, size, mtimeMs, ctimeMs }: Stats,
    signal: AbortSignal,
    onChunk: (bytes: number) => void,
  ): Promise<string> {
    const key = [path, dev, ino, size, mtimeMs, ctimeMs].join('\0');
    const known = await this.#known.get(key)?.catch(() => undefined);
    if (known !== undefined) {
      onChunk(size);
      return known;
    }
    const hash = hashFile(path, signal, onChunk);
    this.#known.set(key, hash);
    const [oldest] = this.#known.keys();
    if (this.#known.size > most && oldest !== undefined) this.#known.delete(oldest);
    return hash.catch((error: unknown) => {
      this.#known.delete(key);
      throw error;
    });
  }
}

async function hashFile(path: string, signal: AbortSignal, onChunk: (bytes: number) => void): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) {
    if (signal.aborted) throw cancelledError();
    hash.update(chunk as Buffer);
    onChunk((chunk as Buffer).length);
  }
  return hash.digest('hex');
}
