import type { Graphs, RgbPicture } from '../../runtime/contracts.ts';
import type { DiffusionModel } from './model/diffusionModel.ts';
import { embedPicture } from './pipeline/conditioning.ts';
import { type PartOptions, Parts } from './pipeline/parts.ts';
import { type DiffusionFacts, type DiffusionProgress, type DiffusionRequest, runDiffusion } from './pipeline/runDiffusion.ts';

/** What the compute process gets; structured-cloneable. */
export interface DiffusionTask extends PartOptions {
  readonly model: DiffusionModel;
  readonly request: DiffusionRequest;
}

export interface EmbeddingTask extends PartOptions {
  readonly model: DiffusionModel;
  /** RGB pixels, each of the size that the image encoder takes. */
  readonly pictures: readonly Uint8Array[];
}

/** Names of the tasks in the compute process. */
export const diffuseTask = 'diffuse';
export const embedTask = 'embedPictures';

/** The diffusion tasks of a compute process. They keep the parts of the last model, since pictures are seldom made alone. */
export class DiffusionTasks {
  readonly #graphs: Graphs;
  #current: { readonly key: string; readonly parts: Parts } | undefined;

  constructor(graphs: Graphs) {
    this.#graphs = graphs;
  }

  async diffuse(
    task: DiffusionTask,
    report: (progress: DiffusionProgress) => void,
  ): Promise<RgbPicture & { readonly facts: DiffusionFacts }> {
    return runDiffusion(task.model, await this.#partsOf(task), task.request, report);
  }

  async embed(task: EmbeddingTask): Promise<readonly Float32Array[]> {
    const encoder = await (await this.#partsOf(task)).get('image_encoder');
    const embeddings: Float32Array[] = [];
    for (const picture of task.pictures) embeddings.push(await embedPicture(encoder, task.model.vision, picture));
    return embeddings;
  }

  /** Gives the memory of the last model back. */
  async release(): Promise<void> {
    await this.#current?.parts.release();
    this.#current = undefined;
  }

  async #partsOf({ model, providers, threads }: PartOptions & { readonly model: DiffusionModel }): Promise<Parts> {
    const key = JSON.stringify([model.folder, model.sha256, providers, threads]);
    if (this.#current?.key !== key) {
      await this.release();
      this.#current = { key, parts: new Parts(model, this.#graphs, { providers, threads }) };
    }
    return this.#current.parts;
  }
}
