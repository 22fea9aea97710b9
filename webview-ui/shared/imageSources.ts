import { addressOf } from './imageAddress.ts';

/** Small pictures are a few kilobytes each. */
const mostKept = 400;
/** Decoding is work for the engine: what is in view shall not wait for what was in view. */
const parallel = 4;

/** A picture as the host gives it, or why there is none. */
type HostImage<Missing> = { readonly ok: true; readonly jpeg: string } | Missing;

export type ImageSource<Missing extends { readonly ok: false }> = { readonly ok: true; readonly address: string } | Missing;

export interface ImageSourcesOptions<Key, Missing extends { readonly ok: false }> {
  readonly load: (key: Key, signal: AbortSignal) => Promise<HostImage<Missing>>;
  /** False without an engine, which alone opens pictures. */
  readonly canLoad: boolean;
  readonly onLoaded: (key: Key, source: ImageSource<Missing>) => void;
}

/** Small pictures as `data:` addresses: asked for while they are wanted, kept for a while. */
export class ImageSources<Key, Missing extends { readonly ok: false }> {
  readonly #options: ImageSourcesOptions<Key, Missing>;
  /** In the order of their last use. */
  readonly #kept = new Map<Key, ImageSource<Missing>>();
  readonly #running = new Map<Key, AbortController>();
  #wanted: readonly Key[] = [];

  constructor(options: ImageSourcesOptions<Key, Missing>) {
    this.#options = options;
  }

  get(key: Key): ImageSource<Missing> | undefined {
    const source = this.#kept.get(key);
    if (source !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, source);
    }
    return source;
  }

  /** Asks for the pictures of these instances, in this order, and no longer for any others. */
  want(keys: readonly Key[]): void {
    if (!this.#options.canLoad) return;
    this.#wanted = keys.filter((key) => !this.#kept.has(key));
    for (const [key, abort] of this.#running) if (!this.#wanted.includes(key)) abort.abort();
    this.#next();
  }

  /** Forgets everything: the dataset is another one, or its images are looked for elsewhere. */
  clear(): void {
    for (const abort of this.#running.values()) abort.abort();
    this.#running.clear();
    this.#kept.clear();
    this.#wanted = [];
  }

  #next(): void {
    for (const key of this.#wanted) {
      if (this.#running.size >= parallel) return;
      if (!this.#running.has(key) && !this.#kept.has(key)) void this.#load(key);
    }
  }

  async #load(key: Key): Promise<void> {
    const abort = new AbortController();
    this.#running.set(key, abort);
    try {
      const image = await this.#options.load(key, abort.signal);
      if (this.#running.get(key) !== abort) return;
      const source: ImageSource<Missing> = image.ok ? { ok: true, address: addressOf(image.jpeg) } : image;
      this.#kept.set(key, source);
      for (const old of this.#kept.keys()) {
        if (this.#kept.size <= mostKept) break;
        this.#kept.delete(old);
      }
      this.#options.onLoaded(key, source);
    } catch {
      // Not wanted any more, or the engine failed, which the rows themselves say: the place stays empty until it is wanted again.
      this.#wanted = this.#wanted.filter((each) => each !== key);
    } finally {
      if (this.#running.get(key) === abort) {
        this.#running.delete(key);
        this.#next();
      }
    }
  }
}
