import type { InferenceSession } from 'onnxruntime-node';
import { EngineError } from '../../jobs/engineError.ts';
import type { Graph, Graphs, NumberTensor, ValueInfo } from '../contracts.ts';
import { loadOnnxRuntime, type OnnxRuntime, reasonOf } from './onnxRuntime.ts';
import { fromTensor, toTensor } from './tensorValues.ts';

/** Graphs of model files. Belongs into the compute process: loading and running block their thread. */
export function createGraphs(): Graphs {
  return {
    async open(path, { provider, threads }) {
      const runtime = await loadOnnxRuntime().catch((error: unknown) => {
        throw new EngineError('device.unavailable', reasonOf(error), { device: provider }, { cause: error });
      });
      // A provider that the runtime lacks would be dropped with a warning, and the processor would answer in its name.
      if (!runtime.listSupportedBackends().some(({ name }) => name === provider))
        throw new Error(`${provider} is not in the ONNX runtime for this platform`);
      const session = await runtime.InferenceSession.create(path, {
        executionProviders: [provider],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        extra: { session: { 'session.intra_op.allow_spinning': '0' } },
      }).catch((error: unknown) => {
        throw new Error(reasonOf(error), { cause: error });
      });
      return new OnnxGraphFile(runtime, session);
    },
  };
}

class OnnxGraphFile implements Graph {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;

  constructor(runtime: OnnxRuntime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
    this.inputs = session.inputMetadata.map(valueInfo);
    this.outputs = session.outputMetadata.map(valueInfo);
  }

  async run(feeds: Readonly<Record<string, NumberTensor>>): ReturnType<Graph['run']> {
    try {
      const tensors = Object.entries(feeds).map(([name, value]) => {
        const type = this.inputs.find((input) => input.name === name)?.type ?? 'undeclared';
        return [name, toTensor(this.#runtime, type, value)] as const;
      });
      const results = await this.#session.run(Object.fromEntries(tensors));
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, fromTensor(tensor)]));
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error });
    }
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

function valueInfo(value: InferenceSession.ValueMetadata): ValueInfo {
  if (!value.isTensor) return { name: value.name, type: 'sequence', shape: [] };
  // Sizes that the model leaves open may be names, empty or negative.
  return { name: value.name, type: value.type, shape: value.shape.map((size) => (typeof size === 'number' && size < 0 ? '' : size)) };
}
