import { stat } from 'node:fs/promises';
import type { DatasetRequest } from '../../protocol/requests.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { loadPerspective } from '../entities/loadPerspective.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { Artifact } from '../runs/artifacts.ts';
import { openSource } from './openSource.ts';

/** Datasets kept open: one is looked at, another compared with it. */
const datasetLimit = 2;
/** Indexes kept: the four perspectives of each. */
const indexLimit = 8;

interface OpenedDataset {
  readonly dataset: Dataset;
  readonly stamps: readonly string[];
}

/**
 * What an interactive caller asks for again and again, kept in memory between requests: the record index of a dataset and the reverse
 * indexes of its entities. All of it lies on the disk as artifacts, so it may be forgotten at any time; a file that was changed is
 * opened anew.
 */
export class HotData {
  readonly #deps: EngineDeps;
  readonly #datasets = new Map<string, OpenedDataset>();
  readonly #indexes = new Map<string, Promise<PerspectiveIndex>>();

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  /** The dataset if it is open and no file has changed. */
  async opened(request: DatasetRequest): Promise<Dataset | undefined> {
    const key = keyOf(request);
    const known = this.#datasets.get(key);
    if (known === undefined || !sameStamps(known.stamps, await stampsOf(known.dataset))) return undefined;
    touch(this.#datasets, key, known);
    return known.dataset;
  }

  /** Like `openSource`; without a look at the content while no file has changed. */
  async dataset(request: DatasetRequest, job: JobContext): Promise<Dataset> {
    const known = await this.opened(request);
    if (known) return known;
    const key = keyOf(request);
    this.#datasets.delete(key);
    const dataset = await openSource(request, this.#deps, job);
    touch(this.#datasets, key, { dataset, stamps: await stampsOf(dataset) });
    trim(this.#datasets, datasetLimit);
    return dataset;
  }

  /** Like `loadPerspective`, once per artifact. */
  perspective(artifact: Artifact): Promise<PerspectiveIndex> {
    const known = this.#indexes.get(artifact.folder);
    if (known !== undefined) {
      touch(this.#indexes, artifact.folder, known);
      return known;
    }
    const loading = loadPerspective(artifact);
    this.#indexes.set(artifact.folder, loading);
    loading.catch(() => this.#indexes.delete(artifact.folder));
    trim(this.#indexes, indexLimit);
    return loading;
  }
}

function keyOf({ dataset, images, runDir }: DatasetRequest): string {
  return JSON.stringify([dataset, images ?? [], runDir ?? '']);
}

async function stampsOf(dataset: Dataset): Promise<readonly string[]> {
  const files = new Set([dataset.path, ...dataset.parts.flatMap((part) => [part.path, part.textPath])]);
  return Promise.all(
    [...files].map(async (file) => {
      const stats = await stat(file, { bigint: true }).catch(() => undefined);
      return stats === undefined ? 'gone' : [stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino].join(' ');
    }),
  );
}

function sameStamps(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((stamp, i) => stamp === b[i] && stamp !== 'gone');
}

/** Puts an entry behind all others: a Map lists in order of insertion. */
function touch<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
}

function trim(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}
