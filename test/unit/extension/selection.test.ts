import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeOutputPath } from '../../../src/extension/selection/outputPath.ts';
import { OverallProgress, progressText } from '../../../src/extension/selection/progressText.ts';
import { isRebalanceSetting, parseTarget, requestOf } from '../../../src/extension/selection/rebalanceSetting.ts';
import { type Progress, stages } from '../../../src/protocol/progress.ts';
import { english } from './english.ts';

describe('freeOutputPath', () => {
  const free = (source: string, ...taken: string[]): Promise<string> => freeOutputPath(source, async (file) => taken.includes(file));
  const at = (name: string): string => path.join('/d', name);

  it.each([
    ['data.json', [], 'data.rebalanced.json'],
    ['data.v2.jsonl', [], 'data.v2.rebalanced.jsonl'],
    ['data.parquet', [], 'data.rebalanced.parquet'],
    ['data.json', ['data.rebalanced.json'], 'data.rebalanced-2.json'],
    ['data.json', ['data.rebalanced.json', 'data.rebalanced-2.json'], 'data.rebalanced-3.json'],
    ['data.json', ['data.rebalanced.json.manifest.json'], 'data.rebalanced-2.json'],
    ['data.rebalanced.json', ['data.rebalanced.json'], 'data.rebalanced-2.json'],
    ['data.rebalanced-2.json', ['data.rebalanced-2.json'], 'data.rebalanced.json'],
  ])('for %s beside %j', async (source, taken, expected) => expect(await free(at(source), ...taken.map(at))).toBe(at(expected)));

  it('never gives the source or a file that exists', async () => {
    const names = fc.uniqueArray(
      fc.constantFrom('a.json', 'a.rebalanced.json', 'a.rebalanced-2.json', 'a.rebalanced-3.json', 'a.rebalanced.json.manifest.json'),
    );
    await fc.assert(
      fc.asyncProperty(names, fc.constantFrom('a.json', 'a.rebalanced.json', 'a.rebalanced-2.json'), async (taken, source) => {
        const all = [...taken, source].map(at);
        expect(all).not.toContain(await free(at(source), ...all));
      }),
    );
  });
});

describe('parseTarget', () => {
  it.each([
    ['60 %', { kind: 'percent', value: 60 }],
    ['60%', { kind: 'percent', value: 60 }],
    [' 0,5 % ', { kind: 'percent', value: 0.5 }],
    ['100 %', { kind: 'percent', value: 100 }],
    ['1500', { kind: 'count', value: 1500 }],
  ])('reads %j', (text, setting) => expect(parseTarget(text)).toEqual(setting));

  it.each(['', '%', '0 %', '0', '101 %', '-5 %', '12.5', '1e3', '5 0', 'half', '50 % of it'])('refuses %j', (text) =>
    expect(parseTarget(text)).toBeUndefined(),
  );

  it('feeds the request', () => {
    expect(requestOf({ kind: 'paper' })).toEqual({});
    expect(requestOf({ kind: 'percent', value: 60 })).toEqual({ target: { kind: 'percent', value: 60 } });
    expect(requestOf({ kind: 'count', value: 7 })).toEqual({ target: { kind: 'count', value: 7 } });
  });

  it('knows a stored setting from something else', () => {
    expect([{ kind: 'paper' }, { kind: 'percent', value: 3 }, { kind: 'count', value: 1 }].every(isRebalanceSetting)).toBe(true);
    expect(
      [undefined, null, 'paper', {}, { kind: 'percent' }, { kind: 'count', value: '1' }, { kind: 'percent', value: -1 }].some(
        isRebalanceSetting,
      ),
    ).toBe(false);
  });
});

describe('progress', () => {
  it('becomes a sentence for every stage', () => {
    const sentences = stages.map((stage) => progressText({ stage, done: 1, total: 3, unit: 'instances' }, english));
    expect(new Set(sentences).size).toBe(stages.length);
    expect(sentences.every((sentence) => sentence.endsWith(', 33 %'))).toBe(true);
    expect(progressText({ stage: 'index', done: 5, total: 0, unit: 'bytes' }, english)).toBe('Finding records');
    expect(progressText({ stage: 'index', done: 5, total: 5, unit: 'bytes', reused: true }, english)).toBe('Finding records: used again');
  });

  it('moves one bar that never goes back and never overflows', () => {
    const step: fc.Arbitrary<Progress> = fc.record({
      stage: fc.constantFrom(...stages),
      done: fc.nat(1000),
      total: fc.nat(1000),
      unit: fc.constant('instances' as const),
      reused: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const overall = new OverallProgress();
        let shown = 0;
        for (const progress of steps) {
          const increment = overall.advance(progress);
          expect(increment).toBeGreaterThanOrEqual(0);
          shown += increment;
        }
        expect(shown).toBeLessThanOrEqual(100.000001);
      }),
    );
  });

  it('moves by a stage as its work is done', () => {
    const overall = new OverallProgress(0.5);
    const at = (stage: Progress['stage'], done: number): number => overall.advance({ stage, done, total: 100, unit: 'instances' });
    expect([at('index', 50), at('index', 100), at('extract', 50), at('extract', 40)]).toEqual([25, 25, 12.5, 0]);
  });
});
