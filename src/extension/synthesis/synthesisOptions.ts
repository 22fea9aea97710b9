import type { SynthesisSettings } from '../../protocol/synthesisPage.ts';

/** Options for other views, tasks and key bindings. */
export interface SynthesisOptions {
  /** Settings over those that the panel has. */
  readonly settings?: Partial<SynthesisSettings>;
  /** Makes at once; the command then gives the engine's report. */
  readonly make?: boolean;
}
