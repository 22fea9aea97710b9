import { closeSync, openSync, readSync } from 'node:fs';
import { shardRecord } from '../hashShard.ts';
import { type RecordShard, readShard } from '../recordShard.ts';
import { isRecordValue, type RecordValue } from '../views/recordValue.ts';

/** Different values that a field may have to be a facet; their numbers, from 1, fit into a byte. */
export const valueLimit = 200;
/** UTF-16 units of a value or a field's name. */
const textLimit = 200;
/** With more names of fields than this, names are data. */
export const nameLimit = 1000;

const lineFeed = 0x0a;
const blockBytes = 1024 * 1024;

/** Fields that name, hold or picture the conversation: every instance has its own. */
const ownFields = new Set([
  'id',
  'conversations',
  'conversation',
  'messages',
  'image',
  'images',
  'video',
  'videos',
  'audio',
  'audios',
  'query',
  'response',
  'history',
  'instruction',
  'input',
  'output',
  'text',
]);

export interface ColumnTask {
  readonly shard: RecordShard;
  /** Byte range whose line feeds are counted. */
  readonly from: number;
  readonly to: number;
}

/** A field with nothing but short scalars in some consecutive records. */
export interface ShardField {
  readonly name: string;
  /** Records that have it. */
  readonly present: number;
  /** In order of first appearance. */
  readonly values: readonly string[];
  /** Per record the position in `values` plus 1; 0 without the field. */
  readonly codes: Uint8Array;
}

export interface ShardColumns {
  readonly fields: readonly ShardField[];
  /** Fields with a value that is no short scalar, or with too many values. */
  readonly unfit: readonly string[];
  /** Undefined fields: there are more names than `nameLimit`. */
  readonly tooManyNames: boolean;
  readonly lineFeeds: number;
}

/** Top-level fields of a shard's records. Runs in a worker. @throws EngineError `dataset.changed` */
export function columnsOfShard({ shard, from, to }: ColumnTask): ShardColumns {
  const fields = new FieldCollector(shard.start.length, new Set(Object.values(shard.view.columns ?? {})));
  readShard(shard, (ordinal, bytes) => {
    const row = ordinal - shard.firstOrdinal;
    const value = shardRecord(shard, row, bytes);
    if (isRecordValue(value)) fields.add(row, value);
  });
  return { ...fields.finished(), lineFeeds: countLineFeeds(shard.textPath, from, to) };
}

/** Spelling of a scalar as a facet shows it; undefined for anything else. */
function scalarText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.length <= textLimit ? value : undefined;
    case 'number':
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value); // rounded: another number
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'null' : undefined;
  }
}

class FieldCollector {
  readonly #rows: number;
  readonly #skipped: ReadonlySet<string>;
  /** Null: unfit. */
  readonly #fields = new Map<string, { present: number; readonly values: Map<string, number>; readonly codes: Uint8Array } | null>();
  #tooManyNames = false;

  constructor(rows: number, skipped: ReadonlySet<string>) {
    this.#rows = rows;
    this.#skipped = skipped;
  }

  add(row: number, record: RecordValue): void {
    for (const name in record) {
      if (ownFields.has(name)) continue;
      let field = this.#fields.get(name);
      if (field === null) continue;
      if (field === undefined) {
        if (this.#skipped.has(name)) continue;
        if (this.#fields.size >= nameLimit) {
          this.#tooManyNames = true;
          continue;
        }
        field = name.length <= textLimit ? { present: 0, values: new Map(), codes: new Uint8Array(this.#rows) } : null;
        this.#fields.set(name, field);
        if (field === null) continue;
      }
      const text = scalarText(record[name]);
      let code = text === undefined ? undefined : field.values.get(text);
      if (code === undefined) {
        if (text === undefined || field.values.size >= valueLimit) {
          this.#fields.set(name, null);
          continue;
        }
        code = field.values.size + 1;
        field.values.set(text, code);
      }
      field.codes[row] = code;
      field.present++;
    }
  }

  finished(): Pick<ShardColumns, 'fields' | 'unfit' | 'tooManyNames'> {
    const fields: ShardField[] = [];
    const unfit: string[] = [];
    for (const [name, field] of this.#fields) {
      if (field === null) unfit.push(name);
      else fields.push({ name, present: field.present, values: [...field.values.keys()], codes: field.codes });
    }
    return { fields, unfit, tooManyNames: this.#tooManyNames };
  }
}

/** Line feeds in the bytes `[from, to)` of a file. */
export function countLineFeeds(path: string, from: number, to: number): number {
  const file = openSync(path, 'r');
  try {
    const block = Buffer.allocUnsafe(Math.max(1, Math.min(blockBytes, to - from)));
    let count = 0;
    for (let at = from; at < to; ) {
      const read = readSync(file, block, 0, Math.min(block.length, to - at), at);
      if (read === 0) break;
      for (let i = 0; i < read; i++) if (block[i] === lineFeed) count++;
      at += read;
    }
    return count;
  } finally {
    closeSync(file);
  }
}
