import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';

/** Elements between two looks at cancellation. */
const breathElements = 4_000_000;
/** Classes that 16 bits can number; more distinct frequencies need billions of postings. */
const smallClasses = 1 << 16;

/**
 * The rows of an index as numbers of frequency classes: all that the closed form needs to know of an entity is how frequent it is. Two
 * bytes for an element, and one product per class in place of a division per element.
 */
export interface RowClasses {
  /** Frequency of each class, descending. */
  readonly values: Uint32Array;
  /** Class of each element of `rowEntities`. */
  readonly classes: Uint16Array | Uint32Array;
}

/** @throws EngineError `run.cancelled` */
export async function buildRowClasses(index: PerspectiveIndex, job: Pick<JobContext, 'signal'>): Promise<RowClasses> {
  const { result, fill } = prepare(index);
  for (let from = 0; from < result.classes.length; from += breathElements) {
    fill(from, Math.min(from + breathElements, result.classes.length));
    await yieldToLoop();
    throwIfCancelled(job);
  }
  return result;
}

/** As `buildRowClasses`, at one go. */
export function rowClassesOf(index: PerspectiveIndex): RowClasses {
  const { result, fill } = prepare(index);
  fill(0, result.classes.length);
  return result;
}

function prepare({ frequency, rowEntities }: PerspectiveIndex): {
  readonly result: RowClasses;
  fill(from: number, to: number): void;
} {
  const values: number[] = [];
  const classOf = new Uint32Array(frequency.length);
  for (let entity = 0; entity < frequency.length; entity++) {
    const value = frequency[entity] as number;
    if (values.at(-1) !== value) values.push(value);
    classOf[entity] = values.length - 1;
  }
  const isSmall = values.length <= smallClasses;
  const narrow = isSmall ? new Uint16Array(classOf) : classOf;
  const classes = isSmall
    ? new Uint16Array(new SharedArrayBuffer(rowEntities.length * 2))
    : new Uint32Array(new SharedArrayBuffer(rowEntities.length * 4));
  return {
    result: { values: Uint32Array.from(values), classes },
    fill: (from, to) => {
      for (let i = from; i < to; i++) classes[i] = narrow[rowEntities[i] as number] as number;
    },
  };
}
