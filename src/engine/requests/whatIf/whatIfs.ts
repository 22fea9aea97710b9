import { perspectives as allPerspectives } from '../../../protocol/perspectives.ts';
import type { RebalanceRequest } from '../../../protocol/requests.ts';
import type { WhatIfReport, WhatIfRequest } from '../../../protocol/whatIf.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import type { EngineDeps } from '../../engineDeps.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../../jobs/jobContext.ts';
import { Turns } from '../../jobs/turns.ts';
import { WorkerPool } from '../../jobs/workerPool.ts';
import type { ExpectedVolume } from '../../selection/expectedVolume.ts';
import { decideThresholds, reachOf, type Thresholds } from '../../selection/thresholds.ts';
import { VolumeModel, type VolumeSetting } from '../../selection/volumeModel.ts';
import { type CountJob, drain, planCounting, planTallies } from '../../selection/whatIf/countTasks.ts';
import type { HolderCounts } from '../../selection/whatIf/holderCounts.ts';
import { decideLive } from '../../selection/whatIf/liveSelection.ts';
import { RecentMap } from '../browse/recentMap.ts';
import { type EntityStage, obtainEntityStage } from '../entityStage.ts';
import { fileStamp } from '../fileStamp.ts';
import type { HotData } from '../hotData.ts';
import { ensureRunDir, withThreads } from '../openSource.ts';
import { assertParameters, assertSomeEntity } from '../prepareRebalance.ts';
import { StageLog } from '../stageLog.ts';
import { LiveDataset } from './liveDataset.ts';
import { LivePerspective } from './livePerspective.ts';
import { buildReport, drawnFigures, headEnds, type ReportInput } from './whatIfReport.ts';

/** Perspectives kept: those of one dataset under one hygiene. */
const perspectiveLimit = 4;
const stageLimit = 8;
/** With fewer postings than this, handing work to other threads takes longer than the work. */
const sharedPostings = 2_000_000;
/** More threads than this wait for memory, not for a processor. */
const mostHelpers = 7;

/**
 * Answers what-if requests. What the last ones needed stays in memory, so that the next answer is a matter of passes over the instances;
 * all of it can be made again from files. Requests take turns, since an answer brings counters from the last answer's state to its own.
 */
export class WhatIfs implements AsyncDisposable {
  readonly #deps: EngineDeps;
  readonly #hot: HotData;
  readonly #turns = new Turns();
  readonly #stages = new RecentMap<string, { readonly stage: EntityStage; readonly reused: readonly string[] }>(stageLimit);
  readonly #perspectives = new RecentMap<string, LivePerspective>(perspectiveLimit);
  readonly #models = { instances: new VolumeModel('instances'), mentions: new VolumeModel('mentions') } as const;
  readonly #unaborted = new AbortController();
  #live: LiveDataset | undefined;
  #pool: WorkerPool | undefined;

  constructor(deps: EngineDeps, hot: HotData) {
    this.#deps = deps;
    this.#hot = hot;
  }

