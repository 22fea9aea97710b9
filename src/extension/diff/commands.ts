import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { reportError } from '../errors/reportError.ts';
import { registerCommand } from '../registerCommand.ts';
import type { DiffPanels } from './diffPanels.ts';
import { pickPair } from './pickPair.ts';

export interface DiffDeps {
  readonly log: vscode.LogOutputChannel;
  readonly panels: DiffPanels;
  /** The datasets of the workspace. */
  readonly datasets: () => Promise<readonly DatasetFile[]>;
}

export function registerDiff(deps: DiffDeps): vscode.Disposable {
  return registerCommand(commandIds.compareDatasets, (a, b) => compare(deps, a, b));
}

async function compare(deps: DiffDeps, a: unknown, b: unknown): Promise<void> {
  try {
    if (!vscode.workspace.isTrusted) throw new EngineRequestError({ kind: 'untrusted' });
    const pair = await pickPair(a, b, deps.datasets);
    if (pair !== undefined) deps.panels.show(pair);
  } catch (error: unknown) {
    reportError(error, { log: deps.log, tryAgain: () => compare(deps, a, b) });
  }
}
