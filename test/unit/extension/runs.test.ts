import { describe, expect, it } from 'vitest';
import { collectRun, collectRunHeading, type RunRow } from '../../../src/extension/runs/collectRun.ts';
import type { VerifyReport } from '../../../src/protocol/reports.ts';
import type { RunOutput, RunSummary } from '../../../src/protocol/runs.ts';
import { english } from './english.ts';

const output: RunOutput = { path: '/d/train.rebalanced.json', role: 'selection', bytes: 604_888, sha256: 'ab', state: 'present' };
const run: RunSummary = {
  runDir: '/d/.ballast',
  id: '20261121T101112131Z-0a1b2c3d',
  command: 'rebalance',
  finished: '2026-11-21T10:11:12.131Z',
  dataset: '/d/train.json',
  datasetPresent: true,
  output: output.path,
  manifest: `${output.path}.manifest.json`,
  selectionHash: 'cd',
  manifestState: 'present',
  outputs: [output],
  facts: {
    ballastVersion: '0.1.0',
    seed: 42,
    sampler: 'hash',
    parameters: { perspectives: ['token'], tau: { token: 7.5 }, alpha: null },
    counts: { records: 1400, instances: 1398, kept: 700, dropped: 698, expected: 699.04, standardDeviation: 12.3 },
    stages: [
      { name: 'extract', seconds: 1.5 },
      { name: 'reverseIndex token', seconds: 0.25 },
      { name: 'import', seconds: 0.1 },
    ],
  },
};
const { facts: _facts, ...factless } = run;
const text = (rows: readonly RunRow[]): string[] => rows.map((row) => `${row.label}: ${row.value}`);
const rowsOf = (rows: readonly RunRow[], id: string): readonly RunRow[] => rows.find((row) => row.id === id)?.rows ?? [];

describe('collectRunHeading', () => {
  it('names the result, its numbers and what can be done', () => {
    const heading = collectRunHeading(run, english, 'en');
    expect(heading.label).toBe('train.rebalanced.json');
    expect(heading.description).toMatch(/^700 of 1,398 · .*2026/);
    expect([heading.icon, heading.contextValue]).toEqual(['pass', 'run;output;manifest;plan;']);
  });

  it.each<[string, Partial<RunSummary>, string, string]>([
    ['a missing result', { outputs: [{ ...output, state: 'missing' }] }, 'result missing', 'run;manifest;plan;'],
    ['a changed result', { outputs: [{ ...output, state: 'resized' }] }, 'result changed', 'run;output;manifest;plan;'],
    ['a missing manifest', { manifestState: 'missing' }, 'manifest missing', 'run;output;'],
    ['an unreadable manifest', { manifestState: 'unreadable' }, 'manifest unreadable', 'run;output;'],
    ['a manifest of a later run', { manifestState: 'replaced' }, 'written over by a later run', 'run;output;'],
  ])('says %s in words, by the icon and in the menu', (_name, change, words, contextValue) => {
    const heading = collectRunHeading({ ...run, ...change }, english, 'en');
    expect(heading.description.startsWith(words)).toBe(true);
    expect([heading.icon, heading.contextValue]).toEqual(['warning', contextValue]);
  });
});

describe('a run of select', () => {
  const selected: RunSummary = { ...run, command: 'select', ...(run.facts ? { facts: { ...run.facts, sampler: 'coincide' } } : {}) };

  it('is listed, verified and made again as any other, but holds no plan', () => {
    expect(collectRunHeading(selected, english, 'en').contextValue).toBe('run;output;manifest;');
    const parameters = collectRun(selected, undefined, english, 'en').find(({ id }) => id === 'parameters');
    expect(parameters?.rows?.find(({ id }) => id === 'parameter.sampler')?.value).toBe('coincide');
  });
});

describe('collectRun', () => {
  it('shows numbers, stages, parameters, files and the manifest', () => {
    const rows = collectRun(run, undefined, english, 'en');
    expect(text(rows)).toEqual([
      'Dataset: train.json',
      'Kept: 700',
      'Dropped: 698',
      'Expected: 699 ± 12.3',
      'Stages: 1.85 sec',
      'Parameters: 5',
      'Result: train.rebalanced.json · 604.9 kB',
      'Manifest: train.rebalanced.json.manifest.json',
    ]);
    expect(text(rowsOf(rows, 'stages'))).toEqual(['Finding entities: 1.5 sec', 'Index of Token: 0.25 sec', 'import: 0.1 sec']);
    expect(text(rowsOf(rows, 'parameters'))).toEqual([
      'seed: 42',
      'sampler: hash',
      'perspectives: ["token"]',
      'tau: {"token":7.5}',
      'ballastVersion: 0.1.0',
    ]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('shows missing files as such and gives them no path to open', () => {
    const gone = { ...factless, datasetPresent: false, manifestState: 'missing', outputs: [{ ...output, state: 'missing' }] } as const;
    const rows = collectRun(gone, undefined, english, 'en');
    expect(text(rows)).toEqual([
      'Dataset: train.json (missing)',
      'Result: train.rebalanced.json (missing)',
      'Manifest: train.rebalanced.json.manifest.json (missing)',
    ]);
    expect(rows.map(({ path, icon, kind }) => [path, icon, kind])).toEqual(Array(3).fill([undefined, 'warning', 'fact']));
  });

  it('shows every check of a verification: good, failed, skipped', () => {
    const report: VerifyReport = {
      ok: false,
      manifest: run.manifest,
      kept: 700,
      checks: [
        { name: 'selectionHash', ok: true, detail: 'cd over 700 ordinals' },
        { name: 'output', ok: false, detail: 'was changed' },
        { name: 'rederived', ok: true, skipped: true, detail: 'entities.jsonl is gone' },
      ],
    };
    const [checks] = collectRun(run, report, english, 'en');
    expect([checks?.value, checks?.icon]).toEqual(['failed', 'error']);
    expect(checks?.rows?.map(({ label, value, icon, tooltip }) => [label, value, icon, tooltip])).toEqual([
      ['Selection hash', 'good', 'pass', 'cd over 700 ordinals'],
      ['Result', 'failed', 'error', 'was changed'],
      ['Selection made again', 'skipped', 'circle-slash', 'entities.jsonl is gone'],
    ]);
    const good = { ...report, ok: true, checks: report.checks.slice(0, 1) };
    expect(collectRun(run, good, english, 'en')[0]?.value).toBe('1 of 1 checks are good');
  });
});
