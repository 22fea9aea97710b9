import { describe, expect, it } from 'vitest';
import { collectEntities, markOf, perspectiveText } from '../../../src/extension/entities/collectEntities.ts';
import type { EntityPage } from '../../../src/protocol/entities.ts';
import { english } from './english.ts';

const page: EntityPage = {
  perspective: 'object',
  instances: 1400,
  entities: 4000,
  matches: 4000,
  tau: 12,
  offset: 0,
  rows: [
    { rank: 0, entity: 'person', frequency: 1050 },
    { rank: 90, entity: 'kite', frequency: 12 },
    { rank: 3999, entity: 'astrolabe', frequency: 1 },
  ],
};

describe('collectEntities', () => {
  it('gives count, share and place in the long tail, in words and by the icon', () => {
    expect(collectEntities(page, english, 'en').map(({ label, description, mark, icon }) => [label, description, mark, icon])).toEqual([
      ['person', '1,050 · 75%', 'head', 'circle-filled'],
      ['kite', '12 · 0.86% · tail', 'tail', 'circle-outline'],
      ['astrolabe', '1 · 0.071% · scarce', 'scarce', 'sparkle'],
    ]);
    const [person, , astrolabe] = collectEntities(page, english, 'en');
    expect(person?.tooltip).toBe('person\nIn 1,050 of 1,400 instances (75%), rank 1 of 4,000\nHead: above the threshold τ = 12');
    expect(astrolabe?.spoken).toContain('Scarce: below the threshold τ = 12');
  });

  it('names a pair by its objects, keeps the entity as spelled, and shows hostile names inert', () => {
    const rows = [
      { rank: 0, entity: 'cat,"a ""b"""', frequency: 2, pair: ['cat', 'a "b"'] as const },
      { rank: 1, entity: '\u202ex\u0000', frequency: 1 },
    ];
    const [pair, hostile] = collectEntities({ ...page, perspective: 'cooccurrence', rows }, english, 'en');
    expect([pair?.label, pair?.entity]).toEqual(['cat + a "b"', 'cat,"a ""b"""']);
    expect([hostile?.label, hostile?.entity]).toEqual(['\ufffdx\ufffd', '\u202ex\u0000']);
  });
});

it('marks by tau: above is head, at it tail, below it scarce', () => {
  expect([13, 12, 11].map((frequency) => markOf(frequency, 12))).toEqual(['head', 'tail', 'scarce']);
  expect(markOf(1, null)).toBe('head');
});

it('tells the size of a perspective, or how many match', () => {
  expect(perspectiveText(page, false, english, 'en')).toBe('4,000 entities, τ = 12');
  expect(perspectiveText({ ...page, matches: 31 }, true, english, 'en')).toBe('31 of 4,000 entities match');
  expect(perspectiveText({ ...page, entities: 0, tau: null }, false, english, 'en')).toBe('no entity');
});
