import { readFile } from 'node:fs/promises';
import type { EntityLists } from './entityLists.ts';

/** Entities to ignore, as the user's file says; all lower case. */
export interface StopList {
  readonly added: ReadonlySet<string>;
  /** Built-in entries taken back with a leading `!`. */
  readonly takenBack: ReadonlySet<string>;
}

export const emptyStopList: StopList = { added: new Set(), takenBack: new Set() };

/**
 * Built-in entries, for extracted lists only. Boilerplate of image conversations (it dominates every perspective and says nothing, ADR
 * defect A14), and words that the tagger takes for nouns where conversations use them otherwise.
 */
const builtIn = new Set(['image', 'picture', 'photo', 'photograph', 'image feature', 'several', 'etc', 'e.g.', 'i.e.']);

/** One entry per line; `#` begins a comment, `!entry` takes a built-in entry back. */
export function parseStopList(text: string): StopList {
  const added = new Set<string>();
  const takenBack = new Set<string>();
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    const entry = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .toLowerCase();
    if (entry.startsWith('!')) takenBack.add(entry.slice(1).trim());
    else if (entry !== '') added.add(entry);
  }
  return { added, takenBack };
}

export async function readStopList(path: string): Promise<StopList> {
  return parseStopList(await readFile(path, 'utf8'));
}

/** What applies to lists of this source: imported ones know only the user's own entries. */
export function stopSet(list: StopList, source: EntityLists['source']): ReadonlySet<string> {
  if (source === 'imported') return list.added;
  const all = new Set([...builtIn, ...list.added]);
  for (const entry of list.takenBack) all.delete(entry);
  return all;
}
