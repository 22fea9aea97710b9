import type { Localize } from '../errors/errorCatalogue.ts';

/** The number of clusters that was typed; undefined for automatic (empty) and for what is no number of clusters. */
export function parseClusterCount(text: string): number | undefined {
  const trimmed = text.trim();
  const count = Number(trimmed);
  return /^\d+$/.test(trimmed) && Number.isSafeInteger(count) && count >= 1 ? count : undefined;
}

/** Why a typed number of clusters cannot be taken; undefined when it can. That it is not above the instances is checked by the engine. */
export function clusterCountError(text: string, t: Localize): string | undefined {
  if (text.trim() === '' || parseClusterCount(text) !== undefined) return undefined;
  return t('A whole number of at least 1, or nothing.');
}
