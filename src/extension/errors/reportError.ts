import * as vscode from 'vscode';
import { commandIds, settingIds } from '../contributions.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { describeFault, type ErrorAction, type ErrorMessage } from './errorCatalogue.ts';

export interface ErrorContext {
  readonly log: vscode.LogOutputChannel;
  readonly tryAgain?: () => unknown;
  readonly file?: vscode.Uri;
}

/** Sentences on screen: the same one is not stacked. */
const visible = new Set<string>();

/** The one place where an error becomes a message: a localised sentence and at most two buttons. Cancelled says nothing. */
export function reportError(error: unknown, context: ErrorContext): void {
  const message = describe(error);
  if (message === undefined) return;
  context.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (visible.has(message.sentence)) return;
  visible.add(message.sentence);
  void show(message, context).finally(() => visible.delete(message.sentence));
}

function describe(error: unknown): ErrorMessage | undefined {
  if (error instanceof vscode.CancellationError) return undefined;
  if (error instanceof EngineRequestError) return describeFault(error.fault, vscode.l10n.t);
  const text = error instanceof Error ? error.message : String(error);
  return { sentence: vscode.l10n.t('Something failed in Ballast: {0}', text), actions: ['showLog'] };
}

async function show(message: ErrorMessage, context: ErrorContext): Promise<void> {
  const usable = message.actions.filter((action) => (action !== 'tryAgain' || context.tryAgain) && (action !== 'openFile' || context.file));
  const buttons = usable.slice(0, 2).map((action) => ({ title: titleOf(action), action }));
  const ask = message.severity === 'warning' ? vscode.window.showWarningMessage : vscode.window.showErrorMessage;
  const chosen = await ask(message.sentence, ...buttons);
  if (chosen !== undefined) await run(chosen.action, context);
}

function titleOf(action: ErrorAction): string {
  switch (action) {
    case 'showLog':
      return vscode.l10n.t('Show Log');
    case 'tryAgain':
      return vscode.l10n.t('Try Again');
    case 'manageTrust':
      return vscode.l10n.t('Manage Workspace Trust');
    case 'openSettings':
      return vscode.l10n.t('Open Settings');
    case 'openFile':
      return vscode.l10n.t('Open File');
  }
}

async function run(action: ErrorAction, context: ErrorContext): Promise<void> {
  switch (action) {
    case 'showLog':
      await vscode.commands.executeCommand(commandIds.showLog);
      break;
    case 'tryAgain':
      await context.tryAgain?.();
      break;
    case 'manageTrust':
      await vscode.commands.executeCommand('workbench.trust.manage');
      break;
    case 'openSettings':
      await vscode.commands.executeCommand('workbench.action.openSettings', settingIds.nodePath);
      break;
    case 'openFile':
      if (context.file) await vscode.commands.executeCommand('vscode.open', context.file);
      break;
  }
}
