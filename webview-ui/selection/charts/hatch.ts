/** Textures that tell areas apart without colour. */
export type Texture = 'lines' | 'dots';

/** Side of the repeated tile in px. */
const side = 8;

/** A fill for the context's canvas: diagonal lines or dots in `color` on `ground`. */
export function hatch(context: CanvasRenderingContext2D, texture: Texture, color: string, ground = 'transparent'): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = side;
  tile.height = side;
  const ctx = tile.getContext('2d');
  if (ctx === null) return color;
  ctx.fillStyle = ground;
  ctx.fillRect(0, 0, side, side);
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  if (texture === 'lines') {
    ctx.lineWidth = 1.2;
    ctx.beginPath();
    // The line and its parts in the neighbouring tiles, so that the seams do not show.
    for (const shift of [-side, 0, side]) {
      ctx.moveTo(shift - 1, side + 1);
      ctx.lineTo(shift + side + 1, -1);
    }
    ctx.stroke();
  } else
    for (const [x, y] of [
      [side / 4, side / 4],
      [(3 * side) / 4, (3 * side) / 4],
    ] as const) {
      ctx.beginPath();
      ctx.arc(x, y, 1.1, 0, 2 * Math.PI);
      ctx.fill();
    }
  return context.createPattern(tile, 'repeat') ?? color;
}
