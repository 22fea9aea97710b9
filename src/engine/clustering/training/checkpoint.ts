import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../runs/atomicFile.ts';
import { readJson, readNpy, writeNpy } from '../../runs/npy.ts';
import type { IterationFacts } from '../clustering.ts';

/** A checkpoint costs the writing of all centroids; more often than this only where one iteration takes longer. */
const defaultIntervalMs = 1000;
const fileName = 'checkpoint.json';

/** Where a training stands: after an iteration, the centroids are all that the next one depends on. */
export interface TrainingState {
  /** Iterations done. */
  readonly iteration: number;
  readonly history: readonly IterationFacts[];
}

interface Saved extends TrainingState {
  /** Name of the centroids' file. */
  readonly centroids: string;
}

/** Keeps the newest state of a training in a folder. */
export class Checkpoint implements AsyncDisposable {
  readonly #folder: string;
  readonly #intervalMs: number;
  #savedAt = performance.now();
  #last: string | undefined;
  #saving: Promise<void> | undefined;

  constructor(folder: string, intervalMs = defaultIntervalMs) {
    this.#folder = folder;
    this.#intervalMs = intervalMs;
  }

  /** The state of an earlier call, its centroids copied to `centroids`; undefined when there is none that can be read. */
  async load(centroids: Float32Array): Promise<TrainingState | undefined> {
    try {
      const saved = await readJson<Saved>(join(this.#folder, fileName));
      const values = await readNpy(join(this.#folder, saved.centroids), '<f4');
      if (values.length !== centroids.length) return undefined;
      centroids.set(values);
      this.#last = saved.centroids;
      return saved;
    } catch {
      return undefined; // none yet, or cut off by a power failure: the training starts anew
    }
  }

  /** Begins to save, unless that has just been done. Until `settle` the centroids must stay as they are. */
  save(state: TrainingState, centroids: Float32Array): void {
    if (performance.now() - this.#savedAt < this.#intervalMs) return;
    this.#saving = this.#write(state, centroids);
    this.#saving.catch(() => undefined); // told by `settle`
    this.#savedAt = performance.now();
  }

  /** Ends when nothing is being saved. @throws what made the saving fail */
  async settle(): Promise<void> {
    await this.#saving;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#saving?.catch(() => undefined); // nothing may write into the folder any more
  }

  async #write(state: TrainingState, centroids: Float32Array): Promise<void> {
    const name = `centroids-${state.iteration}.npy`;
    await writeNpy(join(this.#folder, name), centroids);
    await writeFileAtomic(join(this.#folder, fileName), JSON.stringify({ ...state, centroids: name } satisfies Saved));
    if (this.#last !== undefined && this.#last !== name) await rm(join(this.#folder, this.#last), { force: true });
    this.#last = name;
  }
}
