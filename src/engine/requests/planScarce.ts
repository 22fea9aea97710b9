import type { SkipReason } from '../../protocol/synthesis.ts';
import { type InstanceView, partOf, recordFlags } from '../dataset/dataset.ts';
import type { ImageList } from '../dataset/imageList.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { fillDeficits } from '../synthesis/planning/deficitQuota.ts';
import { scarceEntitiesOf, type WantedPerspective } from '../synthesis/planning/scarcity.ts';
import { visitRecords } from '../synthesis/planning/visitRecords.ts';
import type { ChosenPicks, PlanInput, PlannedPick } from './synthesisInputs.ts';

/** Parents among the scarce instances: by quota, or the reference's sample. */
export async function planScarce(input: PlanInput, job: JobContext): Promise<ChosenPicks> {
  const { dataset, request, method, parameters, wanted, rarest, rank } = input;
  const skipped: Partial<Record<SkipReason, number>> = {};
  const skip = (reason: SkipReason): void => {
    skipped[reason] = (skipped[reason] ?? 0) + 1;
  };
  const candidates = new Uint8Array(dataset.records);
  const makesImage = method.declaration.makes !== 'text';
  const uses = makesImage ? usesOfImages(input.images) : undefined;
  let scarce = 0;
  for (let ordinal = 0; ordinal < dataset.records; ordinal++) {
    if ((rarest[ordinal] as number) === 0 || !((dataset.flags[ordinal] as number) & recordFlags.usable)) continue;
    scarce++;
    const problem = uses && imageRuleProblem(input, uses, ordinal);
    if (problem) skip(problem);
    else candidates[ordinal] = 1;
  }
  const capacityOf = new Uint8Array(dataset.records);
  const perParent = request.perParent ?? (request.quota ? 2 : 1);
  const visit = (ordinal: number, view: InstanceView, record: Buffer): void => {
    const capacity = method.capacity(view, record, partOf(dataset, ordinal).view, parameters);
    if (typeof capacity === 'number') capacityOf[ordinal] = Math.min(perParent, capacity);
    else skip(capacity);
  };
  await visitRecords(dataset, candidates, visit, job);
  const parents = Uint32Array.from(capacityOf.keys()).filter((ordinal) => (capacityOf[ordinal] as number) > 0);
  const byRank = (a: number, b: number): number => (rank[a] as number) - (rank[b] as number) || a - b;
  parents.sort(request.quota ? (a, b) => (rarest[a] as number) - (rarest[b] as number) || byRank(a, b) : byRank);
  const capacity = Uint8Array.from(parents, (ordinal) => capacityOf[ordinal] as number);
  const limit = request.count ?? Number.POSITIVE_INFINITY;
  const picks = request.quota
    ? fillDeficits({ perspectives: wanted, parents, capacity, entityCap: request.entityCap ?? Number.POSITIVE_INFINITY, limit }).picks
    : everyParent(parents, capacity, limit);
  return { picks, scarce, parents: parents.length, skipped, planned: countPlanned(wanted, picks) };
}

/** The reference's sample: the first so many scarce instances in seeded order, once each before any is used twice. */
function everyParent(parents: Uint32Array, capacity: Uint8Array, limit: number): PlannedPick[] {
  const picks: PlannedPick[] = [];
  const most = capacity.reduce((largest, one) => Math.max(largest, one), 0);
  for (let copy = 0; copy < most; copy++)
    for (let i = 0; i < parents.length && picks.length < limit; i++)
      if (copy < (capacity[i] as number)) picks.push({ ordinal: parents[i] as number, copy });
  return picks;
}

/** How many instances use each image. */
function usesOfImages({ images, imageOf }: ImageList): Uint32Array {
  const uses = new Uint32Array(images.length);
  for (const image of imageOf) uses[image] = (uses[image] as number) + 1;
  return uses;
}

/** The reference's rule for pictures: an instance has one, and no other instance has the same. */
function imageRuleProblem({ images, instanceOf }: PlanInput, uses: Uint32Array, ordinal: number): SkipReason | undefined {
  const instance = instanceOf[ordinal] as number;
  const first = images.offsets[instance] as number;
  const count = (images.offsets[instance + 1] as number) - first;
  if (count === 0) return 'noImage';
  if (count > 1) return 'severalImages';
  return (uses[images.imageOf[first] as number] as number) > 1 ? 'sharedImage' : undefined;
}

function countPlanned(wanted: readonly WantedPerspective[], picks: readonly PlannedPick[]): Int32Array[] {
  const planned = wanted.map(({ index }) => new Int32Array(index.entities));
  for (const { ordinal } of picks)
    for (const { perspective, entity } of scarceEntitiesOf(wanted, ordinal)) {
      const counts = planned[perspective] as Int32Array;
      counts[entity] = (counts[entity] as number) + 1;
    }
  return planned;
}
