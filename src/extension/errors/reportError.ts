import * as vscode from 'vscode';
import { commandIds, settingIds } from '../contributions.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { describeFault, type ErrorAction, type ErrorMessage } from './errorCatalogue.ts';

export interface ErrorContext {
  readonly log: vscode.LogOutputChannel;
  readonly tryAgain?: () => unknown;
  /** Asks where else the result may go and writes it there. */
  readonly writeElsewhere?: () => unknown;
  readonly file?: vscode.Uri;
}

/** Sentences on screen: the same one is not stacked. */
const visible = new Set<string>();

/** The one place where an error becomes a message: a localised sentence and at most two buttons. Cancelled says nothing. */
export function reportError(error: unknown, context: ErrorContext): void {
  const message = errorMessage(error);
  if (message === undefined) return;
  context.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (visible.has(message.sentence)) return;
  visible.add(message.sentence);
  void show(message, context).finally(() => visible.delete(message.sentence));
}

/** The sentence of an error and what can be done; undefined when it says nothing (cancelled). */
export function errorMessage(error: unknown): ErrorMessage | undefined {
  if (error instanceof vscode.CancellationError) return undefined;
  if (error instanceof EngineRequestError) return describeFault(error.fault, vscode.l10n.t);
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof vscode.FileSystemError && error.code === 'NoPermissions')
    return { sentence: vscode.l10n.t('No permission to write here: {0}', text), actions: ['tryAgain', 'showLog'] };
  return { sentence: vscode.l10n.t('Something failed in Ballast: {0}', text), actions: ['showLog'] };
}

async function show(message: ErrorMessage, context: ErrorContext): Promise<void> {
  const missing: Readonly<Partial<Record<ErrorAction, boolean>>> = {
    tryAgain: context.tryAgain === undefined,
    writeElsewhere: context.writeElsewhere === undefined,
    openFile: context.file === undefined,
  };
  const usable = message.actions.filter((action) => !missing[action]);
  const buttons = usable.slice(0, 2).map((action) => ({ title: actionTitle(action), action }));
  const ask = message.severity === 'warning' ? vscode.window.showWarningMessage : vscode.window.showErrorMessage;
  const chosen = await ask(message.sentence, ...buttons);
  if (chosen !== undefined) await runAction(chosen.action, context);
}

/** Label of the button. */
export function actionTitle(action: ErrorAction): string {
  switch (action) {
    case 'showLog':
      return vscode.l10n.t('Show Log');
    case 'tryAgain':
      return vscode.l10n.t('Try Again');
    case 'writeElsewhere':
      return vscode.l10n.t('Write to Another Place…');
    case 'manageTrust':
      return vscode.l10n.t('Manage Workspace Trust');
    case 'openNodeSetting':
    case 'openImageSetting':
      return vscode.l10n.t('Open Settings');
    case 'openRunFolderSetting':
      return vscode.l10n.t('Choose Run Folder');
    case 'openFile':
      return vscode.l10n.t('Open File');
    case 'openFolder':
      return vscode.l10n.t('Open Folder');
  }
}

/** What the button does. */
export async function runAction(action: ErrorAction, context: ErrorContext): Promise<void> {
  switch (action) {
    case 'showLog':
      await vscode.commands.executeCommand(commandIds.showLog);
      break;
    case 'tryAgain':
      await context.tryAgain?.();
      break;
    case 'writeElsewhere':
      await context.writeElsewhere?.();
      break;
    case 'manageTrust':
      await vscode.commands.executeCommand('workbench.trust.manage');
      break;
    case 'openNodeSetting':
      await openSetting(settingIds.nodePath);
      break;
    case 'openImageSetting':
      await openSetting(settingIds.imageRoots);
      break;
    case 'openRunFolderSetting':
      await openSetting(settingIds.runFolder);
      break;
    case 'openFolder':
      await vscode.commands.executeCommand('workbench.action.files.openFolder');
      break;
    case 'openFile':
      if (context.file) await vscode.commands.executeCommand('vscode.open', context.file);
      break;
  }
}

function openSetting(id: string): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.openSettings', `@id:${id}`);
}
