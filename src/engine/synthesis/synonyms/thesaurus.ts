import { readFile } from 'node:fs/promises';

/** Synonyms of nouns by sense, the commonest sense first. */
export type Thesaurus = ReadonlyMap<string, readonly (readonly string[])[]>;

/** @param path file made by `build/makeThesaurus.mjs` */
export async function readThesaurus(path: string): Promise<Thesaurus> {
  return parseThesaurus((JSON.parse(await readFile(path, 'utf8')) as { readonly nouns: string }).nouns);
}

/** One noun per line: `lemma sense1a,sense1b|sense2a|...` */
export function parseThesaurus(text: string): Thesaurus {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [lemma, senses] = line.split(' ');
      return lemma && senses !== undefined ? [[lemma, senses.split('|').map((sense) => (sense === '' ? [] : sense.split(',')))]] : [];
    }),
  );
}

/** Synonyms of the first `senses` senses, each once, those of commoner senses first. */
export function synonymsOf(thesaurus: Thesaurus, lemma: string, senses: number): readonly string[] {
  return [...new Set((thesaurus.get(lemma) ?? []).slice(0, senses).flat())];
}
