import type { RebalanceRequest } from '../../protocol/requests.ts';

/** What the user chose: the paper's masses, or an expected volume that tau is scaled to. */
export type RebalanceSetting =
  | { readonly kind: 'paper' }
  | { readonly kind: 'percent'; readonly value: number }
  | { readonly kind: 'count'; readonly value: number };

/** The part of the request that a setting decides; the paper's setting is the engine's default. */
export function requestOf(setting: RebalanceSetting): Pick<RebalanceRequest, 'target'> {
  return setting.kind === 'paper' ? {} : { target: { kind: setting.kind, value: setting.value } };
}

/** Reads "60 %", "60%", "0.5 %" as percent and "1500" as instances; undefined for anything else. */
export function parseTarget(text: string): RebalanceSetting | undefined {
  const match = /^(\d+(?:[.,]\d+)?)\s*(%?)$/.exec(text.trim());
  if (match === null) return undefined;
  const value = Number(match[1]?.replace(',', '.'));
  if (match[2] === '%') return value > 0 && value <= 100 ? { kind: 'percent', value } : undefined;
  return Number.isInteger(value) && value > 0 ? { kind: 'count', value } : undefined;
}

/** A stored setting, checked: the memento may hold what an older version wrote. */
export function isRebalanceSetting(value: unknown): value is RebalanceSetting {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'paper') return true;
  return (value.kind === 'percent' || value.kind === 'count') && 'value' in value && typeof value.value === 'number' && value.value > 0;
}
