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
const residentValues = 52 * 1024 * 1024;

/** Sizes that depend on the problem only, never on the machine: the rounding of a product may depend on the tile it is in. */
export function planTiles(
  matrix: Pick<TilePlan, 'rows' | 'dimensions' | 'storedBytes' | 'valueBytes'>,
  clusters: number,
  isKept = true,
): TilePlan {
  const rowBytes = matrix.dimensions * Math.max(matrix.valueBytes, matrix.storedBytes);
  const forCache = Math.max(fewestRows, Math.min(mostRows, Math.floor(scoreBytes / (4 * clusters))));
  const tileRows = Math.max(1, Math.min(forCache, Math.floor(tileBytes / rowBytes), matrix.rows));
  return { ...matrix, tileRows, resident: isKept ? Math.floor(residentValues / (tileRows * matrix.dimensions)) : 0 };
}

/** Whether all rows stay in the arena. */
export function isResident(plan: TilePlan): boolean {
  return plan.resident >= tileCount(plan);
}

/** Sizes of the arena blocks that tiles of this plan need, in the order in which `Tiles` allocates them. */
export function tileBlocks(plan: TilePlan): number[] {
  const size = plan.tileRows * plan.dimensions;
  const count = tileCount(plan);
  const blocks: number[] = new Array(Math.min(plan.resident, count)).fill(size * plan.valueBytes);
  // Two rooms for tiles that come and go: one is read while the other is worked on.
  if (count > plan.resident) blocks.push(size * plan.valueBytes, size * plan.valueBytes);
  if (plan.storedBytes !== plan.valueBytes) blocks.push(size * plan.storedBytes, size * plan.storedBytes);
  return blocks;
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
    const size = plan.tileRows * plan.dimensions;
    for (let i = 0; i < Math.min(plan.resident, this.count); i++) this.#resident.push(arena.allocate(size * plan.valueBytes));
    if (this.count > plan.resident) for (let i = 0; i < 2; i++) this.#rooms.push(arena.allocate(size * plan.valueBytes));
    if (plan.storedBytes !== plan.valueBytes) for (let i = 0; i < 2; i++) this.#stored.push(arena.allocate(size * plan.storedBytes));
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

  async #read(index: number): Promise<void> {
    if (index < this.#loaded && index < this.#resident.length) return;
    const { dimensions, storedBytes } = this.plan;
    const { first, count } = this.#range(index);
    const at = this.#stored[index & 1] ?? this.#place(index);
    await this.#source.read(first, this.#arena.uint8(at, count * dimensions * storedBytes));
  }

  /** What was read, as the kernels want it. */
  #finish(index: number): Tile {
    const { dimensions } = this.plan;
    const { first, count } = this.#range(index);
    const rows = this.#place(index);
    const isReady = index < this.#loaded && index < this.#resident.length;
    const stored = this.#stored[index & 1];
    if (!isReady && stored !== undefined) this.#convert?.(stored, rows, count * dimensions);
    this.#loaded = Math.max(this.#loaded, index + 1);
    return { first, count, rows };
  }
}
