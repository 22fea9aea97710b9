/** Writes protobuf messages: the handful of wire types that an ONNX model needs. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** An int32, int64 or enum field; negative numbers take ten bytes, as two's complement of 64 bits. */
  integer(field: number, value: number): this {
    this.#push(varint(field * 8));
    this.#push(value >= 0 ? varint(value) : negative(value));
    return this;
  }

  /** A float field. */
  float(field: number, value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    this.#push(varint(field * 8 + 5));
    this.#push(bytes);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  /** A bytes field; the bytes are not copied before `finish`. */
  bytes(field: number, value: Uint8Array): this {
    this.#push(varint(field * 8 + 2));
    this.#push(varint(value.byteLength));
    this.#push(value);
    return this;
  }

  message(field: number, value: ProtobufWriter): this {
    this.#push(varint(field * 8 + 2));
    this.#push(varint(value.#length));
    for (const part of value.#parts) this.#push(part);
    return this;
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts, this.#length);
  }

  #push(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.byteLength;
  }
}

/** Base-128, lowest group first; whole numbers up to 2^53. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function negative(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) + 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
