import type { Progress } from '../../protocol/progress.ts';
import type { EngineFault } from './engineFault.ts';

export interface EngineInfo {
  readonly pid: number;
  readonly engineVersion: string;
}

/** What the engine works on, for people: the request and the dataset that it names. */
export interface RunningJob {
  readonly method: string;
  /** Path as the request gives it; undefined for requests without a dataset. */
  readonly dataset: string | undefined;
}

/** The one truth about the engine process; `stopped` is also the state before the first command. */
export type EngineState =
  | { readonly kind: 'starting'; readonly attempt: number }
  | ({ readonly kind: 'ready' } & EngineInfo)
  | ({
      readonly kind: 'busy';
      readonly jobs: number;
      /** The job that reported last, else the newest. */
      readonly job: RunningJob | undefined;
      readonly progress: Progress | undefined;
    } & EngineInfo)
  | { readonly kind: 'stopping' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly fault: EngineFault };

/** Whole percent of a stage, or undefined when its total is unknown. */
export function percentOf(progress: Progress | undefined): number | undefined {
  if (progress === undefined || progress.total <= 0) return undefined;
  return Math.min(100, Math.max(0, Math.floor((100 * progress.done) / progress.total)));
}
