import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/jobs/engineError.ts';
import { solveByAlpha, solveByMass, solveByTau } from '../../../src/engine/selection/inverseSolver.ts';

/** Volume of independent instances with one entity each: sum of min(1, scale * tau / f). */
const volumeOf = (ratios: readonly number[]) => (scale: number) => ratios.reduce((sum, ratio) => sum + Math.min(1, scale * ratio), 0);
const ratio = fc.double({ min: 1e-4, max: 5, noNaN: true });

describe('inverse solver', () => {
  it('reaches any target between nothing and everything by scaling the taus', () => {
    fc.assert(
      fc.property(fc.array(ratio, { minLength: 1, maxLength: 50 }), fc.double({ min: 0.01, max: 0.999, noNaN: true }), (ratios, share) => {
        const target = ratios.length * share;
        const { scale, reached, alpha } = solveByTau({ target, protectedVolume: 0, maximum: ratios.length, alpha: 1 }, volumeOf(ratios));
        expect(alpha).toBe(1);
        expect(reached).toBe(volumeOf(ratios)(scale));
        expect(Math.abs(reached - target)).toBeLessThan(1e-6 * Math.max(1, target));
      }),
    );
  });

  it('is linear in alpha, protected instances aside', () => {
    const solution = solveByAlpha({ target: 40, protectedVolume: 10, maximum: 100, alpha: 1 }, 70);
    expect(solution.alpha).toBeCloseTo(0.5, 12);
    expect(solution.reached).toBeCloseTo(40, 12);
  });

  it('takes the largest mass that is enough and lets alpha take the rest', () => {
    const steps = (scale: number): number => (scale <= 0.5 ? 100 : scale <= 1 ? 60 : 20);
    const solution = solveByMass({ target: 50, protectedVolume: 0, maximum: 100, alpha: 1 }, 0.9, steps);
    expect(solution.scale).toBeCloseTo(1, 9);
    expect(solution.alpha).toBeCloseTo(50 / 60, 9);
    expect(solution.reached).toBeCloseTo(50, 9);
  });

  it('says what cannot be reached, and the most and the least that can', () => {
    const problem = { target: 120, protectedVolume: 0, maximum: 100, alpha: 1 };
    expect(() => solveByTau(problem, () => 100)).toThrow(EngineError);
    expect(() => solveByTau(problem, () => 100)).toThrow(/at most 100/);
    expect(() => solveByAlpha({ ...problem, target: 5, protectedVolume: 10 }, 50)).toThrow(/below the 10 protected/);
    expect(() => solveByAlpha({ ...problem, target: 60 }, 50)).toThrow(/by alpha alone: at alpha 1 the thresholds keep 50/);
  });
});
