import type { Graph, NumberTensor, ValueInfo } from '../../../runtime/contracts.ts';
import { modelInvalid } from '../model/modelInvalid.ts';

export type FloatTensor = NumberTensor & { readonly values: Float32Array };

/** A loaded graph of a model; its errors name its file. */
export class Part {
  readonly path: string;
  /** Execution provider that it runs on. */
  readonly provider: string;
  readonly #graph: Graph;

  constructor(path: string, provider: string, graph: Graph) {
    this.path = path;
    this.provider = provider;
    this.#graph = graph;
  }

  get inputs(): readonly ValueInfo[] {
    return this.#graph.inputs;
  }

  /** Names of the outputs in the order of the file. */
  get outputNames(): readonly string[] {
    return this.#graph.outputs.map(({ name }) => name);
  }

  input(name: string): ValueInfo | undefined {
    return this.inputs.find((input) => input.name === name);
  }

  /** The input of this name, or the only one there is. @throws EngineError `model.invalid` */
  mainInput(name: string): ValueInfo {
    const input = this.input(name) ?? (this.inputs.length === 1 ? this.inputs[0] : undefined);
    if (!input) throw modelInvalid(this.path, `has no input ${name}: it takes ${this.inputs.map((each) => each.name).join(', ')}.`);
    return input;
  }

  /** @throws EngineError `model.invalid` when the graph wants what nobody gives */
  expectInputs(known: (name: string) => boolean): void {
    const unknown = this.inputs.filter(({ name }) => !known(name)).map(({ name }) => name);
    if (unknown.length > 0)
      throw modelInvalid(
        this.path,
        `wants ${unknown.join(', ')}, which this version cannot give: it is the part of another kind of model.`,
      );
  }

  /** @throws EngineError `model.invalid` */
  async run(feeds: Readonly<Record<string, NumberTensor>>): Promise<Readonly<Record<string, FloatTensor>>> {
    try {
      return await this.#graph.run(feeds);
    } catch (error) {
      throw modelInvalid(this.path, `cannot be run: ${error instanceof Error ? error.message : String(error)}`, error);
    }
  }

  /** Runs and takes the output of this name, or else the first one of this rank. @throws EngineError `model.invalid` */
  async output(name: string, rank: number, feeds: Readonly<Record<string, NumberTensor>>): Promise<FloatTensor> {
    const results = await this.run(feeds);
    const named = results[name];
    const output =
      named?.shape.length === rank ? named : this.outputNames.map((each) => results[each]).find((each) => each?.shape.length === rank);
    if (!output) throw modelInvalid(this.path, `has no output ${name} with ${rank} dimensions: it gives ${this.outputNames.join(', ')}.`);
    return output;
  }

  release(): Promise<void> {
    return this.#graph.release();
  }
}

/** Size that a graph fixes for a dimension; undefined where a run decides. */
export function fixedSize(input: ValueInfo | undefined, dimension: number): number | undefined {
  const size = input?.shape[dimension];
  return typeof size === 'number' && size > 0 ? size : undefined;
}
