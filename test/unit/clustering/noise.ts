/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** About normal: the sum of twelve uniform numbers. */
export function normal(draw: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += draw();
  return sum;
}

/** Rows of length 1 around random topics of uneven size. */
export function topicRows(rows: number, dimensions: number, topics: number, seed: number, spread = 0.5): Float32Array {
  const draw = random(seed);
  const centers = Float64Array.from({ length: topics * dimensions }, () => normal(draw));
  const values = new Float32Array(rows * dimensions);
  for (let r = 0; r < rows; r++) {
    const topic = Math.floor(topics * draw() * draw());
    let squares = 0;
    const row = Float64Array.from({ length: dimensions }, (_, i) => {
      const value = (centers[topic * dimensions + i] as number) + spread * normal(draw);
      squares += value * value;
      return value;
    });
    for (let i = 0; i < dimensions; i++) values[r * dimensions + i] = (row[i] as number) / Math.sqrt(squares);
  }
  return values;
}
