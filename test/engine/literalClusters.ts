import { readFileSync } from 'node:fs';

/** Values of a `.npy` file, without the engine's own reader. */
export function readNumbers(path: string): number[] {
  const file = readFileSync(path);
  const from = 10 + file.readUInt16LE(8);
  const descriptor = /'descr': '([^']+)'/.exec(file.toString('latin1', 10, from))?.[1];
  const values: number[] = [];
  const size = descriptor?.endsWith('8') ? 8 : 4;
  for (let at = from; at < file.length; at += size)
    values.push(
      descriptor === '<i4'
        ? file.readInt32LE(at)
        : descriptor === '<f4'
          ? file.readFloatLE(at)
          : descriptor === '<f8'
            ? file.readDoubleLE(at)
            : Number(file.readBigInt64LE(at)),
    );
  return values;
}

/** A list cut into rows. */
export function rowsOf(values: readonly number[], columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, i) => values.slice(i * columns, (i + 1) * columns));
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);

/** First two principal axes of some rows by plain power iteration with deflation, far beyond what any picture needs. */
export function literalAxes(rows: readonly (readonly number[])[]): { mean: number[]; axes: [number[], number[]] } {
  const columns = rows[0]?.length ?? 0;
  const mean = Array.from({ length: columns }, (_, k) => rows.reduce((sum, row) => sum + (row[k] ?? 0), 0) / rows.length);
  const centred = rows.map((row) => row.map((value, k) => value - (mean[k] ?? 0)));
  const found: number[][] = [];
  for (let axis = 0; axis < 2; axis++) {
    let vector = Array.from({ length: columns }, (_, k) => 1 + k / columns);
    for (let step = 0; step < 20_000; step++) {
      let next: number[] = new Array(columns).fill(0);
      for (const row of centred) {
        const product = dot(row, vector);
        next = next.map((value, k) => value + product * (row[k] ?? 0));
      }
      for (const other of found) {
        const product = dot(next, other);
        next = next.map((value, k) => value - product * (other[k] ?? 0));
      }
      const length = Math.sqrt(dot(next, next));
      vector = next.map((value) => value / length);
    }
    const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    found.push(largest < 0 ? vector.map((value) => -value) : vector);
  }
  return { mean, axes: found as [number[], number[]] };
}

export function literalPlace({ mean, axes }: ReturnType<typeof literalAxes>, row: readonly number[]): [number, number] {
  const centred = row.map((value, k) => value - (mean[k] ?? 0));
  return [dot(centred, axes[0]), dot(centred, axes[1])];
}

/** Position of the instance with the largest mean kernel value exp(-|a - b|^2 / 2) among its own. */
export function literalMedoid(rows: readonly (readonly number[])[], members: readonly number[]): number {
  const meanOf = (a: number): number =>
    members.reduce((sum, b) => {
      const gap = (rows[a] ?? []).map((value, k) => value - (rows[b]?.[k] ?? 0));
      return sum + Math.exp(-dot(gap, gap) / 2);
    }, 0);
  return members.reduce((best, row) => (meanOf(row) > meanOf(best) + 1e-13 ? row : best));
}

export interface LiteralEntities {
  /** Entities per instance, each once. */
  readonly held: readonly (readonly string[])[];
  readonly frequency: ReadonlyMap<string, number>;
}

export function literalEntities(lists: readonly (readonly string[])[]): LiteralEntities {
  const held = lists.map((list) => [...new Set(list)]);
  const frequency = new Map<string, number>();
  for (const entity of held.flat()) frequency.set(entity, (frequency.get(entity) ?? 0) + 1);
  return { held, frequency };
}

/** Lift of every entity that describes the members: held by a tenth of them, and by two. */
export function literalLifts(
  { held, frequency }: LiteralEntities,
  members: readonly number[],
): Map<string, { instances: number; lift: number }> {
  const lifts = new Map<string, { instances: number; lift: number }>();
  const least = Math.min(members.length, Math.max(2, Math.ceil(members.length / 10)));
  for (const [entity, all] of frequency) {
    const instances = members.filter((row) => held[row]?.includes(entity)).length;
    if (instances >= least) lifts.set(entity, { instances, lift: instances / members.length / (all / held.length) });
  }
  return lifts;
}

/** A row of length 1. */
export function unit(row: readonly number[]): number[] {
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
}
