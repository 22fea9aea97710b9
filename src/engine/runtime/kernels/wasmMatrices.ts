import type { Arena, AssignedRows, BytesAssigner, Matrices } from '../contracts.ts';

/** Rows between two looks at the event loop: some milliseconds of work. */
const sliceFlops = 20_000_000;

/** Matrix products by the kernels alone, for machines where the ONNX runtime does not load: one thread, some ten times slower. */
export class WasmMatrices implements Omit<Matrices, 'arena'> {
  readonly device = 'wasm';
  readonly centersByColumn = false;
  seconds = 0;

  async assignFloats(
    { kernels }: Arena,
    { at, clusters, dimensions }: { readonly at: number; readonly clusters: number; readonly dimensions: number },
    { rows, count, labels, similarity }: AssignedRows & { readonly similarity?: number },
  ): Promise<void> {
    await this.#slices(count, clusters * dimensions, (from, size) =>
      kernels.assignRows(
        rows + from * dimensions * 4,
        size,
        dimensions,
        at,
        clusters,
        labels + from * 4,
        similarity === undefined ? 0 : similarity + from * 4,
      ),
    );
  }

  async prepareBytes(
    { kernels }: Arena,
    { at, clusters, dimensions }: { readonly at: number; readonly clusters: number; readonly dimensions: number },
  ): Promise<BytesAssigner> {
    return {
      assign: ({ rows, count, labels }) =>
        this.#slices(count, clusters * dimensions, (from, size) =>
          kernels.assignBytes(rows + from * dimensions, size, dimensions, at, clusters, labels + from * 4),
        ),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  async #slices(count: number, rowFlops: number, run: (from: number, size: number) => void): Promise<void> {
    const step = Math.max(1, Math.floor(sliceFlops / rowFlops));
    for (let from = 0; from < count; from += step) {
      const start = performance.now();
      run(from, Math.min(step, count - from));
      this.seconds += (performance.now() - start) / 1000;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
