import { inspect } from 'node:util';

const hidden = '[redacted]';
/** What looks like a key or a token, whoever's it is: servers quote what they were sent. */
const keyLike = /\b(?:sk|pk|key|tok|hf|gsk|xai)[-_][A-Za-z0-9*._-]{6,}|\bBearer\s+\S+/gi;

/** A key in memory. Printed, logged or written as JSON it is `[redacted]`; `reveal` is for the header of a request only. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}

/** Text of a server as it may be shown: without the key, without control characters, at most `most` characters. */
export function safeExcerpt(text: string, secret: Secret | undefined, most = 200): string {
  const key = secret?.reveal();
  const without = key ? text.split(key).join(hidden) : text;
  const flat = without
    .replace(keyLike, hidden)
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim();
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat;
}
