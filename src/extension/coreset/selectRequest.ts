import type { ClusteringOptions } from '../../protocol/clustering.ts';
import type { FrontierRequest } from '../../protocol/clusters.ts';
import type { CoresetSettings } from '../../protocol/coresetPage.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import type { DatasetRequest } from '../../protocol/requests.ts';
import type {
  ParameterDeclaration,
  ParameterName,
  SelectRequest,
  StrategyDeclaration,
  StrategyName,
  StrategyNeed,
  StrategyParameters,
} from '../../protocol/select.ts';

/** Shares of the frontier: dense where coresets are, sparse towards the whole. */
export const frontierFractions = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9] as const;

/** Parameters that the engine shares with the strategies it compares with. */
const shared: readonly ParameterName[] = ['preset', 'temperature', 'floors'];

/** The request that selects as the settings say; without an output it is that of a trial. */
export function selectRequestOf(
  base: DatasetRequest,
  settings: CoresetSettings,
  declarations: readonly StrategyDeclaration[],
  output?: string,
): SelectRequest {
  const { strategy, size } = settings;
  return {
    ...base,
    strategy,
    ...(size.kind === 'fraction' ? { fraction: size.value } : { count: size.value }),
    ...sourcesOf(settings, [strategy], declarations),
    ...parametersOf(settings, declarationOf(strategy, declarations)),
    seed: settings.seed,
    ...(output === undefined ? { dryRun: true } : { output }),
  };
}

/** A trial beside other strategies at equal size. @param without strategies that cannot give this size */
export function trialRequestOf(
  base: DatasetRequest,
  settings: CoresetSettings,
  declarations: readonly StrategyDeclaration[],
  without: readonly StrategyName[] = [],
): SelectRequest {
  const compare = comparedIn(settings, declarations).filter((name) => !without.includes(name));
  return {
    ...selectRequestOf(base, settings, declarations),
    ...sourcesOf(settings, [settings.strategy, ...compare], declarations),
    compare: [...compare, 'random'],
  };
}

/**
 * The requests of a frontier: the chosen strategy with all its parameters; the others with those they share, as the comparison has them.
 * Strategies may give the same name to other choices, so they cannot travel together.
 */
export function frontierRequestsOf(
  base: DatasetRequest,
  settings: CoresetSettings,
  declarations: readonly StrategyDeclaration[],
): readonly FrontierRequest[] {
  const { strategy, seed } = settings;
  const compare = comparedIn(settings, declarations);
  const own = parametersOf(settings, declarationOf(strategy, declarations));
  const common: StrategyParameters = Object.fromEntries(Object.entries(own).filter(([name]) => shared.includes(name as ParameterName)));
  // What is asked of both must be measured on the same: the sources of all.
  const sources = sourcesOf(settings, [strategy, ...compare], declarations);
  const request = (strategies: readonly StrategyName[], parameters: StrategyParameters): FrontierRequest => ({
    ...base,
    ...sources,
    ...parameters,
    seed,
    // A frontier leaves pairs out by itself; rebalancing draws by them, and must be the one that stands in the comparison.
    ...(strategies.includes('rebalance') ? { perspectives } : {}),
    strategies,
    fractions: frontierFractions,
  });
  if (compare.length === 0 || Object.keys(own).length === Object.keys(common).length) return [request([strategy, ...compare], own)];
  return [request([strategy], own), request(compare, common)];
}

/** Strategies of the comparison that can be asked: not the chosen one, and none that lacks what it needs. Random comes by itself. */
export function comparedIn(settings: CoresetSettings, declarations: readonly StrategyDeclaration[]): readonly StrategyName[] {
  return settings.compare.filter((name) => {
    const declaration = declarations.find((one) => one.name === name);
    return (
      declaration !== undefined &&
      name !== settings.strategy &&
      name !== 'random' &&
      (settings.column !== undefined || !declaration.needs.includes('column')) &&
      // Floors are the chosen strategy's own.
      !declaration.parameters.some(({ kind }) => kind === 'floors')
    );
  });
}

/** What is missing before the chosen strategy can run. */
export function missingIn(
  settings: CoresetSettings,
  declarations: readonly StrategyDeclaration[],
): readonly ('floors' | 'column' | 'clusters')[] {
  const { needs, parameters } = declarationOf(settings.strategy, declarations);
  const { clusters, column } = settings;
  return [
    ...(parameters.some(({ kind }) => kind === 'floors') && Object.keys(settings.parameters.floors ?? {}).length === 0
      ? (['floors'] as const)
      : []),
    ...(needs.includes('column') && column === undefined ? (['column'] as const) : []),
    ...(clusters.kind === 'import' && (clusters.assignments === undefined || clusters.centroids === undefined)
      ? (['clusters'] as const)
      : []),
  ];
}

