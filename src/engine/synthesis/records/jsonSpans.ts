/** A JSON value with its place in the text. */
export type JsonSpan =
  | { readonly kind: 'object'; readonly start: number; readonly end: number; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly start: number; readonly end: number; readonly items: readonly JsonSpan[] }
  | { readonly kind: 'string'; readonly start: number; readonly end: number; readonly value: string }
  /** Number, boolean or null, as spelled. */
  | { readonly kind: 'other'; readonly start: number; readonly end: number; readonly text: string };

export interface JsonMember {
  readonly key: string;
  readonly value: JsonSpan;
}

const word = /[^\s,\]}]+/y;
const space = /\s*/y;
const quoted = /"(?:[^"\\]|\\.)*"/sy;

/** Places of all values in a valid JSON text, so that some can be exchanged and every other byte stays. Of repeated keys all are listed. */
export function jsonSpans(text: string): JsonSpan {
  let at = 0;
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const comma = (close: string): boolean => {
    match(space);
    if (text[at] === ',') {
      at++;
      match(space);
      return true;
    }
    if (text[at] !== close) throw new SyntaxError(`"," or "${close}" is missing at ${at}`);
    return false;
  };
  const value = (): JsonSpan => {
    match(space);
    const start = at;
    if (text[at] === '"') {
      const literal = match(quoted);
      return { kind: 'string', start, end: at, value: JSON.parse(literal) as string };
    }
    if (text[at] === '{') {
      const members: JsonMember[] = [];
      at++;
      match(space);
      if (text[at] !== '}') {
        do {
          const key = JSON.parse(match(quoted)) as string;
          match(space);
          at++; // the colon
          members.push({ key, value: value() });
        } while (comma('}'));
      }
      at++;
      return { kind: 'object', start, end: at, members };
    }
    if (text[at] === '[') {
      const items: JsonSpan[] = [];
      at++;
      match(space);
      if (text[at] !== ']') {
        do items.push(value());
        while (comma(']'));
      }
      at++;
      return { kind: 'array', start, end: at, items };
    }
    const literal = match(word);
    if (literal === '') throw new SyntaxError(`a value is missing at ${at}`);
    return { kind: 'other', start, end: at, text: literal };
  };
  return value();
}

/** The member's value; of a repeated key the last, as readers take it. */
export function memberOf(span: JsonSpan | undefined, key: string): JsonSpan | undefined {
  return span?.kind === 'object' ? span.members.findLast((member) => member.key === key)?.value : undefined;
}

/** Exchanges ranges of a text. They may come in any order and must not overlap. */
export function exchange(text: string, edits: readonly { readonly start: number; readonly end: number; readonly text: string }[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
