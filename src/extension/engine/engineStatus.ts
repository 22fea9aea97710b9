import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { ContextKey } from '../contextKey.ts';
import { commandIds, contextKeys, viewIds } from '../contributions.ts';
import { escapeMarkdown } from '../plainText.ts';
import type { EngineHost } from './engineHost.ts';
import type { EngineState } from './engineState.ts';
import { statusLabel, statusLines } from './statusText.ts';

/** A job that ends sooner is not shown: a dragged slider makes many a second. */
const busyDelayMs = 250;

/** Shows the engine's state in one status item and one context key; the item appears with the first start. */
export function showEngineStatus(engine: EngineHost): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('ballast.engine', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('Ballast Engine');
  const key = new ContextKey(contextKeys.engineState);
  key.set(engine.state.kind);
  let timer: NodeJS.Timeout | undefined;
  const show = (): void => {
    timer = undefined;
    showState(item, engine);
  };
  const listener = engine.onDidChangeState((state) => {
    key.set(state.kind);
    if (state.kind === 'busy') {
      timer ??= setTimeout(show, busyDelayMs);
      return;
    }
    clearTimeout(timer);
    show();
  });
  return vscode.Disposable.from(item, listener, { dispose: () => clearTimeout(timer) });
}

function showState(item: vscode.StatusBarItem, engine: EngineHost): void {
  const { state } = engine;
  const label = statusLabel(state, vscode.l10n.t);
  const isDead = state.kind === 'failed';
  const facts = { memoryBytes: memoryOf(state), lastFault: engine.faults.all[0] };
  item.text = `$(circuit-board) Ballast: ${label}`;
  item.tooltip = new vscode.MarkdownString(escapeMarkdown(statusLines(state, facts, vscode.l10n.t, vscode.env.language)));
  item.command = isDead ? commandIds.showLog : `${viewIds.runs}.focus`;
  item.accessibilityInformation = { label: vscode.l10n.t('Ballast engine: {0}', label) };
  item.backgroundColor = isDead ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  if (state.kind === 'stopped') item.hide();
  else item.show();
}

/** Resident memory of the engine's process; Linux alone tells it without asking the engine. */
function memoryOf(state: EngineState): number | undefined {
  if (process.platform !== 'linux' || (state.kind !== 'ready' && state.kind !== 'busy')) return undefined;
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${state.pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined; // ended meanwhile
  }
}