/** Whether the settings make the engine look at features or clusters. */
export function looksAt(settings: CoresetSettings, declarations: readonly StrategyDeclaration[]): ReadonlySet<StrategyNeed> {
  return needsOf(settings, [settings.strategy, ...comparedIn(settings, declarations)], declarations);
}

/** Features and clusters as options of the engine; nothing when no strategy looks at them. */
export function clusteringOptionsOf(settings: CoresetSettings): ClusteringOptions {
  const { features, layout, clusters, iterations, precision, permutation } = settings;
  return {
    ...(features === undefined ? {} : { features }),
    ...(features === undefined || layout === undefined ? {} : { layout }),
    ...(clusters.kind === 'import'
      ? {
          ...(clusters.assignments === undefined ? {} : { assignments: clusters.assignments }),
          ...(clusters.centroids === undefined ? {} : { centroids: clusters.centroids }),
        }
      : {
          ...(clusters.kind === 'number' ? { clusters: clusters.value } : {}),
          ...(iterations === undefined ? {} : { iterations }),
          ...(precision === undefined ? {} : { precision }),
          ...(permutation === undefined ? {} : { permutation }),
        }),
  };
}

/**
 * The same text for options that give the same clusters. Automatic clusters of a known number of instances are the same as that number.
 * @param instances makes a number that is the default read as automatic
 */
export function clusteringKey(options: ClusteringOptions, seed: number, instances?: number): string {
  const { features = 'builtin', layout, assignments, centroids, iterations = 50, precision = 'f32', permutation = 'mod' } = options;
  const isDefault = instances !== undefined && options.clusters === Math.max(1, Math.round(instances / 66));
  const clusters = isDefault ? undefined : options.clusters;
  const brought = assignments === undefined ? [clusters, iterations, precision, permutation, seed] : [assignments, centroids];
  return JSON.stringify([features, layout?.layers, layout?.half, ...brought]);
}

export function declarationOf(name: StrategyName, declarations: readonly StrategyDeclaration[]): StrategyDeclaration {
  return declarations.find((one) => one.name === name) ?? { name, summary: '', needs: [], parameters: [] };
}

function sourcesOf(
  settings: CoresetSettings,
  names: readonly StrategyName[],
  declarations: readonly StrategyDeclaration[],
): ClusteringOptions & Pick<SelectRequest, 'column'> {
  const needs = needsOf(settings, names, declarations);
  const options = needs.has('features') || needs.has('clusters') ? clusteringOptionsOf(settings) : {};
  const isStratified = stratifies(settings, declarations);
  return {
    ...options,
    // The engine makes clusters for strata only when it is told of what.
    ...(isStratified && options.features === undefined && options.assignments === undefined ? { features: 'builtin' } : {}),
    ...(needs.has('column') && settings.column !== undefined ? { column: settings.column } : {}),
  };
}

function needsOf(
  settings: CoresetSettings,
  names: readonly StrategyName[],
  declarations: readonly StrategyDeclaration[],
): ReadonlySet<StrategyNeed> {
  const needs = new Set(names.flatMap((name) => declarationOf(name, declarations).needs));
  if (stratifies(settings, declarations)) needs.add('clusters');
  // Clusters that the user brings are shown whatever the strategy is.
  if (settings.clusters.kind === 'import') needs.add('clusters');
  return needs;
}

function stratifies(settings: CoresetSettings, declarations: readonly StrategyDeclaration[]): boolean {
  return parametersOf(settings, declarationOf(settings.strategy, declarations)).stratify === 'clusters';
}

/** The values that the strategy reads and that differ from its defaults. */
function parametersOf({ parameters }: CoresetSettings, declaration: StrategyDeclaration): StrategyParameters {
  return Object.fromEntries(
    declaration.parameters.flatMap((one) => {
      const value = parameters[one.name];
      return value !== undefined && isOwnValue(one, value) ? [[one.name, value]] : [];
    }),
  );
}

function isOwnValue(declared: ParameterDeclaration, value: StrategyParameters[ParameterName]): boolean {
  switch (declared.kind) {
    case 'floors':
      return typeof value === 'object' && Object.keys(value).length > 0;
    case 'choice':
      return value !== declared.default && declared.choices.some((choice) => choice === value);
    case 'number':
      return value !== declared.default && isInRange(declared, value);
  }
}

function isInRange({ from, to, above, integer }: Extract<ParameterDeclaration, { kind: 'number' }>, value: unknown): boolean {
  return typeof value === 'number' && value >= from && value <= to && !(above && value === from) && (!integer || Number.isInteger(value));
}
