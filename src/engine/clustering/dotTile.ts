/**
 * Inner products of `m` rows of `a` with `n` rows of `b`, both row-major with `d` columns: `out[i * n + j]`.
 * Every product is summed over the columns in ascending order by one accumulator, whatever its place in the tile: equal rows give equal
 * bits, (i, j) equals (j, i), and a literal double loop gives the same. Sixteen sums at a time only hide the latency of the additions.
 */
export function dotTile(a: Float64Array, m: number, b: Float64Array, n: number, d: number, out: Float64Array): void {
  const wholeRows = m - (m % 4);
  const wholeColumns = n - (n % 4);
  for (let i = 0; i < wholeRows; i += 4) for (let j = 0; j < wholeColumns; j += 4) sixteen(a, i, b, j, d, out, n);
  for (let i = 0; i < m; i++) {
    const from = i < wholeRows ? wholeColumns : 0;
    for (let j = from; j < n; j++) out[i * n + j] = dot(a, i * d, b, j * d, d);
  }
}

/** Inner product of two rows, summed in ascending order. */
export function dot(a: Float64Array, aFrom: number, b: Float64Array, bFrom: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += (a[aFrom + k] as number) * (b[bFrom + k] as number);
  return sum;
}

function sixteen(a: Float64Array, i: number, b: Float64Array, j: number, d: number, out: Float64Array, n: number): void {
  const a0 = i * d;
  const a1 = a0 + d;
  const a2 = a1 + d;
  const a3 = a2 + d;
  const b0 = j * d;
  const b1 = b0 + d;
  const b2 = b1 + d;
  const b3 = b2 + d;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  for (let k = 0; k < d; k++) {
    const x0 = a[a0 + k] as number;
    const x1 = a[a1 + k] as number;
    const x2 = a[a2 + k] as number;
    const x3 = a[a3 + k] as number;
    const y0 = b[b0 + k] as number;
    const y1 = b[b1 + k] as number;
    const y2 = b[b2 + k] as number;
    const y3 = b[b3 + k] as number;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  let o = i * n + j;
  out[o] = s00;
  out[o + 1] = s01;
  out[o + 2] = s02;
  out[o + 3] = s03;
  o += n;
  out[o] = s10;
  out[o + 1] = s11;
  out[o + 2] = s12;
  out[o + 3] = s13;
  o += n;
  out[o] = s20;
  out[o + 1] = s21;
  out[o + 2] = s22;
  out[o + 3] = s23;
  o += n;
  out[o] = s30;
  out[o + 1] = s31;
  out[o + 2] = s32;
  out[o + 3] = s33;
}
