import { globSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Memento } from 'vscode';
import { methodDeclarations } from '../../../src/engine/createEngine.ts';
import { hardGates } from '../../../src/engine/synthesis/gates/table.ts';
import { findingWords, gateWords, parameterWords } from '../../../src/extension/review/gateWords.ts';
import { filterSchema, parseDrawnReview, parseReviewState, stagingOfReviewState } from '../../../src/extension/review/reviewMessages.ts';
import { ReviewPlaces } from '../../../src/extension/review/reviewPlaces.ts';
import type { ReviewState } from '../../../src/protocol/reviewPage.ts';
import { gateNames } from '../../../src/protocol/synthesis.ts';
import { english } from './english.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const stateOf = (staging: string): ReviewState => ({
  version: 1,
  staging,
  filter: { status: 'pending' },
  view: 'grid',
  selected: '0'.repeat(16),
});

describe('words of the gates', () => {
  it('name every gate, and know which ones protect a dataset', () => {
    const words = gateWords(english);
    expect(Object.keys(words)).toEqual(gateNames);
    expect(new Set(Object.values(words).map(({ title }) => title)).size).toBe(gateNames.length);
    expect(new Set(gateNames.filter((gate) => words[gate].isHard))).toEqual(hardGates);
  });

  it('have a sentence for every finding that the engine writes', () => {
    const words = findingWords(english);
    const text = globSync('src/engine/synthesis/gates/*.ts', { cwd: root })
      .map((file) => readFileSync(path.join(root, file), 'utf8'))
      .join('\n');
    const literal = [...text.matchAll(/(?:failed\(|finding: |return )'(\w+)'/g)].map((match) => match[1] ?? '');
    const chosen = [...text.matchAll(/[?:] '(black|white|flat)'/g)].map((match) => match[1] ?? '');
    // What the decoder says why it does not: `ImageFailure`.
    const contracts = readFileSync(path.join(root, 'src/engine/runtime/contracts.ts'), 'utf8');
    const failures = [...(/type ImageFailure = ([^;]+);/.exec(contracts)?.[1] ?? '').matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '');
    const codes = [...new Set([...literal, ...chosen, ...failures])];
    expect(codes.length).toBeGreaterThan(22);
    expect(codes.filter((code) => !Object.hasOwn(words, code))).toEqual([]);
  });

  it('name every parameter that a method declares', () => {
    const names = methodDeclarations().flatMap(({ parameters }) => parameters.map(({ name }) => name));
    expect(names.filter((name) => !Object.hasOwn(parameterWords(english), name))).toEqual([]);
  });
});

describe('what a page of a review says', () => {
  it('is taken only when it is what it should be', () => {
    expect(v.parse(filterSchema, { status: 'pending', contains: 'cat', evil: 1 })).toEqual({ status: 'pending', contains: 'cat' });
    for (const filter of [{ status: 'none' }, { gate: 'x' }, { contains: '' }, { contains: 'x'.repeat(1001) }, null, 3])
      expect(v.safeParse(filterSchema, filter).success, JSON.stringify(filter)).toBe(false);
    expect(stagingOfReviewState(stateOf('/s'))).toBe('/s');
    for (const state of [undefined, null, { version: 2, staging: '/s' }, { version: 1, staging: '' }])
      expect(stagingOfReviewState(state)).toBeUndefined();
    expect(parseReviewState(stateOf('/s'), '/s')).toEqual(stateOf('/s'));
    expect(parseReviewState(stateOf('/s'), '/t')).toBeUndefined();
    expect(parseReviewState({ ...stateOf('/s'), selected: '../../x' }, '/s')).toBeUndefined();
    expect(parseDrawnReview({ view: 'single' })).toBeUndefined();
  });
});

describe('places of reviews', () => {
  it('are remembered per folder, the latest thirty, whatever lies in the memory', async () => {
    const kept = new Map<string, unknown>();
    const memory = {
      keys: () => [...kept.keys()],
      get: (key: string) => kept.get(key),
      update: async (key: string, value: unknown) => void kept.set(key, value),
    } as Memento;
    const places = new ReviewPlaces(memory);
    expect(places.get('/0')).toBeUndefined();
    for (let i = 0; i < 40; i++) await places.set(stateOf(`/${i}`));
    await places.set({ ...stateOf('/39'), view: 'single' });
    expect(places.get('/9')).toBeUndefined();
    expect(places.get('/10')).toEqual(stateOf('/10'));
    expect(places.get('/39')?.view).toBe('single');
    for (const junk of [3, 'x', [null, 4, { staging: '/1' }]]) {
      kept.set('review.places', junk);
      expect(places.get('/1')).toBeUndefined();
      await places.set(stateOf('/1'));
      expect(places.get('/1')).toEqual(stateOf('/1'));
    }
  });
});
