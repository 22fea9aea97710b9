import type { RgbPicture } from '../../runtime/contracts.ts';

/** Sums of absolute derivatives below and above which an edge is none or certain; what ControlNets for this detector are trained and used with. */
const low = 100;
const high = 200;
/** tan(22.5°) and tan(67.5°). */
const flat = Math.SQRT2 - 1;
const steep = Math.SQRT2 + 1;

/** Edges of a picture, white on black (Canny 1986, as OpenCV does it on the brightness with a 3 x 3 derivative): what a ControlNet follows. */
export function edgesOf({ width, height, rgb }: RgbPicture): Uint8Array {
  const { strength, horizontal, vertical } = derivatives(brightness(rgb), width, height);
  const edges = new Uint8Array(width * height);
  const certain: number[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      if ((strength[at] as number) <= low || !isRidge(at)) continue;
      edges[at] = 1;
      if ((strength[at] as number) > high) certain.push(at);
    }
  }
  return coloured(followed(edges, certain, width));

  /** Whether the strength is greatest across the edge; of two equal neighbours the first is kept. */
  function isRidge(at: number): boolean {
    const dx = horizontal[at] as number;
    const dy = vertical[at] as number;
    const slope = Math.abs(dy) / Math.abs(dx);
    const step = slope < flat ? 1 : slope > steep ? width : dx > 0 === dy > 0 ? width + 1 : width - 1;
    const here = strength[at] as number;
    return here > (strength[at - step] as number) && here >= (strength[at + step] as number);
  }
}

function brightness(rgb: Uint8Array): Float32Array {
  const grey = new Float32Array(rgb.length / 3);
  for (let i = 0; i < grey.length; i++)
    grey[i] = Math.round(0.299 * (rgb[3 * i] as number) + 0.587 * (rgb[3 * i + 1] as number) + 0.114 * (rgb[3 * i + 2] as number));
  return grey;
}

interface Derivatives {
  readonly horizontal: Float32Array;
  readonly vertical: Float32Array;
  /** Sum of their magnitudes. */
  readonly strength: Float32Array;
}

/** Sobel's derivatives; none at the border. */
function derivatives(grey: Float32Array, width: number, height: number): Derivatives {
  const [horizontal, vertical, strength] = [0, 0, 0].map(() => new Float32Array(grey.length)) as [Float32Array, Float32Array, Float32Array];
  const at = (i: number): number => grey[i] as number;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const [above, below] = [i - width, i + width];
      const dx = at(above + 1) + 2 * at(i + 1) + at(below + 1) - at(above - 1) - 2 * at(i - 1) - at(below - 1);
      const dy = at(below - 1) + 2 * at(below) + at(below + 1) - at(above - 1) - 2 * at(above) - at(above + 1);
      horizontal[i] = dx;
      vertical[i] = dy;
      strength[i] = Math.abs(dx) + Math.abs(dy);
    }
  }
  return { horizontal, vertical, strength };
}

/** Of the possible edges those that hang together with a certain one; 2 marks them. */
function followed(edges: Uint8Array, certain: number[], width: number): Uint8Array {
  const around = [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1];
  for (const at of certain) edges[at] = 2;
  for (let at = certain.pop(); at !== undefined; at = certain.pop()) {
    for (const step of around) {
      if (edges[at + step] !== 1) continue;
      edges[at + step] = 2;
      certain.push(at + step);
    }
  }
  return edges;
}

function coloured(edges: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: edges.length * 3 }, (_, i) => (edges[Math.trunc(i / 3)] === 2 ? 255 : 0));
}
