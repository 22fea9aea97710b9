import { resolve } from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Arguments } from '../../../src/cli/arguments.ts';
import { selectVerb } from '../../../src/cli/verbs/select.ts';
import { type Engine, strategyDeclarations } from '../../../src/engine/createEngine.ts';
import type { JobContext } from '../../../src/engine/jobs/jobContext.ts';
import { collectFrontier } from '../../../src/extension/coreset/collectFrontier.ts';
import { collectTrial } from '../../../src/extension/coreset/collectTrial.ts';
import { datasetOfCoresetState, parseDrawnCoreset } from '../../../src/extension/coreset/coresetMessages.ts';
import { coresetSettingsSchema, defaultSettings, settingsKey, withClustering } from '../../../src/extension/coreset/coresetSettings.ts';
import { selectArguments } from '../../../src/extension/coreset/selectArguments.ts';
import {
  clusteringKey,
  clusteringOptionsOf,
  comparedIn,
  frontierRequestsOf,
  looksAt,
  missingIn,
  selectRequestOf,
  trialRequestOf,
} from '../../../src/extension/coreset/selectRequest.ts';
import { strategyViews } from '../../../src/extension/coreset/strategyWords.ts';
import { permutations, precisions, presets } from '../../../src/protocol/clustering.ts';
import type { CoresetSettings } from '../../../src/protocol/coresetPage.ts';
import { perspectives } from '../../../src/protocol/perspectives.ts';
import type { ComparedStrategy, SelectReport } from '../../../src/protocol/select.ts';
import { type SelectRequest, scoreCuts, semdedupCuts, strategyNames, stratifications } from '../../../src/protocol/select.ts';
import { nastyText } from './anyPlan.ts';
import { english } from './english.ts';

const declarations = strategyDeclarations();
const base = { dataset: '/d/train set.json', runDir: '/r', threads: 3, images: ['/i/a b', '/i/-c'] };
const output = '/d/train set.coreset.json';
const count = fc.integer({ min: 1, max: 1e6 });
const file = nastyText.map((name) => resolve(`/f/${name}.npy`));

