import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { OptionSpec } from './optionTable.ts';
import { UsageError } from './usageError.ts';

/** Parsed options of one call, read through typed getters that complain in whole sentences. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

  constructor(args: readonly string[], specs: readonly OptionSpec[]) {
    const options: Record<string, { type: 'string' | 'boolean'; multiple?: boolean; short?: string }> = {};
    for (const { name, value, repeatable } of specs) {
      options[name] = {
        type: value ? 'string' : 'boolean',
        ...(repeatable ? { multiple: true } : {}),
        ...(name === 'output' ? { short: 'o' } : {}),
        ...(name === 'help' ? { short: 'h' } : {}),
      };
    }
    try {
      const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
      this.#values = values;
      this.positionals = positionals;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw new UsageError(/'?--?([\w-]+)/.exec(text)?.[1] ?? '', `${firstSentence(text)} See --help.`);
    }
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (typeof value !== 'string') return undefined;
    if (value === '') throw new UsageError(name, `--${name} is empty; give a value.`);
    return value;
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : undefined;
  }

  path(name: string): string | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : resolve(value);
  }

  number(
    name: string,
    accept: { readonly from: number; readonly to: number; readonly integer?: boolean; readonly above?: boolean },
  ): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseNumber(`--${name}`, text, accept);
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseChoice(`--${name}`, text, choices);
  }

  /** `a,b,c` without repeats. */
  list<T extends string>(name: string, choices: readonly T[]): T[] | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const items = text.split(',').map((item) => parseChoice(`--${name}`, item.trim(), choices));
    if (new Set(items).size < items.length) throw new UsageError(name, `--${name} names something twice: ${text}.`);
    return items;
  }

  /** `name=number,name=number`. */
  numberMap<T extends string>(
    name: string,
    keys: readonly T[],
    accept: { readonly from: number; readonly to: number; readonly above?: boolean },
  ): Partial<Record<T, number>> | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const result: Partial<Record<T, number>> = {};
    for (const item of text.split(',')) {
      const equals = item.indexOf('=');
      if (equals < 0)
        throw new UsageError(name, `--${name} takes NAME=NUMBER pairs, e.g. ${keys[0]}=${accept.to <= 1 ? '0.9' : '120'}; got "${item}".`);
      const key = parseChoice(`--${name}`, item.slice(0, equals).trim(), keys);
      result[key] = parseNumber(`--${name} ${key}`, item.slice(equals + 1).trim(), accept);
    }
    return result;
  }
}

/** Node's own text goes on for several lines with advice that only fits its own examples. */
function firstSentence(text: string): string {
  const first = text.split('\n')[0]?.split('. To specify')[0] ?? text;
  return `${first.replace(/\.$/, '')}${first.includes('ambiguous') ? '; write --name=value for a value that begins with a dash' : ''}.`;
}

export function parseNumber(
  what: string,
  text: string,
  accept: { readonly from: number; readonly to: number; readonly integer?: boolean; readonly above?: boolean },
): number {
  const value = Number(text);
  const low = accept.above ? value > accept.from : value >= accept.from;
  const ok = text.trim() !== '' && Number.isFinite(value) && low && value <= accept.to && (!accept.integer || Number.isInteger(value));
  if (!ok) {
    const kind = accept.integer ? 'a whole number' : 'a number';
    const least = accept.above ? `above ${accept.from}` : `of at least ${accept.from}`;
    const range =
      accept.to >= Number.MAX_SAFE_INTEGER
        ? accept.from <= -Number.MAX_SAFE_INTEGER
          ? ''
          : ` ${least}`
        : ` ${accept.above ? `above ${accept.from}` : `from ${accept.from}`} to ${accept.to}`;
    throw new UsageError(what.replace(/^--/, ''), `${what} takes ${kind}${range}; got "${text}".`);
  }
  return value;
}

export function parseChoice<T extends string>(what: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new UsageError(what.replace(/^--/, ''), `${what} takes ${choices.join(', ')}; got "${text}".`);
  return found;
}