  /** @throws EngineError as a rebalancing with these settings would, and `run.cancelled` */
  async answer(request: WhatIfRequest, caller: JobContext): Promise<WhatIfReport> {
    const asked = performance.now();
    const job = withThreads(caller, request.threads);
    assertParameters(request, request.perspectives ?? allPerspectives);
    using _turn = await this.#turns.take(job.signal);
    const loading = new Loading(job);
    const ground = await this.#open(request, loading);
    await yieldToLoop(); // a newer request may have cancelled this one
    throwIfCancelled(job);

    const started = performance.now();
    const before = loading.milliseconds;
    const thresholds = await this.#thresholds(ground, job);
    const figures = request.sampler === 'python' ? this.#volume(ground, thresholds) : await this.#select(ground, thresholds, loading);
    const report = buildReport({ ...ground, ...figures, thresholds });
    const now = performance.now();
    return {
      ...report,
      milliseconds: now - started - (loading.milliseconds - before),
      loaded: loading.any,
      seconds: (now - asked) / 1000,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool?.[Symbol.asyncDispose]();
    this.#pool = undefined;
  }

  /** Loads what the answer needs and is not in memory. */
  async #open(request: WhatIfRequest, loading: Loading): Promise<Ground> {
    const { job } = loading;
    const order = request.perspectives ?? allPerspectives;
    const dataset = await loading.unlessReady(await this.#hot.opened(request), () => this.#hot.dataset(request, job));
    await ensureRunDir(dataset.runDir);
    const { stage, reused } = await this.#stage(dataset, { ...request, perspectives: order }, loading);
    const live = await loading.unlessReady(this.#live?.isOf(dataset) ? this.#live : undefined, () =>
      LiveDataset.open(dataset, this.#deps, job),
    );
    this.#live = live;
    const composed: LivePerspective[] = [];
    for (const perspective of order) composed.push(await this.#perspective(stage, perspective, loading));
    assertSomeEntity(
      dataset,
      composed.map(({ index }) => index),
    );
    const standing = await loading.unlessReady(live.readyStanding(request), () => live.standing(request, job));
    return { request, live, composed, standing, reused };
  }

  async #stage(
    dataset: Dataset,
    request: RebalanceRequest,
    loading: Loading,
  ): Promise<{ readonly stage: EntityStage; readonly reused: readonly string[] }> {
    const { perspectives, entities, hygiene, minFrequency, lexicon, stopList } = request;
    const files = await Promise.all([entities, lexicon, stopList].map(fileStamp));
    const key = JSON.stringify([
      dataset.identity,
      dataset.runDir,
      [...(perspectives ?? [])].sort(),
      hygiene ?? null,
      minFrequency ?? 1,
      files,
    ]);
    return loading.unlessReady(this.#stages.get(key), async () => {
      const log = new StageLog();
      const stage = await obtainEntityStage(dataset, request, this.#deps, loading.job, log);
      const value = { stage, reused: log.reused };
      this.#stages.set(key, value);
      return value;
    });
  }

  async #perspective(stage: EntityStage, perspective: (typeof allPerspectives)[number], loading: Loading): Promise<LivePerspective> {
    const artifact = stage.artifact(perspective);
    return loading.unlessReady(this.#perspectives.get(artifact.folder), async () => {
      const opened = await LivePerspective.open(await this.#hot.perspective(artifact), artifact, loading.job);
      this.#perspectives.set(artifact.folder, opened);
      return opened;
    });
  }

  #thresholds(ground: Ground, job: JobContext): Promise<Thresholds> {
    const { request, live, composed, standing } = ground;
    return decideThresholds({
      perspectives: composed.map((one) => ({ perspective: one.perspective, runs: one.runsOf(countingOf(request)) })),
      request,
      instances: live.dataset.instances,
      reach: () =>
        reachOf(
          composed.map(({ index }) => index.rowMinFrequency),
          request.minPerspectives ?? 1,
          standing.instances,
          standing.certain,
        ),
      ...(live.sample ? { estimate: (taus, alpha) => this.#estimate(ground, live.sample as Uint32Array, taus, alpha) } : {}),
      expected: async (taus, alpha) => {
        await yieldToLoop();
        throwIfCancelled(job);
        return this.#volume(ground, { taus, alpha }).volume.expected;
      },
    });
  }

  #volume(ground: Ground, { taus, alpha }: Pick<Thresholds, 'taus' | 'alpha'>): { readonly volume: ExpectedVolume } {
    return { volume: this.#models[countingOf(ground.request)].expected(ground.composed, taus, settingOf(ground, alpha ?? 1)) };
  }

  #estimate(ground: Ground, sample: Uint32Array, taus: Thresholds['taus'], alpha: number): number {
    return this.#models[countingOf(ground.request)].estimate(ground.composed, taus, settingOf(ground, alpha), sample);
  }

  /** The selection and its control, counted by entity; this thread computes the volume before it counts with the others. */
  async #select(ground: Ground, thresholds: Thresholds, loading: Loading): Promise<Pick<ReportInput, 'volume' | 'selection'>> {
    const { request, live, composed, standing } = ground;
    const { job } = loading;
    const seed = request.seed ?? 42;
    const draws = await loading.unlessReady(live.readyDraws(seed, standing), () => live.draws(seed, standing, job));
    const passing: Uint8Array[] = [];
    const counts: HolderCounts[] = [];
    for (const [k, one] of composed.entries()) {
      const tau = thresholds.taus[k] ?? null;
      const criticalTaus = await loading.unlessReady(one.readyCriticalTaus(seed, tau), () =>
        one.criticalTaus(seed, tau, live, this.#deps, job),
      );
      passing.push(one.passing(criticalTaus, tau));
      counts.push(await loading.unlessReady(one.readyCounts, () => one.counts(job)));
    }
    throwIfCancelled(job);

    const verdicts = new Uint8Array(new SharedArrayBuffer(live.dataset.records));
    const question = {
      passing,
      minPerspectives: request.minPerspectives ?? 1,
      alpha: thresholds.alpha ?? 1,
      instances: standing.instances,
      certain: standing.certain,
    };
    const kept = decideLive(draws, question, verdicts);
    const counting = planCounting(
      counts,
      composed.map(({ counted }) => counted),
      verdicts,
    );
    for (const one of composed) one.counted = undefined;
    const { volume } = await this.#share(counting, job, () => this.#volume(ground, thresholds));
    for (const one of composed) one.counted = verdicts;
    const tallies = planTallies(counts, headEnds(composed, thresholds), verdicts);
    const figures = await this.#share(tallies, job, () => drawnFigures(live, kept, verdicts));
    return { volume, selection: { counts, figures } };
  }

  /** Does something else here while other threads begin with a job, then helps them to end it. */
  async #share<Result>(counting: CountJob, job: JobContext, meanwhile: () => Result): Promise<Result> {
    const helpers = this.#help(counting, job);
    try {
      const result = meanwhile();
      drain(counting);
      return result;
    } finally {
      await helpers; // whatever happened here: nobody may still count when the next answer begins
    }
  }

