import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Dataset } from '../../dataset/dataset.ts';
import { type ImageList, listImages } from '../../dataset/imageList.ts';
import { usableOrdinals } from '../../dataset/usableOrdinals.ts';
import type { PerspectiveIndex } from '../../entities/perspectiveIndex.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../../jobs/jobContext.ts';
import { type Artifact, hashOf, obtainArtifact } from '../../runs/artifacts.ts';
import { AtomicFile, writeFileAtomic } from '../../runs/atomicFile.ts';
import { npyHeader, readJson, readNpy } from '../../runs/npy.ts';
import { MagnitudeHistogram } from '../clip.ts';
import type { Features } from '../featureMatrix.ts';
import type { FeatureProvider, FeatureSources } from '../providers.ts';
import { toHalf } from './float16.ts';
import { ImageBytes } from './imageBytes.ts';
import { describeText, textDimensions, textTerms } from './textDescriptor.ts';
import { visualDimensions } from './visualDescriptor.ts';
import { VisualHalves } from './visualHalves.ts';
import { obtainVisualRows } from './visualRows.ts';

/** Changes whenever the same instance would get other features. */
const version = 1;
export const builtinModel = 'ballast descriptors 1';
export const builtinDimensions = visualDimensions + textDimensions;
/** Rows put together between two looks at the event loop. */
const blockRows = 2048;

type WithoutImage = NonNullable<Features['withoutImage']>;

/** `features.json` beside `features.npy`. */
interface BuiltinInfo {
  readonly sha256: string;
  readonly clip: number;
  readonly withoutImage: WithoutImage;
}

export const builtinProvider: FeatureProvider = { name: 'builtin', obtain: builtinFeatures };

/**
 * Features without any model: [visual | language] / sqrt(2) as float16, 256 values each (see `describePicture` and `describeText`). Of
 * several images the descriptors are averaged. An instance without image, or whose images cannot be had, has a zero visual half.
 */
async function builtinFeatures({ dataset, decoder, parquet, job, text }: FeatureSources): Promise<Features> {
  const { indexes, identity: textIdentity } = await text();
  const list = await listImages(dataset);
  const visual = await obtainVisualRows({ runDir: dataset.runDir, list, bytes: new ImageBytes(parquet), decoder, job });
  const artifact = await obtainArtifact(dataset.runDir, {
    stage: 'features',
    inputHash: hashOf([dataset.identity, visual.inputHash, visual.parameterHash, textIdentity]),
    parameters: { version, provider: 'builtin' },
    job,
    build: (folder) => writeRows(folder, list, visual, dataset, indexes, job),
  });
  const path = join(artifact.folder, 'features.npy');
  const { sha256, clip, withoutImage } = await readJson<BuiltinInfo>(join(artifact.folder, 'features.json'));
  const rows = dataset.instances;
  const dataOffset = npyHeader('<f2', [rows, builtinDimensions]).byteLength;
  return {
    matrix: {
      rows,
      dimensions: builtinDimensions,
      dtype: 'float16',
      shards: [{ path, firstRow: 0, rows, dataOffset }],
      ordinals: dataset.records === rows ? undefined : usableOrdinals(dataset),
      layout: { layers: 1, half: visualDimensions },
      clip,
      identity: hashOf([artifact.inputHash, artifact.parameterHash]),
    },
    provider: 'builtin',
    model: builtinModel,
    artifact,
    withoutImage,
    path,
    sha256,
  };
}

async function writeRows(
  folder: string,
  list: ImageList,
  visual: Artifact,
  dataset: Dataset,
  indexes: readonly PerspectiveIndex[],
  job: JobContext,
): Promise<void> {
  const ordinals = usableOrdinals(dataset);
  const rows = ordinals.length;
  const terms = indexes.map((index) => textTerms(index, dataset.instances));
  const status = await readNpy(join(visual.folder, 'status.npy'), '|u1');
  using halves = new VisualHalves(join(visual.folder, 'visual.npy'), list, status);
  const histogram = new MagnitudeHistogram();
  const hash = createHash('sha256');
  const path = join(folder, 'features.npy');
  await using file = await AtomicFile.create(path);
  const write = async (bytes: Uint8Array): Promise<void> => {
    hash.update(bytes);
    await file.write(bytes);
  };
  await write(npyHeader('<f2', [rows, builtinDimensions]));
  const values = new Float64Array(builtinDimensions);
  const visualHalf = values.subarray(0, visualDimensions);
  const languageHalf = values.subarray(visualDimensions);
  for (let first = 0; first < rows; first += blockRows) {
    throwIfCancelled(job);
    const count = Math.min(blockRows, rows - first);
    const block = new Uint16Array(count * builtinDimensions);
    for (let i = 0; i < count; i++) {
      halves.copy(first + i, visualHalf);
      describeText(terms, ordinals[first + i] as number, languageHalf);
      for (let k = 0; k < builtinDimensions; k++) {
        const value = (values[k] as number) * Math.SQRT1_2;
        histogram.add(value);
        block[i * builtinDimensions + k] = toHalf(value);
      }
    }
    await write(new Uint8Array(block.buffer));
    job.report({ stage: 'features', done: first + count, total: rows, unit: 'instances' });
    await yieldToLoop();
  }
  await file.commit();
  const info: BuiltinInfo = { sha256: hash.digest('hex'), clip: histogram.clip(), withoutImage: halves.without };
  await writeFileAtomic(join(folder, 'features.json'), `${JSON.stringify(info)}\n`);
}
