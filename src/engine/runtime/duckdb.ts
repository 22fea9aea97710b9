import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type * as DuckDB from '@duckdb/node-api';
import { RuntimeUnavailable } from './runtimeUnavailable.ts';

/** Bounds a conversion beside the engine's own memory; DuckDB spills to its temporary folder beyond it. */
const memoryLimit = '1GB';
const mostThreads = 4;

/** A database in memory that can touch the named files and nothing else: no network, no extension, no other path. */
export interface DuckDBSession {
  readonly connection: DuckDB.DuckDBConnection;
  close(): Promise<void>;
}

/** @throws RuntimeUnavailable when the native module does not load */
export async function loadDuckDB(): Promise<typeof DuckDB> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    throw new RuntimeUnavailable('@duckdb/node-api', 'to read and write Parquet files', error);
  }
}

/** `files`: absolute paths that statements may name. An abort interrupts the running statement. */
export async function openDuckDB(duckdb: typeof DuckDB, files: readonly string[], signal: AbortSignal): Promise<DuckDBSession> {
  signal.throwIfAborted();
  // Not beside the dataset: its folder may be read-only, shared or watched.
  const temporary = await mkdtemp(join(tmpdir(), 'ballast-duckdb-'));
  const removeTemporary = () => rm(temporary, { recursive: true, force: true });
  try {
    const instance = await duckdb.DuckDBInstance.create(':memory:', {
      threads: String(Math.min(mostThreads, availableParallelism())),
      memory_limit: memoryLimit,
      temp_directory: temporary,
      preserve_insertion_order: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    const connection = await instance.connect();
    const interrupt = () => connection.interrupt();
    const close = async () => {
      signal.removeEventListener('abort', interrupt);
      connection.closeSync();
      instance.closeSync();
      await removeTemporary();
    };
    try {
      await connection.run(`SET TimeZone = 'UTC'`);
      await connection.run(`SET allowed_paths = [${files.map((file) => literal(resolve(file))).join(', ')}]`);
      await connection.run('SET enable_external_access = false');
      await connection.run('SET lock_configuration = true');
    } catch (error) {
      await close();
      throw error;
    }
    signal.addEventListener('abort', interrupt, { once: true });
    return { connection, close };
  } catch (error) {
    await removeTemporary();
    throw error;
  }
}

/** SQL string. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** SQL name. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Table of a Parquet file; folder names like `year=2020` are no columns. */
export function parquetTable(path: string): string {
  return `read_parquet(${literal(resolve(path))}, hive_partitioning = false, union_by_name = false)`;
}
