import type { DiffPageRequest } from '../../protocol/diff.ts';
import type { DiffRequest } from '../../protocol/requests.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { type Comparison, compareDatasets } from './comparison.ts';
import type { HotData } from './hotData.ts';
import { withThreads } from './openSource.ts';

/** Comparisons kept: two pages can be open side by side. */
const limit = 2;

type Pair = Omit<DiffRequest, 'top'> & Pick<DiffPageRequest, 'of'>;

/** Remembers the last comparisons, so that a page of one need not compare again. Keyed by content: a changed file is compared anew. */
export class ComparisonMemory {
  readonly #deps: EngineDeps;
  readonly #hot: HotData;
  readonly #known = new Map<string, Comparison>();

  constructor(deps: EngineDeps, hot: HotData) {
    this.#deps = deps;
    this.#hot = hot;
  }

  /** @throws EngineError `dataset.changed` when a dataset is not the one of `request.of` */
  async obtain(request: Pair, caller: JobContext): Promise<Comparison> {
    const job = withThreads(caller, request.threads);
    const options = { ...(request.images ? { images: request.images } : {}), ...(request.runDir ? { runDir: request.runDir } : {}) };
    const a = await this.#hot.dataset({ ...options, dataset: request.a }, job);
    const b = await this.#hot.dataset({ ...options, dataset: request.b }, job);
    if (request.of) {
      assertUnchanged(a, request.of.a);
      assertUnchanged(b, request.of.b);
    }
    const key = JSON.stringify([a.path, a.identity, a.runDir, b.path, b.identity, b.runDir]);
    const comparison = this.#known.get(key) ?? (await compareDatasets(a, b, this.#deps, job));
    this.#known.delete(key); // a Map lists in order of insertion: the latest goes last
    this.#known.set(key, comparison);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= limit) break;
      this.#known.delete(oldest);
    }
    return comparison;
  }
}

function assertUnchanged({ path, summary }: Dataset, sha256: string): void {
  if (summary.sha256 !== sha256)
    throw new EngineError('dataset.changed', `${path} is not the file any more that was compared. Compare again.`, { path });
}
