import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/jobs/engineError.ts';
import { findPlaces, lineAt } from '../../../src/engine/selection/plan/jsonPlaces.ts';
import { nearestWord } from '../../../src/engine/selection/plan/nearestWord.ts';
import { checkSettings, parsePlan } from '../../../src/engine/selection/plan/parsePlan.ts';
import { planKeys } from '../../../src/engine/selection/plan/planSchema.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface SchemaNode {
  readonly [key: string]: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

const schemaFile = (language: string): SchemaNode =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../../media/schemas/plan.schema${language}.json`), 'utf8')) as SchemaNode;
const schema = schemaFile('');
// VS Code's own keywords beside those of draft-07.
const ajv = new Ajv({ keywords: ['enumDescriptions', 'defaultSnippets', 'allowTrailingCommas'] });
const bySchema = ajv.compile(schema);

function byParser(value: Json): boolean {
  try {
    parsePlan(JSON.stringify(value), '/p/x.ballast-plan.json');
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'plan.invalid') return false;
    throw error;
  }
}

function faultOf(text: string): EngineError {
  try {
    parsePlan(text, '/p/x.ballast-plan.json');
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const names = ['token', 'object', 'cooccurrence', 'interrogation'] as const;
const path = fc.constantFrom('train.json', '../a/b.jsonl', '/abs/x.json', 'dataset_info.json#mine');
const share = fc.double({ min: 0, max: 1, noNaN: true });
const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
const byPerspective = (value: fc.Arbitrary<number>) => fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true });
const goodPlan = fc.record(
  {
    ballastPlan: fc.constant(1),
    $schema: fc.constant('https://example.org/plan.json'),
    dataset: path,
    perspectives: fc.shuffledSubarray([...names], { minLength: 1 }),
    mass: byPerspective(share),
    tau: byPerspective(positive),
    minPerspectives: fc.integer({ min: 1, max: 4 }),
    alpha: share,
    target: fc.oneof(
      fc.record({ kind: fc.constant('count'), value: positive }),
      fc.record({ kind: fc.constant('percent'), value: fc.double({ min: 0.001, max: 100, noNaN: true }) }),
    ),
    targetBy: fc.constantFrom('tau', 'mass', 'alpha'),
    sampler: fc.constantFrom('hash', 'python'),
    seed: fc.maxSafeInteger(),
    hygiene: fc.shuffledSubarray(['blanks', 'placeholders', 'glued', 'case']),
    minFrequency: fc.integer({ min: 1, max: 1000 }),
    protect: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('text-only') }),
        fc.record({ kind: fc.constant('field'), field: fc.string({ minLength: 1 }), value: fc.string() }),
      ),
      { maxLength: 3 },
    ),
    entities: path,
    lexicon: path,
    stopList: path,
    images: fc.array(path, { minLength: 1, maxLength: 3 }),
    overrides: fc.array(
      fc.record({
        ordinal: fc.nat(),
        content: fc.stringMatching(/^[0-9a-f]{32}$/),
        duplicate: fc.nat(),
        verdict: fc.constantFrom('keep', 'drop'),
        reason: fc.string(),
      }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['ballastPlan'], noNullPrototype: true },
) as fc.Arbitrary<{ [key: string]: Json }>;

/** Values at and around the borders of every range, and of every other type. */
const anyValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json[]>(
    null,
    true,
    '',
    0,
    1,
    2,
    4,
    5,
    -1,
    0.5,
    1.0000001,
    100,
    101,
    1e300,
    2 ** 53,
    -(2 ** 53),
    [],
    {},
    'tau',
    'keep',
    'hash',
    'f'.repeat(32),
    'F'.repeat(32),
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);
const anyKey = fc.oneof(fc.constantFrom('masss', 'constructor', '__proto__', 'toString', 'kind', 'value', 'token', 'reason'), fc.string());

/** Changes one thing somewhere in a document: another value, a key more, a key less. */
const change = fc.record({
  at: fc.array(fc.nat(), { maxLength: 4 }),
  how: fc.constantFrom('replace', 'add', 'remove'),
  key: anyKey,
  value: anyValue,
});

function changed(document: Json, { at, how, key, value }: { at: readonly number[]; how: string; key: string; value: Json }): Json {
  const copy = structuredClone(document);
  let parent: { [key: string]: Json } | Json[] | undefined;
  let name: string | number = '';
  let here: Json = copy;
  for (const step of at) {
    if (typeof here !== 'object' || here === null) break;
    const keys: (string | number)[] = Array.isArray(here) ? [...here.keys()] : Object.keys(here);
    const next = keys[step % Math.max(1, keys.length)];
    if (next === undefined) break;
    parent = here;
    name = next;
    here = (here as Record<string | number, Json>)[next] as Json;
  }
  if (how === 'add' && typeof here === 'object' && here !== null) {
    if (Array.isArray(here)) here.push(value);
    else Object.defineProperty(here, key, { value, enumerable: true, configurable: true, writable: true });
    return copy;
  }
  if (!parent) return how === 'replace' ? value : copy;
  if (how === 'remove') {
    if (Array.isArray(parent)) parent.splice(name as number, 1);
    else delete parent[name];
  } else (parent as Record<string | number, Json>)[name] = value;
  return copy;
}

describe("the editor's schema and the parser", () => {
  it('accept the same documents', () => {
    fc.assert(
      fc.property(goodPlan, (plan) => {
        expect(bySchema(plan), JSON.stringify(bySchema.errors)).toBe(true);
        expect(byParser(plan)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('refuse the same documents', () => {
    let refused = 0;
    fc.assert(
      fc.property(goodPlan, fc.array(change, { minLength: 1, maxLength: 3 }), (plan, changes) => {
        // As it would stand in a file.
        const document = JSON.parse(JSON.stringify(changes.reduce<Json>(changed, plan))) as Json;
        const accepted = bySchema(document);
        expect(byParser(document), JSON.stringify(document)).toBe(accepted);
        if (!accepted) refused++;
      }),
      { numRuns: 6000 },
    );
    expect(refused).toBeGreaterThan(1000);
  });

  it('know the same keys, and the schema explains each of them', () => {
    expect(Object.keys(schema.properties ?? {}).sort()).toEqual([...planKeys].sort());
    const explain = (node: SchemaNode, at: string): void => {
      for (const [key, child] of Object.entries(node.properties ?? {})) {
        expect(child.description, `${at}.${key}`).toBeTypeOf('string');
        explain(child, `${at}.${key}`);
      }
      const { items, oneOf } = node as { items?: SchemaNode; oneOf?: SchemaNode[] };
      for (const part of [...(items ? [items] : []), ...(oneOf ?? [])]) explain(part, at);
    };
    explain(schema, '');
  });

  it('gives examples and defaults that it accepts itself', () => {
    const whole = (key: string, value: unknown) => ({ ballastPlan: 1, [key]: value });
    for (const [key, node] of Object.entries(schema.properties ?? {})) {
      for (const example of [...((node.examples ?? []) as unknown[]), ...('default' in node ? [node.default] : [])])
        expect(bySchema(whole(key, example)), `${key}: ${JSON.stringify(example)}`).toBe(true);
    }
    expect(bySchema(schema.default)).toBe(true);
  });

  it('says the same in Chinese', () => {
    const shape = (value: unknown, key = ''): unknown => {
      if (['title', 'description', 'enumDescriptions'].includes(key)) return Array.isArray(value) ? value.length : typeof value;
      if (Array.isArray(value)) return value.map((item) => shape(item));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, shape(child, name)]));
    };
    const chinese = schemaFile('.zh-cn');
    expect(shape(chinese)).toEqual(shape(schema));
    for (const text of JSON.stringify(chinese).matchAll(/"description":"([^"]*)"/g)) expect(text[1]).toMatch(/\p{Script=Han}/u);
  });
});

describe('what is wrong with a plan', () => {
  it.each([
    ['{\n  "ballastPlan": 1,\n  "masss": {}\n}', 3, '"masss" is no key of a plan; did you mean "mass"?'],
    ['{\n  "ballastPlan": 1,\n  "mass": {\n    "tokens": 0.5\n  }\n}', 4, '"tokens" is no key of "mass"; did you mean "token"?'],
    ['{"ballastPlan": 1, "frobnicate": 1}', 1, '"frobnicate" is no key of a plan; known are $schema, ballastPlan, dataset,'],
    ['{"ballastPlan": 1,\n"alpha": 2}', 2, '"alpha" takes a number from 0 to 1; got 2.'],
    ['{"ballastPlan": 1,\n"seed": 1.5}', 2, '"seed" takes a whole number; got 1.5.'],
    ['{"ballastPlan": 1,\n\n"sampler": "mt"}', 3, '"sampler" takes "hash", "python"; got "mt".'],
    ['{"ballastPlan": 1, "target": {"value": 3,\n "kind": "share"}}', 2, '"target.kind" takes "count", "percent"; got "share".'],
    ['{"ballastPlan": 1,\n"target": {"kind": "percent"}}', 2, '"value" is missing; "target" needs it.'],
    ['{"ballastPlan": 1,\n"target": "75%"}', 2, '"target" takes {"kind": "count" or "percent", "value": NUMBER}; got "75%".'],
    [
      '{"ballastPlan": 1, "overrides": [\n{"ordinal": 1, "content": "0123", "duplicate": 0, "verdict": "keep", "reason": ""}]}',
      2,
      '"overrides[0].content" takes 32 hexadecimal digits, lower case; got "0123".',
    ],
    [
      '{"ballastPlan": 1, "perspectives": [\n"token",\n"objects"]}',
      3,
      '"perspectives[1]" takes "token", "object", "cooccurrence", "interrogation"; got "objects".',
    ],
    ['{"dataset": "a.json"}', 1, '"ballastPlan" is missing; a plan needs it, with the value 1.'],
    ['{"ballastPlan":\n 2}', 1, '"ballastPlan" takes 1, the version of the format that this Ballast knows; got 2.'],
    ['[1]', 1, 'a plan is one JSON object'],
    ['{"ballastPlan": 1, "tau": []}', 1, '"tau" takes {"token": NUMBER, ...}; got [].'],
    ['{"ballastPlan": 1,\n "alpha": 0.5,\n}', 3, 'this is no valid JSON at "}".'],
    ['{"ballastPlan": 1,\n "alpha": .5}', 2, 'this is no valid JSON at ".5}".'],
    ['{"ballastPlan": 1', 1, 'this is no valid JSON: it ends too early.'],
  ])('is said with its line: %j', (text, line, message) => {
    const fault = faultOf(text);
    expect(fault.code).toBe('plan.invalid');
    expect(fault.message).toContain(`/p/x.ballast-plan.json, line ${line}: ${message}`);
    expect(fault.data).toMatchObject({ path: '/p/x.ballast-plan.json', line });
  });

  it('is told of settings on the wire by the same rules', () => {
    expect(() => checkSettings({ dataset: 'a.json', images: [], alpha: undefined, output: 'x', threads: 3 })).not.toThrow();
    expect(() => checkSettings({ dataset: 'a.json', mass: { token: 2 } })).toThrow('"mass.token" takes a number from 0 to 1; got 2.');
  });

  it('a byte order mark is not', () => {
    expect(parsePlan('\ufeff{"ballastPlan": 1}', 'x')).toEqual({ ballastPlan: 1 });
  });
});

describe('places in a JSON text', () => {
  const document = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

  it('end where JSON.parse gives up, and nowhere else', () => {
    fc.assert(
      fc.property(
        document,
        fc.nat(),
        fc.constantFrom('', '"', ',', '}', ']', 'x', '\\', '\n', '01', '\u0001'),
        fc.nat(3),
        (value, at, insert, cut) => {
          const whole = JSON.stringify(value, null, 1);
          const from = at % (whole.length + 1);
          const text = whole.slice(0, from) + insert + whole.slice(from + cut);
          let valid = true;
          try {
            JSON.parse(text);
          } catch {
            valid = false;
          }
          expect(findPlaces(text).error === undefined, text).toBe(valid);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('are those of every key and element', () => {
    fc.assert(
      fc.property(document, (value) => {
        const text = JSON.stringify(value, null, 2);
        const places = findPlaces(text);
        const look = (node: Json, path: (string | number)[]): void => {
          if (typeof node !== 'object' || node === null) return;
          for (const [key, child] of Object.entries(node)) {
            const step = Array.isArray(node) ? Number(key) : key;
            const begin = Array.isArray(node) ? JSON.stringify(child, null, 2)[0] : JSON.stringify(key);
            expect(text.slice(places.offsetOf([...path, step])).startsWith(begin ?? '')).toBe(true);
            look(child, [...path, step]);
          }
        };
        look(value, []);
      }),
    );
  });

  it('have lines', () => {
    expect(lineAt('a\nb\nc', 0)).toBe(1);
    expect(lineAt('a\nb\nc', 2)).toBe(2);
    expect(lineAt('a\nb\nc', 5)).toBe(3);
  });
});

describe('the nearest word', () => {
  it('is the one meant', () => {
    expect(nearestWord('minperspective', ['minPerspectives', 'minFrequency'])).toBe('minPerspectives');
    expect(nearestWord('stoplist', ['stopList', 'lexicon'])).toBe('stopList');
    expect(nearestWord('zzzz', ['token', 'object'])).toBeUndefined();
    expect(nearestWord('x'.repeat(10_000), ['token'])).toBeUndefined();
  });
});
