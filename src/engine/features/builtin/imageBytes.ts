import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { ListedImage } from '../../dataset/imageList.ts';
import { createImageResolver, type ImageResolver, openImage } from '../../dataset/imageResolver.ts';
import { type JobContext, throwIfCancelled } from '../../jobs/jobContext.ts';
import type { ParquetStore } from '../../runtime/contracts.ts';

/** Looks under way at once: a look is one or two system calls. */
const looksAtOnce = 32;

/** Reads images by the only way there is from a record's path to a file. */
export class ImageBytes {
  readonly #parquet: ParquetStore;
  readonly #resolvers = new Map<string, ImageResolver>();

  constructor(parquet: ParquetStore) {
    this.#parquet = parquet;
  }

  /** Bytes of the image; undefined when there is no such file inside the image roots, or it cannot be read. */
  async read({ part, image, row }: ListedImage): Promise<Uint8Array | undefined> {
    if (row) {
      const embedded = (await this.#parquet.embeddedImages(part.path, row.index))[row.position];
      if (embedded) return embedded;
    }
    const resolution = await this.#resolverOf(part.imageRoots).resolve(image);
    if (resolution.kind !== 'ok') return undefined;
    const opened = await openImage(resolution);
    return opened.kind === 'ok' ? opened.bytes : undefined;
  }

  /** Hash of which images there are and of their files' size and time of change: another file under a name gives another hash. */
  async stampOf(images: readonly ListedImage[], job: JobContext): Promise<string> {
    const hash = createHash('sha256');
    for (let first = 0; first < images.length; first += looksAtOnce) {
      throwIfCancelled(job);
      const stamps = await Promise.all(images.slice(first, first + looksAtOnce).map((image) => this.#stamp(image)));
      for (const stamp of stamps) hash.update(`${stamp}\n`);
    }
    return hash.digest('hex');
  }

  async #stamp({ part, image, row }: ListedImage): Promise<string> {
    if (row) return JSON.stringify([part.sha256, row.index, row.position]);
    const resolution = await this.#resolverOf(part.imageRoots).resolve(image);
    const info = resolution.kind === 'ok' ? await stat(resolution.path, { bigint: true }).catch(() => undefined) : undefined;
    return JSON.stringify([image, info ? [String(info.size), String(info.mtimeNs)] : null]);
  }

  #resolverOf(roots: readonly string[]): ImageResolver {
    const key = roots.join('\0');
    const known = this.#resolvers.get(key) ?? createImageResolver({ roots });
    this.#resolvers.set(key, known);
    return known;
  }
}
