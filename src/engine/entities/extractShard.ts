import { parseRecord } from '../dataset/parseRecord.ts';
import type { RecordShard } from '../dataset/recordShard.ts';
import { readShard } from '../dataset/recordShard.ts';
import { viewRecord } from '../dataset/views/viewTable.ts';
import { type ListedPerspective, listedPerspectives } from './entityLists.ts';
import { type ShardColumn, type ShardLists, writeShardFile } from './shardFile.ts';
import type { TurnAnalyzer } from './turnAnalyzer.ts';
import { Vocabulary } from './vocabulary.ts';

/** One shard's work: its records in, its file out. Structured-cloneable. */
export interface ExtractTask {
  readonly shard: RecordShard;
  readonly path: string;
}

/** Extracts the lists of one shard and writes them as one file, which appears complete or not at all. */
export async function extractShard({ shard, path }: ExtractTask, analyzer: TurnAnalyzer): Promise<void> {
  await writeShardFile(path, listsOfShard(shard, analyzer));
}

/** Lists of one perspective, numbered inside the shard. */
class Column {
  readonly vocabulary = new Vocabulary();
  readonly elements: number[] = [];
  readonly lengths: Uint32Array;
  #seenIn: number[] = []; // row + 1 of the last sighting

  constructor(rows: number) {
    this.lengths = new Uint32Array(rows);
  }

  add(row: number, entities: readonly string[]): void {
    for (const entity of entities) {
      const id = this.vocabulary.idOf(entity);
      if (this.#seenIn[id] === row + 1) continue;
      this.#seenIn[id] = row + 1;
      this.elements.push(id);
      this.lengths[row] = (this.lengths[row] ?? 0) + 1;
    }
  }

  finished(): ShardColumn {
    return { names: this.vocabulary.list(), lengths: this.lengths, elements: Uint32Array.from(this.elements) };
  }
}

function listsOfShard(shard: RecordShard, analyzer: TurnAnalyzer): ShardLists {
  const rows = shard.start.length;
  const columns: Record<ListedPerspective, Column> = { token: new Column(rows), object: new Column(rows), interrogation: new Column(rows) };
  const scripts = new Map<string, number>();
  let units = 0;
  let unknownScriptInstances = 0;
  const own = new Map<string, number>(); // of one record
  readShard(shard, (ordinal, bytes) => {
    const row = ordinal - shard.firstOrdinal;
    const record = parseRecord(bytes, 0, bytes.length, true);
    if (!record.ok) throw new Error(`a usable record does not parse any more: ${record.reason}`);
    for (const turn of viewRecord(record.value, shard.view).turns) {
      units += turn.text.length;
      const found = analyzer.analyze(turn.text, turn.role === 'human', own);
      for (const perspective of listedPerspectives) columns[perspective].add(row, found[perspective]);
    }
    if (own.size === 0) return;
    unknownScriptInstances++;
    for (const [script, length] of own) scripts.set(script, (scripts.get(script) ?? 0) + length);
    own.clear();
  });
  return {
    firstOrdinal: shard.firstOrdinal,
    rows,
    text: { units, unknownScriptInstances, scripts: Object.fromEntries(scripts) },
    columns: { token: columns.token.finished(), object: columns.object.finished(), interrogation: columns.interrogation.finished() },
  };
}
