import type { InstanceImage } from '../../src/protocol/browse.ts';
import { addressOf } from '../shared/imageAddress.ts';

/** Small pictures are a few kilobytes each. */
const mostKept = 400;
/** Decoding is work for the engine: what is in view shall not wait for what was in view. */
const parallel = 4;

export type ImageSource = { readonly ok: true; readonly address: string } | Extract<InstanceImage, { readonly ok: false }>;

export interface ImageSourcesOptions {
  readonly load: (ordinal: number, signal: AbortSignal) => Promise<InstanceImage>;
  /** False without an engine, which alone opens pictures. */
  readonly canLoad: boolean;
  readonly onLoaded: (ordinal: number, source: ImageSource) => void;
}

/** Pictures of instances as `data:` addresses: asked for while they are wanted, kept for a while. */
export class ImageSources {
  readonly #options: ImageSourcesOptions;
  /** In the order of their last use. */
  readonly #kept = new Map<number, ImageSource>();
  readonly #running = new Map<number, AbortController>();
  #wanted: readonly number[] = [];

  constructor(options: ImageSourcesOptions) {
    this.#options = options;
  }

  get(ordinal: number): ImageSource | undefined {
    const source = this.#kept.get(ordinal);
    if (source !== undefined) {
      this.#kept.delete(ordinal);
      this.#kept.set(ordinal, source);
    }
    return source;
  }

  /** Asks for the pictures of these instances, in this order, and no longer for any others. */
  want(ordinals: readonly number[]): void {
    if (!this.#options.canLoad) return;
    this.#wanted = ordinals.filter((ordinal) => !this.#kept.has(ordinal));
    for (const [ordinal, abort] of this.#running) if (!this.#wanted.includes(ordinal)) abort.abort();
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
    for (const ordinal of this.#wanted) {
      if (this.#running.size >= parallel) return;
      if (!this.#running.has(ordinal) && !this.#kept.has(ordinal)) void this.#load(ordinal);
    }
  }

  async #load(ordinal: number): Promise<void> {
    const abort = new AbortController();
    this.#running.set(ordinal, abort);
    try {
      const image = await this.#options.load(ordinal, abort.signal);
      if (this.#running.get(ordinal) !== abort) return;
      const source: ImageSource = image.ok ? { ok: true, address: addressOf(image.jpeg) } : image;
      this.#kept.set(ordinal, source);
      for (const old of this.#kept.keys()) {
        if (this.#kept.size <= mostKept) break;
        this.#kept.delete(old);
      }
      this.#options.onLoaded(ordinal, source);
    } catch {
      // Not wanted any more, or the engine failed, which the rows themselves say: the place stays empty until it is wanted again.
      this.#wanted = this.#wanted.filter((each) => each !== ordinal);
    } finally {
      if (this.#running.get(ordinal) === abort) {
        this.#running.delete(ordinal);
        this.#next();
      }
    }
  }
}
