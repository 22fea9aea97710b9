import { type FileHandle, open } from 'node:fs/promises';
import {
  type AsyncBuffer,
  type FileMetaData,
  type ParquetParsers,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { createLineFile } from './lineFile.ts';
import { blobsOf, holdsBlob, rowToJson } from './parquetValue.ts';
import { unreadableParquet } from './unreadableParquet.ts';

/** Parquet without a native module: slower, and a whole row group in memory at a time. */

/** Times stay numbers and JSON stays text, so that nothing is lost before it is spelled. */
const exactParsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis) => millis,
  timestampFromMicroseconds: (micros) => micros,
  timestampFromNanoseconds: (nanos) => nanos,
  dateFromDays: (days) => days,
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('utf8'),
  stringFromBytes: (bytes: Uint8Array | undefined) =>
    bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
};

interface OpenParquet {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly columns: readonly SchemaTree[];
}

async function withParquet<T>(path: string, use: (parquet: OpenParquet) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r');
  try {
    const file = await fileBuffer(handle);
    const metadata = exactDecimals(await parquetMetadataAsync(file, { parsers: exactParsers, geoparquet: false }));
    return await use({ file, metadata, columns: parquetSchema(metadata).children });
  } finally {
    await handle.close();
  }
}

async function fileBuffer(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      return bytesRead === bytes.length ? bytes.buffer : bytes.buffer.slice(0, bytesRead);
    },
  };
}

/** The reader turns decimals into rounded numbers; without their converted type they arrive as unscaled integers. */
function exactDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    if (element.converted_type !== 'DECIMAL' && element.logical_type?.type !== 'DECIMAL') return element;
    const { converted_type: _, ...rest } = element;
    return { ...rest, logical_type: { type: 'DECIMAL', precision: element.precision ?? 38, scale: element.scale ?? 0 } as const };
  });
  return { ...metadata, schema };
}

async function readRows(
  { file, metadata }: OpenParquet,
  rowStart: number,
  rowEnd: number,
  columns?: string[],
): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({
    file,
    metadata,
    rowStart,
    rowEnd,
    compressors,
    parsers: exactParsers,
    utf8: false,
    geoparquet: false,
    useOffsetIndex: true,
    ...(columns === undefined ? {} : { columns }),
  });
}

/** @throws UnreadableParquet; what the signal was aborted with */
export async function hyparquetToJsonl(parquetPath: string, jsonlPath: string, signal: AbortSignal): Promise<number> {
  try {
    return await withParquet(parquetPath, async (parquet) => {
      const output = await createLineFile(jsonlPath);
      try {
        let row = 0;
        for (const group of parquet.metadata.row_groups) {
          signal.throwIfAborted();
          const groupEnd = row + Number(group.num_rows);
          for (const values of await readRows(parquet, row, groupEnd)) {
            const written = output.write(rowToJson(parquet.columns, values, row));
            if (written !== undefined) {
              await written;
              signal.throwIfAborted();
            }
            row += 1;
          }
          if (row !== groupEnd) throw new Error(`a row group ended at row ${row} instead of ${groupEnd}`);
        }
        return row;
      } finally {
        await output.close();
      }
    });
  } catch (error) {
    signal.throwIfAborted();
    throw unreadableParquet(parquetPath, error);
  }
}

/** Rows read together: neighbours are asked for next, and pictures are too big to keep whole row groups of them. */
const blockRows = 64;

/** Bytes of embedded pictures; keeps the last block of rows. */
export function createEmbeddedImages(): (parquetPath: string, row: number) => Promise<readonly Uint8Array[]> {
  let cached: { readonly path: string; readonly block: number; readonly rows: Promise<readonly (readonly Uint8Array[])[]> } | undefined;
  return async (path, row) => {
    if (!Number.isSafeInteger(row) || row < 0) throw new RangeError(`row must be a position in ${path}, not ${row}`);
    const block = Math.floor(row / blockRows);
    if (cached?.path !== path || cached.block !== block) cached = { path, block, rows: readBlobs(path, block * blockRows) };
    const current = cached;
    try {
      const images = (await current.rows)[row - block * blockRows];
      if (images === undefined) throw new RangeError(`${path} has no row ${row}`);
      return images;
    } catch (error) {
      if (cached === current) cached = undefined;
      throw error instanceof RangeError ? error : unreadableParquet(path, error);
    }
  };
}

async function readBlobs(path: string, rowStart: number): Promise<readonly (readonly Uint8Array[])[]> {
  return withParquet(path, async (parquet) => {
    const columns = parquet.columns.filter(holdsBlob);
    const rowEnd = Math.min(rowStart + blockRows, Number(parquet.metadata.num_rows));
    if (rowStart >= rowEnd) return [];
    if (columns.length === 0) return Array.from({ length: rowEnd - rowStart }, () => []);
    const rows = await readRows(
      parquet,
      rowStart,
      rowEnd,
      columns.map((column) => column.element.name),
    );
    return rows.map((values) => blobsOf(columns, values));
  });
}
