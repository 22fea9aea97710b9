// Greedy MMD: the incremental form against the definition, on the same Gram matrix, pick by pick the same.
//   node greedy.js N PICKS DIMENSIONS   -> JSON {gramMs, incrementalMs, literalMs, equal, margin}
import { clusterKernel } from '../../src/engine/clustering/clusterKernel.ts';
import { mmdOrder } from '../../src/engine/clustering/mmdOrder.ts';
import { Mt19937 } from '../../src/engine/clustering/mt19937.ts';
import { memoryRows } from '../../src/engine/clustering/rowSource.ts';

function main(): void {
  const [n = 1000, picks = 200, dimensions = 256] = process.argv.slice(2).map(Number);
  const generator = new Mt19937(2026);
  const features = Float64Array.from({ length: n * dimensions }, () => Math.fround((generator.next() / 2 ** 32 - 0.5) / 8));
  const source = memoryRows(features, dimensions);
  const rows = Uint32Array.from({ length: n }, (_, i) => i);
  let from = performance.now();
  const { rowMeans } = clusterKernel(source, rows, 'repo');
  const gramMs = performance.now() - from;
  const gram = gramOf(features, n, dimensions);
  const column = (j: number): Float64Array => gram.subarray(j * n, (j + 1) * n);
  mmdOrder(rowMeans, picks, column); // warm
  from = performance.now();
  const order = mmdOrder(rowMeans, picks, column);
  const incrementalMs = performance.now() - from;
  from = performance.now();
  const literal = literalOrder(gram, n, picks);
  const literalMs = performance.now() - from;
  const equal = order.every((pick, i) => pick === literal.order[i]);
  process.stdout.write(`${JSON.stringify({ n, picks, gramMs, incrementalMs, literalMs, equal, margin: literal.margin })}\n`);
}

function gramOf(features: Float64Array, n: number, d: number): Float64Array {
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let square = 0;
      for (let k = 0; k < d; k++) square += ((features[i * d + k] as number) - (features[j * d + k] as number)) ** 2;
      gram[i * n + j] = Math.exp(-square / 2);
    }
  return gram;
}

/** mean(G[S+j, S+j]) - 2 mean(G[:, S+j]) for every candidate at every pick, as the reference gathers them. */
function literalOrder(gram: Float64Array, n: number, picks: number): { readonly order: number[]; readonly margin: number } {
  const order: number[] = [];
  const isPicked = new Uint8Array(n);
  let margin = Number.POSITIVE_INFINITY;
  while (order.length < picks) {
    const m = order.length + 1;
    let best = -1;
    let [least, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let j = 0; j < n; j++) {
      if (isPicked[j]) continue;
      order.push(j);
      let cross = 0;
      for (const s of order) for (let i = 0; i < n; i++) cross += gram[s * n + i] as number;
      let inside = 0;
      for (const s of order) for (const t of order) inside += gram[s * n + t] as number;
      order.pop();
      const value = inside / (m * m) - (2 * cross) / (n * m);
      if (value < least) {
        second = least;
        least = value;
        best = j;
      } else if (value < second) second = value;
    }
    margin = Math.min(margin, second - least);
    order.push(best);
    isPicked[best] = 1;
  }
  return { order, margin };
}

main();
