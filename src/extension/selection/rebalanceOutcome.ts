import type { CancellationToken } from 'vscode';
import type { RebalanceReport } from '../../protocol/reports.ts';
import type { RebalanceSetting } from './rebalanceSetting.ts';

/** Options for other extensions, tasks and key bindings: with a setting given, nothing is asked. */
export interface RebalanceOptions {
  readonly setting?: RebalanceSetting;
  /** Cancels like the button of the progress notification. */
  readonly token?: CancellationToken;
}

export interface RebalanceOutcome {
  /** Path of the source. */
  readonly dataset: string;
  readonly report: RebalanceReport;
}
