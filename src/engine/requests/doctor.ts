import { stat, statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import type { DoctorReport } from '../../protocol/reports.ts';
import { ballastVersion } from '../../protocol/version.ts';
import type { EngineDeps } from '../engineDeps.ts';

export async function doctor(request: { readonly path?: string }, deps: EngineDeps): Promise<DoctorReport> {
  const processors = cpus();
  const disk = request.path === undefined ? undefined : await freeSpace(request.path);
  const [images, parquet, lexicon] = await Promise.all([
    deps.runtime.images.version(),
    deps.runtime.parquet.version(),
    exists(deps.lexicon),
  ]);
  return {
    ballastVersion,
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    cpus: processors.length,
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    ...(disk ? { disk } : {}),
    devices: [{ device: 'cpu', available: true, detail: 'every verb of this version runs here' }],
    components: [
      {
        name: 'sharp',
        version: images ?? null,
        available: images !== undefined,
        detail: images ? 'reads and checks images' : 'cannot be loaded: images are not checked',
      },
      {
        name: 'duckdb',
        version: parquet ?? null,
        available: parquet !== undefined,
        detail: parquet ? 'reads and writes Parquet' : 'cannot be loaded: Parquet is read by hyparquet and cannot be written',
      },
      {
        name: 'lexicon',
        version: null,
        available: lexicon,
        detail: lexicon ? 'concrete nouns for the object perspective' : `missing: ${deps.lexicon}`,
      },
    ],
  };
}

async function freeSpace(path: string): Promise<{ path: string; freeBytes: number } | undefined> {
  const info = await statfs(path).catch(() => undefined); // a folder that does not exist yet has no disk to report
  return info && { path, freeBytes: info.bavail * info.bsize };
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
