import { type Dataset, partOf } from '../dataset/dataset.ts';
import { readRecord } from '../dataset/readRecord.ts';
import type { Parent } from '../synthesis/methods/method.ts';
import type { PreparedSynthesis } from './prepareSynthesis.ts';
import { imageIndexOf, imageOf } from './synthesisInputs.ts';

/** The instance and, where the method looks at it, its image. */
export async function readParent(dataset: Dataset, prepared: PreparedSynthesis, ordinal: number): Promise<Parent> {
  const { bytes, view } = await readRecord(dataset, ordinal);
  const { images, instanceOf, imageBytes, method } = prepared;
  const looks = method.declaration.needs.includes('image') && imageIndexOf(images, instanceOf, ordinal) !== undefined;
  const image = looks ? await imageBytes.read(imageOf(images, instanceOf, ordinal)) : undefined;
  return { record: bytes, spec: partOf(dataset, ordinal).view, view, image };
}
