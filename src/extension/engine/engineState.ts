import type { Progress } from '../../protocol/progress.ts';
import type { EngineFault } from './engineFault.ts';

export interface EngineInfo {
  readonly pid: number;
  readonly engineVersion: string;
}

/** The one truth about the engine process; `stopped` is also the state before the first command. */
export type EngineState =
  | { readonly kind: 'starting'; readonly attempt: number }
  | ({ readonly kind: 'ready' } & EngineInfo)
  | ({ readonly kind: 'busy'; readonly jobs: number; readonly progress: Progress | undefined } & EngineInfo)
  | { readonly kind: 'stopping' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly fault: EngineFault };

/** Whole percent of a stage, or undefined when its total is unknown. */
export function percentOf(progress: Progress | undefined): number | undefined {
  if (progress === undefined || progress.total <= 0) return undefined;
  return Math.min(100, Math.max(0, Math.floor((100 * progress.done) / progress.total)));
}
