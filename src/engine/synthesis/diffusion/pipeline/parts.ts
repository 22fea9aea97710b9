import { EngineError } from '../../../jobs/engineError.ts';
import type { Graphs } from '../../../runtime/contracts.ts';
import type { DiffusionModel } from '../model/diffusionModel.ts';
import type { PartName } from '../model/modelFiles.ts';
import { modelInvalid } from '../model/modelInvalid.ts';
import { Part } from './part.ts';

export interface PartOptions {
  /** Execution providers to try, best first. */
  readonly providers: readonly string[];
  readonly threads: number;
}

/** Why a part does not run where it was first meant to. */
export interface RefusedProvider {
  readonly provider: string;
  readonly reason: string;
}

/** The parts of one model, loaded when they are first wanted and kept. */
export class Parts {
  readonly refused: RefusedProvider[] = [];
  readonly #model: DiffusionModel;
  readonly #graphs: Graphs;
  readonly #options: PartOptions;
  readonly #loaded = new Map<PartName, Part>();

  constructor(model: DiffusionModel, graphs: Graphs, options: PartOptions) {
    this.#model = model;
    this.#graphs = graphs;
    this.#options = options;
  }

  /** @throws EngineError `model.invalid` when the model has no such part, or it cannot be loaded anywhere */
  async get(name: PartName): Promise<Part> {
    const part = this.#loaded.get(name) ?? (await this.#load(name));
    this.#loaded.set(name, part);
    return part;
  }

  async find(name: PartName): Promise<Part | undefined> {
    return this.#model.parts[name] === undefined ? undefined : this.get(name);
  }

  async release(): Promise<void> {
    for (const part of this.#loaded.values()) await part.release();
    this.#loaded.clear();
  }

  async #load(name: PartName): Promise<Part> {
    const path = this.#model.parts[name];
    if (path === undefined) throw modelInvalid(this.#model.folder, `has no ${name}.`);
    let failure: unknown;
    for (const provider of this.#options.providers) {
      // What has failed for one part is not tried again: a model's parts should run in one place.
      if (this.refused.some((each) => each.provider === provider)) continue;
      try {
        return new Part(path, provider, await this.#graphs.open(path, { provider, threads: this.#options.threads }));
      } catch (error) {
        if (error instanceof EngineError) throw error;
        failure = error;
        if (provider !== this.#options.providers.at(-1)) this.refused.push({ provider, reason: messageOf(error) });
      }
    }
    throw modelInvalid(path, `cannot be loaded: ${messageOf(failure)}`, failure);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