/** Any settings that a page could send. */
const anySettings = fc.record(
  {
    strategy: fc.constantFrom(...strategyNames),
    size: fc.oneof(
      fc.record({ kind: fc.constant('fraction' as const), value: fc.double({ min: 1e-6, max: 1, noNaN: true }) }),
      fc.record({ kind: fc.constant('count' as const), value: count }),
    ),
    parameters: fc.record(
      {
        preset: fc.constantFrom(...presets),
        // No page sends a zero with a sign: JSON has none.
        temperature: fc.double({ min: -1, max: 1e9, noNaN: true }).map((value) => value + 0),
        neighbours: fc.oneof(fc.integer({ min: -1, max: 2000 }), fc.double({ min: 1, max: 9, noNaN: true })),
        gamma: fc.double({ min: -1, max: 100, noNaN: true }).map((value) => value + 0),
        cut: fc.constantFrom(...scoreCuts, ...semdedupCuts),
        stratify: fc.constantFrom(...stratifications),
        floors: fc.record(Object.fromEntries(perspectives.map((name) => [name, count])), { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    ),
    features: file,
    layout: fc.record({ layers: count, half: count }),
    clusters: fc.oneof(
      fc.constant({ kind: 'auto' as const }),
      fc.record({ kind: fc.constant('number' as const), value: count }),
      fc.record({ kind: fc.constant('import' as const), assignments: file, centroids: file }),
    ),
    iterations: count,
    precision: fc.constantFrom(...precisions),
    permutation: fc.constantFrom(...permutations),
    column: file,
    seed: fc.integer({ min: -1e9, max: 1e9 }),
    compare: fc.uniqueArray(fc.constantFrom(...strategyNames)),
  },
  { requiredKeys: ['strategy', 'size', 'parameters', 'clusters', 'seed', 'compare'] },
) as fc.Arbitrary<CoresetSettings>;

/** What the command line asks the engine for. */
async function asked(args: readonly string[]): Promise<SelectRequest> {
  const [verb, ...rest] = args;
  expect(verb).toBe(selectVerb.name);
  let request: SelectRequest | undefined;
  const engine = {
    select: (given: SelectRequest): Promise<never> => {
      request = given;
      return Promise.reject(new Error('enough'));
    },
  };
  await expect(
    selectVerb.prepare(new Arguments(rest, selectVerb.options)).run(engine as unknown as Engine, {} as JobContext),
  ).rejects.toThrow('enough');
  if (request === undefined) throw new Error('nothing was asked');
  return request;
}

const settingsWith = (changes: Partial<CoresetSettings>): CoresetSettings => ({ ...defaultSettings, ...changes });

describe('arguments of the command line', () => {
  it('ask the engine for the same as the panel does', async () => {
    await fc.assert(
      fc.asyncProperty(anySettings, async (settings) => {
        fc.pre(missingIn(settings, declarations).length === 0);
        const request = selectRequestOf(base, settings, declarations, output);
        const { dryRun, ...given } = await asked(selectArguments(request));
        expect(dryRun ?? false).toBe(false);
        expect(given).toEqual(request);
      }),
      { numRuns: 300 },
    );
  });

  it('say nothing that is the default', () => {
    const request = selectRequestOf({ dataset: '/d/a.json' }, defaultSettings, declarations, '/d/a.coreset.json');
    expect(selectArguments(request)).toEqual([
      'select',
      '/d/a.json',
      '--output',
      '/d/a.coreset.json',
      '--strategy',
      'coincide',
      '--fraction',
      '0.2',
    ]);
  });
});

describe('the request', () => {
  it('keeps values that the strategy reads and drops the others', () => {
    const parameters = { temperature: 0.3, neighbours: 7, gamma: 2, cut: 'proportional', floors: { object: 5 } } as const;
    const of = (strategy: CoresetSettings['strategy']): object => {
      const {
        dataset: _,
        strategy: __,
        fraction: ___,
        dryRun: ____,
        seed: _____,
        ...rest
      } = selectRequestOf({ dataset: '/d' }, settingsWith({ strategy, parameters, column: '/s.npy' }), declarations);
      return rest;
    };
    expect(of('coincide')).toEqual({ temperature: 0.3 });
    expect(of('hybrid')).toEqual({ temperature: 0.3, floors: { object: 5 } });
    expect(of('semdedup')).toEqual({ cut: 'proportional' });
    // A cut of another strategy is none of its choices.
    expect(of('el2n')).toEqual({ column: '/s.npy' });
    expect(of('d2')).toEqual({ neighbours: 7, gamma: 2, column: '/s.npy' });
    expect(of('random')).toEqual({});
  });

  it('names features where strata need clusters', () => {
    const settings = settingsWith({ strategy: 'column', column: '/s.npy', parameters: { stratify: 'clusters' } });
    expect(selectRequestOf({ dataset: '/d' }, settings, declarations)).toMatchObject({ features: 'builtin', stratify: 'clusters' });
    expect(looksAt(settings, declarations).has('clusters')).toBe(true);
    const own = { ...settings, features: '/f.npy' };
    expect(selectRequestOf({ dataset: '/d' }, own, declarations).features).toBe('/f.npy');
  });

  it('of a trial compares what can be compared, and random always', () => {
    const settings = settingsWith({ compare: ['coincide', 'hybrid', 'random', 'rebalance', 'el2n', 'semdedup'] });
    expect(comparedIn(settings, declarations)).toEqual(['rebalance', 'semdedup']);
    expect(trialRequestOf({ dataset: '/d' }, settings, declarations)).toMatchObject({
      compare: ['rebalance', 'semdedup', 'random'],
      dryRun: true,
    });
    expect(trialRequestOf({ dataset: '/d' }, settings, declarations, ['rebalance']).compare).toEqual(['semdedup', 'random']);
    const scored = { ...settings, column: '/s.npy' };
    // The score goes along for the one that is compared, and stays away from what is written.
    expect(trialRequestOf({ dataset: '/d' }, scored, declarations)).toMatchObject({
      compare: ['rebalance', 'el2n', 'semdedup', 'random'],
      column: '/s.npy',
    });
    expect(selectRequestOf({ dataset: '/d' }, scored, declarations)).not.toHaveProperty('column');
  });

  it('of a frontier keeps apart what strategies read by the same name', () => {
    const settings = settingsWith({
      strategy: 'el2n',
      column: '/s.npy',
      parameters: { cut: 'bottom', temperature: 0.5 },
      compare: ['semdedup', 'coincide'],
    });
    const requests = frontierRequestsOf({ dataset: '/d' }, settings, declarations);
    expect(requests.map(({ strategies, cut }) => [strategies, cut])).toEqual([
      [['el2n'], 'bottom'],
      [['semdedup', 'coincide'], undefined],
    ]);
    const together = frontierRequestsOf({ dataset: '/d' }, settingsWith({ compare: ['rebalance'] }), declarations);
    expect(together).toHaveLength(1);
    // Rebalancing draws by all perspectives, here as in the comparison.
    expect(together[0]).toMatchObject({ strategies: ['coincide', 'rebalance'], perspectives });
    const [{ fractions } = { fractions: [] }] = together;
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
  });

  it('says what is missing', () => {
    expect(missingIn(defaultSettings, declarations)).toEqual([]);
    expect(missingIn(settingsWith({ strategy: 'hybrid' }), declarations)).toEqual(['floors']);
    expect(missingIn(settingsWith({ strategy: 'hybrid', parameters: { floors: { object: 3 } } }), declarations)).toEqual([]);
    expect(missingIn(settingsWith({ strategy: 'd2' }), declarations)).toEqual(['column']);
    expect(missingIn(settingsWith({ clusters: { kind: 'import', centroids: '/c.npy' } }), declarations)).toEqual(['clusters']);
  });
});

describe('settings', () => {
  it('are read back as they were stored', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(v.parse(coresetSettingsSchema, JSON.parse(JSON.stringify(settings)))).toEqual(JSON.parse(JSON.stringify(settings)));
      }),
    );
  });

  it.each([
    null,
    {},
    { ...defaultSettings, strategy: 'best' },
    { ...defaultSettings, size: { kind: 'fraction', value: 0 } },
    { ...defaultSettings, size: { kind: 'fraction', value: 1.5 } },
    { ...defaultSettings, size: { kind: 'count', value: 1.5 } },
    { ...defaultSettings, clusters: { kind: 'number', value: 0 } },
    { ...defaultSettings, parameters: { floors: { smell: 3 } } },
    { ...defaultSettings, seed: Number.NaN },
  ])('refuse %j', (value) => expect(v.safeParse(coresetSettingsSchema, value).success).toBe(false));

  it('are the same whatever the order of their names and whom they are compared with', () => {
    const { seed, strategy, ...rest } = defaultSettings;
    expect(settingsKey({ strategy, ...rest, compare: [], seed })).toBe(settingsKey(defaultSettings));
    expect(settingsKey({ ...defaultSettings, seed: 7 })).not.toBe(settingsKey(defaultSettings));
  });

  it('go on with a clustering that is known', () => {
    const options = { features: '/f.npy', layout: { layers: 2, half: 4 }, clusters: 9, precision: 'int8', seed: 5 } as const;
    const settings = withClustering(settingsWith({ iterations: 3 }), options);
    expect(clusteringOptionsOf(settings)).toEqual({ features: '/f.npy', layout: options.layout, clusters: 9, precision: 'int8' });
    expect(settings).toMatchObject({ seed: 5, strategy: 'coincide' });
    expect(clusteringKey(clusteringOptionsOf(settings), settings.seed)).toBe(clusteringKey(options, options.seed));
    const brought = withClustering(defaultSettings, { features: 'builtin', assignments: '/a.npy', centroids: '/c.npy' });
    expect(brought).toMatchObject({ clusters: { kind: 'import', assignments: '/a.npy', centroids: '/c.npy' } });
    expect(brought).not.toHaveProperty('features');
  });

  it('know automatic clusters by their number', () => {
    expect(clusteringKey({ clusters: 10 }, 42, 660)).toBe(clusteringKey({}, 42));
    expect(clusteringKey({ clusters: 11 }, 42, 660)).not.toBe(clusteringKey({}, 42));
    expect(clusteringKey({}, 42)).not.toBe(clusteringKey({}, 43));
  });
});

