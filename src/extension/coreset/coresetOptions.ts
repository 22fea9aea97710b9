import type { CoresetSettings } from '../../protocol/coresetPage.ts';

/** Options for other views, tasks and key bindings. */
export interface CoresetOptions {
  /** Id of a known clustering to go on with. */
  readonly clustering?: string;
  /** Settings over those that the panel has. */
  readonly settings?: Partial<CoresetSettings>;
  /** Writes the coreset at once; the command then gives the engine's report. */
  readonly apply?: boolean;
}
