import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { byteAssignment, floatAssignment } from '../../../src/engine/runtime/onnx/assignmentGraphs.ts';
import { OnnxGraph } from '../../../src/engine/runtime/onnx/graph.ts';
import { ProtobufWriter } from '../../../src/engine/runtime/onnx/protobuf.ts';
import { random } from '../clustering/noise.ts';

function numbersOf(tensor: ort.Tensor | undefined): number[] {
  return Array.from(tensor?.data as ArrayLike<number | bigint>, Number);
}

describe('protobuf writer', () => {
  it('writes the examples of the encoding guide', () => {
    // protobuf.dev/programming-guides/encoding: 08 96 01; 12 07 "testing"; 1a 03 08 96 01
    expect([...new ProtobufWriter().integer(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new ProtobufWriter().text(2, 'testing').finish()]).toEqual([0x12, 0x07, ...Buffer.from('testing')]);
    expect([...new ProtobufWriter().message(3, new ProtobufWriter().integer(1, 150)).finish()]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
    expect([...new ProtobufWriter().integer(1, -2).finish()]).toEqual([0x08, 0xfe, ...new Array(8).fill(0xff), 0x01]);
    expect([...new ProtobufWriter().float(1, 1).finish()]).toEqual([0x0d, 0, 0, 0x80, 0x3f]);
  });

  it('writes numbers above 32 bits and fields above 15', () => {
    expect([...new ProtobufWriter().integer(20, 2 ** 40).finish()]).toEqual([0xa0, 0x01, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]);
  });
});

describe('onnx graphs', () => {
  it('are understood by the runtime, attributes and constants included', async () => {
    const graph = new OnnxGraph();
    graph.input('x', 'float32', ['rows', 2]);
    graph.constant('c', 'float32', [2, 2], new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
    const scaled = graph.node('Gemm', ['x', 'c'], { alpha: { float: 0.5 }, transB: 1 });
    graph.node('ReduceMax', [scaled], { axes: [1], keepdims: 0 }, 'y');
    graph.output('y', 'float32', ['rows']);
    const session = await ort.InferenceSession.create(graph.model());
    const { y } = await session.run({ x: new ort.Tensor('float32', [1, 1, 2, -1], [2, 2]) });
    expect(numbersOf(y)).toEqual([3.5, 1]);
  });

  it('find the nearest centroid, the lowest id on ties', async () => {
    const session = await ort.InferenceSession.create(floatAssignment(true));
    const x = new ort.Tensor('float32', Float32Array.of(1, 0, 0, 1, 0, 0, -1, -1), [4, 2]);
    const c = new ort.Tensor('float32', Float32Array.of(1, 0, 0, 1, 1, 0), [3, 2]);
    const { label, similarity } = await session.run({ x, c });
    expect(numbersOf(label)).toEqual([0, 1, 0, 0]);
    expect(numbersOf(similarity)).toEqual([1, 1, 0, -1]);
  });

  it('multiply bytes exactly where 16 bits would overflow', async () => {
    const dimensions = 64;
    const draw = random(7);
    const rows = Uint8Array.from({ length: 3 * dimensions }, () => 1 + Math.floor(draw() * 255));
    rows.fill(255, 0, dimensions); // the largest products there are
    const centers = Int8Array.from({ length: dimensions * 5 }, () => Math.floor(draw() * 127) - 63);
    for (let d = 0; d < dimensions; d++) centers[d * 5 + 3] = 63;
    const session = await ort.InferenceSession.create(byteAssignment(new Uint8Array(centers.buffer), dimensions, 5));
    const { label } = await session.run({ x: new ort.Tensor('uint8', rows, [3, dimensions]) });
    const expected = [0, 1, 2].map((row) => {
      const scores = [0, 1, 2, 3, 4].map((k) => {
        let sum = 0;
        for (let d = 0; d < dimensions; d++) sum += ((rows[row * dimensions + d] as number) - 128) * (centers[d * 5 + k] as number);
        return sum;
      });
      return scores.indexOf(Math.max(...scores));
    });
    expect(numbersOf(label)).toEqual(expected);
    expect(expected[0]).toBe(3);
  });
});
