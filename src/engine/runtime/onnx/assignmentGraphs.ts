import { OnnxGraph } from './graph.ts';

/**
 * Nearest centroid of each row by inner product, lowest id on ties: label = argmax(x cᵀ), and with `withSimilarity` the product itself.
 * One graph for every size, so one session serves all clusterings.
 */
export function floatAssignment(withSimilarity: boolean): Uint8Array {
  const graph = new OnnxGraph();
  graph.input('x', 'float32', ['rows', 'dimensions']);
  graph.input('c', 'float32', ['clusters', 'dimensions']);
  const scores = graph.node('Gemm', ['x', 'c'], { transB: 1 });
  graph.node('ArgMax', [scores], { axis: 1, keepdims: 0 }, 'label');
  graph.output('label', 'int64', ['rows']);
  if (withSimilarity) {
    graph.node('ReduceMax', [scores], { axes: [1], keepdims: 0 }, 'similarity');
    graph.output('similarity', 'float32', ['rows']);
  }
  return graph.model();
}

/**
 * The same in whole numbers: label = argmax((x - 128) w). The centers are part of the model, since the runtime then packs them once instead
 * of in every run: a fifth faster.
 * @param centers [dimensions, clusters], signed bytes
 */
export function byteAssignment(centers: Uint8Array, dimensions: number, clusters: number): Uint8Array {
  const graph = new OnnxGraph();
  graph.input('x', 'uint8', ['rows', dimensions]);
  graph.constant('w', 'int8', [dimensions, clusters], centers);
  graph.constant('zero', 'uint8', [], Uint8Array.of(128));
  const scores = graph.node('MatMulInteger', ['x', 'w', 'zero']);
  graph.node('ArgMax', [scores], { axis: 1, keepdims: 0 }, 'label');
  graph.output('label', 'int64', ['rows']);
  return graph.model();
}
