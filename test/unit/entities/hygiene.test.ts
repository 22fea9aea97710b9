import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCodePoints } from '../../../src/engine/entities/codePointOrder.ts';
import { cleanVocabulary, defaultHygiene, dropped } from '../../../src/engine/entities/hygiene.ts';
import { pairName, parsePairName } from '../../../src/engine/entities/pairName.ts';
import { emptyStopList, parseStopList, stopSet } from '../../../src/engine/entities/stopList.ts';
import { type HygieneSwitch, hygieneSwitches } from '../../../src/protocol/requests.ts';

/** Raw entity -> cleaned entity, null for dropped ones. */
function cleaned(raw: readonly string[], switches: readonly HygieneSwitch[], stop: readonly string[] = []): (string | null)[] {
  const { target, names } = cleanVocabulary(raw, { switches, stop: new Set(stop) });
  return [...target].map((id) => (id === dropped ? null : (names[id] ?? '?')));
}

describe('hygiene', () => {
  it('blanks: drops what shows nothing', () => {
    expect(cleaned(['', ' ', '\t\n', '\u200B', '\u00A0', 'a', ' a'], ['blanks'])).toEqual([null, null, null, null, null, 'a', ' a']);
  });

  it('placeholders: drops placeholders and role words, and no word that holds them', () => {
    const raw = [
      '<image>',
      '<|im_start|>',
      '[IMG]',
      'ImageHere',
      'IMG_CONTEXT',
      'human',
      'GPT',
      'User',
      'assistant',
      '###Human',
      'human being',
      'image',
      'user manual',
    ];
    expect(cleaned(raw, ['placeholders'])).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      'human being',
      'image',
      'user manual',
    ]);
  });

  it('glued: keeps the word in front of a turn’s first word', () => {
    expect(
      cleaned(
        ['KaplanWhat', 'UmbrellaWhy', '2016Is', 'ballwhich', 'somewhat', 'ball', 'iPhone', 'YouTube', 'What', 'LaTeX', 'the What'],
        ['glued'],
      ),
    ).toEqual([
      'Kaplan',
      'Umbrella',
      '2016',
      'ball',
      'somewhat', // "some" is no entity
      'ball',
      'iPhone',
      'YouTube',
      'What',
      'LaTeX',
      'the What',
    ]);
  });

  it('case: merges what differs in case only, under the lower-case name', () => {
    expect(cleaned(['Cat', 'cat', 'CAT', 'Éclair', 'éclair'], ['case'])).toEqual(['cat', 'cat', 'cat', 'éclair', 'éclair']);
    expect(cleaned(['Cat', 'cat'], [])).toEqual(['Cat', 'cat']);
  });

  it('works together: glue, case, stop list', () => {
    expect(cleaned(['PictureWhat', 'Dog', 'DogWhere', 'image'], hygieneSwitches, ['picture', 'image'])).toEqual([null, 'dog', 'dog', null]);
  });

  it('is idempotent: the one normaliser leaves what it made', () => {
    const name = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('KaplanWhat', 'ballwhich', 'ball', 'Cat', 'cat', '<image>', 'GPT', ' '),
    );
    fc.assert(
      fc.property(fc.array(name), fc.subarray([...hygieneSwitches]), (raw, switches) => {
        const once = cleanVocabulary(raw, { switches, stop: new Set() });
        const again = cleanVocabulary(once.names, { switches, stop: new Set() });
        if (switches.includes('glued')) return; // "WhatWhat" needs two rounds, "ballwhich" a known "ball"
        expect(again.names).toEqual(once.names);
        expect([...again.target]).toEqual(once.names.map((_, i) => i));
      }),
    );
  });

  it('is all on for extracted lists and only blanks for imported ones', () => {
    expect(defaultHygiene('extracted')).toEqual(hygieneSwitches);
    expect(defaultHygiene('imported')).toEqual(['blanks']);
  });
});

describe('stop list', () => {
  it('adds to the built-in entries, takes some back, and touches imported lists with its own only', () => {
    const list = parseStopList('\uFEFFTable # furniture\n\n# a comment\n!image\nc#\r\n');
    expect([...list.added]).toEqual(['table', 'c#']);
    const extracted = stopSet(list, 'extracted');
    expect(extracted.has('table')).toBe(true);
    expect(extracted.has('photo')).toBe(true);
    expect(extracted.has('image')).toBe(false);
    expect([...stopSet(list, 'imported')]).toEqual(['table', 'c#']);
    expect([...stopSet(emptyStopList, 'imported')]).toEqual([]);
  });
});

describe('names and order', () => {
  it('pair names are unambiguous', () => {
    const label = fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', ' ', 'é', '\n') });
    fc.assert(
      fc.property(label, label, (a, b) => {
        expect(parsePairName(pairName(a, b))).toEqual([a, b]);
      }),
      { numRuns: 500 },
    );
    expect(pairName('salt, pepper', 'table')).toBe('"salt, pepper",table');
    expect(parsePairName('no pair')).toBeUndefined();
    expect(parsePairName('a,b,c')).toBeUndefined();
  });

  it('compares as the UTF-8 bytes do', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\uD7FF', '\uE000', '\uFFFD', '😀', '𐀀') });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 500 },
    );
  });
});
