// AssemblyScript, compiled by the build into dist/kernels.wasm. Every function works on ranges of the imported memory that its caller
// laid out. Lanes, order of additions and rounding are fixed, so results do not depend on the machine.

const floatSign: v128 = i32x4.splat(0x8000);
const halfMagnitude: v128 = i32x4.splat(0x7fff);
/** Exponent of the smallest normal half as a float: 2^-14. */
const smallestNormal: v128 = i32x4.splat(0x38800000);
const exponentShift: v128 = i32x4.splat((127 - 15) << 23);
const firstNormalHalf: v128 = i32x4.splat(0x400);

/** Four halves, one in the low 16 bits of each lane, as floats; finite values only. */
// @ts-expect-error: decorator
@inline
function floatsOfHalves(halves: v128): v128 {
  const magnitude = v128.and(halves, halfMagnitude);
  const shifted = i32x4.shl(magnitude, 13);
  const normal = i32x4.add(shifted, exponentShift);
  // A subnormal half: put its digits behind 2^-14 and take 2^-14 away again, which is exact and never makes a subnormal float.
  const subnormal = f32x4.sub(v128.or(shifted, smallestNormal), smallestNormal);
  const value = v128.bitselect(subnormal, normal, i32x4.lt_s(magnitude, firstNormalHalf));
  return v128.or(value, i32x4.shl(v128.and(halves, floatSign), 16));
}

/** float16 to float32. `count` values; reads and writes up to the next multiple of 8. */
export function halvesToFloats(source: usize, target: usize, count: i32): void {
  for (let i = 0; i < count; i += 8) {
    const halves = v128.load(source + ((<usize>i) << 1));
    const to = target + ((<usize>i) << 2);
    v128.store(to, floatsOfHalves(i32x4.extend_low_i16x8_u(halves)));
    v128.store(to, floatsOfHalves(i32x4.extend_high_i16x8_u(halves)), 16);
  }
}

/** Bytes 128 + round(value * inverse), half to even, cut off at 1 and 255. `count` values; works up to the next multiple of 16. */
export function quantizeRows(source: usize, target: usize, count: i32, inverse: f32): void {
  const factor = f32x4.splat(inverse);
  const lowest = i16x8.splat(-127);
  const highest = i16x8.splat(127);
  const middle = i8x16.splat(-128);
  for (let i = 0; i < count; i += 16) {
    const from = source + ((<usize>i) << 2);
    const a = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(from), factor)));
    const b = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(from, 16), factor)));
    const c = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(from, 32), factor)));
    const d = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(from, 48), factor)));
    const low = i16x8.max_s(i16x8.min_s(i16x8.narrow_i32x4_s(a, b), highest), lowest);
    const high = i16x8.max_s(i16x8.min_s(i16x8.narrow_i32x4_s(c, d), highest), lowest);
    v128.store(target + <usize>i, v128.xor(i8x16.narrow_i16x8_s(low, high), middle));
  }
}

/**
 * Moves `count` rows of floats that lie side by side `width` values apart, with zeros between them. The source may be the end of the target:
 * every row moves downwards, and what it covers has moved before.
 */
export function spreadRows(source: usize, target: usize, count: i32, dimensions: i32, width: i32): void {
  const from = (<usize>dimensions) << 2;
  const to = (<usize>width) << 2;
  for (let r = 0; r < count; r++) {
    memory.copy(target + <usize>r * to, source + <usize>r * from, from);
    memory.fill(target + <usize>r * to + from, 0, to - from);
  }
}

/** sums[label] += row, in order of the rows, in float32. */
export function addRows(rows: usize, labels: usize, count: i32, dimensions: i32, sums: usize): void {
  const stride = (<usize>dimensions) << 2;
  const end16 = dimensions & ~15;
  for (let r = 0; r < count; r++) {
    let from = rows + <usize>r * stride;
    let to = sums + <usize>load<i32>(labels + ((<usize>r) << 2)) * stride;
    let i = 0;
    for (; i < end16; i += 16) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
      v128.store(to, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
      v128.store(to, f32x4.add(v128.load(to, 32), v128.load(from, 32)), 32);
      v128.store(to, f32x4.add(v128.load(to, 48), v128.load(from, 48)), 48);
      from += 64;
      to += 64;
    }
    for (; i < dimensions; i++) {
      store<f32>(to, load<f32>(to) + load<f32>(from));
      from += 4;
      to += 4;
    }
  }
}

