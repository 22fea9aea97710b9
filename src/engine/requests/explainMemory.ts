import { stat } from 'node:fs/promises';
import type { ExplainRequest } from '../../protocol/requests.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { unpackKept } from '../selection/selection.ts';
import type { HotData } from './hotData.ts';
import { type OpenManifest, openManifest } from './manifestFile.ts';
import { type PreparedRebalance, prepareRebalance } from './prepareRebalance.ts';
import { StageLog } from './stageLog.ts';

/** A finished run with everything that its receipts need. */
export interface PreparedRun {
  readonly manifest: OpenManifest;
  readonly prepared: PreparedRebalance;
  /** Nonzero per ordinal that the manifest says was kept; undefined when it does not say it in a way that can be read. */
  readonly kept: Uint8Array | undefined;
}

/** Remembers the run that was explained last: loading one takes seconds, a receipt of it milliseconds. */
export class ExplainMemory {
  readonly deps: EngineDeps;
  readonly hot: HotData;
  #last: { readonly dataset: Dataset; readonly key: string; readonly run: PreparedRun } | undefined;

  constructor(deps: EngineDeps, hot: HotData) {
    this.deps = deps;
    this.hot = hot;
  }

  /** @param manifestPath of a manifest, as a person or a run record names it. @throws EngineError `dataset.changed` and those of `openManifest` */
  async prepare(dataset: Dataset, manifestPath: string, request: ExplainRequest, job: JobContext): Promise<PreparedRun> {
    const stats = await stat(manifestPath, { bigint: true }).catch(() => undefined);
    const key = JSON.stringify([manifestPath, request.dataset, String(stats?.size), String(stats?.mtimeNs), String(stats?.ino)]);
    if (stats && this.#last?.dataset === dataset && this.#last.key === key) return this.#last.run;
    this.#last = undefined; // two at once would not fit into the memory of a small machine
    const manifest = await openManifest(manifestPath);
    if (manifest.source.sha256 !== dataset.summary.sha256) {
      throw new EngineError(
        'dataset.changed',
        `${dataset.path} is not the file that ${manifest.path} was made from: its SHA-256 differs. Run ballast rebalance again.`,
        { path: dataset.path },
      );
    }
    const prepared = await prepareRebalance(
      dataset,
      { ...manifest.request, dataset: request.dataset, ...(request.runDir ? { runDir: request.runDir } : {}) },
      this.deps,
      job,
      new StageLog(),
    );
    const run: PreparedRun = { manifest, prepared, kept: keptMask(manifest, dataset.records) };
    this.#last = { dataset, key, run };
    return run;
  }
}

function keptMask({ kept }: OpenManifest, records: number): Uint8Array | undefined {
  const ordinals = unpackKept(kept.deflatedBits, kept.records);
  if (!ordinals || kept.records !== records) return undefined;
  const mask = new Uint8Array(records);
  for (const ordinal of ordinals) mask[ordinal] = 1;
  return mask;
}
