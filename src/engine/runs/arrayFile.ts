import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { parseNpyHeader } from './npy.ts';

const itemBytes = { '<f2': 2, '<f4': 4, '<f8': 8, '<i4': 4, '<i8': 8 } as const;
export type ArrayDescriptor = keyof typeof itemBytes;

/** Header bytes read at first; a longer header is no array of ours. */
const headBytes = 4096;

/** A `.npy` file that a person brought, its header checked. */
export interface ArrayFile {
  readonly path: string;
  readonly descriptor: ArrayDescriptor;
  readonly shape: readonly number[];
  readonly dataOffset: number;
  readonly bytes: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
}

export interface ArrayKind {
  /** Option that named the file, for the message. */
  readonly option: string;
  readonly descriptors: readonly ArrayDescriptor[];
  readonly dimensions: 1 | 2;
}

/** Opens and hashes a file. @throws EngineError `arrays.invalid` naming the option, the file and what it should hold */
export async function openArrayFile(path: string, kind: ArrayKind, job: JobContext): Promise<ArrayFile> {
  const fail = (why: string): never => {
    throw new EngineError('arrays.invalid', `--${kind.option} ${path} ${why}.`, { path, option: kind.option });
  };
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) =>
    fail(error.code === 'ENOENT' ? 'does not exist' : `cannot be opened (${error.code})`),
  );
  const { head, bytes } = await readHead(handle, fail).finally(() => handle.close());
  const { descriptor, shape, dataOffset } = headerOf(head, path, fail);
  const known = kind.descriptors.find((each) => each === descriptor);
  if (!known) return fail(`holds ${descriptor} values; it takes ${kind.descriptors.join(' or ')}`);
  // A column of a matrix is a list too.
  const dimensions = kind.dimensions === 1 && shape.length === 2 && shape[1] === 1 ? 1 : shape.length;
  if (dimensions !== kind.dimensions)
    fail(`has the shape (${shape.join(', ')}); it takes ${kind.dimensions === 1 ? 'one number per instance' : 'a matrix'}`);
  const values = shape.reduce((product, n) => product * n, 1);
  if (bytes !== dataOffset + values * itemBytes[known])
    fail(`is ${bytes} bytes long, but its header promises ${values} values: it is cut, or something follows them`);
  return { path, descriptor: known, shape, dataOffset, bytes, sha256: await hashFile(path, job) };
}

async function readHead(handle: FileHandle, fail: (why: string) => never): Promise<{ head: Buffer; bytes: number }> {
  const stats = await handle.stat();
  if (!stats.isFile()) fail('is no file');
  const head = Buffer.alloc(Math.min(stats.size, headBytes));
  await handle.read(head, 0, head.byteLength, 0);
  return { head, bytes: stats.size };
}

function headerOf(head: Buffer, path: string, fail: (why: string) => never): ReturnType<typeof parseNpyHeader> {
  try {
    return parseNpyHeader(head, path);
  } catch (error) {
    return fail(`is no NumPy array file (${error instanceof Error ? error.message : String(error)})`);
  }
}

async function hashFile(path: string, job: JobContext): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20 })) {
    throwIfCancelled(job);
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

/** All values as doubles; a 64-bit integer beyond 2^53 is rounded. */
export async function readValues({ path, descriptor, shape, dataOffset }: ArrayFile): Promise<Float64Array> {
  const count = shape.reduce((product, n) => product * n, 1);
  const raw = new Uint8Array(count * itemBytes[descriptor]);
  const handle = await open(path, 'r');
  try {
    for (let done = 0; done < raw.byteLength; ) {
      const { bytesRead } = await handle.read(raw, done, Math.min(raw.byteLength - done, 1 << 28), dataOffset + done);
      if (bytesRead === 0) throw new EngineError('arrays.invalid', `${path} ended early.`, { path });
      done += bytesRead;
    }
  } finally {
    await handle.close();
  }
  switch (descriptor) {
    case '<f8':
      return new Float64Array(raw.buffer);
    case '<f4':
      return Float64Array.from(new Float32Array(raw.buffer));
    case '<i4':
      return Float64Array.from(new Int32Array(raw.buffer));
    case '<i8':
      return Float64Array.from(new BigInt64Array(raw.buffer), Number);
    case '<f2':
      return Float64Array.from(new Uint16Array(raw.buffer), halfToDouble);
  }
}

/** Value of an IEEE 754 half-precision pattern. */
export function halfToDouble(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
