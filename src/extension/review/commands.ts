import * as path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { type EngineHost, localPath } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import { plainPickText } from '../plainText.ts';
import { registerCommand } from '../registerCommand.ts';
import { findStagings } from './findStagings.ts';
import type { ReviewPanels } from './reviewPanels.ts';

export interface ReviewDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly panels: ReviewPanels;
}

export function registerReview(deps: ReviewDeps): vscode.Disposable {
  return registerCommand(commandIds.reviewSynthesis, (target) => review(deps, target));
}

async function review(deps: ReviewDeps, target: unknown): Promise<void> {
  try {
    if (!vscode.workspace.isTrusted) throw new EngineRequestError({ kind: 'untrusted' });
    const staging = stagingOf(target) ?? (await pickStaging(deps.engine));
    if (staging === undefined) return;
    // What is no staging folder opens no panel.
    await deps.engine.request('review/index', { staging }, {});
    deps.panels.show(staging);
  } catch (error: unknown) {
    reportError(error, { log: deps.log, tryAgain: () => review(deps, target) });
  }
}

/** The folder that an argument stands for: its path or URI, a file in it, or a node that names it. */
function stagingOf(target: unknown): string | undefined {
  if (target instanceof vscode.Uri) return folderOf(localPath(target));
  if (typeof target === 'string' && target !== '') return folderOf(target);
  if (typeof target !== 'object' || target === null || !('staging' in target)) return undefined;
  return typeof target.staging === 'string' ? folderOf(target.staging) : undefined;
}

function folderOf(file: string): string {
  return path.resolve(/^(staging\.json|journal\.jsonl)$/.test(path.basename(file)) ? path.dirname(file) : file);
}

/** The only staging folder, or the one that the user chooses. */
async function pickStaging(engine: EngineHost): Promise<string | undefined> {
  const source = new vscode.CancellationTokenSource();
  const { stagings } = await findStagings(engine, source.token).finally(() => source.dispose());
  if (stagings.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'There is no staging folder in this workspace yet. Synthesize Tail makes one; a folder elsewhere is reviewed from its context menu.',
      ),
    );
    return undefined;
  }
  if (stagings.length === 1) return stagings[0]?.path;
  const number = new Intl.NumberFormat(vscode.env.language);
  const items = stagings.map(({ path: folder, dataset, counts }) => ({
    label: plainPickText(path.basename(dataset), 80),
    description: plainPickText(vscode.workspace.asRelativePath(folder), 160),
    detail: vscode.l10n.t(
      '{0} pending, {1} accepted, {2} rejected',
      number.format(counts.pending),
      number.format(counts.accepted),
      number.format(counts.rejected),
    ),
    folder,
  }));
  const title = vscode.l10n.t('Review synthetic instances');
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Choose a staging folder') });
  return picked?.folder;
}
