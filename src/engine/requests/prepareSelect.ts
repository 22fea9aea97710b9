import type { SelectRequest, StrategyParameters } from '../../protocol/select.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { type Selection, selectionOf } from '../selection/selection.ts';
import { resolveParameters } from '../selection/strategies/resolveParameters.ts';
import type { Strategy, StrategyResult } from '../selection/strategies/strategy.ts';
import { strategies, strategyOf } from '../selection/strategies/table.ts';
import type { HotData } from './hotData.ts';
import { SelectSources, type SourceIdentities } from './selectSources.ts';
import type { StageLog } from './stageLog.ts';

/** A selection as a strategy made it, with all that its report, manifest and receipts need. */
export interface PreparedSelect {
  readonly strategy: Strategy;
  readonly parameters: StrategyParameters;
  readonly requested: number;
  readonly seed: number;
  readonly sources: SelectSources;
  /** Of what the strategy looked at; a report may look at more. */
  readonly identities: SourceIdentities;
  readonly result: StrategyResult;
  /** Chosen ordinals, ascending. */
  readonly selection: Selection;
  /** Chosen ordinals in selection order. */
  readonly ordered: Uint32Array;
  readonly seconds: number;
}

const defaultSeed = 42;

/** Runs the strategy of a request; writes nothing but artifacts. */
export async function prepareSelect(
  dataset: Dataset,
  request: SelectRequest,
  deps: EngineDeps,
  job: JobContext,
  log: StageLog,
  hot?: HotData,
): Promise<PreparedSelect> {
  const strategy = strategyOf(request.strategy);
  const parameters = resolveParameters(strategy.declaration, request, declarations());
  assertInputs(strategy, request);
  const requested = sizeOf(dataset, request);
  const sources = new SelectSources(dataset, request, deps, job, log, hot);
  job.report({ stage: 'select', done: 0, total: requested, unit: 'instances' });
  await yieldToLoop();
  const started = performance.now();
  const seed = request.seed ?? defaultSeed;
  const result = await strategy.select({ size: requested, seed, ordinals: sources.ordinals, parameters, sources });
  const seconds = (performance.now() - started) / 1000;
  const identities = { ...sources.identities };
  throwIfCancelled(job);
  job.report({ stage: 'select', done: requested, total: requested, unit: 'instances' });
  const ordered = result.picks.map((row) => sources.ordinals[row] as number);
  const keep = new Uint8Array(dataset.records);
  for (const ordinal of ordered) keep[ordinal] = 1;
  return { strategy, parameters, requested, seed, sources, identities, result, selection: selectionOf(keep), ordered, seconds };
}

/** The same request by another strategy at the same size: with its own defaults, but under the same preset, temperature and floors. */
export async function selectOther(prepared: PreparedSelect, name: SelectRequest['strategy'], size: number): Promise<StrategyResult> {
  const strategy = strategyOf(name);
  const { sources, seed, parameters: own } = prepared;
  const shared = Object.fromEntries(
    (['preset', 'temperature', 'floors'] as const)
      .filter((one) => strategy.declaration.parameters.some((parameter) => parameter.name === one) && own[one] !== undefined)
      .map((one) => [one, own[one]]),
  );
  const parameters = resolveParameters(strategy.declaration, shared, declarations());
  return strategy.select({ size, seed, ordinals: sources.ordinals, parameters, sources });
}

/** Clusters are shown when the strategy looks at them or the user brings some; else nobody wants to wait for a clustering. */
export function knowsClusters({ strategy, parameters, sources }: PreparedSelect): boolean {
  return strategy.declaration.needs.includes('clusters') || parameters.stratify === 'clusters' || sources.bringsClusters;
}

function declarations(): Strategy['declaration'][] {
  return strategies.map(({ declaration }) => declaration);
}

/** Files that the strategy needs, and none that it would not look at. */
function assertInputs({ declaration }: Strategy, request: SelectRequest): void {
  const needsColumn = declaration.needs.includes('column');
  const usesColumn = needsColumn || (request.compare ?? []).some((name) => strategyOf(name).declaration.needs.includes('column'));
  if (needsColumn && request.column === undefined)
    throw new EngineError('usage', `${declaration.name} needs a score per instance: give --column FILE.npy.`, { option: 'column' });
  if (!usesColumn && request.column !== undefined)
    throw new EngineError('usage', `--column is nothing that ${declaration.name} reads. Use --strategy column to cut by it.`, {
      option: 'column',
    });
  if ((request.assignments === undefined) !== (request.centroids === undefined))
    throw new EngineError('usage', 'Give --assignments and --centroids together.', {
      option: request.assignments === undefined ? 'assignments' : 'centroids',
    });
  if (request.stratify === 'clusters' && request.assignments === undefined && request.features === undefined)
    throw new EngineError('usage', '--stratify clusters needs clusters: give --features, or --assignments and --centroids.', {
      option: 'stratify',
    });
}

function sizeOf(dataset: Dataset, { fraction, count }: SelectRequest): number {
  const { instances } = dataset;
  if ((fraction === undefined) === (count === undefined))
    throw new EngineError('usage', 'Say how much to select with --fraction F or --count N, one of them.', { option: 'fraction' });
  if (count !== undefined) {
    if (!Number.isInteger(count) || count < 1 || count > instances)
      throw new EngineError('usage', `--count takes 1 to ${instances}, the number of instances; got ${count}.`, { option: 'count' });
    return count;
  }
  const share = fraction ?? 0;
  if (!(share > 0 && share <= 1))
    throw new EngineError('usage', `--fraction takes a number above 0 up to 1; got ${share}.`, { option: 'fraction' });
  const size = Math.floor(share * instances);
  if (size === 0)
    throw new EngineError(
      'selection.emptyByConstruction',
      `${share} of ${instances} instances is less than one. Ask for a larger fraction.`,
      {
        fraction: share,
        instances,
      },
    );
  return size;
}
