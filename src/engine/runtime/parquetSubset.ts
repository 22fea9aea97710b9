import { type DuckDBSession, literal, parquetTable, quoted } from './duckdb.ts';
import { rowNumberColumn } from './parquetProjection.ts';
import { UnreadableParquet } from './unreadableParquet.ts';

/** Keys of the footer that describe the physical layout of the source, which the copy does not share. */
const layoutKeys = ['ARROW:schema'];

/** DuckDB's smallest sensible row group. */
const leastRowGroup = 2048;

type Connection = DuckDBSession['connection'];

/**
 * Copies rows with columns, types, order, compression, size of row groups and the footer's key-value metadata, then reads the copy back and
 * compares each row with its source. Both paths are absolute.
 */
export async function copyRows(connection: Connection, parquetPath: string, rows: Uint32Array, outputPath: string): Promise<void> {
  const source = parquetTable(parquetPath);
  const columns = await columnsOf(connection, source);
  if (columns.some((column) => column.startsWith(`${rowNumberColumn} `))) {
    throw new UnreadableParquet(parquetPath, `its column ${rowNumberColumn} has the name that DuckDB numbers rows with; rename the column`);
  }
  const bits = chosenBits(parquetPath, rows, await countRows(connection, source));
  const options = [
    'FORMAT parquet',
    // The caller names a temporary file already, and only that path is allowed.
    'USE_TMP_FILE false',
    `COMPRESSION ${literal(await compressionOf(connection, parquetPath))}`,
    `ROW_GROUP_SIZE ${await rowGroupSize(connection, parquetPath)}`,
    ...(await footer(connection, parquetPath)),
  ];
  // A filter, no join: joins do not keep the order of the rows.
  const chosen = `FROM ${source} AS subset_source WHERE get_bit('${bits}'::BIT, subset_source.${rowNumberColumn}::INTEGER) = 1`;
  await connection.run(`COPY (SELECT subset_source.* ${chosen}) TO ${literal(outputPath)} (${options.join(', ')})`);
  await verify({ connection, chosen, outputPath, rows, columns });
}

async function columnsOf(connection: Connection, table: string): Promise<string[]> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`);
  return described.getRows().map(([name, type]) => `${String(name)} ${String(type)}`);
}

async function countRows(connection: Connection, source: string): Promise<number> {
  const total = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${source}`);
  return Number(total.getRows()[0]?.[0]);
}

/** One character per row of the source: 1 for the chosen ones. */
function chosenBits(parquetPath: string, rows: Uint32Array, count: number): string {
  const bits = Buffer.alloc(Math.max(1, count), '0');
  let last = -1;
  for (const row of rows) {
    if (row <= last || row >= count)
      throw new RangeError(`${parquetPath} has ${count} rows; ${row} after ${last} is not an ascending position`);
    last = row;
    bits[row] = 0x31;
  }
  return bits.toString('latin1');
}

/** The commonest codec of the source's column chunks. */
async function compressionOf(connection: Connection, path: string): Promise<string> {
  const codecs = await connection.runAndReadAll(
    `SELECT lower(compression) FROM parquet_metadata(${literal(path)}) GROUP BY ALL ORDER BY count(*) DESC, 1 LIMIT 1`,
  );
  const codec = codecs.getRows()[0]?.[0];
  return typeof codec === 'string' && ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'].includes(codec) ? codec : 'zstd';
}

async function rowGroupSize(connection: Connection, path: string): Promise<number> {
  const sizes = await connection.runAndReadAll(`SELECT max(row_group_num_rows)::DOUBLE FROM parquet_metadata(${literal(path)})`);
  return Math.max(leastRowGroup, Number(sizes.getRows()[0]?.[0] ?? 0));
}

async function footer(connection: Connection, path: string): Promise<string[]> {
  const pairs = await connection.runAndReadAll(`SELECT decode(key), decode(value) FROM parquet_kv_metadata(${literal(path)})`);
  const kept = pairs.getRows().filter(([key]) => !layoutKeys.includes(String(key)));
  if (kept.length === 0) return [];
  return [`KV_METADATA {${kept.map(([key, value]) => `${quoted(String(key))}: ${literal(String(value))}`).join(', ')}}`];
}

interface Copy {
  readonly connection: Connection;
  readonly chosen: string;
  readonly outputPath: string;
  readonly rows: Uint32Array;
  readonly columns: readonly string[];
}

async function verify({ connection, chosen, outputPath, rows, columns }: Copy): Promise<void> {
  const copy = parquetTable(outputPath);
  const copied = await columnsOf(connection, copy);
  if (copied.join('\n') !== columns.join('\n'))
    throw new UnreadableParquet(outputPath, 'the columns of the copy differ from those of the source');
  // One result at a time: a connection drops its open result when the next statement starts.
  const hashOf = new BigUint64Array(rows.length);
  let chosenRows = 0;
  for await (const { row, hash } of hashes(connection, `SELECT subset_source.${rowNumberColumn}::DOUBLE, hash(subset_source) ${chosen}`)) {
    if (row !== rows[chosenRows]) throw new UnreadableParquet(outputPath, `row ${row} of the source came out of order`);
    hashOf[chosenRows] = hash;
    chosenRows += 1;
  }
  let copiedRows = 0;
  for await (const { row, hash } of hashes(
    connection,
    `SELECT ${rowNumberColumn}::DOUBLE, hash(subset_copy) FROM ${copy} AS subset_copy`,
  )) {
    if (row !== copiedRows || hash !== hashOf[copiedRows]) {
      throw new UnreadableParquet(outputPath, `row ${copiedRows} of the copy differs from row ${rows[copiedRows] ?? 'none'} of the source`);
    }
    copiedRows += 1;
  }
  if (chosenRows !== rows.length || copiedRows !== rows.length) {
    throw new UnreadableParquet(outputPath, `the copy has ${copiedRows} rows instead of ${rows.length}`);
  }
}

async function* hashes(connection: Connection, query: string): AsyncGenerator<{ readonly row: number; readonly hash: bigint }> {
  const result = await connection.stream(query);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    for (const [row, hash] of chunk.getRows()) yield { row: Number(row), hash: BigInt(String(hash)) };
  }
}
