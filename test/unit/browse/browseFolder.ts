import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { createEngine, type Engine } from '../../../src/engine/createEngine.ts';
import { makeLexicon } from '../../../src/engine/entities/build/makeLexicon.mjs';
import type { JobContext } from '../../../src/engine/jobs/jobContext.ts';
import { createRuntime } from '../../../src/engine/runtime/createRuntime.ts';
import type { BrowseQuery, InstanceRow } from '../../../src/protocol/browse.ts';
import type { Progress } from '../../../src/protocol/progress.ts';

/** For tests without threads and entities; the lexicon is only looked at to know where entities would lie. */
export const noParts = {
  scripts: { dataset: 'no worker', entities: 'no worker', clustering: 'no worker', selection: 'no worker' },
  lexicon: 'package.json',
} as const;

export interface TestJob extends JobContext {
  readonly progress: Progress[];
  cancel(): void;
}

export function testJob(threads = 1): TestJob {
  const abort = new AbortController();
  const progress: Progress[] = [];
  return {
    signal: abort.signal,
    threads,
    progress,
    report: (step) => progress.push(step),
    log: () => undefined,
    cancel: () => abort.abort(),
  };
}

/** Worker scripts and the lexicon, bundled once for the tests of a file, as the build does it. */
export class BrowseParts implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'ballast-browse-parts-'));
  readonly scripts = {
    dataset: join(this.folder, 'datasetWorker.cjs'),
    entities: join(this.folder, 'entityWorker.cjs'),
    clustering: 'not needed',
    selection: 'not needed',
  };
  readonly lexicon = join(this.folder, 'lexicon.json');

  static async make(): Promise<BrowseParts> {
    const parts = new BrowseParts();
    await makeLexicon({ outFile: parts.lexicon });
    for (const room of ['dataset', 'entities'] as const) {
      await build({
        entryPoints: [`src/engine/${room}/worker.ts`],
        bundle: true,
        platform: 'node',
        format: 'cjs',
        target: 'node20',
        outfile: parts.scripts[room],
        logLevel: 'error',
      });
    }
    return parts;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A folder for the files of one test, with a fresh engine. Disappears with its scope. */
export class BrowseFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'ballast-browse-'));
  readonly #parts: Pick<BrowseParts, 'scripts' | 'lexicon'>;
  engine: Engine;

  constructor(parts: Pick<BrowseParts, 'scripts' | 'lexicon'>) {
    this.#parts = parts;
    this.engine = this.freshEngine();
  }

  /** An engine that remembers nothing. */
  freshEngine(): Engine {
    return createEngine({ runtime: createRuntime('no compute process'), thesaurus: 'no thesaurus', ...this.#parts });
  }

  at(name: string): string {
    return join(this.path, name);
  }

  file(name: string, content: string | Uint8Array): string {
    const path = this.at(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** All rows of a query, page by page. */
  async rows(query: BrowseQuery, pageSize = 500): Promise<InstanceRow[]> {
    const rows: InstanceRow[] = [];
    for (;;) {
      const page = await this.engine.browseRows({ ...query, offset: rows.length, limit: pageSize }, testJob());
      rows.push(...page.rows);
      if (page.rows.length < pageSize) return rows;
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
