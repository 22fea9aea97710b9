import { createHash } from 'node:crypto';
import type { PictureChange } from '../../runtime/contracts.ts';
import type { TruthRules } from './truthRules.ts';

/**
 * Plain augmentations that are more than a copy. What re-encoding, brightening, cropping or shifting by up to a sixth of a side explains is
 * a near duplicate and is stopped by the same gate that stops planted copies (`gates/alignment.ts`), whoever made it. So every variation
 * goes beyond that: a turn of at least 11 degrees, or the whole picture at 58 to 62 % of its size, or a mirror. Nothing is ever cut off, and
 * a turned picture keeps its pixels, so that small writing stays legible.
 * Measured on diagrams and photographs: these stay below 0.72 of the alignment score where copies score above 0.8.
 */
interface Slot {
  readonly angle: readonly [from: number, to: number];
  readonly scale: readonly [from: number, to: number];
  readonly flip: boolean;
  needs(rules: TruthRules): boolean;
}

/** In order of preference; each is no near duplicate of the others. */
const slots: readonly Slot[] = [
  { angle: [11, 13.5], scale: [0.84, 0.92], flip: false, needs: ({ tilt }) => tilt },
  { angle: [-13.5, -11], scale: [0.84, 0.92], flip: false, needs: ({ tilt }) => tilt },
  { angle: [0, 0], scale: [0.58, 0.62], flip: false, needs: ({ coordinates }) => !coordinates },
  { angle: [11, 13.5], scale: [0.84, 0.92], flip: true, needs: ({ flip, tilt }) => flip && tilt },
  { angle: [-13.5, -11], scale: [0.84, 0.92], flip: true, needs: ({ flip, tilt }) => flip && tilt },
  { angle: [0, 0], scale: [0.58, 0.62], flip: true, needs: ({ flip }) => flip },
];

/** Variations that keep the text true: none, when the text names coordinates. */
export function variationsOf(rules: TruthRules): number {
  return slots.filter((slot) => slot.needs(rules)).length;
}

/**
 * The change of a picture's `copy`-th variation; the same numbers for the same seed on every machine.
 * @param photometric strength, 0 to 1
 */
export function recipeOf(rules: TruthRules, copy: number, seed: string, photometric: number): PictureChange | undefined {
  const slot = slots.filter((one) => one.needs(rules))[copy];
  if (!slot) return undefined;
  const draw = drawsOf(seed);
  const within = ([from, to]: readonly [number, number]): number => round(from + draw() * (to - from));
  const around = (spread: number): number => round(1 + (2 * draw() - 1) * spread * photometric);
  const angle = within(slot.angle);
  const scale = within(slot.scale);
  // Off the centre by at most half of the free border.
  const x = rules.shift ? round((draw() - 0.5) * (1 - scale) * 0.5) : 0;
  const y = rules.shift ? round((draw() - 0.5) * (1 - scale) * 0.5) : 0;
  const light = rules.photometric
    ? { brightness: around(0.2), contrast: around(0.25), saturation: around(0.3) }
    : { brightness: 1, contrast: 1, saturation: 1 };
  return { angle, scale, x, y, flip: slot.flip, ...light };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Numbers in [0, 1) from a text. */
function drawsOf(seed: string): () => number {
  const bytes = createHash('sha512').update(`ballast-augment-1\0${seed}`).digest();
  let next = 0;
  return () => bytes.readUInt32LE((4 * next++) % (bytes.length - 3)) / 0x1_0000_0000;
}
