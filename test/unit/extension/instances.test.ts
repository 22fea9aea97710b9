import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { EngineRequestError } from '../../../src/extension/engine/engineFault.ts';
import { failureReason } from '../../../src/extension/errors/failureReason.ts';
import { collectReceipt } from '../../../src/extension/instances/collectReceipt.ts';
import { headInstance } from '../../../src/extension/instances/headInstance.ts';
import { headRecords } from '../../../src/extension/instances/headRecords.ts';
import { datasetOfState, parseDrawn, requestSchemas } from '../../../src/extension/instances/instancesMessages.ts';
import { runChoices } from '../../../src/extension/instances/runChoices.ts';
import type { Receipt } from '../../../src/protocol/reports.ts';
import type { RunSummary } from '../../../src/protocol/runs.ts';
import { freshState } from '../../../webview-ui/instances/pageState.ts';
import { sampleReceipt } from '../../webview/sampleInstances.ts';
import { english } from './english.ts';

const collect = (changes: Partial<Receipt> = {}, without: readonly (keyof Receipt)[] = []): ReturnType<typeof collectReceipt> => {
  const receipt = { ...sampleReceipt(3), ...changes };
  for (const key of without) delete (receipt as Partial<Record<keyof Receipt, unknown>>)[key];
  return collectReceipt(receipt, english, 'en');
};

describe('collectReceipt', () => {
  it.each<[string, Partial<Receipt>, string]>([
    ['kept by its draws', {}, '1 of 3 perspectives passed; 1 were needed.'],
    ['dropped by its draws', { verdict: 'dropped', passes: 0 }, '0 of 3 perspectives passed; 1 were needed.'],
    [
      'kept after thinning',
      { alpha: 0.5, alphaDraw: 0.25 },
      '1 of 3 perspectives passed, 1 were needed, and the draw 0.25 is below α = 0.5.',
    ],
    [
      'dropped by thinning',
      { verdict: 'dropped', alpha: 0.5, alphaDraw: 0.75 },
      '1 of 3 perspectives passed, 1 were needed, but the draw 0.75 is not below α = 0.5.',
    ],
    ['protected', { protected: true }, 'It is protected, and protected instances are always kept.'],
    ['forced', { override: { verdict: 'keep', reason: 'rare' } }, 'The plan of the run forces it to be kept: rare'],
    [
      'forced out',
      { verdict: 'dropped', override: { verdict: 'drop', reason: 'bad' } },
      'The plan of the run forces it to be dropped: bad',
    ],
  ])('says why an instance is %s', (_, changes, sentence) => expect(collect(changes).sentence).toBe(sentence));

  it('names the smallest change that turns the verdict', () => {
    const flip = (changes: Partial<Receipt>): string => collect(changes).flip;
    const tau = { parameter: 'tau', perspective: 'object', entity: 'cat', from: 85, to: 8.93530001, distance: 1 } as const;
    expect(flip({ flip: tau })).toBe('Smallest change that drops it: τ of Object from 85 down to 8.9353; "cat" then loses its draw.');
    expect(flip({ verdict: 'dropped', flip: { ...tau, from: 1, to: 8.93530001 } })).toBe(
      'Smallest change that keeps it: τ of Object from 1 up to 8.93531; "cat" then wins its draw.',
    );
    expect(flip({ flip: { ...tau, perspective: 'cooccurrence', entity: 'cat,dog' } })).toContain('"cat + dog"');
    expect(flip({ flip: { parameter: 'alpha', from: 1, to: 0.631, distance: 1 } })).toBe(
      'Smallest change that drops it: α from 1 down to 0.631.',
    );
    expect(flip({ verdict: 'dropped', flip: { parameter: 'minPerspectives', from: 2, to: 1, distance: 1 } })).toBe(
      'Smallest change that keeps it: 1 perspectives needed instead of 2.',
    );
  });

  it('rounds a threshold so that the number shown does turn the verdict', () => {
    const shown = (verdict: Receipt['verdict'], from: number, to: number): number => {
      const text = collect({ verdict, flip: { parameter: 'alpha', from, to, distance: 1 } }).flip;
      return Number(/(?:down|up) to ([\d.,e-]+)\.$/.exec(text)?.[1]?.replaceAll(',', ''));
    };
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.double({ min: 1.001, max: 100, noNaN: true }), (from, factor) => {
        expect(shown('dropped', from, from * factor)).toBeGreaterThanOrEqual(from * factor * (1 - 1e-12));
        expect(shown('kept', from * factor, from)).toBeLessThanOrEqual(from * (1 + 1e-12));
      }),
    );
  });

  it('says why there is no such change', () => {
    expect(collect({}, ['flip']).flip).toBe('No change of a single parameter turns the verdict.');
    expect(collect({ protected: true }, ['flip']).flip).toContain('protected');
    expect(collect({ sampler: 'python' }, ['flip']).flip).toContain('python sampler');
    expect(collect({ override: { verdict: 'keep', reason: 'x' } }, ['flip']).flip).toBe('No parameter turns a forced verdict.');
  });

  it('tabulates each perspective, winners first, with tail and missing draws told', () => {
    const { perspectives, facts, forced } = collect({
      perspectives: {
        object: {
          tau: 85,
          q: 1,
          passed: true,
          entities: [
            { entity: 'dog', frequency: 5100, probability: 0.016667, draw: 0.4413, won: false },
            { entity: 'sky', frequency: 900, probability: 0.0944, won: false },
            { entity: 'cat', frequency: 85, probability: 1, draw: 0.8123, won: true },
          ],
        },
        cooccurrence: { tau: null, q: 0, passed: false, entities: [] },
      },
    });
    expect(forced).toBe(false);
    expect(facts[0]).toEqual(['Keep probability', '0.3421']);
    expect(perspectives.map(({ title, summary }) => `${title}: ${summary}`)).toEqual([
      'Object: passed; τ = 85, q = 1',
      'Cooccurrence: No entity, so it cannot pass',
    ]);
    expect(perspectives[0]?.rows).toEqual([
      { entity: 'cat', tail: true, won: true, cells: ['85', '1', '0.8123'] },
      { entity: 'sky', tail: false, won: false, cells: ['900', '0.0944', 'not drawn'] },
      { entity: 'dog', tail: false, won: false, cells: ['5,100', '0.01667', '0.4413'] },
    ]);
  });
});