describe('words of strategies', () => {
  it('are there for everything that is declared', () => {
    const views = strategyViews(declarations, english);
    expect(views.map(({ name }) => name)).toEqual([...strategyNames]);
    for (const { name, label, summary, parameters } of views) {
      expect(label, name).not.toBe('');
      expect(summary, name).toMatch(/^[A-Z].*\.$/);
      for (const { declared, help, choices } of parameters) {
        expect(help, declared.name).toMatch(/^[A-Z].*\.$/);
        if (declared.kind === 'choice') {
          expect(choices).toHaveLength(declared.choices.length);
          // A choice that has no words of its own would be shown as it is spelled.
          expect(choices.filter((label_, i) => label_ === declared.choices[i] && label_ !== 'none')).toEqual([]);
        }
      }
    }
  });
});

const compared = (strategy: ComparedStrategy['strategy'], kept: number): ComparedStrategy => ({
  strategy,
  selected: 200,
  perspectives: { object: { entities: 400, kept, postings: 900, gini: 0.25 } },
  clusters: { clusters: 50, covered: 40, largestShare: 0.125, gini: 0.5 },
  duplicates: 3,
});
const report: SelectReport = {
  strategy: 'hybrid',
  instances: 1000,
  requested: 205,
  selected: 200,
  shortfall: 5,
  seed: 42,
  parameters: { preset: 'repo', temperature: 0.1, floors: { object: 2 } },
  facts: { budgetShortfall: 5, refilled: 0, flooredEntities: 77, added: 12, paid: 12 },
  selectionHash: 'ab',
  perCluster: [
    { cluster: 4, size: 30, want: 10, take: 8, paid: 3, added: 1 },
    { cluster: 7, size: 20, want: 2, take: 0, paid: 9, added: 0 },
    { cluster: 9, size: 950, want: 188, take: 192, paid: 0, added: 11 },
  ],
  comparison: {
    strategies: [compared('hybrid', 300), compared('random', 100)],
    overlap: [
      [200, 50],
      [50, 200],
    ],
  },
  lengths: {
    before: { meanTurns: 1, medianTurns: 1, meanBytes: 1, medianBytes: 1 },
    after: { meanTurns: 1, medianTurns: 1, meanBytes: 1, medianBytes: 1 },
  },
  reused: [],
  seconds: 1,
};

