import type { InspectReport, Problem, ProblemCode } from '../../protocol/dataset.ts';
import type { Dataset, DatasetPart } from '../dataset/dataset.ts';
import { auditImages, type ImageReference } from '../dataset/imageAudit.ts';
import { createImageResolver } from '../dataset/imageResolver.ts';
import { imageReferences } from '../dataset/inspect.ts';
import type { EngineDeps } from '../engineDeps.ts';
import type { JobContext } from '../jobs/jobContext.ts';

export interface ImageCheckResult {
  /** At most the wanted number, in order of the dataset. */
  readonly problems: readonly Problem[];
  /** Complete. */
  readonly counts: Readonly<Partial<Record<ProblemCode, number>>>;
  readonly checked: NonNullable<InspectReport['checkedImages']>;
}

/** Opens every image that the records name, part by part (each part has its own image roots). */
export async function checkImages(dataset: Dataset, deps: EngineDeps, job: JobContext, limit: number): Promise<ImageCheckResult> {
  const problems: Problem[] = [];
  const counts: Partial<Record<ProblemCode, number>> = {};
  const checked = { checked: 0, ok: 0, duplicates: 0 };
  for (const part of dataset.parts) {
    const audit = auditImages({
      images: references(dataset, part, deps),
      resolver: createImageResolver({ roots: part.imageRoots }),
      decoder: deps.runtime.images,
      job,
    });
    for (let next = await audit.next(); ; next = await audit.next()) {
      if (next.done) {
        checked.checked += next.value.checked;
        checked.ok += next.value.ok;
        checked.duplicates += next.value.duplicates;
        break;
      }
      counts[next.value.code] = (counts[next.value.code] ?? 0) + 1;
      if (problems.length < limit) problems.push(next.value);
    }
  }
  return { problems, counts, checked };
}

/** The part's references; pictures that Parquet embeds are read from their row instead of from a path. */
async function* references(dataset: Dataset, part: DatasetPart, deps: EngineDeps): AsyncGenerator<ImageReference> {
  let row = -1;
  let position = 0;
  let embedded: readonly Uint8Array[] = [];
  for await (const reference of imageReferences({ ...dataset, parts: [part] })) {
    if (part.kind !== 'parquet') {
      yield reference;
      continue;
    }
    const ownRow = reference.ordinal - part.firstOrdinal + part.indexFirst;
    if (ownRow !== row) {
      row = ownRow;
      position = 0;
      embedded = await deps.runtime.parquet.embeddedImages(part.path, row);
    }
    const bytes = embedded[position++];
    yield bytes ? { ...reference, load: async () => bytes } : reference;
  }
}
