import { join } from 'node:path';
import { perspectives as allPerspectives, type Perspective } from '../../protocol/perspectives.ts';
import type { HygieneSwitch } from '../../protocol/requests.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { type Artifact, type ArtifactAddress, type ArtifactKey, addressOf, hashOf, obtainArtifact } from '../runs/artifacts.ts';
import { writeFileAtomic } from '../runs/atomicFile.ts';
import { writeNpy } from '../runs/npy.ts';
import { StringTable } from '../runs/stringTable.ts';
import { distinctRows, invert } from './csr.ts';
import { type EntityLists, type ListedPerspective, readRawLists } from './entityLists.ts';
import { defaultHygiene, type HygieneRules } from './hygiene.ts';
import { buildRows } from './listedIndex.ts';
import { type IndexInfo, loadPerspective } from './loadPerspective.ts';
import { buildPairs } from './pairIndex.ts';
import type { Offsets, PerspectiveIndex } from './perspectiveIndex.ts';
import { type StopList, stopSet } from './stopList.ts';

/** Format of the files below and meaning of the numbers in them. */
const reverseIndexVersion = 2;

/** Lists by what decides an index; they need not be built. */
export type ListSource = Pick<EntityLists, 'source'> & { readonly artifact: ArtifactAddress };

export interface ReverseIndexRules {
  readonly runDir: string;
  readonly perspectives: readonly Perspective[];
  /** Switches that are on; default: by the lists' source (`defaultHygiene`). */
  readonly hygiene?: readonly HygieneSwitch[] | undefined;
  readonly stopList: StopList;
  /** Entities with fewer instances are left out; at least 1. */
  readonly minFrequency: number;
}

export interface ReverseIndexRequest extends ReverseIndexRules {
  /** One source for each listed perspective that is wanted; cooccurrence needs object. */
  readonly lists: ReadonlyMap<ListedPerspective, EntityLists>;
  readonly job: JobContext;
}

/** The finished indexes, one artifact per perspective, so that a change in one leaves the others; with cooccurrence always object. */
export type ReverseIndex = ReadonlyMap<Perspective, Artifact>;

/** Builds or finds the index of each wanted perspective, one after the other, so that only one is in memory. */
export async function obtainReverseIndex(request: ReverseIndexRequest): Promise<ReverseIndex> {
  const { job, perspectives } = request;
  const result = new Map<Perspective, Artifact>();
  const needed = neededFor(perspectives);
  for (const [done, perspective] of needed.entries()) {
    throwIfCancelled(job);
    const artifact =
      perspective === 'cooccurrence' ? await obtainPairs(request, result.get('object')) : await obtainListed(request, perspective);
    result.set(perspective, artifact);
    job.report({ stage: 'reverseIndex', done: done + 1, total: needed.length, unit: 'records', reused: artifact.reused });
  }
  return result;
}

/** Where the index of each perspective lies, built or not, when every listed perspective comes from the same lists. */
export function reverseIndexAddresses(rules: ReverseIndexRules, lists: ListSource): ReadonlyMap<Perspective, ArtifactAddress> {
  const result = new Map<Perspective, ArtifactAddress>();
  for (const perspective of neededFor(rules.perspectives)) {
    const objects = result.get('object');
    const key = perspective !== 'cooccurrence' ? listedKey(rules, lists, perspective) : objects && pairsKey(rules, objects);
    if (key) result.set(perspective, addressOf(rules.runDir, key));
  }
  return result;
}

function neededFor(perspectives: readonly Perspective[]): readonly Perspective[] {
  return allPerspectives.filter((p) => perspectives.includes(p) || (p === 'object' && perspectives.includes('cooccurrence')));
}

function hygieneOf(rules: ReverseIndexRules, source: EntityLists['source']): HygieneRules {
  return { switches: [...(rules.hygiene ?? defaultHygiene(source))].sort(), stop: stopSet(rules.stopList, source) };
}

function listedKey(rules: ReverseIndexRules, { artifact, source }: ListSource, perspective: ListedPerspective): ArtifactKey {
  const { switches, stop } = hygieneOf(rules, source);
  return {
    stage: 'reverseIndex',
    inputHash: hashOf([artifact.inputHash, artifact.parameterHash]),
    parameters: {
      version: reverseIndexVersion,
      perspective,
      switches,
      stop: hashOf([...stop].sort()),
      minFrequency: rules.minFrequency,
    },
  };
}

