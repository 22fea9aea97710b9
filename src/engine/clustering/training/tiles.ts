import type { Arena } from '../../runtime/contracts.ts';
import type { RawRows } from './rawRows.ts';

/** Consecutive rows of a matrix in the arena, ready for the kernels. */
export interface Tile {
  readonly first: number;
  readonly count: number;
  /** Address of the rows. */
  readonly rows: number;
}

export interface TilePlan {
  readonly rows: number;
  readonly dimensions: number;
  /** Bytes of a value as stored, and as the kernels want it. */
  readonly storedBytes: 1 | 2 | 4;
  readonly valueBytes: 1 | 4;
  /** Values from one row to the next in the arena; zeros stand behind the first `dimensions`. */
  readonly width: number;
  /** Rows per tile. */
  readonly tileRows: number;
  /** Tiles that stay in the arena; the others are read anew in every pass. */
  readonly resident: number;
}

/** Scores of one product: they must stay in the processor's cache between product and maximum. */
const scoreBytes = 4 * 1024 * 1024;
const fewestRows = 256;
const mostRows = 2048;
/** Bytes of one tile in the arena at most. */
const tileBytes = 32 * 1024 * 1024;
/** Values kept in the arena, however many there are: the peak of memory stays flat, and 100,000 rows of 512 need no second reading. */
const residentFloats = 54 * 1024 * 1024;
const residentBytes = 2 * residentFloats;
/** Rows a multiple of this many bytes apart share their places in the processor's first cache; a product of them is a third slower. */
const aliasBytes = 2048;
const paddingValues = 16;

/** Values that a row of floats should take in the arena for products with it. */
export function floatWidth(dimensions: number): number {
  return (dimensions * 4) % aliasBytes === 0 ? dimensions + paddingValues : dimensions;
}

/** Sizes that depend on the problem only, never on the machine: the rounding of a product may depend on the tile it is in. */
export function planTiles(
  matrix: Pick<TilePlan, 'rows' | 'dimensions' | 'storedBytes' | 'valueBytes'> & { readonly width?: number },
  clusters: number,
  isKept = true,
): TilePlan {
  const { width = matrix.dimensions } = matrix;
  const rowBytes = width * Math.max(matrix.valueBytes, matrix.storedBytes);
  const forCache = Math.max(fewestRows, Math.min(mostRows, Math.floor(scoreBytes / (4 * clusters))));
  const tileRows = Math.max(1, Math.min(forCache, Math.floor(tileBytes / rowBytes), matrix.rows));
  const residentValues = matrix.valueBytes === 4 ? residentFloats : residentBytes;
  return { ...matrix, width, tileRows, resident: isKept ? Math.floor(residentValues / (tileRows * width)) : 0 };
}

/** Whether all rows stay in the arena. */
export function isResident(plan: TilePlan): boolean {
  return plan.resident >= tileCount(plan);
}

/** Sizes of the arena blocks that tiles of this plan need, in the order in which `Tiles` allocates them. */
export function tileBlocks(plan: TilePlan): number[] {
  const { room, stored } = tileSizes(plan);
  const count = tileCount(plan);
  const blocks: number[] = new Array(Math.min(plan.resident, count)).fill(room);
  // Two rooms for tiles that come and go: one is read while the other is worked on.
  if (count > plan.resident) blocks.push(room, room);
  if (stored > 0) blocks.push(stored, stored);
  return blocks;
}

/** Bytes of a tile in the arena, and of one as stored, where that is another. */
function tileSizes({ tileRows, dimensions, width, storedBytes, valueBytes }: TilePlan): { readonly room: number; readonly stored: number } {
  return { room: tileRows * width * valueBytes, stored: storedBytes === valueBytes ? 0 : tileRows * dimensions * storedBytes };
}

function tileCount(plan: TilePlan): number {
  return Math.ceil(plan.rows / plan.tileRows);
}

/** Converts `count` values between two addresses of the arena. */
export type Convert = (stored: number, target: number, count: number) => void;

/** Passes over a matrix tile by tile; the next tile is read from the file while the present one is worked on. */
export class Tiles {
  readonly plan: TilePlan;
  readonly count: number;
  readonly #source: RawRows;
  readonly #arena: Arena;
  readonly #convert: Convert | undefined;
  readonly #resident: number[] = [];
  readonly #rooms: number[] = [];
  readonly #stored: number[] = [];
  #loaded = 0;

  /** @param convert makes stored values what the kernels want; only where the two differ in size */
  constructor(plan: TilePlan, source: RawRows, arena: Arena, convert?: Convert) {
    this.plan = plan;
    this.#convert = convert;
    this.count = tileCount(plan);
    this.#source = source;
    this.#arena = arena;
    const { room, stored } = tileSizes(plan);
    for (let i = 0; i < Math.min(plan.resident, this.count); i++) this.#resident.push(arena.allocate(room));
    if (this.count > plan.resident) for (let i = 0; i < 2; i++) this.#rooms.push(arena.allocate(room));
    if (stored > 0) for (let i = 0; i < 2; i++) this.#stored.push(arena.allocate(stored));
  }

  /** Calls `visit` with every tile, in order. */
  async pass(visit: (tile: Tile) => Promise<void>): Promise<void> {
    let reading = this.#read(0);
    try {
      for (let index = 0; index < this.count; index++) {
        await reading;
        const tile = this.#finish(index);
        reading = index + 1 < this.count ? this.#read(index + 1) : Promise.resolve();
        reading.catch(() => undefined); // reported when its turn comes; `visit` may take longer than the failure
        await visit(tile);
      }
    } finally {
      await reading.catch(() => undefined); // nothing may still be writing into the arena
    }
  }

  #range(index: number): { readonly first: number; readonly count: number } {
    const first = index * this.plan.tileRows;
    return { first, count: Math.min(this.plan.tileRows, this.plan.rows - first) };
  }

  #place(index: number): number {
    return this.#resident[index] ?? (this.#rooms[index & 1] as number);
  }

  /** Where values go that lie side by side: at the end of their tile, so that rows can be moved apart without a second place. */
  #landing(index: number): number {
    const { dimensions, width, valueBytes } = this.plan;
    return this.#place(index) + this.#range(index).count * (width - dimensions) * valueBytes;
  }

  async #read(index: number): Promise<void> {
    if (index < this.#loaded && index < this.#resident.length) return;
    const { dimensions, storedBytes } = this.plan;
    const { first, count } = this.#range(index);
    const at = this.#stored[index & 1] ?? this.#landing(index);
    await this.#source.read(first, this.#arena.uint8(at, count * dimensions * storedBytes));
  }

  /** What was read, as the kernels want it. */
  #finish(index: number): Tile {
    const { dimensions, width } = this.plan;
    const { first, count } = this.#range(index);
    const rows = this.#place(index);
    if (index >= this.#loaded || index >= this.#resident.length) {
      const landing = this.#landing(index);
      const stored = this.#stored[index & 1];
      if (stored !== undefined) this.#convert?.(stored, landing, count * dimensions);
      if (width > dimensions) this.#arena.kernels.spreadRows(landing, rows, count, dimensions, width);
    }
    this.#loaded = Math.max(this.#loaded, index + 1);
    return { first, count, rows };
  }
}
