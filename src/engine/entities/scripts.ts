import { type Replace, replacePlainly } from './textTrace.ts';

/** UTF-16 units of letters per script that the extractors do not know, by Unicode script name. */
export type ScriptCounts = Map<string, number>;

/** Scripts named in reports; letters of any other non-Latin script count as `Other`. */
const named = [
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Bopomofo',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Thai',
  'Lao',
  'Khmer',
  'Myanmar',
  'Devanagari',
  'Bengali',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Gujarati',
  'Gurmukhi',
  'Sinhala',
  'Georgian',
  'Armenian',
  'Ethiopic',
  'Mongolian',
  'Tibetan',
].map((name) => [name, new RegExp(`^\\p{Script=${name}}`, 'u')] as const);

/** Beyond Latin letters, marks and the punctuation of Latin text: only such text is looked at closely. */
const maybeUnknown =
  /[\u0370-\u1DFF\u1F00-\u1FFF\u2C00-\u2C5F\u2C80-\u2DFF\u3040-\uA71F\uA800-\uAB2F\uAB70-\uFAFF\uFB07-\uFDFF\uFE70-\uFF20\uFF5B-\uFFEF\u{10000}-\u{1CFFF}\u{1E000}-\u{1EFFF}\u{20000}-\u{3FFFF}]/u;
/** Letters that belong to no Latin word, with the marks and joiners between them. */
const unknownRun =
  /(?![\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}])[\p{L}\p{Nl}](?:[\p{M}\u200C\u200D]|(?![\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}])[\p{L}\p{Nl}]|[\u3005\u3006\u30FC\uFF70])*/gu;

/**
 * Takes text in unknown scripts out, leaving a sentence boundary, and adds its length in UTF-16 units to `counts`.
 * Latin text of any language stays; digits, punctuation and emoji belong to no script.
 */
export function withoutUnknownScripts(text: string, counts: ScriptCounts, replace: Replace = replacePlainly): string {
  if (!maybeUnknown.test(text)) return text;
  return replace(text, unknownRun, (run) => {
    countRun(run, counts);
    return '\n';
  });
}

function countRun(run: string, counts: ScriptCounts): void {
  let script = 'Other';
  for (const character of run) {
    // A mark, or a sign shared by scripts, counts for the letter before it.
    if (/^\p{L}/u.test(character)) script = scriptOf(character) ?? script;
    counts.set(script, (counts.get(script) ?? 0) + character.length);
  }
}

function scriptOf(letter: string): string | undefined {
  for (const [name, pattern] of named) if (pattern.test(letter)) return name;
  return /^[\p{Script=Common}\p{Script=Inherited}]/u.test(letter) ? undefined : 'Other';
}
