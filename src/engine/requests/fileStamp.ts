import { stat } from 'node:fs/promises';

/** A file by its name and what the system says of its state; what is no file only by its name. */
export async function fileStamp(path: string | undefined): Promise<string> {
  if (path === undefined) return '';
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  return stats ? [path, stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino].join(' ') : path;
}
