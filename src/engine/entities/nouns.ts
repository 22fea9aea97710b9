import type { Lexicon } from './lexicon.ts';
import type { Compound } from './objects.ts';
import type { Word } from './tagger.ts';

/** One noun of a turn. */
export interface Noun {
  /** The raw token entity: lemma of a common noun, spelling of a proper one. */
  readonly token: string;
  /** The object that it names by itself. */
  readonly object: string | undefined;
  /** Position of its last word among the turn's words. */
  readonly at: number;
  /** Position of its first word: another one for names with hyphens only. */
  readonly first: number;
}

/** "The image features a cat": verbs of picture descriptions that the tagger takes for plural nouns. */
const showing = new Set([
  'features',
  'shows',
  'displays',
  'depicts',
  'showcases',
  'captures',
  'presents',
  'portrays',
  'contains',
  'includes',
  'highlights',
]);
const pictures = new Set([
  'image',
  'picture',
  'photo',
  'photograph',
  'scene',
  'painting',
  'drawing',
  'illustration',
  'screenshot',
  'graphic',
  'it',
  'which',
  'that',
]);
const quantities = new Set(['several', 'many', 'various', 'multiple', 'some', 'numerous', 'few', 'both', 'all', 'each', 'different']);

/** Words that begin instructions; as the first word of a sentence before its object or a colon they are no nouns. */
const commands = new Set([
  'answer',
  'reference',
  'question',
  'hint',
  'context',
  'choices',
  'options',
  'describe',
  'list',
  'name',
  'count',
  'point',
  'state',
  'note',
  'look',
  'view',
  'detail',
  'caption',
  'guess',
  'rank',
  'sort',
  'rate',
  'ok',
  'yes',
  'no',
  'please',
]);
/** Never nouns, whatever the tag says. */
const never = new Set([
  ...quantities,
  'etc',
  'etc.',
  'e.g.',
  'i.e.',
  'vs.',
  'yes',
  'no',
  'ok',
  'okay',
  'please',
  'hello',
  'hi',
  'nbsp',
  'lot',
  'lots',
  'else',
  'other',
  'others',
  'same',
  'none',
  'one',
  'ones',
]);

/** After a noun these are read as verbs or adjectives: "dinner plate", "soup bowl", "traffic light". */
const afterNoun = new Set([
  'plate',
  'bowl',
  'light',
  'lamp',
  'cup',
  'pan',
  'mirror',
  'fork',
  'rack',
  'stand',
  'sign',
  'cap',
  'post',
  'track',
  'park',
]);
/** Adjectives far more often than things. */
const colors = new Set([
  'orange',
  'gold',
  'silver',
  'rose',
  'peach',
  'lime',
  'salmon',
  'olive',
  'lavender',
  'tan',
  'cream',
  'coral',
  'turquoise',
  'chestnut',
  'ivory',
  'maroon',
  'indigo',
  'violet',
  'ruby',
  'emerald',
  'amber',
]);
/** -ing nouns that no caption uses as participles. */
const plainIng = new Set([
  'thing',
  'something',
  'anything',
  'nothing',
  'everything',
  'morning',
  'evening',
  'sibling',
  'meaning',
  'feeling',
  'wedding',
  'lightning',
  'pudding',
  'ceiling',
  'string',
  'spring',
  'king',
  'ring',
  'wing',
  'clothing',
  'sling',
  'swing',
  'bedding',
  'surrounding',
  'greeting',
  'earring',
  'herring',
  'viking',
  'duckling',
  'seedling',
  'outing',
  'being',
  'offering',
]);
const determiners = new Set(['DET', 'NUM', 'PRON']);
const possessives = new Set(['his', 'her', 'its', 'their', 'my', 'your', 'our', "'s", '’s']);

/** The nouns of one turn, in order, repeats included: NOUN and PROPN of the tagger, less its known errors, plus what it misses. */
export function findNouns(
  words: readonly Word[],
  gaps: readonly boolean[] | undefined,
  compounds: readonly Compound[],
  lexicon: Lexicon,
): Noun[] {
  const isNoun = new Array<boolean>(words.length).fill(false);
  for (const compound of compounds) isNoun[compound.last] = true; // whatever its tag: "bus stop", "kitchen counter"
  for (let i = words.length - 1; i >= 0; i--) isNoun[i] ||= decide(words, i, isNoun[i + 1] === true);
  const nouns: Noun[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as Word;
    const hyphenated = gaps && hyphenatedAt(words, i, gaps, lexicon);
    if (hyphenated) {
      nouns.push({
        token: hyphenated.name,
        object: lexicon.aliases.get(hyphenated.name) ?? hyphenated.name,
        at: hyphenated.last,
        first: i,
      });
      i = hyphenated.last;
      continue;
    }
    if (!isNoun[i]) continue;
    if (gaps && isModifierPart(words, i, gaps)) continue;
    nouns.push({ token: word.token, object: word.object, at: i, first: i });
  }
  return nouns;
}

function decide(words: readonly Word[], i: number, nextIsNoun: boolean): boolean {
  const word = words[i] as Word;
  if (!word.isWord || never.has(word.lower)) return false;
  switch (word.pos) {
    case 'NOUN':
    case 'PROPN':
      if (showing.has(word.lower) && isShowing(words, i)) return false;
      if (actsOnArticle(words, i)) return false;
      if (commands.has(word.lower) && isCommand(words, i)) return false;
      return word.isIng && word.pos === 'NOUN' ? isIngNoun(words, i, nextIsNoun) : true;
    case 'ADJ':
    case 'VERB':
    case 'ADV':
      return !nextIsNoun && isMissedNoun(words, i);
    default:
      return false;
  }
}

