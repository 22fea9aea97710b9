import { type BigIntStats, constants } from 'node:fs';
import { lstat, open, readlink, realpath } from 'node:fs/promises';
import * as nodePath from 'node:path';
import { checkImagePath } from './imagePath.ts';

/** A regular file inside of an image root; `path` has no symbolic link in it. */
export interface ResolvedImage {
  readonly kind: 'ok';
  readonly path: string;
  /** Device and inode that were checked; `openImage` compares them with what it opened. */
  readonly identity: string;
}

type Resolution =
  | ResolvedImage
  /** `reason` completes the sentence "refused because ...". */
  | { readonly kind: 'refused'; readonly reason: string }
  /** `tried`: the absolute paths looked at, one per root. */
  | { readonly kind: 'missing'; readonly tried: readonly string[] };

/** The only way from an image path of a record to a file. */
export interface ImageResolver {
  /** Never throws for any value; nothing outside of the roots is touched, not even looked at. */
  resolve(imagePath: unknown): Promise<Resolution>;
}

/** As many as Linux follows. */
const maxLinks = 40;
/** Folders remembered as real folders; datasets keep many images in few folders. */
const maxKnownFolders = 20_000;

const refused = (reason: string): Resolution => ({ kind: 'refused', reason });

/**
 * @param options.roots Image folders in order of search; a root may be reached through links, and need not exist.
 */
export function createImageResolver(options: { readonly roots: readonly string[] }): ImageResolver {
  const spelledRoots = options.roots.map((root) => nodePath.resolve(root));
  let reading: Promise<readonly string[]> | undefined;
  const realRoots = () => {
    reading ??= Promise.all(spelledRoots.map((root) => realpath(root).catch(() => root)));
    return reading;
  };
  const knownFolders = new Set<string>();
  return {
    async resolve(imagePath) {
      if (typeof imagePath !== 'string') return refused(`it is no text but ${imagePath === null ? 'null' : typeof imagePath}`);
      const verdict = checkImagePath(imagePath);
      if (!verdict.ok) return refused(verdict.reason);
      const roots = await realRoots();
      const walk: Walk = { roots, knownFolders };
      for (const root of roots) {
        const found = await follow(walk, root, verdict.segments);
        if (found.kind !== 'missing') return found;
      }
      return { kind: 'missing', tried: roots.map((root) => nodePath.join(root, ...verdict.segments)) };
    },
  };
}

interface Walk {
  readonly roots: readonly string[];
  readonly knownFolders: Set<string>;
}

/** Goes down name by name and looks where a link leads before following it, as the system would only do afterwards. */
async function follow(walk: Walk, root: string, segments: readonly string[]): Promise<Resolution> {
  let current = root;
  let left = [...segments];
  let links = 0;
  for (;;) {
    const name = left.shift();
    if (name === undefined) return refused('it names a folder');
    const next = nodePath.join(current, name);
    if (left.length > 0 && walk.knownFolders.has(next)) {
      current = next;
      continue;
    }
    const looked = await look(next);
    if ('kind' in looked) return looked;
    if (looked.isSymbolicLink()) {
      links += 1;
      if (links > maxLinks) return refused('its links go round in a circle');
      const target = nodePath.resolve(current, await readlink(next));
      const home = walk.roots.find((candidate) => target === candidate || target.startsWith(withSeparator(candidate)));
      if (home === undefined) return refused('a link in it leads out of the image folders');
      current = home;
      left = [...target.slice(home.length).split(nodePath.sep).filter(Boolean), ...left];
    } else if (looked.isDirectory()) {
      if (left.length === 0) return refused('it names a folder');
      if (walk.knownFolders.size >= maxKnownFolders) walk.knownFolders.clear();
      walk.knownFolders.add(next);
      current = next;
    } else if (left.length > 0) {
      return { kind: 'missing', tried: [] };
    } else if (!looked.isFile()) {
      return refused('it is no regular file (a pipe, a socket or a device)');
    } else {
      return { kind: 'ok', path: next, identity: identityOf(looked) };
    }
  }
}

function withSeparator(root: string): string {
  return root.endsWith(nodePath.sep) ? root : root + nodePath.sep;
}

async function look(path: string): Promise<BigIntStats | Resolution> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing', tried: [] };
    if (code === 'ENAMETOOLONG') return refused('it is too long for the file system');
    return refused(`the system does not allow to look at it (${code})`);
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

function identityOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`;
}

export type OpenedImage =
  | { readonly kind: 'ok'; readonly bytes: Uint8Array }
  | { readonly kind: 'tooLarge'; readonly size: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Larger files are archives or videos under an image's name. */
const maxImageFileBytes = 256 * 1024 * 1024;

/** Reads a resolved image. What was exchanged since then for a link, a pipe or another file is refused; a pipe never blocks. */
export async function openImage(image: ResolvedImage, maxBytes = maxImageFileBytes): Promise<OpenedImage> {
  // The two flags do not exist on Windows, where a link is caught by the comparison below.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  try {
    const handle = await open(image.path, flags);
    try {
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile()) return { kind: 'refused', reason: 'it is no regular file any more' };
      if (identityOf(stats) !== image.identity) return { kind: 'refused', reason: 'it was exchanged for another file while it was opened' };
      const size = Number(stats.size);
      if (size > maxBytes) return { kind: 'tooLarge', size };
      const bytes = Buffer.allocUnsafe(size);
      let length = 0;
      while (length < size) {
        const { bytesRead } = await handle.read(bytes, length, size - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return { kind: 'ok', bytes: bytes.subarray(0, length) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ELOOP') return { kind: 'refused', reason: 'it became a link' };
    return { kind: 'unreadable', reason: `the system cannot read it (${code})` };
  }
}
