import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import { registerCommand } from '../registerCommand.ts';
import type { EngineHost } from './engineHost.ts';

export function registerEngineCommands(engine: EngineHost, log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commandIds.showLog, () => log.show(true)),
    registerCommand(commandIds.stopEngine, () => engine.stop()),
  );
}
