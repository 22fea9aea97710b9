import type { InstanceImage } from '../../../protocol/browse.ts';

/** Base64 characters kept, one byte each. */
const room = 32 * 1024 * 1024;

type MadeThumbnail = Extract<InstanceImage, { ok: true }>;

/** Keeps the thumbnails used last, as many as fit. */
export class ThumbnailMemory {
  readonly #made = new Map<string, MadeThumbnail>();
  #held = 0;

  get(key: string): MadeThumbnail | undefined {
    const known = this.#made.get(key);
    if (!known) return undefined;
    this.#made.delete(key); // a Map lists in order of insertion: the latest goes last
    this.#made.set(key, known);
    return known;
  }

  set(key: string, thumbnail: MadeThumbnail): void {
    this.#remove(key);
    this.#made.set(key, thumbnail);
    this.#held += thumbnail.jpeg.length;
    for (const oldest of this.#made.keys()) {
      if (this.#held <= room) return;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#held -= this.#made.get(key)?.jpeg.length ?? 0;
    this.#made.delete(key);
  }
}
