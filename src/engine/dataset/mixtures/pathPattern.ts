import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const dataFile = /\.(json|jsonl|parquet)$/i;

/** LLaVA-NeXT's `prefix{a,b}.json`: each alternative of each brace group, in order. */
export function expandBraces(pattern: string): readonly string[] {
  const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(pattern);
  if (!match) return [pattern];
  const [, before = '', alternatives = '', behind = ''] = match;
  return alternatives.split(',').flatMap((alternative) => expandBraces(`${before}${alternative.trim()}${behind}`));
}

/**
 * Files that a mixture's path names, in a fixed order: the path itself if it exists; else its brace alternatives; a `*` or `?` in the last
 * part matches names in the folder; a folder stands for the data files in it. Paths that do not exist are returned as they are.
 */
export async function filesOf(path: string): Promise<readonly string[]> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory())
    return (await readdir(path))
      .filter((name) => dataFile.test(name))
      .sort()
      .map((name) => join(path, name));
  if (stats) return [path];
  const alternatives = expandBraces(path);
  if (alternatives.length > 1) return (await Promise.all(alternatives.map(filesOf))).flat();
  if (!/[*?]/.test(basename(path))) return [path];
  const wanted = new RegExp(
    `^${basename(path)
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  const names = (await readdir(dirname(path)).catch(() => [])).filter((name) => wanted.test(name)).sort();
  return names.length > 0 ? names.map((name) => join(dirname(path), name)) : [path];
}