// @ts-expect-error: decorator
@inline
function addBytes(row: usize, sum: usize, dimensions: i32): void {
  const middle = i8x16.splat(-128);
  const end16 = dimensions & ~15;
  let from = row;
  let to = sum;
  let i = 0;
  for (; i < end16; i += 16) {
    const bytes = v128.xor(v128.load(from), middle);
    const low = i16x8.extend_low_i8x16_s(bytes);
    const high = i16x8.extend_high_i8x16_s(bytes);
    v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_s(low)));
    v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_s(low)), 16);
    v128.store(to, i32x4.add(v128.load(to, 32), i32x4.extend_low_i16x8_s(high)), 32);
    v128.store(to, i32x4.add(v128.load(to, 48), i32x4.extend_high_i16x8_s(high)), 48);
    from += 16;
    to += 64;
  }
  for (; i < dimensions; i++) {
    store<i32>(to, load<i32>(to) + (<i32>load<u8>(from) - 128));
    from += 1;
    to += 4;
  }
}

/** Takes a row from one sum and gives it to another, with one reading of it. */
// @ts-expect-error: decorator
@inline
function moveBytes(row: usize, before: usize, after: usize, dimensions: i32): void {
  const middle = i8x16.splat(-128);
  const end16 = dimensions & ~15;
  let from = row;
  let minus = before;
  let plus = after;
  let i = 0;
  for (; i < end16; i += 16) {
    const bytes = v128.xor(v128.load(from), middle);
    const low = i16x8.extend_low_i8x16_s(bytes);
    const high = i16x8.extend_high_i8x16_s(bytes);
    const a = i32x4.extend_low_i16x8_s(low);
    const b = i32x4.extend_high_i16x8_s(low);
    const c = i32x4.extend_low_i16x8_s(high);
    const d = i32x4.extend_high_i16x8_s(high);
    v128.store(minus, i32x4.sub(v128.load(minus), a));
    v128.store(minus, i32x4.sub(v128.load(minus, 16), b), 16);
    v128.store(minus, i32x4.sub(v128.load(minus, 32), c), 32);
    v128.store(minus, i32x4.sub(v128.load(minus, 48), d), 48);
    v128.store(plus, i32x4.add(v128.load(plus), a));
    v128.store(plus, i32x4.add(v128.load(plus, 16), b), 16);
    v128.store(plus, i32x4.add(v128.load(plus, 32), c), 32);
    v128.store(plus, i32x4.add(v128.load(plus, 48), d), 48);
    from += 16;
    minus += 64;
    plus += 64;
  }
  for (; i < dimensions; i++) {
    const value = <i32>load<u8>(from) - 128;
    store<i32>(minus, load<i32>(minus) - value);
    store<i32>(plus, load<i32>(plus) + value);
    from += 1;
    minus += 4;
    plus += 4;
  }
}

/**
 * Moves the rows whose label changed from their previous cluster's integer sum to their new one's, and remembers the new label.
 * A previous label of -1 belongs to no cluster. Returns the number of changed rows.
 */
export function moveRows(rows: usize, labels: usize, previous: usize, count: i32, dimensions: i32, sums: usize): i32 {
  const stride = (<usize>dimensions) << 2;
  let changed = 0;
  for (let r = 0; r < count; r++) {
    const label = load<i32>(labels + ((<usize>r) << 2));
    const before = load<i32>(previous + ((<usize>r) << 2));
    if (label == before) continue;
    const row = rows + <usize>r * <usize>dimensions;
    const sum = sums + <usize>label * stride;
    if (before >= 0) moveBytes(row, sums + <usize>before * stride, sum, dimensions);
    else addBytes(row, sum, dimensions);
    store<i32>(previous + ((<usize>r) << 2), label);
    changed++;
  }
  return changed;
}

/** Multiplies `count` values by `factor`, each rounded to float32. */
export function scale(values: usize, count: i32, factor: f32): void {
  const wide = f32x4.splat(factor);
  const end4 = count & ~3;
  let i = 0;
  for (; i < end4; i += 4) {
    const at = values + ((<usize>i) << 2);
    v128.store(at, f32x4.mul(v128.load(at), wide));
  }
  for (; i < count; i++) {
    const at = values + ((<usize>i) << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
}

/** target = float32(sum / divisor), for one row of integer sums. */
export function meanOfSums(sums: usize, target: usize, count: i32, divisor: f64): void {
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 2;
    store<f32>(target + at, <f32>(<f64>load<i32>(sums + at) / divisor));
  }
}

/** Sum of squares of floats, in float64: two lanes of even and odd places. */
export function squares(values: usize, count: i32): f64 {
  let lanes = f64x2.splat(0);
  const end4 = count & ~3;
  let i = 0;
  for (; i < end4; i += 4) {
    const four = v128.load(values + ((<usize>i) << 2));
    const low = f64x2.promote_low_f32x4(four);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(four, four, 2, 3, 2, 3));
    lanes = f64x2.add(lanes, f64x2.mul(low, low));
    lanes = f64x2.add(lanes, f64x2.mul(high, high));
  }
  let total = f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
  for (; i < count; i++) {
    const value = <f64>load<f32>(values + ((<usize>i) << 2));
    total += value * value;
  }
  return total;
}

