import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';

/**
 * Image roots of a mixture's part. Its `root` is data, so it counts only inside the roots that the user declared (or the mixture's folder,
 * their default): a mixture file cannot open up another folder. The declared roots follow.
 */
export async function partRoots(mixtureFolder: string, root: string | undefined, declared: readonly string[]): Promise<readonly string[]> {
  if (root === undefined) return declared;
  const candidates = [resolve(mixtureFolder, root), ...(isAbsolute(root) ? [] : declared.map((folder) => resolve(folder, root)))];
  const inside: string[] = [];
  for (const candidate of new Set(candidates)) if (await isInside(candidate, declared)) inside.push(candidate);
  return [...new Set([...inside, ...declared])];
}

async function isInside(path: string, folders: readonly string[]): Promise<boolean> {
  const real = await realpath(path).catch(() => path);
  for (const folder of folders) {
    const way = relative(await realpath(folder).catch(() => folder), real);
    if (way === '' || (!way.startsWith('..') && !isAbsolute(way))) return true;
  }
  return false;
}
