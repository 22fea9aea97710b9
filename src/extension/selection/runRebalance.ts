import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RebalanceReport } from '../../protocol/reports.ts';
import type { RebalanceRequest } from '../../protocol/requests.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { withToken } from '../panels/withToken.ts';
import { OverallProgress, progressText } from './progressText.ts';

/** Applies a request with a progress notification whose Cancel cancels the job, as `outer` does. */
export async function runRebalance(
  engine: EngineHost,
  request: RebalanceRequest,
  outer?: vscode.CancellationToken,
): Promise<RebalanceReport> {
  const title = vscode.l10n.t('Rebalancing {0}', path.basename(request.dataset));
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (bar, button) => {
    const overall = new OverallProgress();
    return withToken([button, outer], (token) =>
      engine.request('selection/rebalance', request, {
        token,
        onProgress: (progress) => bar.report({ message: progressText(progress, vscode.l10n.t), increment: overall.advance(progress) }),
      }),
    );
  });
}