/** mean = the average of `count` rows, added in their order in float32. */
export function meanRow(rows: usize, count: i32, dimensions: i32, mean: usize): void {
  memory.fill(mean, 0, (<usize>dimensions) << 2);
  const stride = (<usize>dimensions) << 2;
  for (let r = 0; r < count; r++) {
    const row = rows + <usize>r * stride;
    for (let i = 0; i < dimensions; i++) {
      const at = (<usize>i) << 2;
      store<f32>(mean + at, load<f32>(mean + at) + load<f32>(row + at));
    }
  }
  scale(mean, dimensions, 1 / <f32>count);
}

/** Largest |value - mean| of `count` rows. */
export function largestDeviation(rows: usize, count: i32, dimensions: i32, mean: usize): f32 {
  const stride = (<usize>dimensions) << 2;
  const end4 = dimensions & ~3;
  let lanes = f32x4.splat(0);
  let rest: f32 = 0;
  for (let r = 0; r < count; r++) {
    const row = rows + <usize>r * stride;
    let i = 0;
    for (; i < end4; i += 4) {
      const at = (<usize>i) << 2;
      lanes = f32x4.max(lanes, f32x4.abs(f32x4.sub(v128.load(row + at), v128.load(mean + at))));
    }
    for (; i < dimensions; i++) {
      const at = (<usize>i) << 2;
      rest = max(rest, abs(load<f32>(row + at) - load<f32>(mean + at)));
    }
  }
  return max(
    rest,
    max(
      max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
      max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
    ),
  );
}

/** Signed bytes round((value - mean) * inverse), half to even. With `byColumn` the target is [dimensions, count], else [count, dimensions]. */
export function quantizeCenters(
  rows: usize,
  count: i32,
  dimensions: i32,
  mean: usize,
  inverse: f32,
  target: usize,
  byColumn: i32,
): void {
  const stride = (<usize>dimensions) << 2;
  if (!byColumn) {
    for (let r = 0; r < count; r++) {
      const row = rows + <usize>r * stride;
      const to = target + <usize>r * <usize>dimensions;
      for (let i = 0; i < dimensions; i++) {
        const at = (<usize>i) << 2;
        store<i8>(to + <usize>i, <i8>nearest((load<f32>(row + at) - load<f32>(mean + at)) * inverse));
      }
    }
    return;
  }
  // Sixteen rows at a time, so that each written line is touched once.
  for (let first = 0; first < count; first += 16) {
    const last = min(first + 16, count);
    for (let i = 0; i < dimensions; i++) {
      const at = (<usize>i) << 2;
      const center = load<f32>(mean + at);
      const to = target + <usize>i * <usize>count;
      for (let r = first; r < last; r++)
        store<i8>(to + <usize>r, <i8>nearest((load<f32>(rows + <usize>r * stride + at) - center) * inverse));
    }
  }
}

// @ts-expect-error: decorator
@inline
function horizontalSum(lanes: v128): f32 {
  return (
    f32x4.extract_lane(lanes, 0) +
    f32x4.extract_lane(lanes, 1) +
    (f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3))
  );
}

// @ts-expect-error: decorator
@inline
function dot(a: usize, b: usize, dimensions: i32): f32 {
  let lanes0 = f32x4.splat(0);
  let lanes1 = f32x4.splat(0);
  let x = a;
  let y = b;
  const end8 = dimensions & ~7;
  let i = 0;
  for (; i < end8; i += 8) {
    lanes0 = f32x4.add(lanes0, f32x4.mul(v128.load(x), v128.load(y)));
    lanes1 = f32x4.add(lanes1, f32x4.mul(v128.load(x, 16), v128.load(y, 16)));
    x += 32;
    y += 32;
  }
  let total = horizontalSum(f32x4.add(lanes0, lanes1));
  for (; i < dimensions; i++) {
    total += load<f32>(x) * load<f32>(y);
    x += 4;
    y += 4;
  }
  return total;
}

