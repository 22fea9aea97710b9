// stream-json over the whole array, one object at a time.
import { createReadStream } from 'node:fs';
import StreamArray from 'stream-json/streamers/stream-array.js';

let instances = 0;
let turns = 0;
const records = createReadStream(process.argv[2], { highWaterMark: 1 << 20 }).pipe(StreamArray.withParserAsStream());
for await (const { value } of records) {
  instances++;
  turns += value?.conversations?.length ?? 0;
}
console.log(instances, turns);
