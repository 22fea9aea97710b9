/** Elements of one piece: 4 MiB, so growing never copies and wastes little. */
const pieceLength = 1 << 20;

/** An append-only list of unsigned 32-bit integers whose length is not known in advance. */
export class GrowingArray {
  readonly #pieces: Uint32Array[] = [];
  #piece = new Uint32Array(0);
  #used = 0;
  #full = 0;

  get length(): number {
    return this.#full + this.#used;
  }

  push(value: number): void {
    if (this.#used === this.#piece.length) this.#grow();
    this.#piece[this.#used++] = value;
  }

  at(index: number): number {
    return this.#pieces[index >>> 20]?.[index & (pieceLength - 1)] ?? 0;
  }

  /** One contiguous copy. */
  toArray(): Uint32Array<ArrayBuffer> {
    const all = new Uint32Array(this.length);
    let offset = 0;
    for (const piece of this.#pieces) {
      const part = offset + piece.length > all.length ? piece.subarray(0, all.length - offset) : piece;
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }

  #grow(): void {
    this.#full += this.#used;
    this.#used = 0;
    this.#piece = new Uint32Array(pieceLength);
    this.#pieces.push(this.#piece);
  }
}
