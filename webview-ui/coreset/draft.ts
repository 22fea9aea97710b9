import type { ClustersSetting, CoresetSettings, StrategyView } from '../../src/protocol/coresetPage.ts';
import type { Perspective } from '../../src/protocol/perspectives.ts';
import type { ParameterDeclaration, ParameterName, StrategyName } from '../../src/protocol/select.ts';

/** Changes of the settings, one function per gesture. */

/** `undefined` gives the parameter back to the strategy's default. */
export function withParameter(settings: CoresetSettings, name: ParameterName, value: string | number | undefined): CoresetSettings {
  const { [name]: _, ...others } = settings.parameters;
  return { ...settings, parameters: value === undefined ? others : { ...others, [name]: value } };
}

/** `undefined` takes the floor away. */
export function withFloor(settings: CoresetSettings, perspective: Perspective, floor: number | undefined): CoresetSettings {
  const { [perspective]: _, ...others } = settings.parameters.floors ?? {};
  const floors = floor === undefined ? others : { ...others, [perspective]: floor };
  return { ...settings, parameters: { ...settings.parameters, floors } };
}

/** A file, or without one what stands for none. Imported features bring no layout of others along. */
export function withFile(
  settings: CoresetSettings,
  file: 'features' | 'assignments' | 'centroids' | 'column',
  path: string | undefined,
): CoresetSettings {
  if (file === 'assignments' || file === 'centroids') {
    const now: ClustersSetting = settings.clusters.kind === 'import' ? settings.clusters : { kind: 'import' };
    const { [file]: _, ...others } = now;
    return { ...settings, clusters: path === undefined ? others : { ...others, [file]: path } };
  }
  const { [file]: _, ...others } = settings;
  const { layout: __, ...plain } = others;
  if (path === undefined) return file === 'features' ? plain : others;
  return { ...(file === 'features' ? plain : others), [file]: path };
}

/** Another unit for the same size. @param instances of the dataset, when they are known */
export function withSizeIn(
  settings: CoresetSettings,
  kind: CoresetSettings['size']['kind'],
  instances: number | undefined,
): CoresetSettings {
  const { size } = settings;
  if (size.kind === kind) return settings;
  const all = instances ?? 100;
  const value = kind === 'count' ? Math.max(1, Math.floor(size.value * all)) : Math.min(1, tidy(size.value / Math.max(1, all)));
  return { ...settings, size: { kind, value } };
}

/** Compared or no longer, in the order of the strategies. */
export function withCompared(
  settings: CoresetSettings,
  strategies: readonly StrategyView[],
  name: StrategyName,
  on: boolean,
): CoresetSettings {
  const chosen = new Set(settings.compare);
  if (on) chosen.add(name);
  else chosen.delete(name);
  return { ...settings, compare: strategies.map((one) => one.name).filter((one) => chosen.has(one)) };
}

/** The value that a strategy uses: the user's where it fits, else the default. Floors have none. */
export function usedValue(settings: CoresetSettings, declared: ParameterDeclaration): string | number | undefined {
  const given = settings.parameters[declared.name];
  switch (declared.kind) {
    case 'floors':
      return undefined;
    case 'choice':
      return typeof given === 'string' && declared.choices.includes(given) ? given : declared.default;
    case 'number': {
      const { from, to, above, integer } = declared;
      const fits =
        typeof given === 'number' && given >= from && given <= to && !(above && given === from) && (!integer || Number.isInteger(given));
      return fits ? given : declared.default;
    }
  }
}

/** What features and clusters come from: settings with the same text need the same of them. */
export function sourcesKey({ features, layout, clusters, iterations, precision, permutation, seed }: CoresetSettings): string {
  return JSON.stringify([features, layout, clusters, iterations, precision, permutation, seed]);
}

/** A frontier shows all sizes, so settings that differ in size only have the same. */
export function frontierKey({ size: _, ...settings }: CoresetSettings): string {
  return JSON.stringify(settings);
}

/** Rounds away what binary fractions add: 0.30000000000000004. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** `5x2048` as a layout; null for an empty text, undefined for anything else. */
export function layoutOf(text: string): CoresetSettings['layout'] | null {
  if (text.trim() === '') return null;
  const [, layers, half] = /^\s*([1-9]\d{0,8})\s*[x×]\s*([1-9]\d{0,8})\s*$/i.exec(text) ?? [];
  return layers === undefined || half === undefined ? undefined : { layers: Number(layers), half: Number(half) };
}
