const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);

/** Value of each of the 65,536 half-precision numbers; made by the first use. */
let table: Float32Array | undefined;

/** Half-precision bits as numbers; exact. */
export function halvesToFloats(bits: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, half) => floatOf(half));
  const values = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) values[i] = table[bits[i] as number] as number;
  return values;
}

/** Bits of the half-precision numbers nearest to float32 values, half to even; too large values become infinite. */
export function floatsToHalves(values: ArrayLike<number>): Uint16Array {
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) bits[i] = halfOf(values[i] as number);
  return bits;
}

function floatOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

function halfOf(value: number): number {
  floats[0] = value;
  const word = words[0] as number;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // not a number
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536 and more
  if (magnitude < 0x38800000) {
    // Below 2^-14 the unit is 2^-24, half of it and less is zero: let the addition of 0.5 do the rounding.
    floats[0] = Math.abs(value) + 0.5;
    return sign | ((words[0] as number) - 0x3f000000);
  }
  // Rounds the 13 bits that are lost, half to even; a carry into the exponent is right, and so is one to infinity.
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}
