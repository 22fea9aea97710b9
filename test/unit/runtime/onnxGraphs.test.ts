import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { providerLadder } from '../../../src/engine/runtime/compute/providerLadder.ts';
import { OnnxGraph, type TensorType } from '../../../src/engine/runtime/onnx/graph.ts';
import { createGraphs } from '../../../src/engine/runtime/onnx/onnxGraphs.ts';

const folder = mkdtempSync(join(tmpdir(), 'ballast-graphs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const options = { provider: 'cpu', threads: 1 };

/** A graph that hands its input back. */
function echo(type: TensorType): string {
  const graph = new OnnxGraph();
  graph.input('x', type, ['rows', 2]);
  graph.node('Identity', ['x'], {}, 'y');
  graph.output('y', type, ['rows', 2]);
  const path = join(folder, `${type}.onnx`);
  writeFileSync(path, graph.model());
  return path;
}

describe('graph files', () => {
  it.each(['float32', 'float64', 'float16', 'int32', 'int64', 'uint8'] as const)('take and give numbers, as %s inside', async (type) => {
    const graph = await createGraphs().open(echo(type), options);
    expect(graph.inputs).toEqual([{ name: 'x', type, shape: ['rows', 2] }]);
    const { y } = await graph.run({ x: { values: Float32Array.of(1, 2.75, 3, 4), shape: [2, 2] } });
    const isWhole = !type.startsWith('float');
    expect(y).toEqual({ values: Float32Array.of(1, isWhole ? 2 : 2.75, 3, 4), shape: [2, 2] });
    await graph.release();
  });

  it('say in one line why they cannot be loaded or run', async () => {
    const broken = join(folder, 'broken.onnx');
    writeFileSync(broken, 'no protobuf\n');
    await expect(createGraphs().open(broken, options)).rejects.toThrow(/^[^\n]*protobuf[^\n]*$/i);
    await expect(createGraphs().open(join(folder, 'missing.onnx'), options)).rejects.toThrow(/missing\.onnx/);
    await expect(createGraphs().open(echo('float32'), { ...options, provider: 'coreml' })).rejects.toThrow(
      'coreml is not in the ONNX runtime',
    );
    const graph = await createGraphs().open(echo('float32'), options);
    await expect(graph.run({ x: { values: Float32Array.of(1, 2, 3), shape: [1, 3] } })).rejects.toThrow(/dimension/i);
    await expect(graph.run({ z: { values: Float32Array.of(1, 2), shape: [1, 2] } })).rejects.toThrow(/undeclared|missing/);
  });
});

describe('the order of execution providers', () => {
  it('ends with the processor everywhere', () => {
    expect(providerLadder('linux', 'x64')).toEqual(['cuda', 'webgpu', 'cpu']);
    expect(providerLadder('linux', 'arm64')).toEqual(['cpu']);
    expect(providerLadder('win32', 'x64')).toEqual(['dml', 'webgpu', 'cpu']);
    expect(providerLadder('darwin', 'arm64')).toEqual(['webgpu', 'coreml', 'cpu']);
    expect(providerLadder('freebsd', 'x64')).toEqual(['cpu']);
  });
});
