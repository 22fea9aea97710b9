import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteCharacters } from '../../../../src/engine/synthesis/diffusion/tokenizer/byteLevel.ts';
import { ClipTokenizer } from '../../../../src/engine/synthesis/diffusion/tokenizer/clipTokenizer.ts';

const merges: [string, string][] = [
  ['c', 'a'],
  ['ca', 't</w>'],
  ['r', 'e'],
  ['re', 'd</w>'],
  ['e', 'd</w>'],
  ['a', 'n'],
  ['an', 'an'],
  ['b', 'an'],
  ["'", 's</w>'],
  ['l', 'l'],
];
const vocabulary = new Map<string, number>();
for (const token of byteCharacters) vocabulary.set(token, vocabulary.size);
for (const token of byteCharacters) vocabulary.set(`${token}</w>`, vocabulary.size);
for (const pair of merges) vocabulary.set(pair.join(''), vocabulary.size);
vocabulary.set('<|startoftext|>', vocabulary.size);
vocabulary.set('<|endoftext|>', vocabulary.size);
const names = new Map(Array.from(vocabulary, ([token, id]) => [id, token]));

const make = (more: { length?: number; pad?: string } = {}) =>
  new ClipTokenizer({ vocabulary, merges, length: more.length ?? 77, pad: more.pad ?? '<|endoftext|>' });
/** Tokens of a prompt without start, end and padding. */
const tokens = (prompt: string): string[] => {
  const all = Array.from(make().encode(prompt).ids, (id) => names.get(id) ?? '');
  return all.slice(1, all.indexOf('<|endoftext|>', 1));
};
const bytes = (text: string): string[] => {
  const characters = Array.from(Buffer.from(text), (byte) => byteCharacters[byte] as string);
  characters.push(`${characters.pop()}</w>`);
  return characters;
};

describe('byte characters', () => {
  it('are GPT-2s', () => {
    expect(byteCharacters[0x20]).toBe('Ġ');
    expect(byteCharacters[0x0a]).toBe('Ċ');
    expect(byteCharacters[0]).toBe('Ā');
    expect(byteCharacters[0xad]).toBe('Ń');
    expect(byteCharacters[0x21]).toBe('!');
    expect(byteCharacters[0xff]).toBe('ÿ');
    expect(new Set(byteCharacters).size).toBe(256);
  });
});

describe('CLIP tokenizer', () => {
  it('joins pairs in their order, up to the end of the word', () => {
    expect(tokens('cat')).toEqual(['cat</w>']);
    expect(tokens('cats')).toEqual(['ca', 't', 's</w>']);
    expect(tokens('red')).toEqual(['red</w>']);
    expect(tokens('bed')).toEqual(['b', 'ed</w>']);
    // Not from the left: the pair that was joined first in training goes first.
    expect(tokens('banan')).toEqual(['ban', 'a', 'n</w>']);
    expect(tokens('banana')).toEqual(['b', 'anan', 'a</w>']);
  });

  it('splits as CLIP does: letters, single digits, everything else; contractions apart', () => {
    expect(tokens("cat's 12!?")).toEqual(['cat</w>', "'s</w>", '1</w>', '2</w>', '!', '?</w>']);
    expect(tokens("we'll")).toEqual(['w', 'e</w>', "'", 'l', 'l</w>']);
    expect(tokens('cat,red')).toEqual(['cat</w>', ',</w>', 'red</w>']);
    expect(tokens('x²')).toEqual(['x</w>', ...bytes('²')]);
  });

  it('folds whitespace and case, and composes accents', () => {
    expect(tokens('  CAT\t\n\u00a0red\u0085\u3000 ')).toEqual(['cat</w>', 'red</w>']);
    expect(tokens('e\u0301')).toEqual(bytes('é'));
    expect(tokens('ΟΣ')).toEqual(bytes('οσ'));
    expect(tokens('\ufeffcat')).toEqual([...bytes('\ufeff'), 'cat</w>']);
  });

  it('encodes any text by its bytes', () => {
    expect(tokens('猫')).toEqual(bytes('猫'));
    expect(tokens('🐈\u200d⬛')).toEqual(bytes('🐈\u200d⬛'));
    expect(tokens('\u0000\u00ad')).toEqual(bytes('\u0000\u00ad'));
  });

  it('takes the special tokens of a text for what they are', () => {
    const { ids } = make().encode('cat<|ENDOFTEXT|>red');
    expect(Array.from(ids.subarray(0, 5), (id) => names.get(id))).toEqual([
      '<|startoftext|>',
      'cat</w>',
      '<|endoftext|>',
      'red</w>',
      '<|endoftext|>',
    ]);
  });

  it('pads with the token of the model, and cuts before the end token', () => {
    const start = vocabulary.get('<|startoftext|>');
    const end = vocabulary.get('<|endoftext|>');
    const cat = vocabulary.get('cat</w>');
    expect([...make({ length: 5 }).encode('cat').ids]).toEqual([start, cat, end, end, end]);
    expect([...make({ length: 5, pad: '!' }).encode('cat').ids]).toEqual([start, cat, end, vocabulary.get('!'), vocabulary.get('!')]);
    expect(make({ length: 5 }).encode('cat cat cat')).toEqual({
      ids: Int32Array.from([start, cat, cat, cat, end] as number[]),
      cut: false,
    });
    expect(make({ length: 5 }).encode('cat cat cat cat')).toEqual({
      ids: Int32Array.from([start, cat, cat, cat, end] as number[]),
      cut: true,
    });
    expect([...make({ length: 3 }).encode('').ids]).toEqual([start, end, end]);
  });

  it('reads no more of an endless text than a prompt can hold', () => {
    const before = performance.now();
    expect(make().encode('x'.repeat(1_000_000)).cut).toBe(true);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it('refuses a vocabulary without its special tokens', () => {
    const without = new Map(vocabulary);
    without.delete('<|endoftext|>');
    expect(() => new ClipTokenizer({ vocabulary: without, merges, length: 77, pad: '!' })).toThrow('<|endoftext|>');
    expect(() => make({ pad: '[PAD]' })).toThrow('[PAD]');
  });

  it('loses nothing but case and whitespace', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        const back = new Map(byteCharacters.map((character, byte) => [character, byte]));
        const pieces = tokens(text).map((token) => (token.endsWith('</w>') && token.length > 4 ? token.slice(0, -4) : token));
        const decoded = Buffer.from(pieces.flatMap((piece) => Array.from(piece, (character) => back.get(character) ?? 0))).toString('utf8');
        const plain = Array.from(text.normalize('NFC').replaceAll(/\p{White_Space}/gu, ''), (character) => character.toLowerCase()).join(
          '',
        );
        expect(decoded).toBe(plain);
      }),
    );
  });
});
