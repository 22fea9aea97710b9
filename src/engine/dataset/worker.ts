import { serveTasks } from '../jobs/workerProtocol.ts';
import { type ColumnTask, columnsOfShard } from './browse/columnShard.ts';
import { columnsOfParts, type PartColumnsTask } from './browse/partColumns.ts';
import { type ScanTask, scanShard } from './browse/textScan.ts';
import { hashShard, type KeyShardTask } from './hashShard.ts';
import { parseBatch } from './parseBatch.ts';
import { type ParseTask, resultBuffers, type TaskReply } from './parseTask.ts';

serveTasks({
  parse(task: ParseTask) {
    const bytes = Buffer.from(task.buffer, 0, task.length);
    const result = parseBatch(
      { bytes, offset: task.offset, start: task.start, end: task.end, kinds: task.kinds, strings: task.strings },
      task.rules,
    );
    return { result: { result, buffer: task.buffer } satisfies TaskReply, transfer: [task.buffer, ...resultBuffers(result)] };
  },
  hash(task: KeyShardTask) {
    const keys = hashShard(task);
    return { result: keys, transfer: [keys.buffer] };
  },
  columns(task: ColumnTask) {
    return { result: columnsOfShard(task) };
  },
  async partColumns(task: PartColumnsTask) {
    const columns = await columnsOfParts(task);
    return { result: columns, transfer: [columns.idRank.buffer, columns.folder.buffer] };
  },
  scan(task: ScanTask) {
    const found = scanShard(task);
    return { result: found, transfer: [found.buffer] };
  },
});
