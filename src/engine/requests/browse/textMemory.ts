import { scanText, textTest } from '../../dataset/browse/textScan.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import type { EngineDeps } from '../../engineDeps.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { RecentMap } from './recentMap.ts';

/** Searches kept: one byte per record each. */
const searchLimit = 6;

interface Search {
  readonly identity: string;
  readonly wanted: string;
  readonly found: Uint8Array;
}

/** Remembers which instances hold a text, so that other conditions can change while the text stays, and a longer text searches fewer. */
export class TextMemory {
  readonly #deps: EngineDeps;
  readonly #searches = new RecentMap<string, Search>(searchLimit);

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  /** Nonzero per ordinal whose id or turns hold the text, upper and lower case alike. */
  async search(dataset: Dataset, text: string, job: JobContext): Promise<Uint8Array> {
    const { identity } = dataset;
    const wanted = text.toLowerCase();
    const key = JSON.stringify([identity, wanted]);
    const known = this.#searches.get(key);
    if (known) return known.found;
    let shorter: Search | undefined;
    for (const [, search] of this.#searches.entries()) {
      if (search.identity === identity && textTest(search.wanted)(wanted) && search.wanted.length > (shorter?.wanted.length ?? 0))
        shorter = search;
    }
    const found = await scanText(dataset, wanted, shorter?.found, { workerScript: this.#deps.scripts.dataset }, job);
    this.#searches.set(key, { identity, wanted, found });
    return found;
  }
}
