import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnusableAnswer } from '../../../src/engine/synthesis/endpoint/languageModel.ts';
import { parseConversation } from '../../../src/engine/synthesis/endpoint/parseConversation.ts';
import { truthRulesOf } from '../../../src/engine/synthesis/images/truthRules.ts';
import { NounExchange } from '../../../src/engine/synthesis/synonyms/exchangeable.ts';
import { pluralOf } from '../../../src/engine/synthesis/synonyms/inflect.ts';
import { countNoun, replaceNoun } from '../../../src/engine/synthesis/synonyms/replaceNoun.ts';
import { parseThesaurus, synonymsOf } from '../../../src/engine/synthesis/synonyms/thesaurus.ts';
import { type ExtractorParts, makeExtractorParts } from '../entities/extractorParts.ts';

let parts: ExtractorParts;
beforeAll(async () => {
  parts = await makeExtractorParts();
});
afterAll(() => parts[Symbol.dispose]());

describe('nouns', () => {
  it.each([
    ['A cat, two cats, a CAT.', 'A feline, two felines, a FELINE.'],
    ['The category of cats: concatenate, cat-like, bobcat, cat_1.', 'The category of felines: concatenate, cat-like, bobcat, cat_1.'],
    ["The cat's tail and the cats’ tails.", "The feline's tail and the felines’ tails."],
    ['Cats? Cat!', 'Felines? Feline!'],
  ])('are exchanged on word boundaries, in number and case: %s', (before, after) => {
    expect(replaceNoun(before, 'cat', 'feline')).toBe(after);
  });

  it('take their article along', () => {
    expect(replaceNoun('A couch and an old couch. A\ncouch.', 'couch', 'armchair')).toBe('An armchair and an old armchair. An\narmchair.');
    expect(replaceNoun('An apple. AN APPLE.', 'apple', 'pear')).toBe('A pear. A PEAR.');
  });

  it.each([
    ['bus', 'buses'],
    ['city', 'cities'],
    ['boy', 'boys'],
    ['knife', 'knives'],
    ['woman', 'women'],
    ['fireman', 'firemen'],
    ['human', 'humans'],
    ['sheep', 'sheep'],
    ['church', 'churches'],
  ])('have plurals: %s, %s', (noun, plural) => {
    expect(pluralOf(noun)).toBe(plural);
    expect(countNoun(`one ${noun}, two ${plural}`, noun)).toBe(2);
  });

  it('are exchanged in question and answer together, and only where every mention is that noun', () => {
    const nouns = new NounExchange(parts.lexicon);
    const turns = (question: string, answer: string) => [
      { role: 'human', text: `<image>\n${question}` },
      { role: 'gpt', text: answer },
    ];
    expect(nouns.exchange(turns('What color is the couch?', 'The couch is red.'), 'couch', 'sofa')).toEqual(
      turns('What color is the sofa?', 'The sofa is red.'),
    );
    // The synonym is there already; the word is a verb; it is a part of another thing's name; it is not there.
    expect(nouns.exchange(turns('Is it a couch or a sofa?', 'A couch.'), 'couch', 'sofa')).toBeUndefined();
    expect(nouns.exchange(turns('Does he park the car?', 'He will park it in the park.'), 'park', 'garden')).toBeUndefined();
    expect(nouns.exchange(turns('Is there a hot dog on the plate?', 'Yes, a hot dog.'), 'dog', 'hound')).toBeUndefined();
    expect(nouns.exchange(turns('What is it?', 'A tree.'), 'couch', 'sofa')).toBeUndefined();
  });

  it('have synonyms by sense', () => {
    const thesaurus = parseThesaurus('couch sofa,lounge||frame\ncar auto,automobile');
    expect(synonymsOf(thesaurus, 'couch', 1)).toEqual(['sofa', 'lounge']);
    expect(synonymsOf(thesaurus, 'couch', 3)).toEqual(['sofa', 'lounge', 'frame']);
    expect(synonymsOf(thesaurus, 'nothing', 5)).toEqual([]);
  });
});

