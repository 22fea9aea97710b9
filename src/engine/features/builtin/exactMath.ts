/**
 * Logarithm and cosine from additions, products and quotients alone. The standard ones may differ in their last bit between processors
 * and versions of the engine; features must not.
 */

/** Natural logarithm of a positive number, by ln((1 + z) / (1 - z)) = 2 (z + z^3 / 3 + z^5 / 5 + ...). */
export function ln(x: number): number {
  let mantissa = x;
  let exponent = 0;
  for (; mantissa > 1.5; exponent++) mantissa /= 2;
  for (; mantissa < 0.75; exponent--) mantissa *= 2;
  const z = (mantissa - 1) / (mantissa + 1);
  const squared = z * z;
  let sum = 0;
  for (let power = 41; power >= 1; power -= 2) sum = sum * squared + 1 / power;
  return exponent * Math.LN2 + 2 * z * sum;
}

/** cos(pi * numerator / denominator), by its Taylor series in the first quarter turn. */
export function cosineOfPi(numerator: number, denominator: number): number {
  const turn = 2 * denominator;
  let n = ((numerator % turn) + turn) % turn;
  if (n > denominator) n = turn - n;
  const sign = n * 2 > denominator ? -1 : 1;
  if (sign < 0) n = denominator - n;
  const x = (Math.PI * n) / denominator;
  let sum = 0;
  for (let k = 24; k >= 2; k -= 2) sum = (1 + sum) * (-(x * x) / (k * (k - 1)));
  return sign * (1 + sum);
}
