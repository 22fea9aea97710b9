import type { Engine } from '../engine/createEngine.ts';
import type { JobContext } from '../engine/jobs/jobContext.ts';
import type { Arguments } from './arguments.ts';
import type { OptionSpec } from './optionTable.ts';

/** One verb of the command line: a request of the engine and how to show its answer. */
export interface Verb {
  readonly name: string;
  /** After `ballast <verb>`. */
  readonly operands: string;
  readonly summary: string;
  readonly options: readonly OptionSpec[];
  /** @throws UsageError, before anything runs */
  prepare(args: Arguments): PreparedCall;
}

export interface PreparedCall {
  readonly threads: number;
  run(engine: Engine, job: JobContext): Promise<Answer>;
}

export interface Answer {
  /** The JSON document of `--json`. */
  readonly report: object;
  /** For people; no final newline. */
  readonly text: string;
  /** Nothing went wrong but the answer is "no" (verify, check). */
  readonly failed?: boolean;
}