describe('what a text allows', () => {
  const rules = (question: string, answer = 'Yes.') =>
    truthRulesOf([
      { role: 'human', text: `<image>\n${question}` },
      { role: 'gpt', text: answer },
    ]);

  it.each([
    'What is on the left of the dog?',
    'Which hand holds the cup?',
    'What does the sign say?',
    'How many digits can you find?',
    'Which point is closest to $O$?',
    'Pick one.\nA. red\nB. blue',
    'Is triangle ABC larger? See point P.',
  ])('no mirror: %s', (question) => expect(rules(question).flip).toBe(false));

  it.each(['What is the dog doing?', 'Describe the scene.', 'Is a man there?', 'I see a horse. A horse?'])('a mirror: %s', (question) =>
    expect(rules(question).flip).toBe(true),
  );

  it.each([
    'Where is the man [0.12, 0.3, 0.5, 0.77]?',
    'Give the bounding box of the cup.',
    'See <box>(12,34),(56,78)</box>.',
    'At (0.2, 0.4)?',
  ])('no movement at all: %s', (question) =>
    expect(rules(question)).toMatchObject({ coordinates: true, flip: false, tilt: false, shift: false }),
  );

  it('no turn where level matters, no light where light or colour does', () => {
    expect(rules('Is the pole vertical?').tilt).toBe(false);
    expect(rules('What is the dog doing?').tilt).toBe(true);
    expect(rules('What color is the car?').photometric).toBe(false);
    expect(rules('Is it a dark room?').photometric).toBe(false);
    expect(rules('What is the dog doing?').photometric).toBe(true);
    expect(rules('What stands in the middle?').shift).toBe(false);
  });
});

describe('a written conversation', () => {
  const parse = (text: string, placeholders = '<image>\n') =>
    parseConversation(text, { placeholders, pairs: 4 }).map(({ text: words }) => words);

  it('is read block by block', () => {
    expect(parse('Question:\nWho?\n===\nAnswer:\nAnn.\n===\nQuestion: Why?\n===\nAnswer: Because\nof this.')).toEqual([
      '<image>\nWho?',
      'Ann.',
      'Why?',
      'Because\nof this.',
    ]);
  });

  it('takes decorated and numbered headings, and blocks with both', () => {
    expect(parse('**Question 1:** Who?\n**Answer 1:** Ann.\n### Question: Why?\nAnswer: So.')).toEqual([
      '<image>\nWho?',
      'Ann.',
      'Why?',
      'So.',
    ]);
  });

  it('keeps nothing of text before the first question (reference: a stray character)', () => {
    expect(parse('Sure! Here it is:\n===\nQuestion: Who?\n===\nAnswer: Ann.')).toEqual(['<image>\nWho?', 'Ann.']);
  });

  it('has exactly one placeholder, whatever the model wrote (reference: a ">" is left)', () => {
    expect(parse('Question: <image> <image>Who?\n===\nAnswer: <image>Ann.')).toEqual(['<image>\nWho?', 'Ann.']);
    expect(parse('Question: <image>Who?\n===\nAnswer: Ann.', '')).toEqual(['Who?', 'Ann.']);
  });

  it('never ends on a question (reference: it may)', () => {
    expect(parse('Question: Who?\n===\nAnswer: Ann.\n===\nQuestion: Why?')).toEqual(['<image>\nWho?', 'Ann.']);
  });

  it('drops what has no counterpart', () => {
    expect(parse('Answer: Early.\nQuestion: Lost?\nQuestion: Who?\nAnswer: Ann.\nAnswer: Late.\nQuestion:\nAnswer: To nothing.')).toEqual([
      '<image>\nWho?',
      'Ann.',
    ]);
  });

  it.each(['', 'I cannot do that.', 'Question: Who?', 'Answer: Ann.', 'Question:\nAnswer:'])('is refused without a pair: %s', (text) => {
    expect(() => parse(text)).toThrow(UnusableAnswer);
  });

  it('has at most so many pairs', () => {
    expect(parse('Question: a\nAnswer: b\n'.repeat(9))).toHaveLength(8);
  });
});