describe('records without the engine', () => {
  const values = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), { maxLength: 6 });
  const texts = (head: string): unknown[] => headRecords(head, 100).map(({ text }) => JSON.parse(text));

  it('are those of an array, of lines and of a sequence, whatever their strings hold', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0, 2), (records, indent) => {
        const plain = JSON.parse(JSON.stringify(records)) as unknown[];
        expect(texts(JSON.stringify(records, null, indent))).toEqual(plain);
        expect(texts(records.map((record) => JSON.stringify(record)).join('\n'))).toEqual(plain);
        expect(texts(records.map((record) => JSON.stringify(record, null, 1)).join(''))).toEqual(plain);
      }),
    );
  });

  it('end before the one that the head cuts off', () => {
    fc.assert(
      fc.property(values, fc.nat(400), (records, end) => {
        const lines = records.map((record) => JSON.stringify(record));
        const head = lines.join('\n').slice(0, end);
        const whole = lines.filter((_, i) => lines.slice(0, i + 1).join('\n').length <= end);
        expect(headRecords(head, 100).map(({ text }) => text)).toEqual(whole);
      }),
    );
  });

  it('show id, turns and media of the variants', () => {
    const show = (value: unknown): unknown[] => {
      const { row, detail } = headInstance({ text: JSON.stringify(value), start: 0 }, 4, '/d.json');
      return [row.id, row.turns, row.images, detail.turns.map(({ role, text }) => `${role}: ${text}`)];
    };
    const turns = ['human: hi', 'gpt: yes'];
    expect(
      show({
        id: 7,
        image: 'a.jpg',
        conversations: [
          { from: 'human', value: 'hi' },
          { from: 'gpt', value: 'yes' },
        ],
      }),
    ).toEqual(['7', 2, 1, turns]);
    expect(show({ messages: [{ role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'hi' }] }], images: ['a', 'b'] })).toEqual([
      null,
      1,
      2,
      ['user: hi'],
    ]);
    expect(show({ query: 'hi', response: 'yes' })).toEqual([null, 2, 0, turns]);
    expect(show({ instruction: 'hi', input: 'x', output: 'yes' })).toEqual([null, 2, 0, ['human: hi\nx', 'gpt: yes']]);
    expect(show({ something: 'else' })).toEqual([null, 0, 0, []]);
  });

  it('show a broken record as one, with its text', () => {
    const { row, detail } = headInstance({ text: '{"a": }', start: 0 }, 0, '/d.json');
    expect([row.usable, row.problems, detail.usable, detail.text]).toEqual([false, ['record.invalidJson'], false, '{"a": }']);
  });
});

