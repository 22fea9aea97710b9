import { readFile } from 'node:fs/promises';
import type { Device } from '../../../protocol/requests.ts';
import { EngineError } from '../../jobs/engineError.ts';
import type { Matrices } from '../contracts.ts';
import { arenaBytes, compileKernels, createArena, largestArena } from '../kernels/arena.ts';
import { WasmMatrices } from '../kernels/wasmMatrices.ts';
import { OnnxMatrices } from '../onnx/onnxMatrices.ts';
import { loadOnnxRuntime } from '../onnx/onnxRuntime.ts';

export interface MatricesRequest {
  /** `auto` is the processor: labels must not depend on what else a machine has. */
  readonly device: Device;
  readonly threads: number;
}

/** Matrix products for a task of the compute process. @throws EngineError `device.unavailable` for a device other than the processor */
export async function createMatrices({ device, threads }: MatricesRequest, kernelPath: string): Promise<Matrices> {
  const [module, products] = await Promise.all([readFile(kernelPath).then(compileKernels), productsOf(device, threads)]);
  return Object.assign(products, {
    arena: async (blocks: readonly number[]) => {
      const bytes = arenaBytes(blocks);
      try {
        if (bytes > largestArena) throw new RangeError(`more than ${largestArena} bytes`);
        return await createArena(module, bytes);
      } catch (error) {
        throw new EngineError(
          'compute.noMemory',
          `${(bytes / 1e9).toFixed(1)} GB of memory are needed for these clusters and dimensions, and cannot be had ` +
            `(at most ${(largestArena / 1e9).toFixed(1)} GB in one piece). Use fewer --clusters or features with fewer dimensions.`,
          { bytes },
          { cause: error },
        );
      }
    },
  });
}

async function productsOf(device: Device, threads: number): Promise<Omit<Matrices, 'arena'>> {
  const provider = device === 'auto' ? 'cpu' : device;
  try {
    return new OnnxMatrices(await loadOnnxRuntime(), provider, threads);
  } catch (error) {
    if (provider === 'cpu') return new WasmMatrices();
    throw new EngineError(
      'device.unavailable',
      `--device ${device} needs onnxruntime-node, which cannot be loaded on this machine. Leave --device out to use the processor.`,
      { device },
      { cause: error },
    );
  }
}
