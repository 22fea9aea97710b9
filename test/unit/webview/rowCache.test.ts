import { describe, expect, it } from 'vitest';
import type { InstanceRow } from '../../../src/protocol/browse.ts';
import { pageRows, RowCache } from '../../../webview-ui/instances/rowCache.ts';

const row = (ordinal: number): InstanceRow => ({ ordinal, usable: true, id: null, begin: '', turns: 1, bytes: 1, images: 0, problems: [] });
const rowsAt = (offset: number, limit: number): InstanceRow[] => Array.from({ length: limit }, (_, i) => row(offset + i));

interface Asked {
  readonly offset: number;
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly answer: () => Promise<void>;
  readonly fail: () => Promise<void>;
}

function lab(): { cache: RowCache; asked: Asked[]; loaded: number[][]; failed: unknown[] } {
  const asked: Asked[] = [];
  const loaded: number[][] = [];
  const failed: unknown[] = [];
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  const cache = new RowCache({
    load: (offset, limit, signal) =>
      new Promise((resolve, reject) =>
        asked.push({
          offset,
          limit,
          signal,
          answer: () => {
            resolve(rowsAt(offset, limit));
            return settled();
          },
          fail: () => {
            reject(new Error('gone'));
            return settled();
          },
        }),
      ),
    onLoaded: (offset, end) => loaded.push([offset, end]),
    onFailed: (error) => failed.push(error),
  });
  return { cache, asked, loaded, failed };
}

describe('RowCache', () => {
  it('asks for what is in view first, two requests at a time, then ahead', async () => {
    const { cache, asked, loaded } = lab();
    cache.reset(10_000);
    cache.want(950, 1020, 1);
    expect(asked.map(({ offset, limit }) => [offset, limit])).toEqual([
      [900, pageRows],
      [1000, pageRows],
    ]);
    expect(cache.get(950)).toBeUndefined();
    await asked[0]?.answer();
    expect(cache.get(950)?.ordinal).toBe(950);
    expect(loaded).toEqual([[900, 1000]]);
    for (let i = 1; i < asked.length; i++) await asked[i]?.answer();
    expect(asked.map(({ offset }) => offset)).toEqual([900, 1000, 1100, 1200, 800]);
  });

  it('looks ahead in the direction of the scrolling, and not at all after a leap', async () => {
    const { cache, asked } = lab();
    cache.reset(10_000);
    cache.want(5000, 5010, -1);
    for (let i = 0; i < asked.length; i++) await asked[i]?.answer();
    expect(asked.map(({ offset }) => offset)).toEqual([5000, 4900, 4800, 5100]);
    cache.want(9000, 9010, 0);
    for (let i = 4; i < asked.length; i++) await asked[i]?.answer();
    expect(asked.slice(4).map(({ offset }) => offset)).toEqual([9000]);
  });

  it('after a leap asks for the new place before what was ahead of the old one', async () => {
    const { cache, asked } = lab();
    cache.reset(10_000);
    cache.want(0, 20, 1);
    cache.want(7000, 7020, 0);
    await asked[0]?.answer();
    expect(asked.map(({ offset }) => offset)).toEqual([0, 100, 7000]);
  });

  it('ends at the last row', async () => {
    const { cache, asked } = lab();
    cache.reset(150);
    cache.want(140, 150, 1);
    for (let i = 0; i < asked.length; i++) await asked[i]?.answer();
    expect(asked.map(({ offset, limit }) => [offset, limit])).toEqual([
      [100, 50],
      [0, 100],
    ]);
    cache.want(0, 0, 1);
    expect(asked).toHaveLength(2);
  });

  it('shows rows that are at hand at once, also from a later page on', () => {
    const { cache, asked } = lab();
    cache.reset(1000, rowsAt(300, 100), 3);
    expect(cache.get(399)?.ordinal).toBe(399);
    cache.want(300, 320, 0);
    expect(asked).toEqual([]);
  });

  it('forgets another query: what comes late goes nowhere', async () => {
    const { cache, asked, loaded, failed } = lab();
    cache.reset(1000);
    cache.want(0, 10, 0);
    cache.reset(500);
    expect(asked[0]?.signal.aborted).toBe(true);
    await asked[0]?.answer();
    expect([loaded, failed, cache.get(0)]).toEqual([[], [], undefined]);
  });

  it('tells a failure once and asks no more until it is told to', async () => {
    const { cache, asked, failed } = lab();
    cache.reset(1000);
    cache.want(0, 10, 1);
    await asked[0]?.fail();
    await asked[1]?.answer();
    expect(failed).toHaveLength(1);
    expect(asked).toHaveLength(2);
    cache.retry();
    expect(asked.map(({ offset }) => offset)).toEqual([0, 100, 0, 200]);
  });

  it('keeps a bounded number of pages, those shown last', async () => {
    const { cache, asked } = lab();
    cache.reset(1_000_000);
    for (let page = 0; page < 200; page++) {
      cache.want(page * pageRows, page * pageRows + 5, 0);
      await asked.at(-1)?.answer();
      cache.want(0, 5, 0); // the first page stays in use
    }
    const kept = Array.from({ length: 200 }, (_, page) => cache.get(page * pageRows)).filter((each) => each !== undefined);
    expect(kept.length).toBeLessThanOrEqual(60);
    expect(kept.map(({ ordinal }) => ordinal)).toContain(0);
    expect(kept.map(({ ordinal }) => ordinal)).toContain(199 * pageRows);
  });
});
