import * as vscode from 'vscode';
import { ContextKey } from '../contextKey.ts';
import { commandIds, contextKeys } from '../contributions.ts';
import { describeFault } from '../errors/errorCatalogue.ts';
import type { EngineHost } from './engineHost.ts';
import { type EngineState, percentOf } from './engineState.ts';

/** Shows the engine's state in one status item and one context key; the item appears with the first start. */
export function showEngineStatus(engine: EngineHost): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('ballast.engine', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('Ballast Engine');
  item.command = commandIds.showLog;
  const key = new ContextKey(contextKeys.engineState);
  key.set(engine.state.kind);
  const listener = engine.onDidChangeState((state) => {
    key.set(state.kind);
    const label = labelOf(state);
    item.text = `$(circuit-board) Ballast: ${label}`;
    item.tooltip = tooltipOf(state);
    item.accessibilityInformation = { label: vscode.l10n.t('Ballast engine: {0}', label) };
    item.backgroundColor = state.kind === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    if (state.kind === 'stopped') item.hide();
    else item.show();
  });
  return vscode.Disposable.from(item, listener);
}

function labelOf(state: EngineState): string {
  switch (state.kind) {
    case 'starting':
      return vscode.l10n.t('starting');
    case 'ready':
      return vscode.l10n.t('idle');
    case 'busy': {
      const percent = percentOf(state.progress);
      return percent === undefined ? vscode.l10n.t('working') : vscode.l10n.t('{0} %', percent);
    }
    case 'stopping':
      return vscode.l10n.t('stopping');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'failed':
      return vscode.l10n.t('failed');
  }
}

function tooltipOf(state: EngineState): string {
  if (state.kind === 'failed') return describeFault(state.fault, vscode.l10n.t)?.sentence ?? vscode.l10n.t('failed');
  if (state.kind === 'ready' || state.kind === 'busy')
    return vscode.l10n.t('Engine {0}, process {1}. Click for the log.', state.engineVersion, state.pid);
  return vscode.l10n.t('Click for the log.');
}
