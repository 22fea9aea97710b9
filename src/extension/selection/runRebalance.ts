import * as path from 'node:path';
import * as vscode from 'vscode';
import type { EngineHost } from '../engine/engineHost.ts';
import { exists, freeOutputPath } from './outputPath.ts';
import { OverallProgress, progressText } from './progressText.ts';
import type { RebalanceOutcome } from './rebalanceOutcome.ts';
import { type RebalanceSetting, requestOf } from './rebalanceSetting.ts';

/** Runs the rebalancing with a progress notification whose Cancel cancels the job. The result lies beside the source. */
export async function runRebalance(
  engine: EngineHost,
  dataset: string,
  setting: RebalanceSetting,
  outer?: vscode.CancellationToken,
): Promise<RebalanceOutcome> {
  const output = await freeOutputPath(dataset, exists);
  const title = vscode.l10n.t('Rebalancing {0}', path.basename(dataset));
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (bar, button) => {
    const overall = new OverallProgress();
    const source = new vscode.CancellationTokenSource();
    const listeners = [button, outer].map((token) => token?.onCancellationRequested(() => source.cancel()));
    if (outer?.isCancellationRequested) source.cancel();
    try {
      const report = await engine.request(
        'selection/rebalance',
        { dataset, output, ...requestOf(setting) },
        {
          token: source.token,
          onProgress: (progress) => bar.report({ message: progressText(progress, vscode.l10n.t), increment: overall.advance(progress) }),
        },
      );
      return { dataset, report };
    } finally {
      for (const listener of listeners) listener?.dispose();
      source.dispose();
    }
  });
}
