import type { Frontier, FrontierLine, FrontierPoint, FrontierRequest } from '../../protocol/clusters.ts';
import type { Perspective } from '../../protocol/perspectives.ts';
import { type StrategyName, strategyNames } from '../../protocol/select.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import type { EngineDeps } from '../engineDeps.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { Breath } from '../jobs/breath.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { type ComparisonInput, coverageOf } from '../reports/compareStrategies.ts';
import { resolveParameters } from '../selection/strategies/resolveParameters.ts';
import { strategies, strategyOf } from '../selection/strategies/table.ts';
import { RecentMap } from './browse/recentMap.ts';
import { fileStamp } from './fileStamp.ts';
import type { HotData } from './hotData.ts';
import { ensureRunDir, withThreads } from './openSource.ts';
import { SelectSources } from './selectSources.ts';
import { StageLog } from './stageLog.ts';

const mostFractions = 20;
const defaultSeed = 42;
/** Lines kept: a figure of all strategies at several temperatures. */
const lineLimit = 64;
/** Pairs say what their objects say, and there are many times as many. */
const covered: readonly Perspective[] = ['token', 'object', 'interrogation'];

/** Computes coverage against size, and remembers the last lines: a figure grows strategy by strategy. */
export class FrontierMemory {
  readonly #deps: EngineDeps;
  readonly #hot: HotData;
  readonly #lines = new RecentMap<string, FrontierLine>(lineLimit);

  constructor(deps: EngineDeps, hot: HotData) {
    this.#deps = deps;
    this.#hot = hot;
  }

  /** @throws EngineError `usage`, and those of the inputs that a strategy reads */
  async answer(request: FrontierRequest, caller: JobContext): Promise<Frontier> {
    const started = performance.now();
    const job = withThreads(caller, request.threads);
    const { fractions } = request;
    assertFractions(fractions);
    const names = namesOf(request);
    const dataset = await this.#hot.dataset(request, job);
    await ensureRunDir(dataset.runDir);
    await using sources = new SelectSources(dataset, { perspectives: covered, ...request }, this.#deps, job, new StageLog(), this.#hot);
    // Nobody wants to wait for a clustering that no strategy asked for.
    const wantsClusters = sources.bringsClusters || names.some((name) => strategyOf(name).declaration.needs.includes('clusters'));
    const lines: FrontierLine[] = [];
    let ground: Ground | undefined;
    for (const [done, strategy] of names.entries()) {
      job.report({ stage: 'select', done, total: names.length, unit: 'records' });
      const key = JSON.stringify([await keyOf(dataset, request), strategy, wantsClusters]);
      let line = this.#lines.get(key);
      if (!line) {
        ground ??= await groundOf(wantsClusters, dataset, sources, this.#deps, job);
        line = await lineOf(strategy, request, sources, ground, job);
        this.#lines.set(key, line);
      }
      lines.push(line);
    }
    return { instances: dataset.instances, strategies: lines, seconds: (performance.now() - started) / 1000 };
  }
}

/** What points are measured on. */
type Ground = Omit<ComparisonInput, 'selections'>;

async function groundOf(
  wantsClusters: boolean,
  dataset: Dataset,
  sources: SelectSources,
  deps: EngineDeps,
  job: JobContext,
): Promise<Ground> {
  const indexes = new Map<Perspective, PerspectiveIndex>();
  for (const perspective of sources.perspectives) indexes.set(perspective, await sources.perspective(perspective));
  const { keys } = await obtainInstanceKeys(dataset, { workerScript: deps.scripts.dataset }, job);
  return { ordinals: sources.ordinals, indexes, clustering: wantsClusters ? await sources.clustering() : undefined, keys };
}

async function lineOf(
  name: StrategyName,
  request: FrontierRequest,
  sources: SelectSources,
  ground: Ground,
  job: JobContext,
): Promise<FrontierLine> {
  const { declaration, select } = strategyOf(name);
  const shared = Object.fromEntries(
    declaration.parameters.map((one) => one.name).flatMap((one) => (request[one] === undefined ? [] : [[one, request[one]]])),
  );
  const parameters = resolveParameters(
    declaration,
    shared,
    strategies.map((one) => one.declaration),
  );
  const breath = new Breath(job);
  const points: FrontierPoint[] = [];
  for (const fraction of request.fractions) {
    await breath.take();
    const requested = Math.floor(fraction * sources.ordinals.length);
    try {
      const call = { size: requested, seed: request.seed ?? defaultSeed, ordinals: sources.ordinals, parameters, sources };
      const rows = requested === 0 ? new Uint32Array() : (await select(call)).picks;
      const { strategy: _, ...coverage } = coverageOf({ strategy: name, rows }, ground);
      points.push({ fraction, requested, ...coverage });
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'selection.unreachable') throw error;
      const bound = (value: unknown): number | null => (typeof value === 'number' ? value : null);
      points.push({ fraction, requested, unreachable: true, minimum: bound(error.data.minimum), maximum: bound(error.data.maximum) });
    }
  }
  return { strategy: name, points };
}

function namesOf({ strategies: given }: FrontierRequest): readonly StrategyName[] {
  const wrong = given.find((name) => !strategyNames.includes(name));
  if (wrong !== undefined) throw new EngineError('usage', `There is no strategy "${wrong}".`, { option: 'strategies' });
  return [...new Set([...given, 'random' as const])];
}

function assertFractions(fractions: readonly number[]): void {
  const isAscending = fractions.every((one, i) => one > 0 && one <= 1 && (i === 0 || one > (fractions[i - 1] as number)));
  if (fractions.length < 1 || fractions.length > mostFractions || !isAscending)
    throw new EngineError(
      'usage',
      `A frontier has 1 to ${mostFractions} ascending fractions above 0 up to 1; got ${fractions.join(', ')}.`,
      {
        option: 'fractions',
      },
    );
}

/** Everything but the strategy that decides a line; files by their state on the disk. */
async function keyOf(dataset: Dataset, request: FrontierRequest): Promise<string> {
  const { dataset: _, threads: __, strategies: ___, ...options } = request;
  const { features, assignments, centroids, column, entities, lexicon, stopList } = request;
  const files = await Promise.all([features, assignments, centroids, column, entities, lexicon, stopList].map(fileStamp));
  return JSON.stringify([dataset.identity, dataset.runDir, options, files]);
}
