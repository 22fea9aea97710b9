import type { ExplainRequest } from '../../protocol/requests.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { BorrowedJob } from '../jobs/borrowedJob.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { unpackKept } from '../selection/selection.ts';
import { fileStamp } from './fileStamp.ts';
import type { HotData } from './hotData.ts';
import { type OpenManifest, openManifest } from './manifestFile.ts';
import { type PreparedRebalance, prepareRebalance } from './prepareRebalance.ts';
import { type PreparedSelect, prepareSelect } from './prepareSelect.ts';
import { inputFilesOf, type OpenSelectManifest } from './selectManifest.ts';
import { StageLog } from './stageLog.ts';

/** A finished run with everything that its receipts need. */
export interface PreparedRun {
  readonly manifest: OpenManifest;
  readonly prepared: PreparedRebalance;
  /** Nonzero per ordinal that the manifest says was kept; undefined when it does not say it in a way that can be read. */
  readonly kept: Uint8Array | undefined;
}

/** A finished run of a strategy with everything that its receipts need. */
export interface PreparedSelectRun {
  readonly manifest: OpenSelectManifest;
  readonly prepared: PreparedSelect;
  /** Nonzero per ordinal: what the manifest says was kept; undefined when it does not say it in a way that can be read. */
  readonly kept: Uint8Array | undefined;
}

/** Remembers the run that was explained last: loading one takes seconds, a receipt of it milliseconds. */
export class ExplainMemory {
  readonly deps: EngineDeps;
  readonly hot: HotData;
  #last: { readonly dataset: Dataset; readonly key: string; readonly run: PreparedRun } | undefined;
  #lastSelect: { readonly dataset: Dataset; readonly key: string; readonly job: BorrowedJob; readonly run: PreparedSelectRun } | undefined;

  constructor(deps: EngineDeps, hot: HotData) {
    this.deps = deps;
    this.hot = hot;
  }

  /** @param manifestPath of a manifest, as a person or a run record names it. @throws EngineError `dataset.changed` and those of `openManifest` */
  async prepare(dataset: Dataset, manifestPath: string, request: ExplainRequest, job: JobContext): Promise<PreparedRun> {
    const key = JSON.stringify([await fileStamp(manifestPath), request.dataset]);
    if (this.#last?.dataset === dataset && this.#last.key === key) return this.#last.run;
    await this.#forget();
    const manifest = await openManifest(manifestPath);
    assertSource(manifest, dataset, 'rebalance');
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

  /** As `prepare`, for a run of `select`. Its files are opened again when the request or any file it reads has changed. */
  async prepareSelect(
    dataset: Dataset,
    manifest: OpenSelectManifest,
    request: ExplainRequest,
    caller: JobContext,
  ): Promise<PreparedSelectRun> {
    const files = await Promise.all([manifest.path, ...inputFilesOf(manifest)].map(fileStamp));
    const key = JSON.stringify([files, request.dataset]);
    const last = this.#lastSelect;
    if (last?.dataset === dataset && last.key === key) {
      last.job.lendTo(caller);
      return last.run;
    }
    await this.#forget();
    assertSource(manifest, dataset, 'select');
    const job = new BorrowedJob(caller);
    const again = { ...manifest.request, dataset: request.dataset, ...(request.runDir ? { runDir: request.runDir } : {}) };
    const prepared = await prepareSelect(dataset, again, this.deps, job, new StageLog(), this.hot);
    const run: PreparedSelectRun = { manifest, prepared, kept: keptMask(manifest, dataset.records) };
    this.#lastSelect = { dataset, key, job, run };
    return run;
  }

  /** Two runs at once would not fit into the memory of a small machine. */
  async #forget(): Promise<void> {
    const select = this.#lastSelect;
    this.#last = undefined;
    this.#lastSelect = undefined;
    await select?.run.prepared.sources[Symbol.asyncDispose]();
  }
}

function assertSource({ source, path }: Pick<OpenManifest, 'source' | 'path'>, dataset: Dataset, verb: string): void {
  if (source.sha256 === dataset.summary.sha256) return;
  throw new EngineError(
    'dataset.changed',
    `${dataset.path} is not the file that ${path} was made from: its SHA-256 differs. Run ballast ${verb} again.`,
    { path: dataset.path },
  );
}

function keptMask({ kept }: Pick<OpenManifest, 'kept'>, records: number): Uint8Array | undefined {
  const ordinals = unpackKept(kept.deflatedBits, kept.records);
  if (!ordinals || kept.records !== records) return undefined;
  const mask = new Uint8Array(records);
  for (const ordinal of ordinals) mask[ordinal] = 1;
  return mask;
}
