/**
 * Counts and numbers distinct texts exactly, in about 40 bytes per distinct text besides the texts themselves. Texts are compared, not
 * their hashes alone. `group` keeps equal texts of different meaning apart.
 */
export class DistinctCounter {
  #table = new Uint32Array(1 << 12);
  #kept: TextRangeList = new TextRangeList();

  get count(): number {
    return this.#kept.length;
  }

  /** True when the text is new. `bytes` must stay as they are. */
  add(bytes: Uint8Array, start: number, end: number, group = 0): boolean {
    const before = this.count;
    return this.intern(bytes, start, end, group) === before;
  }

  /** Number of the text, in order of first appearance from 0. `bytes` must stay as they are. */
  intern(bytes: Uint8Array, start: number, end: number, group = 0): number {
    const hash = hashOfBytes(bytes, start, end, group);
    let slot = hash & (this.#table.length - 1);
    for (let other = this.#table[slot] as number; other !== 0; other = this.#table[slot] as number) {
      if (this.#kept.equals(other - 1, bytes, start, end, group)) return other - 1;
      slot = (slot + 1) & (this.#table.length - 1);
    }
    const added = this.#kept.push(bytes, start, end, group, hash);
    this.#table[slot] = added + 1;
    if (this.#kept.length * 2 > this.#table.length) this.#grow();
    return added;
  }

  #grow(): void {
    const table = new Uint32Array(this.#table.length * 2);
    for (let i = 0; i < this.#kept.length; i++) {
      let slot = this.#kept.hashAt(i) & (table.length - 1);
      while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1);
      table[slot] = i + 1;
    }
    this.#table = table;
  }
}

/** Ranges of kept texts as parallel arrays: objects would take ten times the room. */
class TextRangeList {
  readonly #sources: Uint8Array[] = [];
  #sourceOf = new Uint32Array(1 << 11);
  #start = new Float64Array(1 << 11);
  #end = new Float64Array(1 << 11);
  #hash = new Uint32Array(1 << 11);
  #group = new Uint32Array(1 << 11);
  length = 0;

  push(bytes: Uint8Array, start: number, end: number, group: number, hash: number): number {
    if (this.length === this.#hash.length) this.#grow();
    const i = this.length++;
    if (this.#sources.at(-1) !== bytes) this.#sources.push(bytes);
    this.#sourceOf[i] = this.#sources.length - 1;
    this.#start[i] = start;
    this.#end[i] = end;
    this.#hash[i] = hash;
    this.#group[i] = group;
    return i;
  }

  hashAt(i: number): number {
    return this.#hash[i] as number;
  }

  equals(i: number, bytes: Uint8Array, start: number, end: number, group: number): boolean {
    const from = this.#start[i] as number;
    if ((this.#end[i] as number) - from !== end - start || this.#group[i] !== group) return false;
    const source = this.#sources[this.#sourceOf[i] as number] as Uint8Array;
    for (let k = 0; k < end - start; k++) if (source[from + k] !== bytes[start + k]) return false;
    return true;
  }

  #grow(): void {
    const grow = <Kind extends Float64Array | Uint32Array>(old: Kind, fresh: Kind): Kind => {
      fresh.set(old);
      return fresh;
    };
    const room = this.length * 2;
    this.#sourceOf = grow(this.#sourceOf, new Uint32Array(room));
    this.#start = grow(this.#start, new Float64Array(room));
    this.#end = grow(this.#end, new Float64Array(room));
    this.#hash = grow(this.#hash, new Uint32Array(room));
    this.#group = grow(this.#group, new Uint32Array(room));
  }
}

/** FNV-1a, mixed at the end since the table looks at the low bits. */
function hashOfBytes(bytes: Uint8Array, start: number, end: number, group: number): number {
  let hash = 0x811c9dc5 ^ group;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x85ebca6b) >>> 0;
}