describe('messages of the page', () => {
  it('are refused when they are of another shape', () => {
    const accepts = (schema: v.GenericSchema, value: unknown): boolean => v.safeParse(schema, value).success;
    expect(accepts(requestSchemas.query, { ticket: 1, query: {} })).toBe(true);
    expect(
      accepts(requestSchemas.query, {
        ticket: 1,
        query: { filter: { media: ['image'], fields: { folder: ['coco'] } }, sort: { by: 'id' } },
      }),
    ).toBe(true);
    for (const query of [
      { filter: { media: ['hologram'] } },
      { sort: { by: 'random' } },
      { manifest: 5 },
      { filter: { text: 'x'.repeat(100_001) } },
    ])
      expect(accepts(requestSchemas.query, { ticket: 1, query }), JSON.stringify(query).slice(0, 80)).toBe(false);
    expect(accepts(requestSchemas.rows, { query: {}, offset: 0, limit: 501 })).toBe(false);
    expect(accepts(requestSchemas.detail, { instance: -1 })).toBe(false);
    expect(accepts(requestSchemas.act, 'deleteEverything')).toBe(false);
    const override = { ordinal: 1, content: '0'.repeat(32), duplicate: 0, verdict: 'keep', reason: 'why' };
    expect(accepts(requestSchemas.override, override)).toBe(true);
    expect(accepts(requestSchemas.override, { ...override, content: '../../etc' })).toBe(false);
  });

  it('name their dataset in the state that restores a panel', () => {
    expect(datasetOfState(freshState('file:///d.json'))).toBe('file:///d.json');
    for (const state of [undefined, null, {}, { version: 2, dataset: 'x' }, { version: 1, dataset: '' }, { version: 1, dataset: 7 }])
      expect(datasetOfState(state)).toBeUndefined();
    expect(parseDrawn({ matches: 1 })).toBeUndefined();
  });
});

describe('runs of a dataset', () => {
  it('are its own, with a manifest, each manifest once', () => {
    const run = (id: string, changes: Partial<RunSummary> = {}): RunSummary => ({
      runDir: '/d/.ballast',
      id,
      command: 'rebalance',
      finished: '2026-01-01T00:00:00Z',
      dataset: '/d/a.json',
      datasetPresent: true,
      output: `/d/${id}.json`,
      manifest: `/d/${id}.json.manifest.json`,
      selectionHash: 'x',
      manifestState: 'present',
      outputs: [],
      ...changes,
    });
    const runs = [
      run('two'),
      run('two', { finished: '2025-01-01T00:00:00Z' }),
      run('gone', { manifestState: 'missing' }),
      run('later', { manifestState: 'replaced' }),
      run('other', { dataset: '/d/b.json' }),
      run('one'),
    ];
    const choices = runChoices(runs, '/d/a.json', english, 'en');
    expect(choices.map(({ manifest }) => manifest)).toEqual(['/d/two.json.manifest.json', '/d/one.json.manifest.json']);
    expect(choices[0]?.label).toMatch(/^two\.json · /);
  });
});

describe('reason of a failure', () => {
  it('tells the page what it can do', () => {
    const report = (code: 'dataset.notFound' | 'dataset.changed' | 'usage'): EngineRequestError =>
      new EngineRequestError({ kind: 'report', report: { code, message: '', data: {} } });
    expect(failureReason(report('dataset.notFound'))).toBe('gone');
    expect(failureReason(report('dataset.changed'))).toBe('changed');
    expect(failureReason(report('usage'))).toBeUndefined();
    expect(failureReason(new EngineRequestError({ kind: 'crashed', exit: { code: 1, signal: null } }))).toBe('engine');
    expect(failureReason(new EngineRequestError({ kind: 'cancelled' }))).toBeUndefined();
    expect(failureReason(new Error('x'))).toBeUndefined();
  });
});
