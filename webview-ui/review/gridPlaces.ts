/** Where the tiles of a grid lie; lengths in CSS pixels. */
export interface GridPlaces {
  readonly columns: number;
  readonly tileWidth: number;
  readonly rowHeight: number;
  readonly rows: number;
}

/** As many columns of at least `least` as fit, which share the width; one at least. */
export function gridPlaces(count: number, width: number, least: number, rowHeight: number): GridPlaces {
  const columns = Math.max(1, Math.floor(width / least));
  return { columns, tileWidth: Math.max(1, width / columns), rowHeight, rows: Math.ceil(count / columns) };
}

/** Positions of the tiles that lie in the view, with some rows around it. */
export function tilesInView(
  { columns, rowHeight, rows }: GridPlaces,
  count: number,
  top: number,
  height: number,
  around: number,
): { readonly first: number; readonly end: number } {
  const firstRow = Math.min(Math.max(0, Math.floor(top / rowHeight) - around), rows);
  const endRow = Math.min(Math.max(0, Math.ceil((top + height) / rowHeight) + around), rows);
  return { first: Math.min(firstRow * columns, count), end: Math.min(endRow * columns, count) };
}

/** Where a key leads from a position; undefined for keys that do not move. */
export function gridStep(key: string, position: number, count: number, columns: number, rowsPerPage: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: position - 1,
    ArrowRight: position + 1,
    ArrowUp: position - columns < 0 ? position : position - columns,
    ArrowDown: position + columns >= count ? position : position + columns,
    PageUp: position - columns * rowsPerPage,
    PageDown: position + columns * rowsPerPage,
    Home: 0,
    End: count - 1,
  };
  const target = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return target === undefined || count === 0 ? undefined : Math.min(Math.max(0, target), count - 1);
}
