import type { Arena, Kernels } from '../contracts.ts';

/** What is used of WebAssembly; Node's own types leave it to the browser's. */
declare const WebAssembly: {
  readonly Memory: new (descriptor: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  instantiate(module: object, imports: object): Promise<{ readonly exports: unknown }>;
  compile(bytes: Uint8Array): Promise<object>;
};

const pageBytes = 65536;
/** Nothing lies at address 0, so that no pointer is falsy. */
const firstAddress = 64;
/** Kernels may read and write this far behind a range. */
const slackBytes = 64;
const alignment = 64;
/** A WebAssembly memory ends here, and typed arrays over it with it. */
export const largestArena = 4 * 1024 ** 3 - pageBytes;

/** Bytes that an arena needs for blocks of these sizes. */
export function arenaBytes(blocks: readonly number[]): number {
  return blocks.reduce((total, bytes) => total + roomOf(bytes), firstAddress);
}

function roomOf(bytes: number): number {
  return Math.ceil((bytes + slackBytes) / alignment) * alignment;
}

/** Compiles the kernels of the build, once. */
export function compileKernels(bytes: Uint8Array): Promise<object> {
  return WebAssembly.compile(bytes);
}

/** A new memory of `bytes` with the kernels on it. @throws RangeError when the machine has not that much */
export async function createArena(module: object, bytes: number): Promise<Arena> {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const { buffer } = memory; // never grown, so never detached
  let free = firstAddress;
  return {
    kernels: exports as Kernels,
    allocate(size) {
      const at = free;
      free += roomOf(size);
      if (free > buffer.byteLength) throw new RangeError(`the arena has ${buffer.byteLength} bytes, ${free} are needed`);
      return at;
    },
    uint8: (at, length) => new Uint8Array(buffer, at, length),
    int8: (at, length) => new Int8Array(buffer, at, length),
    int32: (at, length) => new Int32Array(buffer, at, length),
    float32: (at, length) => new Float32Array(buffer, at, length),
  };
}
