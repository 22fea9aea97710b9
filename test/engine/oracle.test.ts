import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnalyzeReport, RebalanceReport } from '../../src/protocol/reports.ts';
import { answer, keptOf, temporaryFolder } from './ballast.ts';

const folder = temporaryFolder('oracle');

interface Lists {
  readonly token: readonly string[];
  readonly object: readonly string[];
  readonly interrogation: readonly string[];
}

/** Writes a dataset and its entities; the dataset's own text says something else, so that only imported entities can explain a result. */
function write(name: string, lists: readonly Lists[]): { dataset: string; entities: string } {
  const dataset = join(folder, `${name}.json`);
  const entities = join(folder, `${name}.entities.jsonl`);
  writeFileSync(
    dataset,
    JSON.stringify(
      lists.map((_, i) => ({
        id: 'same',
        n: i,
        conversations: [
          { from: 'human', value: 'Why?' },
          { from: 'gpt', value: 'Because.' },
        ],
      })),
    ),
  );
  writeFileSync(
    entities,
    lists
      .map((list, ordinal) => `${JSON.stringify({ ordinal, ...list })}\n`)
      .reverse()
      .join(''),
  );
  return { dataset, entities };
}

const names = (alphabet: readonly string[], maxLength: number) => fc.array(fc.constantFrom(...alphabet), { maxLength });
const lists = fc.array(
  fc.record({
    token: names(['cat', 'dog', 'Dog', 'a,b', '日本', 'x"y', 'sky'], 4),
    object: names(['car', 'bus', 'salt, pepper', 'épée', 'zebra', '😀'], 4),
    interrogation: names(['what', 'how many', 'describe'], 2),
  }),
  { minLength: 3, maxLength: 25 },
);

type Name = 'token' | 'object' | 'cooccurrence' | 'interrogation';

/** Everything by plain loops over strings: no index, no ids, no shared code. Pairs are made over the listed, distinct objects. */
function literal(all: readonly Lists[], order: readonly Name[]): Map<Name, string[][]> {
  const pairs = (objects: readonly string[]): string[] => {
    const distinct = [...new Set(objects)];
    return distinct.flatMap((a, i) =>
      distinct.slice(i + 1).map((b) => [a, b].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y))).join('\0')),
    );
  };
  return new Map(order.map((name) => [name, all.map((list) => (name === 'cooccurrence' ? pairs(list.object) : [...list[name]]))]));
}

function counts(rows: readonly (readonly string[])[], mentions: boolean): Map<string, number> {
  const result = new Map<string, number>();
  for (const row of rows) for (const name of mentions ? row : new Set(row)) result.set(name, (result.get(name) ?? 0) + 1);
  return result;
}

function tauOf(frequency: Map<string, number>, mass: number): { tau: number; rank: number } | undefined {
  const sorted = [...frequency.values()].sort((a, b) => b - a);
  const total = sorted.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (const [rank, f] of sorted.entries()) {
    sum += f;
    if (sum >= mass * total) return { tau: f, rank };
  }
  return undefined;
}

/** P(keep) by the definition, Poisson-binomial by enumerating which perspectives pass. */
function keepProbabilities(
  rows: Map<Name, string[][]>,
  taus: Map<Name, number>,
  minPerspectives: number,
  alpha: number,
  mentions: boolean,
): number[] {
  const n = [...rows.values()][0]?.length ?? 0;
  const frequency = new Map([...rows].map(([name, lists]) => [name, counts(lists, mentions)]));
  return Array.from({ length: n }, (_, x) => {
    const q = [...rows].map(([name, lists]) => {
      const row = lists[x] ?? [];
      let fail = 1;
      for (const entity of mentions ? row : new Set(row))
        fail *= 1 - Math.min(1, (taus.get(name) ?? 0) / (frequency.get(name)?.get(entity) ?? 1));
      return 1 - fail;
    });
    let keep = 0;
    for (let pass = 0; pass < 2 ** q.length; pass++) {
      const passed = q.filter((_, k) => (pass >> k) & 1).length;
      if (passed >= minPerspectives) keep += q.reduce((p, qk, k) => p * ((pass >> k) & 1 ? qk : 1 - qk), 1);
    }
    return alpha * keep;
  });
}

/** The reference's loop in Python itself: its generator, its order, its stop at the first win. */
const pythonLoop = `
import json, random, sys
spec = json.load(sys.stdin)
random.seed(spec["seed"])
postings = {}
for name in spec["order"]:
    posting = {}
    for i, row in enumerate(spec["rows"][name]):
        for e in row:
            posting.setdefault(e, []).append(i)
    postings[name] = posting
kept = []
for i in range(spec["n"]):
    z = 0
    for name in spec["order"]:
        for e in spec["rows"][name][i]:
            if random.random() < spec["tau"][name] / len(postings[name][e]):
                z += 1
                break
    if z >= spec["min"]:
        if spec["alpha"] is None or random.random() < spec["alpha"]:
            kept.append(i)
print(json.dumps(kept))
`;

