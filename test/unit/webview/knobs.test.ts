import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { perspectives } from '../../../src/protocol/perspectives.ts';
import { hygieneSwitches } from '../../../src/protocol/requests.ts';
import {
  composedOf,
  hygieneOf,
  isTextOnlyProtected,
  massOf,
  needsSameEntities,
  withMass,
  withPerspective,
  withProtection,
  withSwitch,
  withTarget,
  withTau,
} from '../../../webview-ui/selection/draft.ts';
import { frequencyScale, lastHeadRank, linearScale, sliderSteps, tauAfterKey } from '../../../webview-ui/selection/scales.ts';

describe('scales of sliders', () => {
  it('go from end to end and never back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.nat(sliderSteps), fc.nat(sliderSteps), (top, a, b) => {
        const scale = frequencyScale(top);
        expect(scale.toValue(0)).toBe(1);
        expect(scale.toValue(sliderSteps)).toBe(Math.max(1, top));
        expect(Math.sign(scale.toValue(a) - scale.toValue(b)) * Math.sign(a - b)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('come back to the value they were given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 600_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (top, part) => {
        const value = Math.max(1, Math.round(top ** part));
        const scale = frequencyScale(top);
        expect(scale.toValue(scale.toPosition(value))).toBe(value);
      }),
    );
    const mass = linearScale(0, 1, 0.005);
    for (let i = 0; i <= 200; i++) expect(mass.toValue(mass.toPosition(i / 200))).toBeCloseTo(i / 200, 10);
    expect(mass.toValue(900)).toBe(0.9);
  });
});

describe('keys on a threshold', () => {
  it.each([
    ['ArrowUp', 120, 122],
    ['ArrowDown', 120, 118],
    ['ArrowUp', 1, 2],
    ['ArrowDown', 2, 1],
    ['ArrowDown', 1, 1],
    ['PageUp', 120, 150],
    ['PageDown', 150, 120],
    ['Home', 120, 1],
    ['End', 120, 5000],
    ['ArrowUp', 5000, 5000],
    ['ArrowUp', 0.4, 1],
    ['ArrowDown', 2.5, 2],
  ])('%s at %d', (key, tau, next) => expect(tauAfterKey(key, tau, 5000)).toBe(next));

  it('ignore others', () => {
    for (const key of ['a', 'Tab', 'toString']) expect(tauAfterKey(key, 5, 10)).toBeUndefined();
  });

  it('always move within the range', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 1_000_000 }), (tau, top) => {
        for (const key of ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown']) {
          const next = tauAfterKey(key, Math.min(tau, top), top) ?? 0;
          expect(next).toBeGreaterThanOrEqual(1);
          expect(next).toBeLessThanOrEqual(top);
        }
      }),
    );
  });
});

describe('border of head and tail', () => {
  const curve = [
    [1, 1000],
    [10, 100],
    [100, 10],
    [1000, 1],
  ] as const;

  it('lies on the curve where it crosses the threshold', () => {
    expect(lastHeadRank(curve, 100)).toBeCloseTo(10);
    expect(lastHeadRank(curve, Math.sqrt(1000))).toBeCloseTo(10 ** 1.5);
    expect(lastHeadRank(curve, 1)).toBeCloseTo(1000);
  });

  it('is nowhere when all is head or all is tail', () => {
    expect(lastHeadRank(curve, 0.5)).toBeUndefined();
    expect(lastHeadRank(curve, 2000)).toBeUndefined();
    expect(lastHeadRank([], 5)).toBeUndefined();
  });

  it('moves to the right as the threshold falls', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 999, noNaN: true }), fc.double({ min: 1, max: 999, noNaN: true }), (a, b) => {
        const [high, low] = a > b ? [a, b] : [b, a];
        expect(lastHeadRank(curve, low) ?? 0).toBeGreaterThanOrEqual((lastHeadRank(curve, high) ?? 0) - 1e-9);
      }),
    );
  });
});

describe('changes of the draft', () => {
  it('let either the mass or the threshold govern', () => {
    const fixed = withTau({}, 'token', 50);
    expect(fixed.tau).toEqual({ token: 50 });
    expect(massOf(fixed, 'token')).toBe(0.9);
    expect(withMass(fixed, 'token', 0.8)).toEqual({ mass: { token: 0.8 }, tau: {} });
    expect(withMass(withTau(fixed, 'object', 3), 'token', 0.8).tau).toEqual({ object: 3 });
  });

  it('never leave no perspective, and ask for no more than there are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...perspectives), fc.boolean())), fc.integer({ min: 1, max: 4 }), (steps, least) => {
        let knobs = { minPerspectives: least };
        for (const [perspective, on] of steps) knobs = withPerspective(knobs, perspective, on) as typeof knobs;
        const composed = composedOf(knobs);
        expect(composed.length).toBeGreaterThan(0);
        expect(new Set(composed).size).toBe(composed.length);
        if (steps.length > 0) expect(knobs.minPerspectives).toBeLessThanOrEqual(Math.max(least === 1 ? 1 : composed.length, 1));
      }),
    );
  });

  it('bring a perspective back to its place, but keep an order of the user', () => {
    expect(withPerspective({ perspectives: ['token', 'interrogation'] }, 'object', true).perspectives).toEqual([
      'token',
      'object',
      'interrogation',
    ]);
    expect(withPerspective({ perspectives: ['interrogation', 'token'] }, 'object', true).perspectives).toEqual([
      'interrogation',
      'token',
      'object',
    ]);
  });

  it('turn one switch of the defaults', () => {
    const knobs = withSwitch({}, hygieneSwitches, 'case', false);
    expect(knobs.hygiene).toEqual(['blanks', 'placeholders', 'glued']);
    expect(hygieneOf(withSwitch({}, ['blanks'], 'case', true), ['blanks'])).toEqual(['blanks', 'case']);
  });

  it('take the target away again', () => {
    const knobs = withTarget({ seed: 1 }, { kind: 'percent', value: 5 });
    expect(withTarget(knobs, undefined)).toEqual({ seed: 1 });
  });

  it('list protections as the page does', () => {
    const knobs = withProtection({}, true, [{ kind: 'field', field: 'a', value: 'b' }]);
    expect(isTextOnlyProtected(knobs)).toBe(true);
    expect(knobs.protect).toEqual([{ kind: 'text-only' }, { kind: 'field', field: 'a', value: 'b' }]);
  });

  it('know which need other entities', () => {
    expect(needsSameEntities({}, { tau: { token: 3 }, alpha: 0.5, perspectives: ['token'] })).toBe(true);
    expect(needsSameEntities({}, { minFrequency: 2 })).toBe(false);
    expect(needsSameEntities({ hygiene: ['case', 'blanks'] }, { hygiene: ['blanks', 'case'] })).toBe(true);
    expect(needsSameEntities({ hygiene: ['case'] }, { hygiene: ['blanks'] })).toBe(false);
  });
});
