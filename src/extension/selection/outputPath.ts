import { access } from 'node:fs/promises';
import * as path from 'node:path';

/** A result has a manifest beside it; a name is free when neither exists. */
export type Exists = (file: string) => Promise<boolean>;

/**
 * `data.json` -> `data.rebalanced.json`, or `data.rebalanced-2.json` and so on when results are there already; the same with another
 * mark than `rebalanced`.
 */
export async function freeOutputPath(
  source: string,
  exists: Exists,
  mark: 'rebalanced' | 'reproduced' | 'coreset' | 'composed' = 'rebalanced',
): Promise<string> {
  const { dir, name, ext } = path.parse(source);
  const stem = name.replace(new RegExp(`\\.${mark}(-\\d+)?$`), '');
  for (let i = 1; ; i++) {
    const base = path.join(dir, `${stem}.${mark}${i === 1 ? '' : `-${i}`}`);
    const candidate = base + ext;
    const taken = await Promise.all([candidate, `${candidate}.manifest.json`, `${base}.manifest.json`].map(exists));
    if (!taken.includes(true)) return candidate;
  }
}

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
