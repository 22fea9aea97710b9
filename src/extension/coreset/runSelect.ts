import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SelectReport, SelectRequest } from '../../protocol/select.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { OverallProgress, progressText } from '../selection/progressText.ts';

/** Selects with a progress notification whose Cancel cancels the job. */
export async function runSelect(engine: EngineHost, request: SelectRequest): Promise<SelectReport> {
  const title = vscode.l10n.t('Selecting a coreset of {0}', path.basename(request.dataset));
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (bar, token) => {
    const overall = new OverallProgress();
    return engine.request('selection/select', request, {
      token,
      onProgress: (progress) => bar.report({ message: progressText(progress, vscode.l10n.t), increment: overall.advance(progress) }),
    });
  });
}