describe('a trial in words', () => {
  const view = collectTrial(report, defaultSettings, ['one is left out'], english, 'en');

  it('says how much, by what, and what it cost', () => {
    expect(view.lead).toBe('Selects 200 of 1,000 (20%)');
    expect(view.lines).toEqual([
      'by COINCIDE with floors',
      '5 of the 205 asked for are missing: small clusters were taken whole and could not give more.',
      '77 entities have a floor: 12 instances were added for them, and 2 clusters gave up 12.',
    ]);
    expect(view.notes).toHaveLength(2);
  });

  it('puts strategies of equal size side by side', () => {
    expect(view.comparison.strategies).toEqual(['COINCIDE with floors', 'Random']);
    const cells = Object.fromEntries(
      view.comparison.measures.map(({ title, cells: all }) => [title, all.map(({ value, detail }) => [value, detail])]),
    );
    expect(cells).toEqual({
      Instances: [
        ['200', null],
        ['200', null],
      ],
      'Coverage: Object': [
        ['75%', '300 of 400'],
        ['25%', '100 of 400'],
      ],
      'Gini: Object': [
        ['0.25', null],
        ['0.25', null],
      ],
      'Coverage: clusters': [
        ['80%', '40 of 50'],
        ['80%', '40 of 50'],
      ],
      'Largest cluster’s share': [
        ['12.5%', null],
        ['12.5%', null],
      ],
      'Gini: clusters': [
        ['0.50', null],
        ['0.50', null],
      ],
      Duplicates: [
        ['3', null],
        ['3', null],
      ],
      'In common with COINCIDE with floors': [
        ['–', null],
        ['25%', null],
      ],
    });
    expect(view.comparison.measures.at(-1)?.meaning).toContain('Two draws by chance would share 20%.');
  });

  it('lists the clusters that paid first', () => {
    expect(view.clusters?.sentence).toBe('2 of 3 clusters give something, 1 give nothing.');
    expect(view.clusters?.ids).toEqual([7, 4, 9]);
    expect(view.clusters?.table.rows[0]).toEqual(['7', '20', '2', '0', '0%', '0%', '9', '0']);
    const plain = collectTrial({ ...report, strategy: 'random', perCluster: [], facts: {} }, defaultSettings, [], english, 'en');
    expect(plain.clusters).toBeNull();
  });
});

