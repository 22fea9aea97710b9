import type { InspectReport, Problem, ProblemCode } from '../../protocol/dataset.ts';
import type { Dataset, DatasetPart } from '../dataset/dataset.ts';
import { auditImages } from '../dataset/imageAudit.ts';
import { imageReferences } from '../dataset/imageReferences.ts';
import { createImageResolver } from '../dataset/imageResolver.ts';
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
    const audit = auditImages({ images: references(dataset, part, deps), resolver: createImageResolver({ roots: part.imageRoots }), decoder: deps.runtime.images, job });
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

function references(dataset: Dataset, part: DatasetPart, deps: EngineDeps) {
  return imageReferences(dataset, part, deps.runtime.parquet);
}
