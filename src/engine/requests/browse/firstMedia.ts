import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { InstanceImageRequest } from '../../../protocol/browse.ts';
import type { DatasetRequest } from '../../../protocol/requests.ts';
import type { Media } from '../../dataset/dataset.ts';
import type { InstanceMedia } from './mediaBytes.ts';
import { RecentMap } from './recentMap.ts';

const datasetLimit = 4;

interface ShownRows {
  readonly stamp: string;
  /** By ordinal. */
  readonly media: readonly (readonly Media[])[];
}

/** Media of the first rows that were read from the head of a file, so that their pictures need not wait for the index. */
export class FirstMedia {
  readonly #shown = new RecentMap<string, ShownRows>(datasetLimit);

  async set(path: string, media: readonly (readonly Media[])[]): Promise<void> {
    const stamp = await stampOf(path);
    if (stamp !== undefined) this.#shown.set(path, { stamp, media });
  }

  /** Undefined when the instance was not among the rows, or the file has changed since. */
  async get({ dataset, images, instance }: DatasetRequest & Pick<InstanceImageRequest, 'instance'>): Promise<InstanceMedia | undefined> {
    const path = resolve(dataset);
    const shown = this.#shown.get(path);
    const media = shown?.media[instance];
    if (!media || shown.stamp !== (await stampOf(path))) return undefined;
    return { media, imageRoots: images && images.length > 0 ? images.map((root) => resolve(root)) : [dirname(path)], blobs: [] };
  }
}

async function stampOf(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats && [stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino].join(' ');
}
