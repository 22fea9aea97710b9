import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { parseNpyHeader } from '../runs/npy.ts';

/** Bytes per read call. */
const readBytes = 1 << 28;
/** Bytes between two looks at cancellation. */
const breathBytes = 1 << 24;
/** Bytes that hold the header of any array of ours. */
const headBytes = 4096;

interface ArrayPlace {
  /** On shared memory, so that worker threads see it without a copy. */
  readonly array: Uint32Array | Float64Array;
  readonly bytes: Uint8Array;
  readonly dataOffset: number;
  readonly cut: EngineError;
}

/** Reads a whole NumPy file of 32-bit unsigned integers or doubles at once: for arrays that load on first use, behind a plain property. */
export function readArraySync(path: string): Uint32Array | Float64Array {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(Math.min(fstatSync(file).size, headBytes));
    readSync(file, head, 0, head.byteLength, 0);
    const { array, bytes, dataOffset, cut } = placeOf(head, path);
    for (let done = 0; done < bytes.byteLength; ) {
      const read = readSync(file, bytes, done, Math.min(bytes.byteLength - done, readBytes), dataOffset + done);
      if (read === 0) throw cut;
      done += read;
    }
    return array;
  } finally {
    closeSync(file);
  }
}

/** As `readArraySync`, letting others have their turn. @throws EngineError `run.cancelled` */
export async function readArray(path: string, job: Pick<JobContext, 'signal'>): Promise<Uint32Array | Float64Array> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(Math.min((await file.stat()).size, headBytes));
    await file.read(head, 0, head.byteLength, 0);
    const { array, bytes, dataOffset, cut } = placeOf(head, path);
    for (let done = 0; done < bytes.byteLength; ) {
      throwIfCancelled(job);
      const { bytesRead } = await file.read(bytes, done, Math.min(bytes.byteLength - done, breathBytes), dataOffset + done);
      if (bytesRead === 0) throw cut;
      done += bytesRead;
    }
    return array;
  } finally {
    await file.close();
  }
}

function placeOf(head: Buffer, path: string): ArrayPlace {
  const { descriptor, shape, dataOffset } = parseNpyHeader(head, path);
  const length = shape.reduce((product, n) => product * n, 1);
  if (descriptor !== '<f8' && descriptor !== '<u4')
    throw new EngineError('dataset.unreadable', `${path} holds ${descriptor}, expected <u4 or <f8.`, { path });
  const memory = new SharedArrayBuffer(length * (descriptor === '<f8' ? 8 : 4));
  const array = descriptor === '<f8' ? new Float64Array(memory) : new Uint32Array(memory);
  const cut = new EngineError('dataset.unreadable', `${path} is cut: its header promises ${length} values.`, { path });
  return { array, bytes: new Uint8Array(memory), dataOffset, cut };
}
