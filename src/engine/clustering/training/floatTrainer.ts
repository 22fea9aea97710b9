import type { Arena, Kernels, Matrices } from '../../runtime/contracts.ts';
import type { StoredBytes } from './matrixSource.ts';
import { type RawRowFiles, RawRows } from './rawRows.ts';
import { type Convert, floatWidth, planTiles, Tiles, tileBlocks } from './tiles.ts';
import type { Trainer } from './trainer.ts';

export interface TrainerSources {
  readonly matrices: Matrices;
  readonly clusters: number;
  readonly dimensions: number;
  readonly storedBytes: StoredBytes;
  /** All rows, and those that the centroids are trained on; the same object unless they are a sample. */
  readonly all: RawRowFiles;
  readonly training: RawRowFiles;
  /** Told after every tile of every pass. */
  onRows?(rows: number): void;
}

/** The library's arithmetic: float32 throughout, every cluster's rows added in their order, so that threads and restarts change nothing. */
export class FloatTrainer implements Trainer, AsyncDisposable {
  readonly clusters: number;
  readonly rows: number;
  readonly width: number;
  readonly labels: Int32Array;
  readonly #matrices: Matrices;
  readonly #arena: Arena;
  readonly #training: Tiles;
  readonly #all: Tiles;
  readonly #labelsAt: number;
  readonly #similarityAt: number;
  readonly #files: readonly RawRows[];
  readonly #onRows: ((rows: number) => void) | undefined;
  #centroidsAt: number;
  #sumsAt: number;

  private constructor({ matrices, clusters, dimensions, storedBytes, all, training, onRows }: TrainerSources, arena: Arena) {
    this.clusters = clusters;
    this.rows = training.rows;
    this.labels = new Int32Array(training.rows).fill(-1);
    this.width = floatWidth(dimensions);
    this.#matrices = matrices;
    this.#arena = arena;
    this.#onRows = onRows;
    const plans = plansOf({ clusters, dimensions, storedBytes, all, training });
    this.#centroidsAt = arena.allocate(clusters * this.width * 4);
    this.#sumsAt = arena.allocate(clusters * this.width * 4);
    this.#labelsAt = arena.allocate(plans.tileRows * 4);
    this.#similarityAt = arena.allocate(plans.tileRows * 4);
    const convert: Convert = (stored, target, count) => arena.kernels.halvesToFloats(stored, target, count);
    const trainingRows = new RawRows(training);
    this.#training = new Tiles(plans.training, trainingRows, arena, convert);
    if (plans.all) {
      const allRows = new RawRows(all);
      this.#all = new Tiles(plans.all, allRows, arena, convert);
      this.#files = [trainingRows, allRows];
    } else {
      this.#all = this.#training;
      this.#files = [trainingRows];
    }
  }

  static async create(sources: TrainerSources): Promise<FloatTrainer> {
    const { matrices, clusters, dimensions } = sources;
    const plans = plansOf(sources);
    const centroidBytes = clusters * floatWidth(dimensions) * 4;
    const arena = await matrices.arena([
      centroidBytes,
      centroidBytes,
      plans.tileRows * 4,
      plans.tileRows * 4,
      ...tileBlocks(plans.training),
      ...(plans.all ? tileBlocks(plans.all) : []),
    ]);
    return new FloatTrainer(sources, arena);
  }

  get centroids(): Float32Array {
    return this.#arena.float32(this.#centroidsAt, this.clusters * this.width);
  }

  async assign(): Promise<number> {
    const { kernels } = this.#arena;
    this.#arena.float32(this.#sumsAt, this.clusters * this.width).fill(0);
    let changed = 0;
    await this.#training.pass(async ({ first, count, rows }) => {
      await this.#matrices.assignFloats(this.#arena, this.#placed(), { rows, count, labels: this.#labelsAt });
      changed += takeLabels(this.#arena.int32(this.#labelsAt, count), this.labels, first);
      kernels.addRows(rows, this.#labelsAt, count, this.width, this.#sumsAt);
      this.#onRows?.(count);
    });
    return changed;
  }

  update(counts: Uint32Array): number {
    const { kernels } = this.#arena;
    let objective = 0;
    for (let c = 0; c < this.clusters; c++) {
      const count = counts[c] as number;
      if (count === 0) continue;
      const at = this.#sumsAt + c * this.width * 4;
      kernels.scale(at, this.width, Math.fround(1 / count));
      objective += count * Math.sqrt(kernels.squares(at, this.width));
    }
    [this.#centroidsAt, this.#sumsAt] = [this.#sumsAt, this.#centroidsAt];
    return objective;
  }

  normalize(): void {
    normalizeRows(this.#arena.kernels, this.#centroidsAt, this.clusters, this.width);
  }

  async assignAll(labels: Int32Array, similarity: Float32Array): Promise<void> {
    await this.#all.pass(async ({ first, count, rows }) => {
      await this.#matrices.assignFloats(this.#arena, this.#placed(), {
        rows,
        count,
        labels: this.#labelsAt,
        similarity: this.#similarityAt,
      });
      labels.set(this.#arena.int32(this.#labelsAt, count), first);
      similarity.set(this.#arena.float32(this.#similarityAt, count), first);
      this.#onRows?.(count);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files) await file[Symbol.asyncDispose]();
  }

  #placed(): { readonly at: number; readonly clusters: number; readonly dimensions: number } {
    return { at: this.#centroidsAt, clusters: this.clusters, dimensions: this.width };
  }
}

function plansOf({ clusters, dimensions, storedBytes, all, training }: Omit<TrainerSources, 'matrices'>) {
  const width = floatWidth(dimensions);
  const plan = (rows: number, isKept: boolean) => planTiles({ rows, dimensions, width, storedBytes, valueBytes: 4 }, clusters, isKept);
  const own = plan(training.rows, true);
  const whole = all === training ? undefined : plan(all.rows, false);
  return { training: own, all: whole, tileRows: Math.max(own.tileRows, whole?.tileRows ?? 0) };
}

/** Scales each row to length 1; zero stays zero. */
export function normalizeRows(kernels: Kernels, at: number, rows: number, dimensions: number): void {
  for (let r = 0; r < rows; r++) {
    const row = at + r * dimensions * 4;
    const squares = kernels.squares(row, dimensions);
    if (squares > 0) kernels.scale(row, dimensions, Math.fround(1 / Math.sqrt(squares)));
  }
}

/** Copies a tile's labels to their place. Returns how many differ from what was there. */
export function takeLabels(tile: Int32Array, labels: Int32Array, first: number): number {
  let changed = 0;
  for (let i = 0; i < tile.length; i++) {
    const label = tile[i] as number;
    if (labels[first + i] === label) continue;
    labels[first + i] = label;
    changed++;
  }
  return changed;
}
