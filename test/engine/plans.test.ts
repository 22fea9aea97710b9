import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancellationTokenSource, ResponseError } from 'vscode-jsonrpc/node';
import { requestCancelled } from '../../src/protocol/engine.ts';
import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import type { Override, RebalancePlan } from '../../src/protocol/plan.ts';
import type { RebalanceReport, Receipt, VerifyReport } from '../../src/protocol/reports.ts';
import type { WhatIfReport } from '../../src/protocol/whatIf.ts';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { answer, ballast, keptOf, temporaryFolder } from './ballast.ts';
import { EngineProcess } from './engineProcess.ts';

const folder = temporaryFolder('plans');
const at = (name: string): string => join(folder, name);
const dataset = at('set.json');
let engine: EngineProcess;
/** Instances by what names them. */
let keys: readonly Omit<Override, 'verdict' | 'reason'>[];

beforeAll(async () => {
  await generateDataset({ outFile: dataset, instances: 1200, seed: 7, profile: 'small', validJson: true, plantDuplicates: 20 });
  engine = await EngineProcess.start();
  await engine.request('selection/rebalance', { dataset, output: at('first.json') });
  keys = await Promise.all([0, 3, 77, 500, 501, 1199].map((ordinal) => keyOf(dataset, ordinal)));
}, 300_000);
afterAll(() => engine[Symbol.dispose]());

async function keyOf(path: string, ordinal: number): Promise<Omit<Override, 'verdict' | 'reason'>> {
  const { instanceKey } = await engine.request('instance/explain', {
    dataset: path,
    instance: ordinal,
    manifest: at('first.json.manifest.json'),
  });
  return { ordinal, ...instanceKey };
}

const force = (index: number, verdict: Override['verdict'], reason = ''): Override => ({ ...(keys[index] as Override), verdict, reason });
const bytesOf = (name: string): Buffer => readFileSync(at(name));

interface Failed {
  readonly error: { readonly code: string };
}

async function cli(...args: string[]): Promise<RebalanceReport | Failed> {
  return JSON.parse((await ballast([...args, '--json', '--quiet'])).stdout) as RebalanceReport | Failed;
}

async function rpc<Result>(result: Promise<Result>): Promise<Result | Failed> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof ResponseError) return { error: error.data as Failed['error'] };
    throw error;
  }
}

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const byPerspective = (value: fc.Arbitrary<number>) =>
  fc.dictionary(fc.constantFrom(...perspectives), value, { noNullPrototype: true, maxKeys: 3 }) as fc.Arbitrary<
    Partial<Record<Perspective, number>>
  >;
