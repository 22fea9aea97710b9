const doubles = new Float64Array(1);
const words = new Uint32Array(doubles.buffer);

/** Bits of the half-precision number nearest to a finite `value`, half to even; too large values become infinite. */
export function toHalf(value: number): number {
  doubles[0] = value;
  const high = words[1] as number; // little-endian, as the files are
  const sign = (high >>> 16) & 0x8000;
  const exponent = ((high >>> 20) & 0x7ff) - 1023;
  const magnitude = Math.abs(value);
  if (exponent > 15) return sign | 0x7c00;
  // One unit in the last place, exact as a power of two: quotients below are exact too.
  const unit = 2 ** (Math.max(exponent, -14) - 10);
  const whole = Math.floor(magnitude / unit);
  const rest = magnitude / unit - whole;
  const units = whole + (rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? 1 : 0);
  // A carry into the next power of two is what the bits of the sum say.
  return sign | (exponent < -14 ? units : ((exponent + 14) << 10) + units);
}
