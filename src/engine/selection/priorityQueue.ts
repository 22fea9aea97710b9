/**
 * Items 0 to n - 1 by a changing key, the largest first, ties by the smaller rank. A changed key is pushed again and its old entry is
 * recognised as outdated when it surfaces.
 */
export class PriorityQueue {
  readonly #key: Float64Array;
  readonly #rank: Uint32Array;
  readonly #version: Uint32Array;
  readonly #isIn: Uint8Array;
  readonly #heap: { readonly item: number; readonly key: number; readonly version: number }[] = [];

  /** @param rank decides ties; distinct */
  constructor(rank: Uint32Array) {
    this.#rank = rank;
    this.#key = new Float64Array(rank.length);
    this.#version = new Uint32Array(rank.length);
    this.#isIn = new Uint8Array(rank.length);
  }

  /** Adds the item, or changes its key. */
  put(item: number, key: number): void {
    this.#isIn[item] = 1;
    this.#key[item] = key;
    const version = (this.#version[item] as number) + 1;
    this.#version[item] = version;
    this.#heap.push({ item, key, version });
    this.#up(this.#heap.length - 1);
  }

  has(item: number): boolean {
    return this.#isIn[item] === 1;
  }

  /** The first item, or undefined when none is left. */
  peek(): { readonly item: number; readonly key: number } | undefined {
    for (let top = this.#heap[0]; top; top = this.#heap[0]) {
      if (this.#isIn[top.item] && this.#version[top.item] === top.version) return top;
      this.#removeTop();
    }
    return undefined;
  }

  pop(): { readonly item: number; readonly key: number } | undefined {
    const top = this.peek();
    if (!top) return undefined;
    this.#isIn[top.item] = 0;
    this.#removeTop();
    return top;
  }

  #removeTop(): void {
    const last = this.#heap.pop();
    if (!last || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#down();
  }

  #isBefore(a: number, b: number): boolean {
    const x = this.#heap[a] as { item: number; key: number };
    const y = this.#heap[b] as { item: number; key: number };
    return x.key > y.key || (x.key === y.key && (this.#rank[x.item] as number) < (this.#rank[y.item] as number));
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    const kept = heap[a] as (typeof heap)[number];
    heap[a] = heap[b] as (typeof heap)[number];
    heap[b] = kept;
  }

  #up(at: number): void {
    for (let child = at; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#isBefore(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  #down(): void {
    const n = this.#heap.length;
    for (let parent = 0; ; ) {
      let first = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) if (child < n && this.#isBefore(child, first)) first = child;
      if (first === parent) return;
      this.#swap(parent, first);
      parent = first;
    }
  }
}
