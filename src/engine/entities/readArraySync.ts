import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { EngineError } from '../jobs/engineError.ts';
import { parseNpyHeader } from '../runs/npy.ts';

/** Bytes per read call. */
const readBytes = 1 << 28;

/** Reads a whole NumPy file of 32-bit unsigned integers or doubles at once: for arrays that load on first use, behind a plain property. */
export function readArraySync(path: string): Uint32Array | Float64Array {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(Math.min(fstatSync(file).size, 4096));
    readSync(file, head, 0, head.byteLength, 0);
    const { descriptor, shape, dataOffset } = parseNpyHeader(head, path);
    const length = shape.reduce((product, n) => product * n, 1);
    const array = descriptor === '<f8' ? new Float64Array(length) : descriptor === '<u4' ? new Uint32Array(length) : undefined;
    if (!array) throw new EngineError('dataset.unreadable', `${path} holds ${descriptor}, expected <u4 or <f8.`, { path });
    const bytes = new Uint8Array(array.buffer);
    for (let done = 0; done < bytes.byteLength; ) {
      const read = readSync(file, bytes, done, Math.min(bytes.byteLength - done, readBytes), dataOffset + done);
      if (read === 0) throw new EngineError('dataset.unreadable', `${path} is cut: its header promises ${length} values.`, { path });
      done += read;
    }
    return array;
  } finally {
    closeSync(file);
  }
}