const verdict = fc.constantFrom('keep' as const, 'drop' as const);
const randomPlan = fc
  .record(
    {
      perspectives: fc.shuffledSubarray([...perspectives], { minLength: 2 }),
      mass: byPerspective(real(0, 1)),
      tau: byPerspective(fc.oneof(fc.integer({ min: 1, max: 40 }), real(0.1, 60))),
      minPerspectives: fc.integer({ min: 1, max: 2 }),
      alpha: real(0.6, 1),
      target: fc.oneof(
        fc.record({ kind: fc.constant('percent' as const), value: real(5, 55) }),
        fc.record({ kind: fc.constant('count' as const), value: real(50, 650) }),
      ),
      targetBy: fc.constantFrom('tau' as const, 'mass' as const),
      sampler: fc.constantFrom('hash' as const, 'hash' as const, 'hash' as const, 'python' as const),
      seed: fc.integer({ min: -1000, max: 2 ** 40 }),
      hygiene: fc.subarray(['blanks' as const, 'placeholders' as const, 'glued' as const, 'case' as const]),
      minFrequency: fc.integer({ min: 1, max: 3 }),
      protect: fc.constant([{ kind: 'text-only' as const }]),
      force: fc.uniqueArray(fc.tuple(fc.nat(5), verdict), { selector: ([index]) => index, maxLength: 4 }),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map(({ force: forced = [], target, targetBy, ...rest }) => ({
    plan: { ...rest, ...(target ? { target, ...(targetBy ? { targetBy } : {}) } : {}) } as Omit<RebalancePlan, 'dataset'>,
    forced,
  }));

describe('a plan', () => {
  it('gives the same bytes from its file, from the panel, from the command line, and what the what-if showed: 20 random plans', async () => {
    mkdirSync(at('plans'), { recursive: true });
    let written = 0;
    for (const [i, { plan: settings, forced }] of fc.sample(randomPlan, { numRuns: 40, seed: 20 }).entries()) {
      if (written === 20) break;
      const overrides = forced.map(([index, each]) => force(index, each, `reason ${index}`));
      const plan = { ...settings, ...(overrides.length > 0 ? { overrides } : {}) };
      const file = at(`plans/${i}.ballast-plan.json`);
      writeFileSync(file, JSON.stringify({ ballastPlan: 1, dataset: '../set.json', ...plan }, null, 2));
      const shown = await rpc(engine.request('selection/whatIf', { dataset, ...plan }));
      const byFile = await cli('rebalance', '--plan', file, '-o', at('a.json'));
      const byPanel = await rpc(engine.request('selection/rebalance', { dataset, ...plan, output: at('b.json') }));
      const read = await engine.request('plan/read', { path: file });
      expect(read).toEqual({ dataset, ...plan });
      const byReading = await rpc(engine.request('selection/rebalance', { ...read, output: at('c.json') }));
      if ('error' in byPanel) {
        for (const other of [shown, byFile, byReading]) expect((other as Failed).error.code, JSON.stringify(plan)).toBe(byPanel.error.code);
        continue;
      }
      written++;
      expect('error' in byFile ? byFile : byFile.selectionHash, JSON.stringify(plan)).toBe(byPanel.selectionHash);
      expect((byReading as RebalanceReport).selectionHash).toBe(byPanel.selectionHash);
      expect(bytesOf('a.json').equals(bytesOf('b.json'))).toBe(true);
      expect(bytesOf('c.json').equals(bytesOf('b.json'))).toBe(true);
      const { selectionHash, kept, expected, perspectives: parts } = shown as WhatIfReport;
      expect(expected).toBe(byPanel.expected);
      if (plan.sampler === 'python') expect([selectionHash, kept]).toEqual([undefined, 0]);
      else {
        expect(selectionHash).toBe(byPanel.selectionHash);
        expect(parts).toEqual(byPanel.perspectives);
      }
    }
    expect(written).toBe(20);
  }, 600_000);

  it('moves with its folder, and works on the dataset that the command line names', async () => {
    mkdirSync(at('here/plans'), { recursive: true });
    cpSync(dataset, at('here/set.json'));
    const plan = { dataset: at('here/set.json'), target: { kind: 'percent' as const, value: 40 } };
    await engine.request('plan/write', { path: at('here/plans/p.ballast-plan.json'), plan });
    expect(JSON.parse(readFileSync(at('here/plans/p.ballast-plan.json'), 'utf8'))).toEqual({
      ballastPlan: 1,
      dataset: '../set.json',
      target: { kind: 'percent', value: 40 },
    });
    cpSync(at('here'), at('there'), { recursive: true });
    rmSync(at('here'), { recursive: true });
    const moved = await answer<RebalanceReport>(['rebalance', '--plan', at('there/plans/p.ballast-plan.json'), '-o', at('moved.json')]);
    expect(moved.expected).toBeCloseTo(480, 3);
    const other = await answer<RebalanceReport>([
      'rebalance',
      dataset,
      '--plan',
      at('there/plans/p.ballast-plan.json'),
      '-o',
      at('other.json'),
      '--target',
      '50%',
    ]);
    expect(other.expected).toBeCloseTo(600, 3);
    expect(JSON.parse(readFileSync(at('other.json.manifest.json'), 'utf8'))).toMatchObject({
      source: { path: 'set.json' },
      parameters: { plan: 'there/plans/p.ballast-plan.json', requested: { target: { kind: 'percent', value: 50 } } },
    });
  });

  it('is saved by the command line and gives the same again, also from a dry run and from the manifest', async () => {
    const options = [
      '--target',
      '70%',
      '--alpha',
      '.9',
      '--min-perspectives',
      '2',
      '--protect',
      'text-only',
      '--seed',
      '5',
      '--mass',
      'token=.8',
    ];
    const saved = at('saved.ballast-plan.json');
    const made = await answer<RebalanceReport & { savedPlan: string }>([
      'rebalance',
      dataset,
      '-o',
      at('made.json'),
      ...options,
      '--save-plan',
      saved,
    ]);
    expect(made.savedPlan).toBe(saved);
    const text = readFileSync(saved, 'utf8');
    const dry = await answer<RebalanceReport>(['rebalance', dataset, '--dry-run', ...options, '--save-plan', saved]);
    expect(dry.expected).toBe(made.expected);
    expect(readFileSync(saved, 'utf8')).toBe(text);
    await answer(['rebalance', '--plan', saved, '-o', at('again.json')]);
    expect(bytesOf('again.json').equals(bytesOf('made.json'))).toBe(true);
    const earlier = await engine.request('plan/read', { path: at('made.json.manifest.json') });
    expect(earlier).toMatchObject({ dataset, target: { kind: 'percent', value: 70 }, alpha: 0.9, seed: 5, mass: { token: 0.8 } });
    expect(earlier).not.toHaveProperty('plan');
    await answer(['rebalance', '--plan', at('made.json.manifest.json'), '-o', at('third.json')]);
    expect(bytesOf('third.json').equals(bytesOf('made.json'))).toBe(true);
  });

  it('that cannot be used says why, with the line', async () => {
    writeFileSync(at('bad.ballast-plan.json'), '{\n  "ballastPlan": 1,\n  "dataset": "set.json",\n  "minPerspective": 2\n}\n');
    const bad = await ballast(['rebalance', '--plan', at('bad.ballast-plan.json'), '-o', at('x.json'), '--json']);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({ error: { code: 'plan.invalid', data: { line: 4, key: 'minPerspective' } } });
    expect(bad.stdout).toContain('did you mean');
    const missing = await ballast(['rebalance', '--plan', at('none.ballast-plan.json'), '--dry-run', '--json']);
    expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'plan.notFound' } });
    writeFileSync(at('no.ballast-plan.json'), '{"ballastPlan": 1}');
    const nameless = await ballast(['rebalance', '--plan', at('no.ballast-plan.json'), '--dry-run']);
    expect([nameless.code, nameless.stderr]).toEqual([2, expect.stringContaining('names no dataset')]);
    await expect(engine.request('plan/write', { path: dataset, plan: { dataset } })).rejects.toMatchObject({ data: { code: 'usage' } });
    const over = await ballast(['rebalance', dataset, '--plan', at('no.ballast-plan.json'), '-o', at('no.ballast-plan.json')]);
    expect([over.code, over.stderr]).toEqual([2, expect.stringContaining('which is the file of --plan')]);
  });
});

