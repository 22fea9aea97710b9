/**
 * Threefry-2x32 with 20 rounds, a counter-based generator: 64 bits out for a 64-bit key and a 64-bit counter, no state.
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Random123); the known answers are in the tests.
 *
 * @param out receives the two words; passed in so that millions of draws allocate nothing
 */
export function threefry2x32(key0: number, key1: number, counter0: number, counter1: number, out: Uint32Array): void {
  const key2 = 0x1bd11bda ^ key0 ^ key1;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  for (let group = 0; group < 5; group++) {
    if ((group & 1) === 0) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    } else {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
    }
    const round = group + 1;
    x0 = (x0 + (round % 3 === 0 ? key0 : round % 3 === 1 ? key1 : key2)) | 0;
    x1 = (x1 + (round % 3 === 0 ? key1 : round % 3 === 1 ? key2 : key0) + round) | 0;
  }
  out[0] = x0;
  out[1] = x1;
}

/** The two words as a double in [0, 1) with 53 random bits. */
export function toUnitInterval(words: Uint32Array): number {
  return (((words[0] ?? 0) >>> 5) * 0x4000000 + ((words[1] ?? 0) >>> 6)) / 0x20000000000000;
}