/** Inner product of each row with the centroid of its label. */
export function similarities(rows: usize, labels: usize, count: i32, dimensions: i32, centroids: usize, target: usize): void {
  const stride = (<usize>dimensions) << 2;
  for (let r = 0; r < count; r++) {
    const at = (<usize>r) << 2;
    store<f32>(target + at, dot(rows + <usize>r * stride, centroids + <usize>load<i32>(labels + at) * stride, dimensions));
  }
}

/** Nearest centroid of each row by inner product, lowest id on ties, and that product unless `best` is 0. Four centroids share each loaded row. */
export function assignRows(rows: usize, count: i32, dimensions: i32, centroids: usize, clusters: i32, labels: usize, best: usize): void {
  const stride = (<usize>dimensions) << 2;
  const end4 = dimensions & ~3;
  const fours = clusters & ~3;
  for (let r = 0; r < count; r++) {
    const row = rows + <usize>r * stride;
    let winner = 0;
    let highest: f32 = -Infinity;
    let k = 0;
    for (; k < fours; k += 4) {
      const c0 = centroids + <usize>k * stride;
      const c1 = c0 + stride;
      const c2 = c1 + stride;
      const c3 = c2 + stride;
      let a0 = f32x4.splat(0);
      let a1 = f32x4.splat(0);
      let a2 = f32x4.splat(0);
      let a3 = f32x4.splat(0);
      let i = 0;
      for (; i < end4; i += 4) {
        const at = (<usize>i) << 2;
        const x = v128.load(row + at);
        a0 = f32x4.add(a0, f32x4.mul(x, v128.load(c0 + at)));
        a1 = f32x4.add(a1, f32x4.mul(x, v128.load(c1 + at)));
        a2 = f32x4.add(a2, f32x4.mul(x, v128.load(c2 + at)));
        a3 = f32x4.add(a3, f32x4.mul(x, v128.load(c3 + at)));
      }
      let s0 = horizontalSum(a0);
      let s1 = horizontalSum(a1);
      let s2 = horizontalSum(a2);
      let s3 = horizontalSum(a3);
      for (; i < dimensions; i++) {
        const at = (<usize>i) << 2;
        const x = load<f32>(row + at);
        s0 += x * load<f32>(c0 + at);
        s1 += x * load<f32>(c1 + at);
        s2 += x * load<f32>(c2 + at);
        s3 += x * load<f32>(c3 + at);
      }
      if (s0 > highest) {
        highest = s0;
        winner = k;
      }
      if (s1 > highest) {
        highest = s1;
        winner = k + 1;
      }
      if (s2 > highest) {
        highest = s2;
        winner = k + 2;
      }
      if (s3 > highest) {
        highest = s3;
        winner = k + 3;
      }
    }
    for (; k < clusters; k++) {
      const at = centroids + <usize>k * stride;
      let lanes = f32x4.splat(0);
      let i = 0;
      for (; i < end4; i += 4) {
        const offset = (<usize>i) << 2;
        lanes = f32x4.add(lanes, f32x4.mul(v128.load(row + offset), v128.load(at + offset)));
      }
      let sum = horizontalSum(lanes);
      for (; i < dimensions; i++) {
        const offset = (<usize>i) << 2;
        sum += load<f32>(row + offset) * load<f32>(at + offset);
      }
      if (sum > highest) {
        highest = sum;
        winner = k;
      }
    }
    store<i32>(labels + ((<usize>r) << 2), winner);
    if (best != 0) store<f32>(best + ((<usize>r) << 2), highest);
  }
}

/** As `assignRows` in whole numbers: unsigned bytes around 128 against signed bytes [clusters, dimensions]. */
export function assignBytes(rows: usize, count: i32, dimensions: i32, centers: usize, clusters: i32, labels: usize): void {
  const middle = i8x16.splat(-128);
  const end16 = dimensions & ~15;
  for (let r = 0; r < count; r++) {
    const row = rows + <usize>r * <usize>dimensions;
    let winner = 0;
    let highest = i32.MIN_VALUE;
    for (let k = 0; k < clusters; k++) {
      const center = centers + <usize>k * <usize>dimensions;
      let lanes = i32x4.splat(0);
      let i = 0;
      for (; i < end16; i += 16) {
        const x = v128.xor(v128.load(row + <usize>i), middle);
        const c = v128.load(center + <usize>i);
        lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_low_i8x16_s(x, c)));
        lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_high_i8x16_s(x, c)));
      }
      let sum = i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1) + i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3);
      for (; i < dimensions; i++) sum += (<i32>load<u8>(row + <usize>i) - 128) * <i32>load<i8>(center + <usize>i);
      if (sum > highest) {
        highest = sum;
        winner = k;
      }
    }
    store<i32>(labels + ((<usize>r) << 2), winner);
  }
}
