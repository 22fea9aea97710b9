import type { CandidatePicture } from './candidatePicture.ts';
import { pictureCorrelation } from './duplicates.ts';
import type { OtherPictures } from './gate.ts';
import { lookBytes, nearestLooks } from './looks.ts';

/** Near pictures that are aligned with a candidate, and the least cosine of their looks: see `looks.ts` for what was measured. */
const mostNear = 6;
const leastCosine = 0.75;
/** Pictures kept decoded: neighbours come again and again. About 25 kB each. */
const keptPictures = 512;

/** Finds the picture that a candidate repeats, if there is one, among those that were added. */
export class PictureIndex implements OtherPictures {
  readonly #load: (position: number) => Promise<CandidatePicture | undefined>;
  readonly #subject: (position: number) => string;
  readonly #kept = new Map<number, Promise<CandidatePicture | undefined>>();
  #looks: Int8Array;
  #count: number;

  /**
   * @param looks one behind the other; zeros for pictures that cannot be decoded
   * @param load the picture of a position
   * @param subject how a verdict names it
   */
  constructor(looks: Int8Array, load: (position: number) => Promise<CandidatePicture | undefined>, subject: (position: number) => string) {
    this.#looks = looks;
    this.#count = looks.length / lookBytes;
    this.#load = load;
    this.#subject = subject;
  }

  get count(): number {
    return this.#count;
  }

  add(look: Int8Array): void {
    if ((this.#count + 1) * lookBytes > this.#looks.length) {
      const grown = new Int8Array(Math.max(64 * lookBytes, this.#looks.length * 2));
      grown.set(this.#looks);
      this.#looks = grown;
    }
    this.#looks.set(look, this.#count++ * lookBytes);
  }

  async closest(
    picture: CandidatePicture,
    exceptImage?: number,
  ): Promise<{ readonly subject: string; readonly correlation: number } | undefined> {
    const query = await picture.query();
    if (!query) return undefined;
    let best: { readonly subject: string; readonly correlation: number } | undefined;
    const looks = this.#looks.subarray(0, this.#count * lookBytes);
    for (const position of nearestLooks(query, looks, mostNear + 1, leastCosine)) {
      if (position === exceptImage) continue;
      const other = await this.#picture(position);
      const correlation = other && (await pictureCorrelation(picture, other));
      if (correlation !== undefined && correlation > (best?.correlation ?? -1)) best = { subject: this.#subject(position), correlation };
      if (best?.correlation === 1) break;
    }
    return best;
  }

  #picture(position: number): Promise<CandidatePicture | undefined> {
    const known = this.#kept.get(position) ?? this.#load(position);
    this.#kept.delete(position);
    this.#kept.set(position, known);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > keptPictures && !oldest.done) this.#kept.delete(oldest.value);
    return known;
  }
}
