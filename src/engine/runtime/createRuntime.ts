import type { Runtime } from './contracts.ts';
import { createImageDecoder } from './imageDecoder.ts';
import { createParquetStore } from './parquetStore.ts';

/** Native modules are loaded by the first call that needs them, never by this one. */
export function createRuntime(): Runtime {
  return { images: createImageDecoder(), parquet: createParquetStore() };
}
