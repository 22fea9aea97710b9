/** Sizes of the tiny models. */
export const tiny = { channels: 4, factor: 8, scale: 0.5, dimensions: 6, tokens: 12, guidanceDimensions: 16, visionSide: 16 } as const;

/** Weights that only depend on their name: graphs and oracle share nothing else. Evenly spread in -range..range. */
export function weights(name: string, count: number, range: number): Float32Array {
  let state = 2166136261;
  for (const character of name) state = Math.imul(state ^ character.charCodeAt(0), 16777619);
  return Float32Array.from({ length: count }, () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1) * range;
  });
}
