import { stat, statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import type { DoctorReport } from '../../protocol/reports.ts';
import { devices } from '../../protocol/requests.ts';
import { ballastVersion } from '../../protocol/version.ts';
import type { EngineDeps } from '../engineDeps.ts';

export async function doctor(request: { readonly path?: string }, deps: EngineDeps): Promise<DoctorReport> {
  const processors = cpus();
  const disk = request.path === undefined ? undefined : await freeSpace(request.path);
  const [images, parquet, lexicon, onnx, probes, inference] = await Promise.all([
    deps.runtime.images.version(),
    deps.runtime.parquet.version(),
    exists(deps.lexicon),
    deps.runtime.compute.version(),
    deps.runtime.compute.probe(devices.filter((device) => device !== 'auto')),
    deps.runtime.compute.providersFor('auto'),
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
    devices: probes.map(({ provider, available, detail }) =>
      // Without the runtime the processor still clusters, by slower means.
      provider === 'cpu' && !available
        ? { device: provider, available: true, detail: `${detail}: clustering runs without it, some ten times slower` }
        : { device: provider, available, detail },
    ),
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
        name: 'onnxruntime',
        version: onnx ?? null,
        available: onnx !== undefined,
        detail: onnx
          ? 'multiplies matrices for clustering, runs local image models'
          : 'cannot be loaded: clustering is slower, other devices than cpu cannot be used',
      },
      {
        name: 'imageModels',
        version: null,
        available: onnx !== undefined,
        detail:
          onnx === undefined
            ? 'not without onnxruntime: synthesize makes pictures by an endpoint only'
            : `run on ${inference.usable.join(', or where a model does not fit on ')} unless --device says otherwise`,
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
