import { describe, expect, it } from 'vitest';
import { Tagger } from '../../../src/engine/entities/tagger.ts';
import { makeExtractorParts } from './extractorParts.ts';

describe('Tagger', () => {
  it('can be made any number of times in one process, and tags the same', async () => {
    using parts = await makeExtractorParts();
    const tagged = (): string[] =>
      new Tagger(parts.lexicon).tag('Two dogs are running on the beach.').words.map(({ lemma, pos }) => `${lemma} ${pos}`);
    const first = tagged();
    expect(first).toContain('dog NOUN');
    for (let i = 0; i < 30; i++) expect(tagged()).toEqual(first);
  });
});
