import { createHash } from 'node:crypto';
import type { OutputFile } from '../../protocol/reports.ts';
import { type Dataset, recordFlags } from '../dataset/dataset.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { AtomicFile } from '../runs/atomicFile.ts';
import { type ListedPerspective, listedPerspectives } from './entityLists.ts';
import type { PerspectiveIndex } from './perspectiveIndex.ts';

/** Characters gathered before they are encoded and written. */
const batchCharacters = 1 << 20;

/**
 * Writes the analysed lists, after hygiene, in the format that `importEntities` reads: one line per instance, ordinals ascending, every
 * given perspective in every line. Importing the file with the default hygiene gives the same index again.
 */
export async function exportEntities(
  path: string,
  dataset: Pick<Dataset, 'records' | 'flags'>,
  indexes: Readonly<Partial<Record<ListedPerspective, PerspectiveIndex>>>,
  job: JobContext,
): Promise<OutputFile> {
  const columns = listedPerspectives.flatMap((perspective) => {
    const index = indexes[perspective];
    return index ? [{ key: JSON.stringify(perspective), index, quoted: new Array<string>(index.entities) }] : [];
  });
  const hash = createHash('sha256');
  await using file = await AtomicFile.create(path);
  let text = '';
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(text, 'utf8');
    hash.update(bytes);
    await file.write(bytes);
    text = '';
    await yieldToLoop();
    throwIfCancelled(job);
  };
  for (let ordinal = 0; ordinal < dataset.records; ordinal++) {
    if (((dataset.flags[ordinal] ?? 0) & recordFlags.usable) === 0) continue;
    text += `{"ordinal":${ordinal}`;
    for (const { key, index, quoted } of columns) {
      text += `,${key}:[`;
      const start = index.rowOffsets[ordinal] as number;
      const end = index.rowOffsets[ordinal + 1] as number;
      for (let i = start; i < end; i++) {
        const entity = index.rowEntities[i] as number;
        quoted[entity] ??= JSON.stringify(index.nameOf(entity));
        text += i === start ? quoted[entity] : `,${quoted[entity]}`;
      }
      text += ']';
    }
    text += '}\n';
    if (text.length >= batchCharacters) await flush();
  }
  await flush();
  await file.commit();
  return { path, sha256: hash.digest('hex'), bytes: file.bytes };
}
