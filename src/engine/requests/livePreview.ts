import type { Progress } from '../../protocol/progress.ts';
import type { Runtime } from '../runtime/contracts.ts';
import type { DiffusionProgress } from '../synthesis/diffusion/pipeline/runDiffusion.ts';
import type { SynthesisItem } from '../synthesis/methods/method.ts';

type Told = NonNullable<Progress['synthesis']>;

/** Pixels on a side of a preview at most; latent pictures are smaller. */
const previewSide = 256;

/** Tells of unfinished pictures as they come. A preview that is overtaken, by the next or by the finished picture, is left out. */
export class LivePreview {
  readonly #runtime: Pick<Runtime, 'images' | 'pictures'>;
  readonly #tell: (told: Told) => void;
  readonly #finished = new Set<string>();
  #busy = false;

  constructor(runtime: Pick<Runtime, 'images' | 'pictures'>, tell: (told: Told) => void) {
    this.#runtime = runtime;
    this.#tell = tell;
  }

  show({ id, ordinal }: SynthesisItem, { step, steps, preview }: DiffusionProgress): void {
    if (this.#busy || this.#finished.has(id)) return;
    if (!preview) {
      this.#tell({ id, ordinal, step, steps });
      return;
    }
    this.#busy = true;
    void this.#jpegOf(preview)
      // A preview that cannot be made harms nothing.
      .catch(() => undefined)
      .then((small) => {
        this.#busy = false;
        if (!this.#finished.has(id)) this.#tell({ id, ordinal, step, steps, ...(small ? { preview: small } : {}) });
      });
  }

  /** Nothing is told of this one any more. */
  finish(id: string): void {
    this.#finished.add(id);
  }

  async #jpegOf({ rgb, width, height }: NonNullable<DiffusionProgress['preview']>): Promise<Told['preview']> {
    const { images, pictures } = this.#runtime;
    const { bytes } = await pictures.encode(rgb, width, height);
    const small = await images.thumbnail(bytes, previewSide);
    return small && { jpeg: Buffer.from(small.jpeg).toString('base64'), width: small.width, height: small.height };
  }
}
