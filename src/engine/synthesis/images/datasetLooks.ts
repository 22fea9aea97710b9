import { join } from 'node:path';
import type { ImageList, ListedImage } from '../../dataset/imageList.ts';
import type { ImageBytes } from '../../features/builtin/imageBytes.ts';
import { type JobContext, throwIfCancelled } from '../../jobs/jobContext.ts';
import { obtainArtifact } from '../../runs/artifacts.ts';
import { readNpy, writeNpy } from '../../runs/npy.ts';
import type { PictureEditor } from '../../runtime/contracts.ts';
import { CandidatePicture } from '../gates/candidatePicture.ts';
import { lookBytes } from '../gates/looks.ts';

/** Changes whenever the same picture would get another look. */
const version = 1;

/** Looks of all images of a dataset, in the order of the list; zeros where an image cannot be decoded. */
export async function obtainDatasetLooks(call: {
  readonly runDir: string;
  readonly list: ImageList;
  readonly bytes: ImageBytes;
  readonly pictures: PictureEditor;
  readonly job: JobContext;
}): Promise<Int8Array> {
  const { runDir, list, bytes, pictures, job } = call;
  const artifact = await obtainArtifact(runDir, {
    stage: 'images',
    inputHash: await bytes.stampOf(list.images, job),
    parameters: { version, part: 'looks' },
    job,
    build: async (folder) => {
      const looks = new Int8Array(list.images.length * lookBytes);
      let next = 0;
      let done = 0;
      const lane = async (): Promise<void> => {
        for (let i = next++; i < list.images.length; i = next++) {
          throwIfCancelled(job);
          const file = await bytes.read(list.images[i] as ListedImage);
          const look = file && (await new CandidatePicture(file, '', pictures).look());
          if (look) looks.set(look, i * lookBytes);
          job.report({ stage: 'images', done: ++done, total: list.images.length, unit: 'images' });
        }
      };
      await Promise.all(Array.from({ length: job.threads + 1 }, lane));
      await writeNpy(join(folder, 'looks.npy'), new Uint8Array(looks.buffer), [list.images.length, lookBytes]);
    },
  });
  const raw = await readNpy(join(artifact.folder, 'looks.npy'), '|u1');
  return new Int8Array(raw.buffer, raw.byteOffset, raw.byteLength);
}