const options = fc.record({
  order: fc.shuffledSubarray<Name>(['token', 'object', 'cooccurrence', 'interrogation'], { minLength: 1 }),
  tau: fc.double({ min: 0.2, max: 6, noNaN: true }),
  alpha: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  seed: fc.integer({ min: 0, max: 2 ** 33 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('imported entities against literal oracles', () => {
  it('give the thresholds of the mass rule', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(lists, fc.double({ min: 0, max: 1, noNaN: true }), async (all, mass) => {
        const { dataset, entities } = write(`mass${run++}`, all);
        const report = await answer<AnalyzeReport>([
          'analyze',
          dataset,
          '--entities',
          entities,
          '--mass',
          `token=${mass},object=${mass},cooccurrence=${mass},interrogation=${mass}`,
        ]);
        for (const [name, rows] of literal(all, ['token', 'object', 'cooccurrence', 'interrogation'])) {
          const frequency = counts(rows, false);
          const one = report.perspectives[name];
          expect(one?.entities).toBe(frequency.size);
          expect(one?.postings).toBe([...frequency.values()].reduce((a, b) => a + b, 0));
          const wanted = tauOf(frequency, mass);
          expect([one?.tau, one?.rank]).toEqual([wanted?.tau ?? null, wanted?.rank ?? null]);
          if (!wanted) continue;
          const tail = [...frequency.values()].filter((f) => f <= wanted.tau);
          expect(one?.tailEntityShare).toBeCloseTo(tail.length / frequency.size, 12);
          expect(one?.tailMassShare).toBeCloseTo(tail.reduce((a, b) => a + b, 0) / (one?.postings ?? 1), 12);
          expect(one?.scarceInstances).toBe(rows.filter((row) => row.some((entity) => (frequency.get(entity) ?? 0) < wanted.tau)).length);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('give the expected volume of the definition and the selection of the Python loop', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(lists, options, async (all, { order, tau, alpha, seed, share }) => {
        if ([...literal(all, order).values()].every((rows) => rows.every((row) => row.length === 0))) return;
        const minPerspectives = 1 + Math.min(order.length - 1, Math.floor(share * order.length));
        const { dataset, entities } = write(`draw${run++}`, all);
        const rows = literal(all, order);
        const taus = new Map(order.map((name) => [name, tau]));
        const common = [
          '--entities',
          entities,
          '--perspectives',
          order.join(','),
          '--tau',
          order.map((name) => `${name}=${tau}`).join(','),
          '--min-perspectives',
          String(minPerspectives),
          '--seed',
          String(seed),
          ...(alpha === undefined ? [] : ['--alpha', String(alpha)]),
        ];
        const output = join(folder, `draw${run}.out.json`);
        const hash = await answer<RebalanceReport>(['rebalance', dataset, '-o', output, ...common]);
        const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
        expect(hash.expected).toBeCloseTo(sum(keepProbabilities(rows, taus, minPerspectives, alpha ?? 1, false)), 9);
        const python = await answer<RebalanceReport>(['rebalance', dataset, '-o', output, '--sampler', 'python', ...common]);
        expect(python.expected).toBeCloseTo(sum(keepProbabilities(rows, taus, minPerspectives, alpha ?? 1, true)), 9);
        const spec = {
          seed,
          order,
          n: all.length,
          rows: Object.fromEntries(rows),
          tau: Object.fromEntries(taus),
          min: minPerspectives,
          alpha: alpha ?? null,
        };
        const reference = spawnSync('python3', ['-c', pythonLoop], { input: JSON.stringify(spec), encoding: 'utf8' });
        expect(reference.status, reference.stderr).toBe(0);
        expect(keptOf(output)).toEqual(JSON.parse(reference.stdout));
      }),
      { numRuns: 15 },
    );
  });

  it('keep everything at a huge tau, and then the file is the same byte for byte', async () => {
    const raw =
      '\uFEFF[\r\n   {"id":12345678901234567890,"x":1e5,"y":1.0 , "conversations":[{"from":"human","value":"\\u4e2d"}]}\t,\r\n {"id":12345678901234567890,"unknown":{"deep":[1.50]},"conversations":[]},\r\n{ "conversations" : [ ] }\r\n]\r\n\r\n';
    const dataset = join(folder, 'odd.json');
    writeFileSync(dataset, raw);
    const entities = join(folder, 'odd.jsonl');
    writeFileSync(
      entities,
      [0, 1, 2].map((ordinal) => `${JSON.stringify({ ordinal, token: ['a'], object: [], interrogation: [] })}\n`).join(''),
    );
    const output = join(folder, 'odd.out.json');
    const report = await answer<RebalanceReport>([
      'rebalance',
      dataset,
      '--entities',
      entities,
      '--perspectives',
      'token',
      '--tau',
      'token=1000',
      '-o',
      output,
    ]);
    expect(report.kept).toBe(3);
    expect(readFileSync(output, 'utf8')).toBe(raw);
    expect(report.output?.sha256).toBe(createHash('sha256').update(raw).digest('hex'));
  });
});
