import { createComputeProcess } from './compute/computeProcess.ts';
import type { Runtime } from './contracts.ts';
import { createImageDecoder } from './imageDecoder.ts';
import { createParquetStore } from './parquetStore.ts';
import { createPictureEditor } from './pictureEditor.ts';

/**
 * Native modules are loaded by the first call that needs them, never by this one.
 * @param computeScript bundle of the compute process
 */
export function createRuntime(computeScript: string): Runtime {
  return {
    images: createImageDecoder(),
    pictures: createPictureEditor(),
    parquet: createParquetStore(),
    compute: createComputeProcess(computeScript),
  };
}
