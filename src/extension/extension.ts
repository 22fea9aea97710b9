import * as vscode from 'vscode';
import { type BallastApi, createApi } from './api.ts';
import { registerDatasets } from './datasets/commands.ts';
import { DatasetsTree } from './datasets/datasetsTree.ts';
import { registerEngineCommands } from './engine/commands.ts';
import { EngineHost } from './engine/engineHost.ts';
import { showEngineStatus } from './engine/engineStatus.ts';
import { SelectionPanels } from './panels/selectionPanels.ts';
import { registerSelectionCommands } from './selection/commands.ts';

let engine: EngineHost | undefined;

export function activate(context: vscode.ExtensionContext): BallastApi {
  const log = vscode.window.createOutputChannel('Ballast', { log: true });
  engine = new EngineHost(context.extensionPath, log);
  const panels = new SelectionPanels(context.extensionUri, log, context.workspaceState);
  const tree = new DatasetsTree(engine, log);
  context.subscriptions.push(
    log,
    engine,
    panels,
    showEngineStatus(engine),
    registerEngineCommands(engine, log),
    registerDatasets(tree),
    registerSelectionCommands({ engine, log, panels, memory: context.workspaceState, onWritten: () => void tree.filesChanged() }),
  );
  return createApi(engine, panels, tree);
}

/** VS Code waits for this a few seconds; an engine that survives it ends when its stdin closes. */
export async function deactivate(): Promise<void> {
  await engine?.stop();
}
