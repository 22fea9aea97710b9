import { join } from 'node:path';
import type { Arena, BytesAssigner, Matrices } from '../../runtime/contracts.ts';
import { type ByteRows, byteConversion, obtainByteRows, rowLevels } from './byteRows.ts';
import { normalizeRows, type TrainerSources } from './floatTrainer.ts';
import { RawRows } from './rawRows.ts';
import { planTiles, type Tile, type TilePlan, Tiles, tileBlocks } from './tiles.ts';
import type { Trainer } from './trainer.ts';

/** Largest byte of a center: with 7 bits no processor saturates where it adds two products in 16 bits, so all give the same labels. */
const centerLevels = 63;

export interface ByteTrainerSources extends TrainerSources {
  /** Value that becomes the largest byte; beyond it values are cut off. */
  readonly clip: number;
  /** Where rows as bytes are kept between passes when they are too many for memory. */
  readonly folder: string;
}

interface Places {
  readonly centroids: number;
  readonly sums: number;
  readonly centers: number;
  readonly mean: number;
  readonly labels: number;
  readonly previous: number;
  readonly similarity: number;
  readonly floats: number;
}

interface Passes {
  readonly training: Tiles;
  /** The same as `training` unless that is a sample. */
  readonly all: Tiles;
  /** All rows as floats, for the similarities. */
  readonly floats: Tiles;
}

/**
 * K-means in whole numbers: rows as bytes of one common scale, centers as 7-bit bytes around their mean (which changes no argmax), integer
 * sums that only the rows with a new label touch. Exact, so labels depend neither on the machine nor on threads or restarts.
 */
export class ByteTrainer implements Trainer, AsyncDisposable {
  readonly clusters: number;
  readonly rows: number;
  readonly width: number;
  readonly labels: Int32Array;
  readonly #dimensions: number;
  readonly #step: number;
  readonly #matrices: Matrices;
  readonly #arena: Arena;
  readonly #at: Places;
  readonly #passes: Passes;
  readonly #files: readonly RawRows[];
  readonly #onRows: ((rows: number) => void) | undefined;

  private constructor(sources: ByteTrainerSources, arena: Arena, at: Places, passes: Passes, files: readonly RawRows[]) {
    this.clusters = sources.clusters;
    this.rows = sources.training.rows;
    this.labels = new Int32Array(this.rows).fill(-1);
    this.#dimensions = sources.dimensions;
    this.width = sources.dimensions;
    this.#step = sources.clip / rowLevels;
    this.#matrices = sources.matrices;
    this.#arena = arena;
    this.#at = at;
    this.#passes = passes;
    this.#files = files;
    this.#onRows = sources.onRows;
    arena.int32(at.sums, this.clusters * this.#dimensions).fill(0);
  }

  static async create(sources: ByteTrainerSources): Promise<ByteTrainer> {
    const { matrices, clusters, dimensions, storedBytes, all, training, clip } = sources;
    const bytesOf = (files: typeof all, name: string): Promise<ByteRows> =>
      obtainByteRows({ matrices, files, dimensions, storedBytes, clusters, clip, path: join(sources.folder, name) });
    const trained = await bytesOf(training, 'training.bytes');
    const whole = all === training ? undefined : await bytesOf(all, 'rows.bytes');
    const floats = planTiles({ rows: all.rows, dimensions, storedBytes, valueBytes: 4 }, clusters, false);
    // The sample's rows keep their place in memory; those of the whole matrix are labelled once.
    const plans = { training: trained.plan, all: whole && { ...whole.plan, resident: 0 }, floats };
    const arena = await matrices.arena(blocksOf(plans, clusters, dimensions));
    const at = place(arena, plans, clusters, dimensions);
    const convert = byteConversion(arena, storedBytes, clip, at.floats);
    const trainingRows = new RawRows(trained.files);
    const floatRows = new RawRows(all);
    const files = [trainingRows, floatRows];
    const trainingTiles = new Tiles(plans.training, trainingRows, arena, convert);
    let allTiles = trainingTiles;
    if (whole && plans.all) {
      const wholeRows = new RawRows(whole.files);
      files.push(wholeRows);
      allTiles = new Tiles(plans.all, wholeRows, arena, convert);
    }
    const floatTiles = new Tiles(floats, floatRows, arena, (stored, target, count) => arena.kernels.halvesToFloats(stored, target, count));
    return new ByteTrainer(sources, arena, at, { training: trainingTiles, all: allTiles, floats: floatTiles }, files);
  }

  get centroids(): Float32Array {
    return this.#arena.float32(this.#at.centroids, this.clusters * this.#dimensions);
  }

  async assign(): Promise<number> {
    const { kernels } = this.#arena;
    const { labels, previous, sums } = this.#at;
    await using assigner = await this.#prepareCenters();
    let changed = 0;
    await this.#passes.training.pass(async ({ first, count, rows }) => {
      await assigner.assign({ rows, count, labels });
      const known = this.labels.subarray(first, first + count);
      const before = this.#arena.int32(previous, count);
      before.set(known);
      changed += kernels.moveRows(rows, labels, previous, count, this.#dimensions, sums);
      known.set(before);
      this.#onRows?.(count);
    });
    return changed;
  }

