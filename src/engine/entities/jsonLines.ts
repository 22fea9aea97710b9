import { createReadStream } from 'node:fs';

export interface JsonLine {
  /** 1-based. */
  readonly number: number;
  /** Byte range in the file, line end not included. */
  readonly byteStart: number;
  readonly byteEnd: number;
  /** Without byte order mark and carriage return. */
  readonly bytes: Buffer;
}

const lineFeed = 0x0a;
const readBytes = 1 << 20;
const byteOrderMark = Buffer.from('\uFEFF', 'utf8');

/** The non-blank lines of a file, one at a time; memory holds one read and one line. */
export async function* readJsonLines(path: string): AsyncGenerator<JsonLine> {
  let open: Buffer[] = []; // pieces of a line that goes on in the next chunk
  let openStart = 0;
  let number = 1;
  let chunkStart = 0;
  for await (const data of createReadStream(path, { highWaterMark: readBytes })) {
    const chunk = data as Buffer;
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      const piece = chunk.subarray(from, end);
      const line = lineOf(number, openStart, open.length > 0 ? Buffer.concat([...open, piece]) : piece);
      if (line) yield line;
      open = [];
      from = end + 1;
      openStart = chunkStart + from;
      number++;
    }
    if (from < chunk.byteLength) open.push(chunk.subarray(from));
    chunkStart += chunk.byteLength;
  }
  const last = lineOf(number, openStart, Buffer.concat(open));
  if (last) yield last;
}

function lineOf(number: number, start: number, raw: Buffer): JsonLine | undefined {
  const skip = number === 1 && raw.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  const end = raw.at(-1) === 0x0d ? raw.byteLength - 1 : raw.byteLength;
  const bytes = raw.subarray(skip, end);
  if (isBlank(bytes)) return undefined;
  return { number, byteStart: start + skip, byteEnd: start + end, bytes };
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}
