import { writeFileSync } from 'node:fs';

type Descriptor = '<f2' | '<f4' | '<f8' | '<i4' | '<i8' | '>i4' | '<u1';

/** Writes a `.npy` file as NumPy does, without the engine's own writer. */
export function writeArray(path: string, descriptor: Descriptor, shape: readonly number[], values: readonly number[]): string {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const header = Buffer.alloc(Math.ceil((11 + text.length) / 64) * 64, ' ');
  header.write('\x93NUMPY\x01\x00', 0, 'latin1');
  header.writeUInt16LE(header.length - 10, 8);
  header.write(text, 10, 'latin1');
  header[header.length - 1] = 0x0a;
  writeFileSync(path, Buffer.concat([header, Buffer.from(bytesOf(descriptor, values))]));
  return path;
}

function bytesOf(descriptor: Descriptor, values: readonly number[]): ArrayBuffer {
  switch (descriptor) {
    case '<f2':
      return Uint16Array.from(values, halfBits).buffer;
    case '<f4':
      return Float32Array.from(values).buffer;
    case '<f8':
      return Float64Array.from(values).buffer;
    case '<i8':
      return BigInt64Array.from(values, BigInt).buffer;
    case '<u1':
      return Uint8Array.from(values).buffer;
    default:
      return Int32Array.from(values).buffer;
  }
}

/** Pattern of a number that half precision holds exactly. */
function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | (magnitude / 2 ** -24);
  const exponent = Math.floor(Math.log2(magnitude));
  return sign | ((exponent + 15) << 10) | Math.round((magnitude / 2 ** exponent - 1) * 1024);
}

/** Values of a one-dimensional int64 file. */
export function readOrdinals(file: Buffer): number[] {
  const from = 10 + file.readUInt16LE(8);
  const values: number[] = [];
  for (let at = from; at < file.length; at += 8) values.push(Number(file.readBigInt64LE(at)));
  return values;
}
