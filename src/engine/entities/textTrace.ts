/** `String.prototype.replace` with a global pattern without named groups; a replacement text is taken as it is. */
export type Replace = (
  text: string,
  pattern: RegExp,
  replacement: string | ((match: string, first: string, second: string) => string),
) => string;

export const replacePlainly: Replace = (text, pattern, replacement) => text.replace(pattern, replacement as () => string);

/** Follows a text through replacements, so that a word of the last text can be found in the first. */
export class TextTrace {
  #text: string;
  /** Per unit of the current text, its position in the first text. */
  #places: Int32Array;

  constructor(text: string) {
    this.#text = text;
    this.#places = Int32Array.from({ length: text.length }, (_, i) => i);
  }

  /** Where each unit of the current text comes from. What was put in stands where the replaced text began. */
  get places(): Int32Array {
    return this.#places;
  }

  /** Replaces in the current text, which `text` must be. */
  readonly replace: Replace = (text, pattern, replacement) => {
    if (text !== this.#text) throw new Error('a trace follows one text only');
    const parts: string[] = [];
    const places: number[] = [];
    let from = 0;
    const copy = (to: number): void => {
      parts.push(text.slice(from, to));
      for (let i = from; i < to; i++) places.push(this.#places[i] as number);
    };
    for (const match of text.matchAll(pattern)) {
      copy(match.index);
      const [whole, first = '', second = ''] = match;
      const put = typeof replacement === 'string' ? replacement : replacement(whole, first, second);
      const keepsLength = put.length === whole.length;
      for (let i = 0; i < put.length; i++) places.push(this.#places[match.index + (keepsLength ? i : 0)] ?? 0);
      parts.push(put);
      from = match.index + whole.length;
    }
    if (from === 0 && parts.length === 0) return text;
    copy(text.length);
    this.#text = parts.join('');
    this.#places = Int32Array.from(places);
    return this.#text;
  };
}
