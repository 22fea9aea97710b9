import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/jobs/engineError.ts';
import { solveByAlpha, solveByMass, solveByTau } from '../../../src/engine/selection/inverseSolver.ts';

/** Volume of independent instances with one entity each: sum of min(1, scale * tau / f). */
const volumeOf = (ratios: readonly number[]) => (scale: number) => ratios.reduce((sum, ratio) => sum + Math.min(1, scale * ratio), 0);
const ratio = fc.double({ min: 1e-4, max: 5, noNaN: true });

describe('inverse solver', () => {
  it('reaches any target between nothing and everything by scaling the taus, in few volumes', async () => {
    let most = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(ratio, { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        async (ratios, share) => {
          const target = ratios.length * share;
          let volumes = 0;
          const { scale, reached, alpha } = await solveByTau({ target, protectedVolume: 0, maximum: ratios.length, alpha: 1 }, (at) => {
            volumes++;
            return volumeOf(ratios)(at);
          });
          most = Math.max(most, volumes);
          expect(alpha).toBe(1);
          expect(reached).toBeCloseTo(volumeOf(ratios)(scale), 9);
          expect(Math.abs(reached - target)).toBeLessThan(1e-6 * Math.max(1, target));
        },
      ),
      { numRuns: 500 },
    );
    expect(most).toBeLessThan(60);
  });

  it('reaches it from any guess, and from a good one in few volumes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(ratio, { minLength: 20, maxLength: 50 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.double({ min: -10, max: 10, noNaN: true }),
        async (ratios, share, away) => {
          const problem = { target: ratios.length * share, protectedVolume: 0, maximum: ratios.length, alpha: 1 };
          const exact = await solveByTau(problem, volumeOf(ratios));
          const far = await solveByTau(problem, volumeOf(ratios), exact.scale * 2 ** away);
          expect(Math.abs(far.reached - problem.target)).toBeLessThan(1e-6 * problem.target);
          let volumes = 0;
          await solveByTau(
            problem,
            (scale) => {
              volumes++;
              return volumeOf(ratios)(scale);
            },
            exact.scale * 1.01,
          );
          expect(volumes).toBeLessThan(12);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('goes to the ends of the range: everything, and next to nothing', async () => {
    const ratios = [1e-4, 0.5, 3];
    expect((await solveByTau({ target: 3, protectedVolume: 0, maximum: 3, alpha: 1 }, volumeOf(ratios))).reached).toBeCloseTo(3, 9);
    const { reached } = await solveByTau({ target: 1, protectedVolume: 1, maximum: 4, alpha: 1 }, (scale) => 1 + volumeOf(ratios)(scale));
    expect(reached).toBeCloseTo(1, 6);
  });

  it('is linear in alpha, protected instances aside', () => {
    const solution = solveByAlpha({ target: 40, protectedVolume: 10, maximum: 100, alpha: 1 }, 70);
    expect(solution.alpha).toBeCloseTo(0.5, 12);
    expect(solution.reached).toBeCloseTo(40, 12);
  });

  it('takes the largest mass that is enough and lets alpha take the rest', async () => {
    const steps = (scale: number): number => (scale <= 0.5 ? 100 : scale <= 1 ? 60 : 20);
    const solution = await solveByMass({ target: 50, protectedVolume: 0, maximum: 100, alpha: 1 }, 0.9, steps);
    expect(solution.scale).toBeCloseTo(1, 9);
    expect(solution.alpha).toBeCloseTo(50 / 60, 9);
    expect(solution.reached).toBeCloseTo(50, 9);
  });

  it('says what cannot be reached, and the most and the least that can', async () => {
    const problem = { target: 120, protectedVolume: 0, maximum: 100, alpha: 1 };
    await expect(solveByTau(problem, () => 100)).rejects.toThrow(EngineError);
    await expect(solveByTau(problem, () => 100)).rejects.toThrow(/at most 100/);
    expect(() => solveByAlpha({ ...problem, target: 5, protectedVolume: 10 }, 50)).toThrow(/below the 10 protected/);
    expect(() => solveByAlpha({ ...problem, target: 60 }, 50)).toThrow(/by alpha alone: at alpha 1 the thresholds keep 50/);
  });
});
