/** Tiles as parallel columns, in the order of the values. Pixels. */
export interface Tiles {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly width: Float64Array;
  readonly height: Float64Array;
}

/**
 * A treemap whose tiles are as square as can be: areas in proportion to the values, descending from the upper left (Bruls, Huizing and
 * van Wijk, "Squarified Treemaps", 2000). Values are at least 0; a tile of value 0 has no area.
 *
 * @param order positions of the values, descending by value
 */
export function squarify(values: ArrayLike<number>, order: ArrayLike<number>, width: number, height: number): Tiles {
  const count = values.length;
  const tiles: Tiles = {
    x: new Float64Array(count),
    y: new Float64Array(count),
    width: new Float64Array(count),
    height: new Float64Array(count),
  };
  let total = 0;
  for (let i = 0; i < count; i++) total += values[i] ?? 0;
  if (total <= 0 || width <= 0 || height <= 0) return tiles;
  const scale = (width * height) / total;
  const free = { x: 0, y: 0, width, height };
  for (let from = 0; from < order.length; ) {
    const side = Math.min(free.width, free.height);
    let end = from;
    let area = 0;
    let worst = Number.POSITIVE_INFINITY;
    const largest = (values[order[from] as number] ?? 0) * scale;
    while (end < order.length) {
      const next = (values[order[end] as number] ?? 0) * scale;
      const wider = area + next;
      // The worst ratio of a row is that of its largest or of its smallest tile.
      const ratio =
        next <= 0 ? Number.POSITIVE_INFINITY : Math.max((side * side * largest) / (wider * wider), (wider * wider) / (side * side * next));
      if (end > from && ratio > worst) break;
      worst = ratio;
      area = wider;
      end++;
    }
    placeRow(tiles, values, order, { from, end, area, scale }, free);
    from = end;
  }
  return tiles;
}

function placeRow(
  tiles: Tiles,
  values: ArrayLike<number>,
  order: ArrayLike<number>,
  row: { readonly from: number; readonly end: number; readonly area: number; readonly scale: number },
  free: { x: number; y: number; width: number; height: number },
): void {
  const isColumn = free.width >= free.height;
  const side = isColumn ? free.height : free.width;
  const thick = side <= 0 ? 0 : row.area / side;
  let along = isColumn ? free.y : free.x;
  for (let k = row.from; k < row.end; k++) {
    const i = order[k] as number;
    const length = thick <= 0 ? 0 : ((values[i] ?? 0) * row.scale) / thick;
    tiles.x[i] = isColumn ? free.x : along;
    tiles.y[i] = isColumn ? along : free.y;
    tiles.width[i] = isColumn ? thick : length;
    tiles.height[i] = isColumn ? length : thick;
    along += length;
  }
  if (isColumn) {
    free.x += thick;
    free.width = Math.max(0, free.width - thick);
  } else {
    free.y += thick;
    free.height = Math.max(0, free.height - thick);
  }
}

/** The tile at a place, or -1. */
export function tileAt({ x, y, width, height }: Tiles, px: number, py: number): number {
  for (let i = 0; i < x.length; i++) {
    const [left = 0, top = 0] = [x[i], y[i]];
    if (px >= left && px < left + (width[i] ?? 0) && py >= top && py < top + (height[i] ?? 0)) return i;
  }
  return -1;
}

/**
 * The tile beside another one: of those that begin where it ends, in the given direction, the one that lies at the height of its
 * middle; -1 at the edge.
 */
export function tileBeside(tiles: Tiles, from: number, key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'): number {
  const [x = 0, y = 0, width = 0, height = 0] = [tiles.x[from], tiles.y[from], tiles.width[from], tiles.height[from]];
  const isAcross = key === 'ArrowLeft' || key === 'ArrowRight';
  const middle = isAcross ? y + height / 2 : x + width / 2;
  let best = -1;
  let bestGap = Number.POSITIVE_INFINITY;
  for (let i = 0; i < tiles.x.length; i++) {
    if (i === from || (tiles.width[i] ?? 0) * (tiles.height[i] ?? 0) <= 0) continue;
    const [left = 0, top = 0] = [tiles.x[i], tiles.y[i]];
    const [right, bottom] = [left + (tiles.width[i] ?? 0), top + (tiles.height[i] ?? 0)];
    const gap = { ArrowLeft: x - right, ArrowRight: left - (x + width), ArrowUp: y - bottom, ArrowDown: top - (y + height) }[key];
    if (gap < -0.01) continue;
    const [low, high] = isAcross ? [top, bottom] : [left, right];
    // A tile that misses the middle line is farther away than any that meets it.
    const miss = middle < low ? low - middle : middle >= high ? middle - high + 1e-9 : 0;
    const distance = gap + miss * 1000;
    if (distance < bestGap) {
      bestGap = distance;
      best = i;
    }
  }
  return best;
}
