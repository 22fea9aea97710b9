import { readFile } from 'node:fs/promises';
import { AtomicFile } from '../runs/atomicFile.ts';
import { type ListedPerspective, listedPerspectives, type TextCounts } from './entityLists.ts';

/** Lists of some consecutive records. Entity numbers count within the shard, in order of first appearance. */
export interface ShardLists {
  readonly firstOrdinal: number;
  readonly rows: number;
  readonly text: TextCounts;
  readonly columns: Readonly<Record<ListedPerspective, ShardColumn>>;
}

export interface ShardColumn {
  readonly names: readonly string[];
  /** Elements per row. */
  readonly lengths: Uint32Array;
  readonly elements: Uint32Array;
}

/**
 * Layout: length of the head (u32, little-endian), the head as JSON padded with spaces to four bytes, then for each perspective its row
 * lengths and its elements as little-endian u32.
 */
interface Head {
  readonly firstOrdinal: number;
  readonly rows: number;
  readonly text: TextCounts;
  readonly columns: Readonly<Record<ListedPerspective, { readonly names: readonly string[]; readonly elements: number }>>;
}

export async function writeShardFile(path: string, lists: ShardLists): Promise<void> {
  const { firstOrdinal, rows, text, columns } = lists;
  const head: Head = {
    firstOrdinal,
    rows,
    text,
    columns: Object.fromEntries(
      listedPerspectives.map((p) => [p, { names: columns[p].names, elements: columns[p].elements.length }]),
    ) as Head['columns'],
  };
  const json = Buffer.from(JSON.stringify(head), 'utf8');
  const size = Buffer.alloc(4);
  size.writeUInt32LE(Math.ceil(json.byteLength / 4) * 4);
  await using file = await AtomicFile.create(path);
  await file.write(size);
  await file.write(json);
  await file.write(Buffer.alloc(size.readUInt32LE() - json.byteLength, ' '));
  for (const perspective of listedPerspectives) {
    const { lengths, elements } = columns[perspective];
    await file.write(bytesOf(lengths));
    await file.write(bytesOf(elements));
  }
  await file.commit();
}

export async function readShardFile(path: string): Promise<ShardLists> {
  const bytes = await readFile(path);
  const headLength = bytes.readUInt32LE();
  const head = JSON.parse(bytes.toString('utf8', 4, 4 + headLength)) as Head;
  let at = 4 + headLength;
  const take = (length: number): Uint32Array => {
    const part = new Uint32Array(length);
    bytesOf(part).set(bytes.subarray(at, at + length * 4));
    at += length * 4;
    return part;
  };
  const columns = Object.fromEntries(
    listedPerspectives.map((perspective) => {
      const { names, elements } = head.columns[perspective];
      return [perspective, { names, lengths: take(head.rows), elements: take(elements) }];
    }),
  ) as Record<ListedPerspective, ShardColumn>;
  return { firstOrdinal: head.firstOrdinal, rows: head.rows, text: head.text, columns };
}

function bytesOf(array: Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
