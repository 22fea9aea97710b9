import * as path from 'node:path';
import type { DatasetRequest } from '../protocol/requests.ts';

/** Most worker threads that the engine takes. */
const mostThreads = 64;

/** What the settings say about the datasets of a folder; everything is checked, nothing is resolved. */
export interface DatasetSettings {
  /** As written: absolute, or relative to the workspace folder. */
  readonly imageRoots: readonly string[];
  /** As written; undefined for `.ballast` beside the dataset. */
  readonly runFolder: string | undefined;
  /** 1 to 64; undefined lets the engine choose. */
  readonly threads: number | undefined;
}

/** A text setting, trimmed; undefined when it is empty or no text. */
export function textSetting(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** A list of texts; entries that are none are passed over, so that one slip does not hide the others. */
export function textListSetting(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(textSetting).filter((text) => text !== undefined) : [];
}

/** Worker threads; undefined (automatic) for 0 and for anything that is no whole number. More than the most is the most. */
export function threadsSetting(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? Math.min(value, mostThreads) : undefined;
}

/**
 * What every request on a dataset says. `base` is the folder that relative settings start from. The dataset's own folder is always
 * searched for images too, after the roots that the settings name: it is the engine's default.
 */
export function requestForDataset(dataset: string, base: string, settings: DatasetSettings): DatasetRequest {
  const own = path.dirname(dataset);
  const roots = settings.imageRoots.map((root) => path.resolve(base, root));
  return {
    dataset,
    ...(roots.length === 0 ? {} : { images: [...new Set([...roots, own])] }),
    ...(settings.runFolder === undefined ? {} : { runDir: path.resolve(base, settings.runFolder) }),
    ...(settings.threads === undefined ? {} : { threads: settings.threads }),
  };
}
