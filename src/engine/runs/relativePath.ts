import { dirname, isAbsolute, relative, sep } from 'node:path';

/** `target` as a file at `from` names it: relative to that file's folder, with `/`; absolute where no relative path exists (another drive). */
export function relativePath(from: string, target: string): string {
  const path = relative(dirname(from), target);
  return isAbsolute(path) ? target : path.split(sep).join('/');
}
