import { describe, expect, it } from 'vitest';
import { edgesOf } from '../../../../src/engine/synthesis/diffusion/edges.ts';

/** Draws the edges of a picture that is given by the brightness of its pixels. */
function drawn(width: number, height: number, grey: (x: number, y: number) => number): string[] {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => grey(Math.floor(i / 3) % width, Math.floor(i / 3 / width)));
  const edges = edgesOf({ width, height, rgb });
  expect(edges.length).toBe(rgb.length);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (edges[(y * width + x) * 3] === 255 ? '#' : '.')).join(''),
  );
}

describe('edges', () => {
  it('are none where nothing changes, or little', () => {
    expect(drawn(8, 8, () => 90).join('')).not.toContain('#');
    expect(drawn(8, 8, (x) => (x < 4 ? 100 : 120)).join('')).not.toContain('#');
  });

  it('are one pixel wide', () => {
    expect(drawn(8, 6, (x) => (x < 4 ? 0 : 255))).toEqual(['........', '...#....', '...#....', '...#....', '...#....', '........']);
    expect(drawn(6, 8, (_, y) => (y < 4 ? 0 : 255))).toEqual([
      '......',
      '......',
      '......',
      '.####.',
      '......',
      '......',
      '......',
      '......',
    ]);
    const slanted = drawn(10, 10, (x, y) => (x + y < 9 ? 0 : 255));
    for (const row of slanted.slice(2, 8)) expect(row.match(/#/g)?.length).toBeLessThanOrEqual(2);
    expect(slanted.join('').match(/#/g)?.length).toBeGreaterThanOrEqual(6);
  });

  it('that are weak count where they hang together with strong ones', () => {
    // The lower half of the step is between the thresholds.
    const fading = drawn(8, 12, (x, y) => (x < 4 ? 0 : y < 6 ? 100 : 40));
    const weak = drawn(8, 12, (x) => (x < 4 ? 0 : 40));
    expect(weak.join('')).not.toContain('#'); // 160
    expect(fading[2]).toBe('...#....');
    expect(fading[10]).toBe('...#....'); // 160, joined to 400
  });
});
