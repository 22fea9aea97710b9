import { hatch } from '../shared/hatch.ts';
import type { ThemeColors } from '../shared/theme.ts';
import { classCount } from './colourings.ts';

/** How much of the colour lies over the ground, by class. */
const strengths = [0.06, 0.22, 0.4, 0.6, 0.9] as const;
const textures = [undefined, 'dots', 'lines', 'cross', undefined] as const;

/** Fills of the classes of values, and last that of a cluster without a value: each has a texture of its own besides its colour. */
export function classFills(context: CanvasRenderingContext2D, theme: ThemeColors): readonly (CanvasPattern | string)[] {
  const fills = Array.from({ length: classCount }, (_, i) => {
    const ground = mix(theme.before, theme.background, strengths[i] ?? 0);
    const texture = textures[i];
    return texture === undefined ? ground : hatch(context, texture, mix(theme.foreground, ground, 0.45), ground);
  });
  return [...fills, theme.background];
}

/** The plain colours of the classes, for marks too small for a texture. */
export function classColors(theme: ThemeColors): readonly string[] {
  const colors = strengths.map((strength) => mix(theme.before, theme.background, Math.max(0.12, strength)));
  return [...colors, theme.background];
}

/** The fill of a class, -1 for none, among those of `classFills` or `classColors`. */
export function ofClass<T>(fills: readonly T[], index: number): T {
  return (index < 0 ? fills[classCount] : fills[index]) as T;
}

function mix(color: string, ground: string, part: number): string {
  return `color-mix(in srgb, ${color} ${Math.round(part * 100)}%, ${ground})`;
}
