/** How a picture lies in its view: scaled around the middle, then moved by shares of the view. */
export interface Frame {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const largest = 16;

/** The whole picture. */
export const fitted: Frame = { scale: 1, x: 0, y: 0 };

/** Zooms so that the point, in shares of the view from its middle, stays where it is. */
export function zoomedBy({ scale, x, y }: Frame, factor: number, at: Point): Frame {
  const next = Math.min(largest, Math.max(1, scale * factor));
  const ratio = next / scale;
  return bounded({ scale: next, x: at.x - (at.x - x) * ratio, y: at.y - (at.y - y) * ratio });
}

export function movedBy({ scale, x, y }: Frame, right: number, down: number): Frame {
  return bounded({ scale, x: x + right, y: y + down });
}

/** The picture never leaves its view. */
function bounded({ scale, x, y }: Frame): Frame {
  const most = (scale - 1) / 2;
  const within = (value: number): number => Math.min(most, Math.max(-most, value)) || 0;
  return { scale, x: within(x), y: within(y) };
}
