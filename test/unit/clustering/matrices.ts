import fc from 'fast-check';

/** A matrix with all that makes trouble: rows of zeros, exact copies, rows that differ by little, unit and other lengths. */
export function matrices(options: { readonly maxRows: number; readonly minRows?: number; readonly maxColumns?: number }) {
  const value = fc.double({ min: -2, max: 2, noNaN: true }).map(Math.fround);
  return fc.integer({ min: 1, max: options.maxColumns ?? 6 }).chain((columns) =>
    fc
      .array(
        fc.oneof(
          { weight: 6, arbitrary: fc.array(value, { minLength: columns, maxLength: columns }) },
          { weight: 1, arbitrary: fc.constant(new Array<number>(columns).fill(0)) },
          { weight: 2, arbitrary: fc.nat({ max: 50 }) },
        ),
        { minLength: options.minRows ?? 1, maxLength: options.maxRows },
      )
      .map((drawn) => {
        const rows: number[][] = [];
        // A number means: a copy of an earlier row.
        for (const one of drawn)
          rows.push(Array.isArray(one) ? one : [...(rows[one % Math.max(1, rows.length)] ?? new Array(columns).fill(1))]);
        return { rows, columns, values: Float64Array.from(rows.flat()) };
      }),
  );
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, k) => sum + x * (b[k] ?? 0), 0);
}

export function cosine(a: readonly number[], b: readonly number[]): number {
  const [aa, bb] = [dot(a, a), dot(b, b)];
  return aa === 0 || bb === 0 ? 0 : dot(a, b) / Math.sqrt(aa) / Math.sqrt(bb);
}

export function squaredDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, k) => sum + (x - (b[k] ?? 0)) ** 2, 0);
}