  /** Other threads that take tasks of the same job; ends when they found none left. */
  async #help(counting: CountJob, job: JobContext): Promise<void> {
    const postings = counting.perspectives.reduce((sum, { postings: one }) => sum + one.length, 0);
    if (job.threads < 2 || postings < sharedPostings || counting.tasks.length < 2) return;
    const threads = Math.min(mostHelpers, job.threads - 1);
    this.#pool ??= new WorkerPool({ script: this.#deps.scripts.selection, threads, signal: this.#unaborted.signal });
    const pool = this.#pool;
    try {
      await Promise.all(Array.from({ length: pool.threads }, () => pool.run('count', counting)));
    } catch (error) {
      this.#pool = undefined; // a pool that failed once answers nothing more
      throw error;
    }
  }
}

/** What an answer is computed from. */
type Ground = Pick<ReportInput, 'request' | 'live' | 'composed' | 'standing' | 'reused'>;

function settingOf({ request, standing: { instances, certain } }: Ground, alpha: number): VolumeSetting {
  return { minPerspectives: request.minPerspectives ?? 1, alpha, instances, certain };
}

function countingOf({ sampler }: WhatIfRequest): 'instances' | 'mentions' {
  return sampler === 'python' ? 'mentions' : 'instances';
}

/** Notes what of an answer's time was loading. */
class Loading {
  readonly job: JobContext;
  any = false;
  milliseconds = 0;

  constructor(job: JobContext) {
    this.job = job;
  }

  async unlessReady<Value>(ready: Value | undefined, load: () => Promise<Value>): Promise<Value> {
    if (ready !== undefined) return ready;
    this.any = true;
    const started = performance.now();
    const value = await load();
    this.milliseconds += performance.now() - started;
    throwIfCancelled(this.job);
    return value;
  }
}