function isShowing(words: readonly Word[], i: number): boolean {
  const before = words[i - 1];
  const after = words[i + 1];
  if (!before || !after) return false;
  if (pictures.has(before.lower)) return after.pos !== 'PUNCT' && after.pos !== 'ADP';
  const named = before.pos === 'NOUN' || before.pos === 'PROPN' || before.pos === 'PRON';
  return named && (determiners.has(after.pos) || after.pos === 'ADJ' || quantities.has(after.lower));
}

/** "The code prints a cat": after a noun and before an article, a word in -s is a verb. */
function actsOnArticle(words: readonly Word[], i: number): boolean {
  const word = words[i] as Word;
  if (!word.lower.endsWith('s') || word.lower === word.nounLemma || words[i - 1]?.pos !== 'NOUN') return false;
  const after = words[i + 1]?.lower;
  return after === 'a' || after === 'an' || after === 'the';
}

function isCommand(words: readonly Word[], i: number): boolean {
  if (!startsSentence(words, i)) return false;
  const after = words[i + 1];
  return (
    after !== undefined &&
    (determiners.has(after.pos) || after.pos === 'ADP' || after.lower === ':' || after.lower === ',' || after.pos === 'SCONJ')
  );
}

function startsSentence(words: readonly Word[], i: number): boolean {
  const before = words[i - 1];
  return before === undefined || before.pos === 'SPACE' || /^(?:[.!?:;]+|\n+)$/.test(before.value);
}

/** Participles ("umbrella standing on") against true nouns ("a tall building", "skiing"). */
function isIngNoun(words: readonly Word[], i: number, nextIsNoun: boolean): boolean {
  const word = words[i] as Word;
  if (plainIng.has(word.nounLemma)) return true;
  const before = words[i - 1];
  const after = words[i + 1];
  const introduced =
    before !== undefined &&
    (before.pos === 'DET' || (before.pos === 'ADJ' && !before.isThing) || before.pos === 'NUM' || possessives.has(before.lower));
  const ends = after === undefined || after.pos === 'PUNCT' || after.pos === 'SPACE' || after.pos === 'CCONJ';
  if (word.isThing)
    return (
      introduced || ends || after.pos === 'AUX' || after.pos === 'VERB' || !(determiners.has(after.pos) || possessives.has(after.lower))
    );
  if (introduced) return true;
  if (
    before === undefined ||
    before.pos === 'SPACE' ||
    before.pos === 'PUNCT' ||
    before.pos === 'CCONJ' ||
    before.pos === 'VERB' ||
    before.pos === 'ADP'
  ) {
    return ends || after.pos === 'AUX' || (nextIsNoun && before?.pos !== 'PUNCT');
  }
  return false;
}

/** A thing read as another part of speech: "an umbrella", "two dinner plates", "the traffic light". */
function isMissedNoun(words: readonly Word[], i: number): boolean {
  const word = words[i] as Word;
  const before = words[i - 1];
  if (!word.isThing || !before || word.isIng) return false;
  if (word.pos === 'VERB' && word.lower !== word.lemma && word.lower !== `${word.lemma}s` && word.lower !== `${word.lemma}es`) return false;
  const after = words[i + 1];
  if (after?.pos === 'ADJ') return false;
  if (colors.has(word.lower)) return before.pos === 'DET' && before.lower !== 'both';
  if (before.pos === 'DET' || before.pos === 'NUM' || possessives.has(before.lower)) return true;
  if (before.pos === 'ADJ') return word.pos === 'VERB' ? !isObject(after) : true;
  return (before.pos === 'NOUN' || before.pos === 'PROPN') && afterNoun.has(word.nounLemma) && !isObject(after);
}

/** The word may begin what a verb acts upon. */
function isObject(word: Word | undefined): boolean {
  return word !== undefined && (determiners.has(word.pos) || possessives.has(word.lower));
}

/** "t-shirt", "merry-go-round": hyphenated names of the lexicon that begin at word `i`; the longest one. */
function hyphenatedAt(
  words: readonly Word[],
  i: number,
  gaps: readonly boolean[],
  lexicon: Lexicon,
): { readonly name: string; readonly last: number } | undefined {
  let joined = words[i]?.lower ?? '';
  let found: { name: string; last: number } | undefined;
  for (let k = i + 1; isHyphen(words, k, gaps); k += 2) {
    const part = words[k + 1] as Word;
    const name = `${joined}-${part.nounLemma}`;
    if (lexicon.objects.has(name)) found = { name, last: k + 1 };
    joined = `${joined}-${part.lower}`;
  }
  return found;
}

function isHyphen(words: readonly Word[], k: number, gaps: readonly boolean[]): boolean {
  return words[k]?.lower === '-' && words[k + 1] !== undefined && !gaps[k] && !gaps[k + 1];
}

/** The "man" of "man-made", the "snow" of "snow-covered". */
function isModifierPart(words: readonly Word[], i: number, gaps: readonly boolean[]): boolean {
  if (!isHyphen(words, i + 1, gaps)) return false;
  const other = words[i + 2] as Word;
  return other.pos === 'VERB' || other.pos === 'ADJ' || other.lower.endsWith('ed');
}
