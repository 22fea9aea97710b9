import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/extension/coreset/coresetSettings.ts';
import { selectArguments } from '../../src/extension/coreset/selectArguments.ts';
import { frontierRequestsOf, selectRequestOf, trialRequestOf } from '../../src/extension/coreset/selectRequest.ts';
import type { CoresetSettings } from '../../src/protocol/coresetPage.ts';
import type { Manifest } from '../../src/protocol/manifest.ts';
import type { SelectReport, StrategyDeclaration } from '../../src/protocol/select.ts';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { writeArray } from './arrays.ts';
import { answer, temporaryFolder } from './ballast.ts';
import { EngineProcess } from './engineProcess.ts';

const folder = temporaryFolder('coresets');
const at = (name: string): string => join(folder, name);
const dataset = at('a set.json');
const instances = 500;
let engine: EngineProcess;
let declarations: readonly StrategyDeclaration[];

beforeAll(async () => {
  await generateDataset({ outFile: dataset, instances, seed: 3, profile: 'small', validJson: true, plantDuplicates: 20 });
  const noise = (n: number, most: number): number[] => Array.from({ length: n }, (_, i) => (i * 7919) % most);
  writeArray(at('features.npy'), '<f4', [instances, 8], noise(instances * 8, 101));
  writeArray(at('assignments.npy'), '<i4', [instances], noise(instances, 6));
  writeArray(at('centroids.npy'), '<f4', [6, 8], noise(48, 13));
  writeArray(at('score.npy'), '<f8', [instances], noise(instances, 97));
  engine = await EngineProcess.start();
  declarations = await engine.request('selection/strategies', {});
}, 300_000);
afterAll(() => engine[Symbol.dispose]());

const imported = { kind: 'import', assignments: at('assignments.npy'), centroids: at('centroids.npy') } as const;
const cases: readonly (readonly [string, Partial<CoresetSettings>])[] = [
  ['the settings that a panel begins with', {}],
  [
    'a count, a number of clusters, another preset and seed',
    {
      size: { kind: 'count', value: 77 },
      clusters: { kind: 'number', value: 9 },
      parameters: { preset: 'paper', temperature: 0.4 },
      iterations: 12,
      seed: -3,
    },
  ],
  ['floors', { strategy: 'hybrid', size: { kind: 'fraction', value: 0.6 }, parameters: { floors: { object: 2, token: 1 } } }],
  [
    'imported features and clusters',
    { strategy: 'semdedup', features: at('features.npy'), clusters: imported, parameters: { cut: 'proportional' } },
  ],
  ['a score in strata', { strategy: 'el2n', column: at('score.npy'), parameters: { cut: 'bottom', stratify: 'clusters' } }],
  ['rebalancing', { strategy: 'rebalance' }],
];

/** Everything of a manifest but times and what names its own place. */
function decisionsOf(output: string): object {
  const { stages, outputs, ...rest } = JSON.parse(readFileSync(`${output}.manifest.json`, 'utf8')) as Manifest;
  return { ...rest, stages: stages.map(({ seconds: _, ...stage }) => stage), outputs: outputs.map(({ path: _, ...one }) => one) };
}

describe('the command that the panel copies', () => {
  it.each(cases)(
    'writes the same bytes: %s',
    async (_, changes) => {
      const settings = { ...defaultSettings, ...changes };
      // Each from nothing, so that neither lives on what the other made.
      const [byPanel, byHand] = ['panel', 'hand'].map((who) =>
        selectRequestOf({ dataset, runDir: at(`run-${who}`) }, settings, declarations, at(`${who}.json`)),
      );
      if (byPanel === undefined || byHand === undefined) throw new Error('no requests');
      const report = await engine.request('selection/select', byPanel);
      const printed = await answer<SelectReport>(selectArguments(byHand));
      expect(report.selected).toBeGreaterThan(0);
      expect(printed.selectionHash).toBe(report.selectionHash);
      expect(readFileSync(at('hand.json')).equals(readFileSync(at('panel.json')))).toBe(true);
      expect(decisionsOf(at('hand.json'))).toEqual(decisionsOf(at('panel.json')));
    },
    120_000,
  );
});

describe('the figures of the panel', () => {
  it('show the selection that Apply writes, and the same strategies in the chart as in the table', async () => {
    const settings: CoresetSettings = { ...defaultSettings, compare: ['rebalance', 'semdedup'] };
    const base = { dataset, runDir: at('run-panel') };
    const trial = await engine.request('selection/select', trialRequestOf(base, settings, declarations));
    const written = await engine.request('selection/select', selectRequestOf(base, settings, declarations, at('written.json')));
    expect(trial.selectionHash).toBe(written.selectionHash);
    const [request, ...more] = frontierRequestsOf(base, settings, declarations);
    expect(more).toEqual([]);
    if (request === undefined) throw new Error('no frontier');
    const { strategies } = await engine.request('selection/frontier', request);
    expect(strategies.map(({ strategy }) => strategy)).toEqual(['coincide', 'rebalance', 'semdedup', 'random']);
    for (const { strategy, points } of strategies) {
      const at20 = points.find(({ fraction }) => fraction === 0.2);
      const row = trial.comparison.strategies.find((one) => one.strategy === strategy);
      expect(at20, strategy).toMatchObject({
        selected: row?.selected,
        perspectives: { object: row?.perspectives.object },
        duplicates: row?.duplicates,
      });
    }
  }, 120_000);
});
