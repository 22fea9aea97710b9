import type { AnalyzeReport } from '../../protocol/reports.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { listedPerspectives, writeRawLists } from './entityLists.ts';
import { readShardFile } from './shardFile.ts';
import { Vocabulary } from './vocabulary.ts';

/**
 * Joins the shards' lists into one vocabulary and one row matrix per perspective, reading one shard at a time. Entities are numbered in
 * order of their first appearance in the dataset, so the result does not depend on how it was cut.
 */
export async function mergeShards(
  folder: string,
  paths: readonly string[],
  records: number,
  job: JobContext,
): Promise<AnalyzeReport['text']> {
  const rowLengths = Object.fromEntries(listedPerspectives.map((p) => [p, new Uint32Array(records)])) as Record<
    (typeof listedPerspectives)[number],
    Uint32Array
  >;
  const scripts = new Map<string, number>();
  let units = 0;
  let unknownScriptInstances = 0;
  for (const path of paths) {
    throwIfCancelled(job);
    const shard = await readShardFile(path);
    units += shard.text.units;
    unknownScriptInstances += shard.text.unknownScriptInstances;
    for (const [script, length] of Object.entries(shard.text.scripts)) scripts.set(script, (scripts.get(script) ?? 0) + length);
    for (const perspective of listedPerspectives) rowLengths[perspective].set(shard.columns[perspective].lengths, shard.firstOrdinal);
  }
  for (const perspective of listedPerspectives) {
    const vocabulary = new Vocabulary();
    const pieces = async function* (): AsyncGenerator<Uint32Array> {
      for (const path of paths) {
        throwIfCancelled(job);
        const { names, elements } = (await readShardFile(path)).columns[perspective];
        const ids = Uint32Array.from(names, (name) => vocabulary.idOf(name));
        for (let i = 0; i < elements.length; i++) elements[i] = ids[elements[i] as number] as number;
        yield elements;
      }
    };
    await writeRawLists(folder, perspective, {
      rowLengths: rowLengths[perspective],
      pieces: pieces(),
      names: () => vocabulary.names(), // complete only after the last piece
    });
  }
  const counted = [...scripts].sort(([a], [b]) => (a < b ? -1 : 1));
  const unknownScriptUnits = counted.reduce((total, [, length]) => total + length, 0);
  return { units, unknownScriptUnits, unknownScriptInstances, scripts: Object.fromEntries(counted) };
}
