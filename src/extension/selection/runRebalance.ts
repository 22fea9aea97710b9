import { access } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { EngineHost } from '../engine/engineHost.ts';
import { freeOutputPath } from './outputPath.ts';
import { OverallProgress, progressText } from './progressText.ts';
import type { RebalanceOutcome } from './rebalanceOutcome.ts';
import { type RebalanceSetting, requestOf } from './rebalanceSetting.ts';

/** Runs the rebalancing with a progress notification whose Cancel cancels the job. The result lies beside the source. */
export async function runRebalance(engine: EngineHost, dataset: string, setting: RebalanceSetting): Promise<RebalanceOutcome> {
  const output = await freeOutputPath(dataset, exists);
  const title = vscode.l10n.t('Rebalancing {0}', path.basename(dataset));
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (bar, token) => {
    const overall = new OverallProgress();
    const report = await engine.request(
      'selection/rebalance',
      { dataset, output, ...requestOf(setting) },
      { token, onProgress: (progress) => bar.report({ message: progressText(progress, vscode.l10n.t), increment: overall.advance(progress) }) },
    );
    return { dataset, report };
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
