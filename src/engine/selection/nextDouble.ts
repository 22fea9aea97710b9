const value = new Float64Array(1);
const bits = new BigInt64Array(value.buffer);

/** The next double towards +Infinity. */
export function nextUp(number: number): number {
  if (number === 0) return Number.MIN_VALUE;
  value[0] = number;
  bits[0] = (bits[0] as bigint) + (number > 0 ? 1n : -1n);
  return value[0] as number;
}

/** The next double towards -Infinity. */
export function nextDown(number: number): number {
  return -nextUp(-number);
}
