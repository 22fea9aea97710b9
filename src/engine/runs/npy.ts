import { open, readFile } from 'node:fs/promises';
import { EngineError } from '../jobs/engineError.ts';
import { AtomicFile } from './atomicFile.ts';

/** Array kinds that artifacts use, by their NumPy descriptor (little-endian). */
const kinds = {
  '|u1': Uint8Array,
  '<u2': Uint16Array,
  '<u4': Uint32Array,
  '<i4': Int32Array,
  '<i8': BigInt64Array,
  '<u8': BigUint64Array,
  '<f4': Float32Array,
  '<f8': Float64Array,
} as const;

type Descriptor = keyof typeof kinds;
/** Spelled out, because `InstanceType` would shut out arrays on shared memory and plain `Uint32Array` parameters. */
export type NpyArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | BigInt64Array | BigUint64Array | Float32Array | Float64Array;

function descriptorOf(array: NpyArray): Descriptor {
  for (const [descriptor, kind] of Object.entries(kinds)) if (array instanceof kind) return descriptor as Descriptor;
  throw new Error('array kind without NumPy descriptor');
}

/** Header of NumPy format 1.0 for a C-ordered array, padded so that the data start at a multiple of 64 bytes. */
export function npyHeader(descriptor: string, shape: readonly number[]): Buffer {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const header = Buffer.alloc(length, ' ');
  header.write('\x93NUMPY', 0, 'latin1');
  header[6] = 1;
  header[7] = 0;
  header.writeUInt16LE(length - 10, 8);
  header.write(text, 10, 'latin1');
  header[length - 1] = 0x0a;
  return header;
}

/** Header and data of a `.npy` file of `array` (row-major; 1-D unless `shape` says otherwise). */
export function npyParts(array: NpyArray, shape: readonly number[] = [array.length]): readonly [Buffer, Uint8Array] {
  return [npyHeader(descriptorOf(array), shape), new Uint8Array(array.buffer, array.byteOffset, array.byteLength)];
}

/** Writes `array` atomically. */
export async function writeNpy(path: string, array: NpyArray, shape: readonly number[] = [array.length]): Promise<void> {
  await using file = await AtomicFile.create(path);
  for (const part of npyParts(array, shape)) await file.write(part);
  await file.commit();
}

export interface NpyHeader {
  readonly descriptor: string;
  readonly shape: readonly number[];
  readonly dataOffset: number;
}

/** @throws EngineError `entities.importInvalid`-free plain Error text is wrapped by callers; here the path is named. */
export function parseNpyHeader(bytes: Buffer, path: string): NpyHeader {
  const fail = (why: string): never => {
    throw new EngineError('dataset.unreadable', `${path} is not a NumPy array file: ${why}.`, { path });
  };
  if (bytes.byteLength < 12 || bytes.toString('latin1', 0, 6) !== '\x93NUMPY') fail('the first bytes are not \\x93NUMPY');
  const major = bytes[6];
  const dataOffset = major === 1 ? 10 + bytes.readUInt16LE(8) : 12 + bytes.readUInt32LE(8);
  const text = bytes.toString('latin1', major === 1 ? 10 : 12, Math.min(dataOffset, bytes.byteLength));
  const descriptor = /'descr':\s*'([^']+)'/.exec(text)?.[1] ?? fail('its header names no data type');
  if (/'fortran_order':\s*True/.test(text)) fail('column order (fortran_order) is not supported, save it in C order');
  const dimensions = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1] ?? fail('its header has no shape');
  const shape = dimensions
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  return { descriptor, shape, dataOffset };
}

/** Reads a whole array of a known kind. @throws EngineError `dataset.unreadable` naming the file */
export async function readNpy<Kind extends Descriptor>(path: string, descriptor: Kind): Promise<InstanceType<(typeof kinds)[Kind]>> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(Math.min(size, 4096));
    await handle.read(head, 0, head.byteLength, 0);
    const header = parseNpyHeader(head, path);
    if (header.descriptor !== descriptor)
      throw new EngineError('dataset.unreadable', `${path} holds ${header.descriptor}, expected ${descriptor}.`, { path });
    const kind = kinds[descriptor];
    const length = header.shape.reduce((product, n) => product * n, 1);
    if (size - header.dataOffset !== length * kind.BYTES_PER_ELEMENT)
      throw new EngineError('dataset.unreadable', `${path} is cut: its header promises ${length} values.`, { path });
    const array = new kind(length);
    const view = new Uint8Array(array.buffer);
    for (let done = 0; done < view.byteLength; ) {
      const { bytesRead } = await handle.read(view, done, Math.min(view.byteLength - done, 1 << 28), header.dataOffset + done);
      if (bytesRead === 0) throw new EngineError('dataset.unreadable', `${path} ended early.`, { path });
      done += bytesRead;
    }
    return array as InstanceType<(typeof kinds)[Kind]>;
  } finally {
    await handle.close();
  }
}

/** JSON beside arrays; small. */
export async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
