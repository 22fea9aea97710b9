import type { InferenceSession } from 'onnxruntime-node';
import type { Arena, AssignedRows, Matrices } from '../contracts.ts';
import { byteAssignment, floatAssignment } from './assignmentGraphs.ts';
import type { OnnxRuntime } from './onnxRuntime.ts';

type Session = InferenceSession;

/** Matrix products by one execution provider. Whole numbers always run on the CPU, the only one with such products. */
export class OnnxMatrices implements Omit<Matrices, 'arena'> {
  readonly device: string;
  readonly centersByColumn = true;
  seconds = 0;
  readonly #runtime: OnnxRuntime;
  readonly #threads: number;
  #plain: Promise<Session> | undefined;
  #withSimilarity: Promise<Session> | undefined;

  /** @param device name of the execution provider */
  constructor(runtime: OnnxRuntime, device: string, threads: number) {
    this.#runtime = runtime;
    this.device = device;
    this.#threads = threads;
  }

  async assignFloats(
    arena: Arena,
    centroids: { readonly at: number; readonly clusters: number; readonly dimensions: number },
    rows: AssignedRows & { readonly similarity?: number },
  ): Promise<void> {
    const { Tensor } = this.#runtime;
    const { clusters, dimensions } = centroids;
    const session = await this.#floatSession(rows.similarity !== undefined);
    const feeds = {
      x: new Tensor('float32', arena.float32(rows.rows, rows.count * dimensions), [rows.count, dimensions]),
      c: new Tensor('float32', arena.float32(centroids.at, clusters * dimensions), [clusters, dimensions]),
    };
    const { label, similarity } = await this.#run(session, feeds);
    takeLabels(label?.data, arena.int32(rows.labels, rows.count));
    if (rows.similarity !== undefined) arena.float32(rows.similarity, rows.count).set(similarity?.data as Float32Array);
  }

  async prepareBytes(
    arena: Arena,
    centers: { readonly at: number; readonly clusters: number; readonly dimensions: number },
  ): Promise<{ assign(rows: AssignedRows): Promise<void> } & AsyncDisposable> {
    const { Tensor } = this.#runtime;
    const { clusters, dimensions } = centers;
    const model = byteAssignment(arena.uint8(centers.at, clusters * dimensions), dimensions, clusters);
    const from = performance.now();
    const session = await this.#create(model, 'cpu');
    this.seconds += (performance.now() - from) / 1000;
    return {
      assign: async (rows) => {
        const x = new Tensor('uint8', arena.uint8(rows.rows, rows.count * dimensions), [rows.count, dimensions]);
        const { label } = await this.#run(session, { x });
        takeLabels(label?.data, arena.int32(rows.labels, rows.count));
      },
      [Symbol.asyncDispose]: () => session.release(),
    };
  }

  #floatSession(withSimilarity: boolean): Promise<Session> {
    if (withSimilarity) {
      this.#withSimilarity ??= this.#create(floatAssignment(true), this.device);
      return this.#withSimilarity;
    }
    this.#plain ??= this.#create(floatAssignment(false), this.device);
    return this.#plain;
  }

  #create(model: Uint8Array, device: string): Promise<Session> {
    return this.#runtime.InferenceSession.create(model, {
      executionProviders: [device],
      intraOpNumThreads: this.#threads,
      interOpNumThreads: 1,
      // Sizes change from run to run; a pool that grows with each of them would never be given back.
      enableMemPattern: false,
      // Between two products its threads sleep: the kernels, and other programs, need the cores.
      extra: { session: { 'session.intra_op.allow_spinning': '0' } },
    });
  }

  async #run(session: Session, feeds: InferenceSession.FeedsType): Promise<InferenceSession.ReturnType> {
    const from = performance.now();
    const result = await session.run(feeds);
    this.seconds += (performance.now() - from) / 1000;
    return result;
  }
}

/** Low halves of 64-bit labels. */
function takeLabels(data: unknown, target: Int32Array): void {
  if (!(data instanceof BigInt64Array)) throw new Error('labels are not int64');
  const words = new Int32Array(data.buffer, data.byteOffset, data.length * 2);
  for (let i = 0; i < target.length; i++) target[i] = words[i * 2] as number;
}