function pairsKey(rules: ReverseIndexRules, objects: ArtifactAddress): ArtifactKey {
  return {
    stage: 'reverseIndex',
    inputHash: hashOf([objects.inputHash, objects.parameterHash]),
    parameters: { version: reverseIndexVersion, perspective: 'cooccurrence', minFrequency: rules.minFrequency },
  };
}

function obtainListed(request: ReverseIndexRequest, perspective: ListedPerspective): Promise<Artifact> {
  const lists = request.lists.get(perspective);
  if (!lists) throw new Error(`no lists for ${perspective}`);
  const rules = hygieneOf(request, lists.source);
  return obtainArtifact(request.runDir, {
    ...listedKey(request, lists, perspective),
    job: request.job,
    build: async (folder) => {
      const raw = await readRawLists(lists.artifact.folder, perspective);
      const rows = await buildRows(raw, rules, request.minFrequency, lists.source === 'imported', request.job);
      await rows.names.write(folder, 'names');
      if (rows.hasRepeats) await writeNpy(join(folder, 'mentionFrequency.npy'), rows.mentionFrequency);
      await writeIndex(folder, perspective, rows, rows.hasRepeats, request.job);
    },
  });
}

function obtainPairs(request: ReverseIndexRequest, objects: Artifact | undefined): Promise<Artifact> {
  if (!objects) throw new Error('cooccurrence needs the object index');
  return obtainArtifact(request.runDir, {
    ...pairsKey(request, objects),
    job: request.job,
    build: async (folder) => {
      const index = await loadPerspective(objects);
      const labels = Array.from({ length: index.entities }, (_, id) => index.nameOf(id));
      await StringTable.from(labels).write(folder, 'labels');
      const rows = distinctRows(index.rowOffsets, index.rowEntities, index.entities);
      const pairs = await buildPairs(
        { labels, rowOffsets: rows.offsets, rowEntities: rows.entities, postOffsets: index.postOffsets, postings: index.postings },
        request.minFrequency,
        request.job,
      );
      await writeNpy(join(folder, 'first.npy'), pairs.first);
      await writeNpy(join(folder, 'second.npy'), pairs.second);
      await writeIndex(folder, 'cooccurrence', pairs, false, request.job);
    },
  });
}

interface Rows {
  readonly frequency: Uint32Array;
  readonly rowOffsets: Offsets;
  readonly rowEntities: Uint32Array;
}

async function writeIndex(folder: string, perspective: Perspective, rows: Rows, hasRepeats: boolean, job: JobContext): Promise<void> {
  throwIfCancelled(job);
  const { frequency, rowOffsets, rowEntities } = rows;
  await writeNpy(join(folder, 'frequency.npy'), frequency);
  await writeNpy(join(folder, 'rowOffsets.npy'), rowOffsets);
  await writeNpy(join(folder, 'rowEntities.npy'), rowEntities);
  throwIfCancelled(job);
  await writeNpy(join(folder, 'rowMinFrequency.npy'), rowMinimum(rows));
  throwIfCancelled(job);
  const inverted = await invert(rowOffsets, rowEntities, frequency, job);
  await writeNpy(join(folder, 'postOffsets.npy'), inverted.offsets);
  await writeNpy(join(folder, 'postings.npy'), inverted.postings);
  const info: IndexInfo = {
    perspective,
    entities: frequency.length,
    records: rowOffsets.length - 1,
    postingCount: inverted.postings.length,
    hasRepeats,
  };
  await writeFileAtomic(join(folder, 'index.json'), `${JSON.stringify(info)}\n`);
}

/** Ids are ranks, so the rarest entity of a row is the one with the largest id. */
function rowMinimum({ frequency, rowOffsets, rowEntities }: Rows): Uint32Array {
  const minimum = new Uint32Array(rowOffsets.length - 1);
  for (let row = 0; row < minimum.length; row++) {
    let rarest = -1;
    const end = rowOffsets[row + 1] as number;
    for (let i = rowOffsets[row] as number; i < end; i++) rarest = Math.max(rarest, rowEntities[i] as number);
    minimum[row] = rarest < 0 ? 0 : (frequency[rarest] as number);
  }
  return minimum;
}

/** Ordinals of the instances that hold the entity, ascending. */
export function entityOrdinals(index: PerspectiveIndex, entity: number): Uint32Array {
  return index.postings.slice(index.postOffsets[entity], index.postOffsets[entity + 1]);
}
