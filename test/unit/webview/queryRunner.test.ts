import { describe, expect, it } from 'vitest';
import type { BrowseResult } from '../../../src/protocol/browse.ts';
import type { PageQuery } from '../../../src/protocol/instancesPage.ts';
import { QueryRunner, type QueryState } from '../../../webview-ui/instances/queryRunner.ts';

const result: BrowseResult = {
  records: 9,
  instances: 9,
  matches: 9,
  format: 'json',
  variant: 'llava',
  hasEntities: false,
  facets: [],
  seconds: 0,
};

interface Run {
  readonly query: PageQuery;
  readonly signal: AbortSignal;
  readonly answer: () => Promise<void>;
  readonly fail: () => Promise<void>;
}

function lab(): { runner: QueryRunner; runs: Run[]; states: QueryState[] } {
  const runs: Run[] = [];
  const states: QueryState[] = [];
  let ticket = 0;
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  const runner = new QueryRunner({
    ticket: () => ++ticket,
    run: (_, query, signal) =>
      new Promise((resolve, reject) => {
        const answer = (): Promise<void> => {
          resolve(result);
          return settled();
        };
        const fail = (): Promise<void> => {
          reject(new Error('gone'));
          return settled();
        };
        runs.push({ query, signal, answer, fail });
      }),
    onState: (state) => states.push(state),
  });
  return { runner, runs, states };
}

const kinds = (states: readonly QueryState[]): string[] => states.map(({ kind }) => kind);
const a = { filter: { text: 'a' } };
const b = { filter: { text: 'b' } };

describe('QueryRunner', () => {
  it('indexes before it filters, and does not start the indexing again for another filter', async () => {
    const { runner, runs, states } = lab();
    runner.set({});
    runner.set(a);
    runner.set(b);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.signal.aborted).toBe(false);
    await runs[0]?.answer();
    expect(runs.map(({ query }) => query)).toEqual([{}, b]);
    await runs[1]?.answer();
    expect(kinds(states)).toEqual(['running', 'indexed', 'running', 'done']);
    expect(states.at(-1)).toMatchObject({ query: b });
  });

  it('indexes without the filter that it was opened with', async () => {
    const { runner, runs } = lab();
    runner.set({ ...a, manifest: 'm' });
    expect(runs[0]?.query).toEqual({});
    await runs[0]?.answer();
    expect(runs[1]?.query).toEqual({ ...a, manifest: 'm' });
  });

  it('takes verdicts along when nothing else is asked', () => {
    const { runner, runs } = lab();
    runner.set({ manifest: 'm' });
    expect(runs[0]?.query).toEqual({ manifest: 'm' });
  });

  it('once indexed, lets the newest query win', async () => {
    const { runner, runs, states } = lab();
    runner.set({});
    await runs[0]?.answer();
    runner.set(a);
    runner.set(b);
    expect(runs[1]?.signal.aborted).toBe(true);
    await runs[1]?.answer();
    await runs[2]?.answer();
    expect(states.filter(({ kind }) => kind === 'done')).toMatchObject([{ query: {} }, { query: b }]);
    expect(runner.ticket).toBe(0);
  });

  it('stops at once when it is cancelled, and goes on with what is wanted then', async () => {
    const { runner, runs, states } = lab();
    runner.set({});
    runner.cancel();
    expect(kinds(states)).toEqual(['running', 'cancelled']);
    expect(runs[0]?.signal.aborted).toBe(true);
    await runs[0]?.fail();
    expect(kinds(states)).toEqual(['running', 'cancelled']);
    runner.cancel();
    expect(states).toHaveLength(2);
    runner.resume();
    await runs[1]?.answer();
    expect(kinds(states)).toEqual(['running', 'cancelled', 'running', 'done']);
  });

  it('tells a failure, after which the same query can be asked again', async () => {
    const { runner, runs, states } = lab();
    runner.set({});
    await runs[0]?.fail();
    expect(states.at(-1)).toMatchObject({ kind: 'failed', query: {}, error: new Error('gone') });
    expect(runner.isIndexed).toBe(false);
    runner.set({});
    await runs[1]?.answer();
    expect(states.at(-1)?.kind).toBe('done');
  });

  it('indexes anew when the dataset is another one', async () => {
    const { runner, runs } = lab();
    runner.set({});
    await runs[0]?.answer();
    runner.forget();
    runner.set(a);
    expect(runs[1]?.query).toEqual({});
  });
});
