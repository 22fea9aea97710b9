import { AtomicFile } from '../../runs/atomicFile.ts';
import type { Arena, Matrices } from '../../runtime/contracts.ts';
import { exists, oneFile, type StoredBytes } from './matrixSource.ts';
import { type RawRowFiles, RawRows } from './rawRows.ts';
import { type Convert, isResident, planTiles, type TilePlan, Tiles, tileBlocks } from './tiles.ts';

/** Largest byte of a row around its middle. */
export const rowLevels = 127;

/** Rows of a float matrix as bytes around 128: 128 + round(value * levels / clip), cut off at 1 and 255. */
export interface ByteRows {
  readonly plan: TilePlan;
  readonly files: RawRowFiles;
}

interface ByteRowsRequest {
  readonly matrices: Matrices;
  readonly files: RawRowFiles;
  readonly dimensions: number;
  readonly storedBytes: StoredBytes;
  readonly clusters: number;
  readonly clip: number;
  /** File for the bytes, when they are too many to stay in memory. */
  readonly path: string;
}

/** Few rows are converted as they are read and stay in the arena; many are converted once, into a file. */
export async function obtainByteRows(request: ByteRowsRequest): Promise<ByteRows> {
  const { files, dimensions, storedBytes, clusters, path } = request;
  const direct = planTiles({ rows: files.rows, dimensions, storedBytes, valueBytes: 1 }, clusters);
  if (isResident(direct)) return { plan: direct, files };
  if (!(await exists(path))) await writeBytes(request, direct);
  return {
    plan: planTiles({ rows: files.rows, dimensions, storedBytes: 1, valueBytes: 1 }, clusters),
    files: oneFile(path, files.rows, dimensions),
  };
}

/** Converts stored values by way of floats at `floats`, which must have room for a tile of halves. */
export function byteConversion({ kernels }: Arena, storedBytes: StoredBytes, clip: number, floats: number): Convert {
  const inverse = clip > 0 ? rowLevels / clip : 0;
  return (stored, target, count) => {
    if (storedBytes === 2) kernels.halvesToFloats(stored, floats, count);
    kernels.quantizeRows(storedBytes === 2 ? floats : stored, target, count, inverse);
  };
}

async function writeBytes({ matrices, files, dimensions, storedBytes, clip, path }: ByteRowsRequest, plan: TilePlan): Promise<void> {
  const passing = { ...plan, resident: 0 };
  const arena = await matrices.arena([passing.tileRows * dimensions * 4, ...tileBlocks(passing)]);
  const convert = byteConversion(arena, storedBytes, clip, arena.allocate(passing.tileRows * dimensions * 4));
  await using source = new RawRows(files);
  await using target = await AtomicFile.create(path);
  await new Tiles(passing, source, arena, convert).pass(({ rows, count }) => target.write(arena.uint8(rows, count * dimensions)));
  await target.commit();
}