  update(counts: Uint32Array): number {
    const { kernels } = this.#arena;
    let objective = 0;
    for (let c = 0; c < this.clusters; c++) {
      const count = counts[c] as number;
      const offset = c * this.#dimensions * 4;
      kernels.meanOfSums(this.#at.sums + offset, this.#at.centroids + offset, this.#dimensions, Math.max(1, count));
      objective += count * Math.sqrt(kernels.squares(this.#at.centroids + offset, this.#dimensions)) * this.#step;
    }
    return objective;
  }

  normalize(): void {
    normalizeRows(this.#arena.kernels, this.#at.centroids, this.clusters, this.#dimensions);
  }

  async assignAll(labels: Int32Array, similarity: Float32Array): Promise<void> {
    const { kernels } = this.#arena;
    await using assigner = await this.#prepareCenters();
    await this.#passes.all.pass(async ({ first, count, rows }: Tile) => {
      await assigner.assign({ rows, count, labels: this.#at.labels });
      labels.set(this.#arena.int32(this.#at.labels, count), first);
      this.#onRows?.(count);
    });
    await this.#passes.floats.pass(async ({ first, count, rows }: Tile) => {
      this.#arena.int32(this.#at.labels, count).set(labels.subarray(first, first + count));
      kernels.similarities(rows, this.#at.labels, count, this.#dimensions, this.#at.centroids, this.#at.similarity);
      similarity.set(this.#arena.float32(this.#at.similarity, count), first);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files) await file[Symbol.asyncDispose]();
  }

  #prepareCenters(): Promise<BytesAssigner> {
    const { kernels } = this.#arena;
    const { centroids, mean, centers } = this.#at;
    kernels.meanRow(centroids, this.clusters, this.#dimensions, mean);
    const largest = kernels.largestDeviation(centroids, this.clusters, this.#dimensions, mean);
    const inverse = largest > 0 ? Math.fround(centerLevels / largest) : 0;
    const byColumn = this.#matrices.centersByColumn ? 1 : 0;
    kernels.quantizeCenters(centroids, this.clusters, this.#dimensions, mean, inverse, centers, byColumn);
    return this.#matrices.prepareBytes(this.#arena, { at: centers, clusters: this.clusters, dimensions: this.#dimensions });
  }
}

interface Plans {
  readonly training: TilePlan;
  readonly all: TilePlan | undefined;
  readonly floats: TilePlan;
}

function mostTileRows({ training, all, floats }: Plans): number {
  return Math.max(training.tileRows, all?.tileRows ?? 0, floats.tileRows);
}

/** Sizes in the order of `place`, then of the tiles. */
function blocksOf(plans: Plans, clusters: number, dimensions: number): number[] {
  const rows = mostTileRows(plans);
  const tiles = [plans.training, plans.all, plans.floats].flatMap((plan) => (plan ? tileBlocks(plan) : []));
  const values = clusters * dimensions;
  return [values * 4, values * 4, values, dimensions * 4, rows * 4, rows * 4, rows * 4, floatBytes(plans, dimensions), ...tiles];
}

function place(arena: Arena, plans: Plans, clusters: number, dimensions: number): Places {
  const rows = mostTileRows(plans);
  const values = clusters * dimensions;
  return {
    centroids: arena.allocate(values * 4),
    sums: arena.allocate(values * 4),
    centers: arena.allocate(values),
    mean: arena.allocate(dimensions * 4),
    labels: arena.allocate(rows * 4),
    previous: arena.allocate(rows * 4),
    similarity: arena.allocate(rows * 4),
    floats: arena.allocate(floatBytes(plans, dimensions)),
  };
}

/** Room for one tile of halves on their way to bytes. */
function floatBytes({ training, all }: Plans, dimensions: number): number {
  const converted = [training, all].filter((plan) => plan?.storedBytes === 2);
  return Math.max(0, ...converted.map((plan) => (plan?.tileRows ?? 0) * dimensions * 4));
}
