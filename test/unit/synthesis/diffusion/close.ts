import { expect } from 'vitest';

/** Each number within 1e-6 of the reference: relative, absolute below 1. */
export function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-6): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    const error = Math.abs((actual[i] as number) - value) / Math.max(1, Math.abs(value));
    expect(error, `value ${i}: ${actual[i]} instead of ${value}`).toBeLessThanOrEqual(tolerance);
  });
}
