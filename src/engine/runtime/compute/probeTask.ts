import { EngineError } from '../../jobs/engineError.ts';
import { floatAssignment } from '../onnx/assignmentGraphs.ts';
import { loadOnnxRuntime, type OnnxRuntime, reasonOf } from '../onnx/onnxRuntime.ts';

/** What the installed runtime was built with; not whether it works here. */
export interface OnnxFacts {
  readonly version: string;
  readonly providers: readonly string[];
}

/** Small enough for any device, large enough that its speed means something. */
const rows = 512;
const dimensions = 512;
const clusters = 1000;

/** Undefined when the runtime cannot be loaded. */
export async function onnxFacts(): Promise<OnnxFacts | undefined> {
  try {
    const runtime = await loadOnnxRuntime();
    return { version: runtime.env.versions.node ?? 'unknown version', providers: runtime.listSupportedBackends().map(({ name }) => name) };
  } catch {
    return undefined;
  }
}

/** Multiplies two matrices on a provider and on the processor. @returns its speed, as a phrase @throws EngineError `device.unavailable` */
export async function probe(provider: string): Promise<string> {
  const runtime = await loadOnnxRuntime();
  try {
    const expected = await assignOn(runtime, 'cpu');
    const got = await assignOn(runtime, provider);
    // Ties apart, the wins are clear: random rows have no near-ties in float32.
    let different = 0;
    for (let i = 0; i < rows; i++) if (expected.labels[i] !== got.labels[i]) different++;
    if (different > rows / 100) throw new Error(`${different} of ${rows} results differ from the processor's`);
    return `${(flops / got.seconds / 1e9).toFixed(0)} GFLOP/s on a small product`;
  } catch (error) {
    throw new EngineError('device.unavailable', reasonOf(error), { device: provider });
  }
}

const flops = 2 * rows * dimensions * clusters;

async function assignOn(runtime: OnnxRuntime, provider: string): Promise<{ readonly labels: BigInt64Array; readonly seconds: number }> {
  const { InferenceSession, Tensor } = runtime;
  const session = await InferenceSession.create(floatAssignment(false), { executionProviders: [provider] });
  const feeds = {
    x: new Tensor('float32', noise(rows * dimensions, 1), [rows, dimensions]),
    c: new Tensor('float32', noise(clusters * dimensions, 2), [clusters, dimensions]),
  };
  await session.run(feeds); // the first run compiles and allocates
  const from = performance.now();
  const { label } = await session.run(feeds);
  const seconds = (performance.now() - from) / 1000;
  const labels = label?.data;
  if (!(labels instanceof BigInt64Array)) throw new Error('labels are not int64');
  return { labels, seconds };
}

/** Evenly spread values in [-1, 1) of a linear congruential generator. */
function noise(length: number, seed: number): Float32Array {
  const values = new Float32Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = state / 2 ** 31 - 1;
  }
  return values;
}
