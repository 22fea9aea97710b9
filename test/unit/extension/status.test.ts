import { describe, expect, it } from 'vitest';
import type { EngineState } from '../../../src/extension/engine/engineState.ts';
import { RecentFaults } from '../../../src/extension/engine/recentFaults.ts';
import { statusLabel, statusLines } from '../../../src/extension/engine/statusText.ts';
import { english } from './english.ts';

const info = { pid: 7, engineVersion: '0.1.0' };
const nothing = { memoryBytes: undefined, lastFault: undefined };
const busy: EngineState = {
  kind: 'busy',
  jobs: 1,
  job: { method: 'selection/rebalance', dataset: '/d/train.json' },
  progress: { stage: 'extract', done: 42, total: 100, unit: 'instances' },
  ...info,
};
const crash = { kind: 'crashed', exit: { code: null, signal: 'SIGKILL' } } as const;

describe('the status item', () => {
  it('says one word or a number', () => {
    const labels = [
      { kind: 'starting', attempt: 1 } as const,
      { kind: 'ready', ...info } as const,
      busy,
      { ...busy, progress: undefined },
      { kind: 'stopping' } as const,
      { kind: 'failed', fault: crash } as const,
    ].map((state) => statusLabel(state, english));
    expect(labels).toEqual(['starting', 'idle', '42 %', 'working', 'stopping', 'failed']);
  });

  it('says what runs on which dataset, how far, in which process and with how much memory', () => {
    expect(statusLines({ ...busy, jobs: 3 }, { ...nothing, memoryBytes: 212_000_000 }, english, 'en')).toEqual([
      'Rebalancing train.json',
      'Finding entities, 42 %',
      'Jobs under way: 3',
      'Engine 0.1.0, process 7, 212 MB of memory',
      'Click for the runs.',
    ]);
    expect(statusLines({ kind: 'ready', ...info }, nothing, english, 'en')).toEqual([
      'Ballast engine: idle',
      'Engine 0.1.0, process 7',
      'Click for the runs.',
    ]);
  });

  it('says the last error, and what became of a dead engine', () => {
    const fault = { kind: 'report', report: { code: 'dataset.empty', message: '', data: { path: '/d/x.json' } } } as const;
    const lines = statusLines({ kind: 'ready', ...info }, { ...nothing, lastFault: { method: 'm', fault, at: 0 } }, english, 'en');
    expect(lines[2]).toMatch(/^Last error, .*: x\.json holds no records\.$/);
    expect(statusLines({ kind: 'failed', fault: crash }, nothing, english, 'en')).toEqual([
      expect.stringContaining('ended unexpectedly (SIGKILL)'),
      'Click for the log.',
    ]);
  });

  it('shows a hostile name on one short line', () => {
    const job = { method: 'dataset/inspect', dataset: `/d/\u202e<b>\n${'x'.repeat(10_000)}` };
    const [first = ''] = statusLines({ ...busy, job }, nothing, english, 'en');
    expect(first).not.toMatch(/[\n\u202e]/);
    expect(first.length).toBeLessThan(120);
  });
});

it('RecentFaults keeps the last twenty, the newest first, and no cancelled request', () => {
  const faults = new RecentFaults();
  faults.add('a', { kind: 'cancelled' });
  for (let i = 0; i < 30; i++) faults.add('b', crash, i);
  expect(faults.all.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, i) => 29 - i));
});