describe('a frontier in words', () => {
  const point = (fraction: number, kept: number) => {
    const { strategy: _, ...rest } = compared('random', kept);
    return { fraction, requested: fraction * 1000, ...rest };
  };
  const far = { fraction: 0.9, requested: 900, unreachable: true as const, minimum: null, maximum: 640 };
  const answers = [
    {
      instances: 1000,
      strategies: [
        { strategy: 'el2n' as const, points: [point(0.1, 200), point(0.9, 400)] },
        { strategy: 'random' as const, points: [point(0.1, 100), point(0.9, 300)] },
      ],
      seconds: 1,
    },
    {
      instances: 1000,
      strategies: [
        { strategy: 'rebalance' as const, points: [point(0.1, 250), far] },
        { strategy: 'random' as const, points: [point(0.1, 100), point(0.9, 300)] },
      ],
      seconds: 1,
    },
  ];
  const view = collectFrontier(answers, english, 'en');

  it('joins the answers, random once and last', () => {
    expect(view.lines.map(({ strategy }) => strategy)).toEqual(['el2n', 'rebalance', 'random']);
    expect(view.lines[0]?.points.map(({ fraction, covered }) => [fraction, covered.object, covered.clusters])).toEqual([
      [0.1, 0.5, 0.8],
      [0.9, 1, 0.8],
    ]);
    expect(view.coverages.map(({ of }) => of)).toEqual(['object', 'clusters']);
  });

  it('says what is out of reach', () => {
    expect(view.lines[1]?.points).toHaveLength(1);
    expect(view.unreachable).toEqual(['ADR rebalancing can keep at most 640 instances.']);
    expect(view.spoken.object).toContain('Random: 25% at 10%, 75% at 90%');
  });
});

describe('what a page tells', () => {
  it('is checked', () => {
    const drawn = { theme: 'vscode-light', view: 'chart', selected: null, points: [10], paintedPixels: 7 };
    expect(parseDrawnCoreset(drawn)).toEqual(drawn);
    expect(parseDrawnCoreset({ ...drawn, view: 'pie' })).toBeUndefined();
    expect(datasetOfCoresetState({ version: 1, dataset: '/d' })).toBe('/d');
    for (const state of [undefined, {}, { version: 2, dataset: '/d' }, { version: 1, dataset: '' }])
      expect(datasetOfCoresetState(state)).toBeUndefined();
  });
});
