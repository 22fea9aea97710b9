import type { ReviewImage } from '../../src/protocol/synthesis.ts';
import type { PageContext } from './pageContext.ts';

/** Large pictures that are kept: those of the candidate, of its neighbours, and of where one came from. */
const mostKept = 24;

export type WhichPicture = 'source' | 'candidate';

/** Large pictures, each asked for once while it is kept. */
export class PictureCache {
  readonly #context: PageContext;
  readonly #kept = new Map<string, Promise<ReviewImage>>();

  constructor(context: PageContext) {
    this.#context = context;
  }

  get(id: string, which: WhichPicture, side: number): Promise<ReviewImage> {
    const key = `${which} ${id} ${side}`;
    const asked = this.#kept.get(key) ?? this.#context.bridge.request('image', { id, which, side });
    this.#kept.delete(key);
    this.#kept.set(key, asked);
    asked.catch(() => this.#kept.delete(key));
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(old);
    }
    return asked;
  }

  clear(): void {
    this.#kept.clear();
  }
}
