import { StringTable } from '../runs/stringTable.ts';

/** Numbers strings in order of their first appearance. */
export class Vocabulary {
  readonly #ids = new Map<string, number>();

  idOf(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const wellFormed = text.replace(/\p{Surrogate}/gu, '\uFFFD'); // what UTF-8 can hold, so that two names stay two after a round trip through a file
    if (wellFormed !== text) return this.idOf(wellFormed);
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
