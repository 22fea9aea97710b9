import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { PriorityQueue } from './priorityQueue.ts';

/** A floor on every entity of a perspective that has at least `floor` instances. */
export interface PerspectiveFloor {
  readonly index: PerspectiveIndex;
  /** Instances, at least 1. */
  readonly floor: number;
}

export interface FloorInput {
  readonly floors: readonly PerspectiveFloor[];
  /** Ordinal of each row. */
  readonly ordinals: Uint32Array;
  /** Rows chosen without floors, in selection order. */
  readonly base: Uint32Array;
  /** Rows of `base` from the one that is given up first to the last. */
  readonly payers: Uint32Array;
  /** Distinct number per row: of two rows that serve the floors equally, the smaller is added. */
  readonly preference: Uint32Array;
  /** Rows wanted. */
  readonly size: number;
}

export interface FloorResult {
  /** What is left of `base`, in its order, then the added rows in order of adding. */
  readonly picks: Uint32Array;
  readonly added: Uint32Array;
  readonly paid: Uint32Array;
  /** Rows more than wanted because the floors hold them; 0 when the floors fit into the size. */
  readonly excess: number;
}

/** Entities with a floor, numbered through all perspectives; an index's ids descend by frequency, so they are the first ones of each. */
export class FlooredEntities {
  readonly count: number;
  readonly #floors: readonly PerspectiveFloor[];
  readonly #starts: readonly number[];

  constructor(floors: readonly PerspectiveFloor[]) {
    this.#floors = floors;
    const starts = [0];
    for (const { index, floor } of floors) starts.push((starts.at(-1) as number) + reached(index.frequency, floor));
    this.#starts = starts;
    this.count = starts.at(-1) as number;
  }

  /** Calls `visit` once for each entity of the instance that has a floor. */
  each(ordinal: number, visit: (entity: number) => void): void {
    this.#floors.forEach(({ index }, k) => {
      const start = this.#starts[k] as number;
      const own = (this.#starts[k + 1] as number) - start;
      const from = index.rowOffsets[ordinal] as number;
      const to = index.rowOffsets[ordinal + 1] as number;
      for (let i = from; i < to; i++) {
        const entity = index.rowEntities[i] as number;
        if (entity >= own || (index.hasRepeats && index.rowEntities.subarray(from, i).includes(entity))) continue;
        visit(start + entity);
      }
    });
  }

  floorOf(entity: number): number {
    return this.#placeOf(entity).floor.floor;
  }

  nameOf(entity: number): { readonly perspective: PerspectiveIndex['perspective']; readonly entity: string; readonly frequency: number } {
    const { floor, id } = this.#placeOf(entity);
    return { perspective: floor.index.perspective, entity: floor.index.nameOf(id), frequency: floor.index.frequency[id] as number };
  }

  #placeOf(entity: number): { readonly floor: PerspectiveFloor; readonly id: number } {
    let k = 0;
    while (entity >= (this.#starts[k + 1] as number)) k++;
    return { floor: this.#floors[k] as PerspectiveFloor, id: entity - (this.#starts[k] as number) };
  }

  /** Rows that hold each entity. */
  countIn(rows: Iterable<number>, ordinals: Uint32Array): Uint32Array {
    const counts = new Uint32Array(this.count);
    for (const row of rows)
      this.each(ordinals[row] as number, (entity) => {
        counts[entity] = (counts[entity] as number) + 1;
      });
    return counts;
  }
}

function reached(frequency: Uint32Array, floor: number): number {
  let count = 0;
  while (count < frequency.length && (frequency[count] as number) >= floor) count++;
  return count;
}

/**
 * Meets floors at an unchanged size, in three steps.
 * 1. Cover: while an entity lies below its floor, add the row that holds the most such entities (ties: preference).
 * 2. Tidy: drop added rows, last first, that no floor needs any more.
 * 3. Pay: give rows of the base up in the order of `payers`, each unless a floor holds it, until the size is reached.
 * The greedy cover is not the smallest possible one, but it never needs more than ln(entities) + 1 times its rows.
 */
export function meetFloors(input: FloorInput): FloorResult {
  const { ordinals, base, size } = input;
  const entities = new FlooredEntities(input.floors);
  const kept = entities.countIn(base, ordinals);
  const floorOf = Uint32Array.from({ length: entities.count }, (_, entity) => entities.floorOf(entity));
  const isIn = new Uint8Array(ordinals.length);
  for (const row of base) isIn[row] = 1;
  const change = (row: number, by: 1 | -1): void => {
    isIn[row] = by === 1 ? 1 : 0;
    entities.each(ordinals[row] as number, (entity) => {
      kept[entity] = (kept[entity] as number) + by;
    });
  };
  const isHeld = (row: number): boolean => {
    let held = false;
    entities.each(ordinals[row] as number, (entity) => {
      if ((kept[entity] as number) <= (floorOf[entity] as number)) held = true;
    });
    return held;
  };

  let added = cover();
  let excess = base.length + added.length - size;
  for (const row of [...added].reverse()) {
    if (excess <= 0) break;
    if (isHeld(row)) continue;
    change(row, -1);
    excess--;
  }
  added = added.filter((row) => isIn[row]);
  const paid: number[] = [];
  for (const row of input.payers) {
    if (excess <= 0) break;
    if (isHeld(row)) continue;
    change(row, -1);
    paid.push(row);
    excess--;
  }
  return {
    picks: Uint32Array.from([...base.filter((row) => isIn[row]), ...added]),
    added: Uint32Array.from(added),
    paid: Uint32Array.from(paid),
    excess: Math.max(0, excess),
  };

  function cover(): number[] {
    const serves = (row: number): number => {
      let gain = 0;
      entities.each(ordinals[row] as number, (entity) => {
        if ((kept[entity] as number) < (floorOf[entity] as number)) gain++;
      });
      return gain;
    };
    const queue = new PriorityQueue(input.preference);
    for (let row = 0; row < ordinals.length; row++) {
      const gain = isIn[row] ? 0 : serves(row);
      if (gain > 0) queue.put(row, gain);
    }
    const taken: number[] = [];
    for (let top = queue.pop(); top; top = queue.pop()) {
      const gain = serves(top.item); // other rows may have served its entities meanwhile; it can only have sunk
      if (gain === top.key) {
        change(top.item, 1);
        taken.push(top.item);
      } else if (gain > 0) queue.put(top.item, gain);
    }
    return taken;
  }
}