describe('an override', () => {
  const output = (): string => at('forced.json');

  it('wins over draws and protection in the result, its control, its receipt, and when it is verified and reproduced', async () => {
    const base = { dataset, target: { kind: 'percent' as const, value: 30 }, protect: [{ kind: 'text-only' as const }] };
    const overrides = [force(0, 'drop', 'bad picture'), force(1, 'keep', 'wanted'), force(2, 'keep'), force(3, 'drop')];
    const report = await engine.request('selection/rebalance', { ...base, overrides, output: output(), randomControl: at('control.json') });
    expect(report.overrides).toEqual({ kept: 2, dropped: 2, unmatched: 0 });
    const kept = new Set(keptOf(output()));
    expect([0, 3, 77, 500].map((ordinal) => kept.has(ordinal))).toEqual([false, true, true, false]);
    const records = JSON.parse(readFileSync(dataset, 'utf8')) as unknown[];
    const control = (JSON.parse(readFileSync(at('control.json'), 'utf8')) as unknown[]).map((record) => JSON.stringify(record));
    expect(control).toHaveLength(report.kept);
    expect([0, 3, 77, 500].map((ordinal) => control.includes(JSON.stringify(records[ordinal])))).toEqual([false, true, true, false]);
    expect(Math.abs(report.kept - report.expected)).toBeLessThan(4 * report.standardDeviation + 1);

    const dropped = await answer<Receipt>(['explain', dataset, '--instance', '0', '--manifest', `${output()}.manifest.json`]);
    expect(dropped).toMatchObject({ verdict: 'dropped', keepProbability: 0, override: { verdict: 'drop', reason: 'bad picture' } });
    expect(dropped.flip).toBeUndefined();
    const forced = await answer<Receipt>(['explain', dataset, '--instance', '3', '--manifest', `${output()}.manifest.json`]);
    expect(forced).toMatchObject({ verdict: 'kept', keepProbability: 1, override: { verdict: 'keep', reason: 'wanted' } });
    const text = await ballast(['explain', dataset, '--instance', '3', '--manifest', `${output()}.manifest.json`, '--quiet']);
    expect(text.stdout).toContain('An override forces it to be kept: wanted.');
    const verified = await answer<VerifyReport>(['verify', output()]);
    expect(verified.checks.filter(({ ok }) => !ok)).toEqual([]);
    const again = await engine.request('run/reproduce', { manifest: output(), output: at('reproduced.json') });
    expect(again.equal).toBe(true);
  });

  it('finds its instance when the file grows and its records move; one that is gone is counted', async () => {
    const records = JSON.parse(readFileSync(dataset, 'utf8')) as { id: string }[];
    const moved = [...records.slice(0, 400), { ...records[5], id: 'new' }, ...records.slice(400)]
      .reverse()
      .filter((record) => record !== records[77]);
    writeFileSync(at('moved-set.json'), JSON.stringify(moved, null, 1));
    const overrides = [force(1, 'keep'), force(4, 'drop'), force(2, 'keep')];
    const report = await engine.request('selection/rebalance', {
      dataset: at('moved-set.json'),
      target: { kind: 'percent', value: 20 },
      overrides,
      output: at('moved-forced.json'),
    });
    expect(report.overrides).toEqual({ kept: 1, dropped: 1, unmatched: 1 });
    const kept = new Set(keptOf(at('moved-forced.json')));
    expect(kept.has(moved.indexOf(records[3] as { id: string }))).toBe(true);
    expect(kept.has(moved.indexOf(records[501] as { id: string }))).toBe(false);
    const said = await ballast(['rebalance', at('moved-set.json'), '--plan', at('moved-forced.json.manifest.json'), '--dry-run']);
    expect(said.stderr).toContain('1 overrides match no instance');
    expect(said.stdout).toContain('Overrides force 1 to be kept and 1 to be dropped.');
  });

  it('is refused where another one is about the same instance', async () => {
    const twice = rpc(engine.request('selection/whatIf', { dataset, overrides: [force(1, 'keep'), force(1, 'drop')] }));
    expect(await twice).toMatchObject({ error: { code: 'usage', data: { ordinal: 3 } } });
  });
});

