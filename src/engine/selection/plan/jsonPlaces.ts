/** Where something stands in a JSON text, or what is wrong with the text. */
export interface JsonPlaces {
  /** Offset (UTF-16) of the first thing that is no JSON. */
  readonly error?: number;
  /** Offset of the key, or of the list element, at this path; of the nearest thing around it that exists. */
  offsetOf(path: readonly (string | number)[]): number;
}

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

const space = /[ \t\n\r]*/y;
const plainScalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** Deeper than any plan; a hostile file must not end the stack. */
const depthLimit = 500;

/** Walks a JSON text. `JSON.parse` tells neither where a key stands nor, in every version of Node, where the text is broken. */
export function findPlaces(text: string): JsonPlaces {
  const places = new Map<string, number>();
  const walker = new Walker(text, places);
  const error = walker.document();
  return {
    ...(error === undefined ? {} : { error }),
    offsetOf: (path) => {
      for (let length = path.length; length > 0; length--) {
        const found = places.get(pointer(path.slice(0, length)));
        if (found !== undefined) return found;
      }
      return 0;
    },
  };
}

function pointer(path: readonly (string | number)[]): string {
  return JSON.stringify(path.map(String));
}

class Broken extends Error {}

class Walker {
  readonly #text: string;
  readonly #places: Map<string, number>;
  readonly #path: string[] = [];
  #at = 0;

  constructor(text: string, places: Map<string, number>) {
    this.#text = text;
    this.#places = places;
  }

  document(): number | undefined {
    try {
      this.#value();
      this.#match(space);
      if (this.#at < this.#text.length) throw new Broken();
      return undefined;
    } catch (error) {
      if (error instanceof Broken) return this.#at;
      throw error;
    }
  }

  #value(): void {
    this.#match(space);
    const open = this.#text[this.#at];
    if (open === '{') this.#members();
    else if (open === '[') this.#elements();
    else this.#scalar();
  }

  #members(): void {
    this.#inside('}', () => {
      this.#match(space);
      const from = this.#at;
      if (this.#text[from] !== '"') throw new Broken();
      const key = JSON.parse(this.#scalar()) as string;
      this.#match(space);
      this.#expect(':');
      return { key, from };
    });
  }

  #elements(): void {
    let index = 0;
    this.#inside(']', () => {
      this.#match(space);
      return { key: String(index++), from: this.#at };
    });
  }

  #inside(close: string, begin: () => { readonly key: string; readonly from: number }): void {
    this.#at++;
    this.#match(space);
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    if (this.#path.length >= depthLimit) throw new Broken();
    for (;;) {
      const { key, from } = begin();
      this.#path.push(key);
      this.#places.set(pointer(this.#path), from);
      this.#value();
      this.#path.pop();
      this.#match(space);
      if (this.#text[this.#at] === close) break;
      this.#expect(',');
    }
    this.#at++;
  }

  #scalar(): string {
    const from = this.#at;
    if (this.#text[from] === '"') this.#string();
    else this.#match(plainScalar);
    if (this.#at === from) throw new Broken();
    return this.#text.slice(from, this.#at);
  }

  /** A loop, since one pattern over a long text would need as long a stack. */
  #string(): void {
    for (this.#at++; ; ) {
      const character = this.#text[this.#at];
      if (character === '"') break;
      if (character === undefined || character < ' ') throw new Broken();
      if (character !== '\\') this.#at++;
      else {
        const from = this.#at;
        this.#match(escaped);
        if (this.#at === from) throw new Broken();
      }
    }
    this.#at++;
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw new Broken();
    this.#at++;
  }

  #match(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    if (pattern.test(this.#text)) this.#at = pattern.lastIndex;
  }
}
