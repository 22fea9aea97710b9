import { entitiesOf } from '../../entities/frequencyRuns.ts';
import { type Counted, type HolderCounts, recount, shift, tally } from './holderCounts.ts';
import { part } from './liveSelection.ts';

/** Postings counted by one task: some milliseconds of work, so that threads end together. */
const taskPostings = 2_000_000;
/** Following one row in memory costs about as much as counting this many postings in their order. */
const rowCost = 4;

/** One independent piece of counting; pieces of one job touch different counters. */
export type CountTask =
  | { readonly kind: 'recount'; readonly perspective: number; readonly from: number; readonly to: number }
  | { readonly kind: 'shift'; readonly perspective: number; readonly which: Counted; readonly rows: Uint32Array }
  | { readonly kind: 'tally'; readonly perspective: number; readonly which: Counted; readonly headEnd: number };

/** Work that any number of threads share; everything large lies on shared memory. */
export interface CountJob {
  readonly perspectives: readonly HolderCounts[];
  /** Verdicts that the counts are to agree with. */
  readonly verdicts: Uint8Array;
  readonly tasks: readonly CountTask[];
  /** Number of the next task that nobody took. */
  readonly next: Int32Array;
}

/** Takes tasks until none is left. Runs in any thread. */
export function drain({ perspectives, verdicts, tasks, next }: CountJob): void {
  for (let i = Atomics.add(next, 0, 1); i < tasks.length; i = Atomics.add(next, 0, 1)) {
    const task = tasks[i] as CountTask;
    const counts = perspectives[task.perspective] as HolderCounts;
    if (task.kind === 'recount') recount(counts, verdicts, task.from, task.to);
    else if (task.kind === 'shift') shift(counts, task.which, verdicts, task.rows);
    else tally(counts, task.which, verdicts, task.headEnd);
  }
}

/** @param before verdicts that the perspectives' counts agree with now, undefined where nothing was counted yet */
export function planCounting(
  perspectives: readonly HolderCounts[],
  before: readonly (Uint8Array | undefined)[],
  verdicts: Uint8Array,
): CountJob {
  const changes = new Map<Uint8Array, Record<Counted, Uint32Array>>();
  const tasks: CountTask[] = [];
  for (const [perspective, counts] of perspectives.entries()) {
    const old = before[perspective];
    if (!old) {
      tasks.push(...recountTasks(counts, perspective));
      continue;
    }
    const changed = changes.get(old) ?? changedRows(old, verdicts);
    changes.set(old, changed);
    const rows = changed.selection.length + changed.control.length;
    const averageRow = counts.rowEntities.length / Math.max(1, verdicts.length);
    if (rows * averageRow * rowCost > counts.postings.length) tasks.push(...recountTasks(counts, perspective));
    else for (const which of ['selection', 'control'] as const) tasks.push({ kind: 'shift', perspective, which, rows: changed[which] });
  }
  return jobOf(perspectives, verdicts, tasks);
}

/** Sums up what was counted. @param headEnds per perspective the first entity that is not head */
export function planTallies(perspectives: readonly HolderCounts[], headEnds: readonly number[], verdicts: Uint8Array): CountJob {
  const tasks = perspectives.flatMap((_, perspective) =>
    (['selection', 'control'] as const).map(
      (which): CountTask => ({ kind: 'tally', perspective, which, headEnd: headEnds[perspective] as number }),
    ),
  );
  return jobOf(perspectives, verdicts, tasks);
}

function jobOf(perspectives: readonly HolderCounts[], verdicts: Uint8Array, tasks: readonly CountTask[]): CountJob {
  return { perspectives, verdicts, tasks, next: new Int32Array(new SharedArrayBuffer(4)) };
}

function* recountTasks(counts: HolderCounts, perspective: number): Generator<CountTask> {
  const { runs, singlesFrom } = counts;
  const { values, starts } = runs;
  let from = 0;
  let postings = 0;
  for (let run = 0; run < values.length && from < singlesFrom; run++) {
    const frequency = values[run] as number;
    const end = Math.min(starts[run + 1] as number, singlesFrom, entitiesOf(runs));
    for (let entity = starts[run] as number; entity < end; ) {
      const fitting = Math.max(1, Math.floor((taskPostings - postings) / frequency));
      const next = Math.min(end, entity + fitting);
      postings += (next - entity) * frequency;
      entity = next;
      if (postings >= taskPostings || entity === singlesFrom) {
        yield { kind: 'recount', perspective, from, to: entity };
        from = entity;
        postings = 0;
      }
    }
  }
}

/** Ordinals whose part in the selection, and in the control, is another one now. */
function changedRows(before: Uint8Array, after: Uint8Array): Record<Counted, Uint32Array> {
  let ofSelection = 0;
  let ofControl = 0;
  for (let ordinal = 0; ordinal < after.length; ordinal++) {
    const change = (before[ordinal] as number) ^ (after[ordinal] as number);
    ofSelection += change & part.selection;
    ofControl += change >> 1;
  }
  return {
    selection: rowsWith(before, after, part.selection, ofSelection),
    control: rowsWith(before, after, part.control, ofControl),
  };
}

function rowsWith(before: Uint8Array, after: Uint8Array, bit: number, count: number): Uint32Array {
  const rows = new Uint32Array(new SharedArrayBuffer(count * 4));
  let next = 0;
  for (let ordinal = 0; next < count; ordinal++)
    if (((before[ordinal] as number) ^ (after[ordinal] as number)) & bit) rows[next++] = ordinal;
  return rows;
}