describe('the what-if of a larger set', () => {
  const large = at('large.json');

  beforeAll(async () => {
    await generateDataset({ outFile: large, instances: 32_000, seed: 3, profile: 'small', validJson: true });
    await engine.request('entities/analyze', { dataset: large });
  }, 600_000);

  it('is the same for any number of threads, step by step', async () => {
    using alone = await EngineProcess.start();
    for (const [i, settings] of [
      {},
      { tau: { cooccurrence: 2 } },
      { tau: { cooccurrence: 40 } },
      { tau: { cooccurrence: 41 }, minPerspectives: 3 },
      { tau: { cooccurrence: 0.5 } },
      { target: { kind: 'percent' as const, value: 30 } },
    ].entries()) {
      const one = await alone.request('selection/whatIf', { dataset: large, threads: 1, ...settings });
      const several = await engine.request('selection/whatIf', { dataset: large, threads: 3, ...settings });
      const { milliseconds: _, seconds: __, loaded: ___, reused: ____, ...figures } = several;
      expect(one, `step ${i}`).toMatchObject(figures);
    }
  }, 300_000);

  it('is cancelled promptly, also while it loads, and answers the next question', async () => {
    using cold = await EngineProcess.start();
    for (const delay of [30, 150, 400, 800]) {
      const source = new CancellationTokenSource();
      const asked = cold.request('selection/whatIf', { dataset: large, seed: delay, runDir: at(`cold-${delay}`) }, source);
      asked.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, delay));
      const from = performance.now();
      source.cancel();
      await expect(asked).rejects.toMatchObject({ code: requestCancelled });
      expect(performance.now() - from).toBeLessThan(1500);
    }
    expect((await cold.request('selection/whatIf', { dataset: large })).kept).toBeGreaterThan(0);
  }, 300_000);
});
