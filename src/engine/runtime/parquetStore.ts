import { resolve } from 'node:path';
import type * as DuckDB from '@duckdb/node-api';
import type { ParquetStore } from './contracts.ts';
import { loadDuckDB, openDuckDB, parquetTable } from './duckdb.ts';
import { createEmbeddedImages, hyparquetToJsonl } from './hyparquetReader.ts';
import { createLineFile } from './lineFile.ts';
import { projectionSource, rowAsJson, rowNumber } from './parquetProjection.ts';
import { copyRows } from './parquetSubset.ts';
import { RuntimeUnavailable } from './runtimeUnavailable.ts';
import { UnreadableParquet, unreadableParquet } from './unreadableParquet.ts';

/**
 * Parquet through DuckDB, which the first call loads. Where it does not load, rows are read in JavaScript and `writeSubset` throws
 * RuntimeUnavailable. An aborted call throws the signal's reason; a damaged file throws UnreadableParquet.
 * @param load For tests of the fallback.
 */
export function createParquetStore(load: () => Promise<typeof DuckDB> = loadDuckDB): ParquetStore {
  let loading: Promise<typeof DuckDB> | undefined;
  const duckdb = () => {
    loading ??= load();
    return loading;
  };
  return {
    async toJsonl(parquetPath, jsonlPath, signal) {
      signal.throwIfAborted();
      const module = await duckdb().catch(unlessUnavailable);
      if (module === undefined) return { rows: await hyparquetToJsonl(parquetPath, jsonlPath, signal), reader: 'hyparquet' };
      return { rows: await duckdbToJsonl(module, parquetPath, jsonlPath, signal), reader: 'duckdb' };
    },
    async writeSubset(parquetPath, rows, outputPath, signal) {
      signal.throwIfAborted();
      const session = await openDuckDB(await duckdb(), [parquetPath, outputPath], signal);
      try {
        await copyRows(session.connection, resolve(parquetPath), rows, resolve(outputPath));
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof RangeError ? error : unreadableParquet(parquetPath, error);
      } finally {
        await session.close();
      }
    },
    // Always in JavaScript: one row out of a big file needs one row group, where DuckDB would scan up to the row.
    embeddedImages: createEmbeddedImages(),
    async version() {
      return (await duckdb().catch(unlessUnavailable))?.version();
    },
  };
}

function unlessUnavailable(error: unknown): undefined {
  if (error instanceof RuntimeUnavailable) return undefined;
  throw error;
}

async function duckdbToJsonl(duckdb: typeof DuckDB, parquetPath: string, jsonlPath: string, signal: AbortSignal): Promise<number> {
  const session = await openDuckDB(duckdb, [parquetPath], signal);
  try {
    const { connection } = session;
    const table = parquetTable(parquetPath);
    const described = await connection.runAndReadAll(`SELECT * FROM ${table} LIMIT 0`);
    const names = described.columnNames();
    const line = rowAsJson(duckdb, names, described.columnTypes());
    const result = await connection.stream(`SELECT ${line}, ${rowNumber(names)}::DOUBLE FROM ${table} AS ${projectionSource}`);
    const output = await createLineFile(jsonlPath);
    try {
      let rows = 0;
      for (;;) {
        signal.throwIfAborted();
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return rows;
        const positions = chunk.getColumnValues(1);
        for (const [i, value] of chunk.getColumnValues(0).entries()) {
          if (positions[i] !== rows) throw new UnreadableParquet(parquetPath, `row ${positions[i]} came in place of row ${rows}`);
          const written = output.write(String(value));
          if (written !== undefined) await written;
          rows += 1;
        }
      }
    } finally {
      await output.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw unreadableParquet(parquetPath, error);
  } finally {
    await session.close();
  }
}
