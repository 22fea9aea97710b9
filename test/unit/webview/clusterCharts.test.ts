import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClustersContent } from '../../../src/protocol/clustersPage.ts';
import { firstState, openAtState } from '../../../webview-ui/clusters/pageState.ts';
import { extent, linearTicks, plotScale } from '../../../webview-ui/clusters/plotScale.ts';
import { squarify, tileAt, tileBeside } from '../../../webview-ui/clusters/treemapLayout.ts';
import { pointAt, WalkOrder, walk } from '../../../webview-ui/clusters/walkOrder.ts';

const descending = (values: readonly number[]): Int32Array =>
  Int32Array.from(values.keys()).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
const someValues = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 200 });
const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const;

describe('treemap', () => {
  it('is the published example: 6, 6, 4, 3, 2, 2, 1 on 6 x 4', () => {
    const values = [6, 6, 4, 3, 2, 2, 1];
    const tiles = squarify(values, descending(values), 6, 4);
    const rounded = (column: Float64Array) => [...column].map((value) => Math.round(value * 100) / 100);
    // Figure 4 of the paper: two tiles of 3 x 2 at the left, then 4 and 3 over the rest.
    expect(rounded(tiles.width)).toEqual([3, 3, 1.71, 1.29, 1.2, 1.2, 0.6]);
    expect(rounded(tiles.height)).toEqual([2, 2, 2.33, 2.33, 1.67, 1.67, 1.67]);
    expect(rounded(tiles.x)).toEqual([0, 0, 3, 4.71, 3, 4.2, 5.4]);
    expect(rounded(tiles.y)).toEqual([0, 2, 0, 0, 2.33, 2.33, 2.33]);
  });

  it('gives each value its area, inside the frame, without overlap', () => {
    fc.assert(
      fc.property(someValues, fc.integer({ min: 50, max: 900 }), fc.integer({ min: 50, max: 900 }), (values, width, height) => {
        const tiles = squarify(values, descending(values), width, height);
        const total = values.reduce((sum, value) => sum + value, 0);
        for (const [i, value] of values.entries()) {
          const [x = 0, y = 0, w = 0, h = 0] = [tiles.x[i], tiles.y[i], tiles.width[i], tiles.height[i]];
          expect(w * h).toBeCloseTo((value / total) * width * height, 4);
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
          expect(x + w).toBeLessThanOrEqual(width + 1e-6);
          expect(y + h).toBeLessThanOrEqual(height + 1e-6);
          // Of all tiles, the one at the middle of this one is this one.
          if (w > 1e-3 && h > 1e-3) expect(tileAt(tiles, x + w / 2, y + h / 2)).toBe(i);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is walked with the arrows: only at the edge do they lead nowhere', () => {
    fc.assert(
      fc.property(someValues, (values) => {
        const tiles = squarify(values, descending(values), 800, 500);
        for (const from of values.keys())
          for (const key of keys) {
            const next = tileBeside(tiles, from, key);
            if (next >= 0) continue;
            const [x = 0, y = 0, w = 0, h = 0] = [tiles.x[from], tiles.y[from], tiles.width[from], tiles.height[from]];
            const gap = { ArrowLeft: x, ArrowUp: y, ArrowRight: 800 - x - w, ArrowDown: 500 - y - h }[key];
            expect(gap).toBeLessThan(0.02);
          }
      }),
      { numRuns: 40 },
    );
  });

  it('draws nothing of nothing', () => {
    expect([...squarify([0, 0], [0, 1], 100, 100).width]).toEqual([0, 0]);
    expect(squarify([], [], 100, 100).x).toHaveLength(0);
    expect([...squarify([3], [0], 0, 100).height]).toEqual([0]);
  });
});

describe('axes', () => {
  it('turn values to pixels and back', () => {
    const number = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom('linear' as const, 'counts' as const), number, number, number, (kind, a, b, value) => {
        fc.pre(Math.abs(a - b) > 1e-3);
        const scale = plotScale(kind, Math.min(a, b), Math.max(a, b), 60, 800);
        expect(Math.abs(scale.value(scale.pixel(value)) - value)).toBeLessThan(1e-4 * (1 + value));
      }),
    );
    expect(plotScale('counts', 0, 99, 0, 100).pixel(9)).toBeCloseTo(50);
  });

  it('have round ticks inside', () => {
    expect(linearTicks(0.03, 0.31, 5)).toEqual([0.1, 0.2, expect.closeTo(0.3)]);
    expect(linearTicks(-7, 12, 4)).toEqual([-5, 0, 5, 10]);
    expect(linearTicks(3, 3, 4)).toEqual([3]);
    expect(plotScale('counts', 0, 40, 0, 1).ticks).toEqual([0, 1, 2, 5, 10, 20]);
    expect(plotScale('counts', 0, 40_000, 0, 1).ticks).toEqual([0, 1, 10, 100, 1000, 10_000]);
  });

  it('reach over all numbers that there are', () => {
    expect(extent([Number.NaN, 2, 4], 0)).toEqual({ low: 2, high: 4 });
    expect(extent([3])).toEqual({ low: 2.7, high: expect.closeTo(3.3) });
    expect(extent([Number.NaN])).toEqual({ low: 0, high: 1 });
  });
});

describe('walking points', () => {
  it('reaches every point from every other along x and along y', () => {
    const place = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 50 }), (values) => {
        const order = new WalkOrder(Float64Array.from(values));
        const known = values.filter((value) => !Number.isNaN(value)).length;
        const met = new Set<number>();
        for (let at = order.first, i = 0; i < values.length; i++, at = order.from(at, 1)) if (at >= 0) met.add(at);
        expect(met.size).toBe(known);
        expect(order.from(order.last, 1)).toBe(order.last);
      }),
    );
  });

  it('knows its keys', () => {
    const [x, y] = [new WalkOrder(Float64Array.of(3, 1, 2)), new WalkOrder(Float64Array.of(1, 2, 3))];
    expect(['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'a'].map((key) => walk(x, y, 2, key))).toEqual([
      0,
      1,
      2,
      1,
      1,
      0,
      undefined,
    ]);
    expect(walk(x, y, -1, 'ArrowRight')).toBe(1);
  });

  it('finds the nearest point within its mark or eight pixels', () => {
    const [x, y] = [Float64Array.of(0, 20, Number.NaN), Float64Array.of(0, 0, 0)];
    expect(pointAt(x, y, 3, 7, 0)).toBe(0);
    expect(pointAt(x, y, 3, 10, 0)).toBe(-1);
    expect(pointAt(x, y, Float64Array.of(1, 15, 1), 9, 0)).toBe(1);
  });
});

describe('what the page begins with', () => {
  const content = { dataset: '/d.json', openAt: null } as ClustersContent;
  const kept = { version: 1, dataset: '/d.json', clustering: 'a', manifest: null, cluster: 3, view: 'map', tables: true, colouring: null };

  it('is what it kept of this dataset, if that is readable', () => {
    expect(firstState(kept, content)).toEqual(kept);
    for (const other of [undefined, null, 5, { ...kept, version: 2 }, { ...kept, dataset: '/e.json' }, { ...kept, view: 'x' }])
      expect(firstState(other, content)).toMatchObject({ dataset: '/d.json', clustering: null, cluster: null, view: 'treemap' });
  });

  it('is over it what a command wants; another clustering has other clusters', () => {
    const state = firstState(kept, content);
    expect(openAtState(state, { cluster: 9 })).toMatchObject({ clustering: 'a', cluster: 9 });
    expect(openAtState(state, { clustering: 'b' })).toMatchObject({ clustering: 'b', cluster: null });
    expect(openAtState(state, { clustering: 'a', manifest: '/m' })).toMatchObject({ cluster: 3, manifest: '/m' });
  });
});
