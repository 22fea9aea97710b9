import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageList, ListedImage } from '../../dataset/imageList.ts';
import { type JobContext, throwIfCancelled } from '../../jobs/jobContext.ts';
import { type Artifact, obtainArtifact, shardFolder } from '../../runs/artifacts.ts';
import { AtomicFile, writeFileAtomic } from '../../runs/atomicFile.ts';
import { npyHeader, writeNpy } from '../../runs/npy.ts';
import type { ImageDecoder } from '../../runtime/contracts.ts';
import type { ImageBytes } from './imageBytes.ts';
import { describePicture, pictureSide, visualDimensions } from './visualDescriptor.ts';

/** Changes whenever the same picture would get another descriptor. */
const version = 1;
/** Images per file that a killed call leaves finished: some seconds of work. */
const shardImages = 1024;

/** Why an image has no descriptor. */
export const imageStatus = { described: 0, missing: 1, undecodable: 2 } as const;

export interface VisualRequest {
  readonly runDir: string;
  readonly list: ImageList;
  readonly bytes: ImageBytes;
  readonly decoder: ImageDecoder;
  readonly job: JobContext;
}

/**
 * A descriptor for every image of a list, each decoded once; an artifact of stage `features` with `visual.npy` (float32, one row per
 * image, zero where there is none) and `status.npy`. Does not depend on the text, so that a changed record costs no decoding.
 */
export async function obtainVisualRows(request: VisualRequest): Promise<Artifact> {
  const { runDir, list, bytes, job } = request;
  const decoder = await request.decoder.version();
  return obtainArtifact(runDir, {
    stage: 'features',
    inputHash: await bytes.stampOf(list.images, job),
    parameters: { version, part: 'visual', decoder: decoder ?? null },
    job,
    build: async (folder) => {
      const shards = join(folder, shardFolder);
      const paths: string[] = [];
      for (let first = 0; first < list.images.length; first += shardImages) {
        const path = join(shards, `visual-${String(first / shardImages).padStart(5, '0')}.bin`);
        paths.push(path);
        if (!(await exists(path))) await writeShard(path, first, request);
        job.report({
          stage: 'features',
          done: Math.min(list.images.length, first + shardImages),
          total: list.images.length,
          unit: 'images',
        });
      }
      await mergeShards(folder, paths, list.images.length);
    },
  });
}

/** Rows of float32, then one status byte each. */
async function writeShard(path: string, first: number, { list, bytes, decoder, job }: VisualRequest): Promise<void> {
  const images = list.images.slice(first, first + shardImages);
  const rows = new Float32Array(images.length * visualDimensions);
  const status = new Uint8Array(images.length);
  let next = 0;
  let done = first;
  const lane = async (): Promise<void> => {
    const values = new Float64Array(visualDimensions);
    for (let i = next++; i < images.length; i = next++) {
      throwIfCancelled(job);
      status[i] = await describe(images[i] as ListedImage, bytes, decoder, values);
      rows.set(values, i * visualDimensions);
      job.report({ stage: 'features', done: ++done, total: list.images.length, unit: 'images' });
    }
  };
  // One more than threads, so that one is read while the others are decoded.
  await Promise.all(Array.from({ length: job.threads + 1 }, lane));
  await writeFileAtomic(path, Buffer.concat([new Uint8Array(rows.buffer), status]));
}

async function describe(image: ListedImage, bytes: ImageBytes, decoder: ImageDecoder, values: Float64Array): Promise<number> {
  const file = await bytes.read(image);
  const pixels = file && (await decoder.pixels(file, pictureSide));
  if (pixels?.ok) {
    describePicture(pixels.rgb, values);
    return imageStatus.described;
  }
  values.fill(0);
  return pixels ? imageStatus.undecodable : imageStatus.missing;
}

async function mergeShards(folder: string, paths: readonly string[], images: number): Promise<void> {
  const rowBytes = visualDimensions * 4;
  const status = new Uint8Array(images);
  await using file = await AtomicFile.create(join(folder, 'visual.npy'));
  await file.write(npyHeader('<f4', [images, visualDimensions]));
  for (const [i, path] of paths.entries()) {
    const shard = await readFile(path);
    const count = Math.min(shardImages, images - i * shardImages);
    await file.write(shard.subarray(0, count * rowBytes));
    status.set(shard.subarray(count * rowBytes), i * shardImages);
  }
  await file.commit();
  await writeNpy(join(folder, 'status.npy'), status);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
