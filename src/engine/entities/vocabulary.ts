import { StringTable } from '../runs/stringTable.ts';

const anySurrogate = /[\uD800-\uDFFF]/;

/** Numbers strings in order of their first appearance. */
export class Vocabulary {
  readonly #ids = new Map<string, number>();

  idOf(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    // Half a surrogate pair cannot be written as UTF-8: what the file would give back is what counts.
    if (anySurrogate.test(text)) {
      const wellFormed = text.replace(/\p{Surrogate}/gu, '\uFFFD');
      if (wellFormed !== text) return this.idOf(wellFormed);
    }
    const id = this.#ids.size;
    this.#ids.set(text, id);
    return id;
  }

  names(): StringTable {
    return StringTable.from(this.#ids.keys());
  }

  list(): string[] {
    return [...this.#ids.keys()];
  }
}
