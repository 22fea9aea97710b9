// The limit: every byte of the file once, nothing done with it.
import { closeSync, openSync, readSync } from 'node:fs';

const file = openSync(process.argv[2], 'r');
const buffer = Buffer.allocUnsafe(4 * 1024 * 1024);
let bytes = 0;
for (let n = readSync(file, buffer); n > 0; n = readSync(file, buffer)) bytes += n;
closeSync(file);
console.log(bytes);
