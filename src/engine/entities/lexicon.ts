import { readFile } from 'node:fs/promises';

/** File made by `build/makeLexicon.mjs`; lists are joined by line feeds. */
interface LexiconFile {
  readonly version: number;
  readonly objects: string;
  readonly compounds: string;
  readonly aliases: Readonly<Record<string, string>>;
  readonly ordinary: string;
}

/** Two words that begin a compound, or are one. */
export interface CompoundStart {
  /** Words of the longest compound that begins so. */
  readonly longest: number;
  /** Canonical name, when the two words alone are a compound. */
  readonly pair: string | undefined;
}

/** Which nouns name things, and which words are ordinary. All names are lower case in base form. */
export interface Lexicon {
  readonly objects: ReadonlySet<string>;
  /** Names of several words, joined by single spaces. */
  readonly compounds: ReadonlySet<string>;
  /** By first word, then second word: the compounds that begin so. */
  readonly compoundStarts: ReadonlyMap<string, ReadonlyMap<string, CompoundStart>>;
  readonly aliases: ReadonlyMap<string, string>;
  /** Words that a capital at the start of a sentence does not make a name. */
  readonly ordinary: ReadonlySet<string>;
}

/** What the lexicon is made of, cloneable into workers. */
export interface LexiconText {
  /** Content of `lexicon.json`. */
  readonly builtIn: string;
  /** Content of the user's lexicon file, or empty. */
  readonly user: string;
}

/** @param userPath the user's file: one name per line, `alias = canonical`, `#` for comments */
export async function readLexiconText(builtInPath: string, userPath?: string): Promise<LexiconText> {
  const [builtIn, user] = await Promise.all([readFile(builtInPath, 'utf8'), userPath === undefined ? '' : readFile(userPath, 'utf8')]);
  return { builtIn, user };
}

export function parseLexicon({ builtIn, user }: LexiconText): Lexicon {
  const file = JSON.parse(builtIn) as LexiconFile;
  const objects = new Set(file.objects.split('\n'));
  const compounds = new Set(file.compounds.split('\n'));
  const aliases = new Map(Object.entries(file.aliases));
  const own = (name: string): unknown => (name.includes(' ') ? compounds : objects).add(name);
  for (const [name, canonical] of userEntries(user)) {
    own(name);
    own(canonical);
    if (name === canonical) aliases.delete(name);
    else aliases.set(name, canonical);
  }
  for (const name of aliases.keys()) own(name);
  const compoundStarts = startsOf(compounds, aliases);
  return { objects, compounds, compoundStarts, aliases, ordinary: new Set(file.ordinary.split('\n')) };
}

function startsOf(compounds: Iterable<string>, aliases: ReadonlyMap<string, string>): Map<string, Map<string, CompoundStart>> {
  const starts = new Map<string, Map<string, CompoundStart>>();
  for (const compound of compounds) {
    const words = compound.split(' ');
    const [first = '', second = ''] = words;
    const seconds = starts.get(first) ?? new Map<string, CompoundStart>();
    starts.set(first, seconds);
    const known = seconds.get(second);
    seconds.set(second, {
      longest: Math.max(words.length, known?.longest ?? 0),
      pair: words.length === 2 ? (aliases.get(compound) ?? compound) : known?.pair,
    });
  }
  return starts;
}

function* userEntries(text: string): Generator<readonly [string, string]> {
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    const entry = line.replace(/(^|\s)#.*$/, '').toLowerCase();
    const [left = '', right = left] = entry.split('=');
    const name = normalName(left);
    const canonical = normalName(right);
    if (name !== '' && canonical !== '') yield [name, canonical];
  }
}

function normalName(text: string): string {
  return text.trim().replace(/[\s_]+/g, ' ');
}
