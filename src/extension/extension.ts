import * as vscode from 'vscode';
import { type BallastApi, createApi } from './api.ts';
import { registerDatasets } from './datasets/commands.ts';
import { DatasetsTree } from './datasets/datasetsTree.ts';
import { registerEngineCommands } from './engine/commands.ts';
import { EngineHost } from './engine/engineHost.ts';
import { showEngineStatus } from './engine/engineStatus.ts';
import { registerEntities } from './entities/commands.ts';
import { EntitiesTree } from './entities/entitiesTree.ts';
import { RecordDocuments } from './instances/recordDocuments.ts';
import { SelectionPanels } from './panels/selectionPanels.ts';
import { registerRuns } from './runs/commands.ts';
import { RunsTree } from './runs/runsTree.ts';
import { registerSelectionCommands } from './selection/commands.ts';

let engine: EngineHost | undefined;

export function activate(context: vscode.ExtensionContext): BallastApi {
  const log = vscode.window.createOutputChannel('Ballast', { log: true });
  engine = new EngineHost(context.extensionPath, log);
  const panels = new SelectionPanels(context.extensionUri, log, context.workspaceState);
  const tree = new DatasetsTree(engine, log);
  const entities = new EntitiesTree(engine, log);
  const runs = new RunsTree(engine, log);
  const records = new RecordDocuments(engine);
  const onWritten = (dataset?: string): void => {
    void tree.filesChanged();
    void runs.filesChanged();
    if (dataset !== undefined && entities.dataset === undefined) entities.choose(vscode.Uri.file(dataset));
  };
  context.subscriptions.push(
    log,
    engine,
    panels,
    showEngineStatus(engine),
    registerEngineCommands(engine, log),
    records,
    registerDatasets(tree, (file) => entities.choose(file)),
    tree.onDidList((files) => entities.datasetsListed(files)),
    registerEntities({ engine, log, tree: entities, records, datasets: () => tree.datasets() }),
    registerRuns({ engine, log, tree: runs, onWritten }),
    registerSelectionCommands({ engine, log, panels, memory: context.workspaceState, onWritten }),
  );
  return createApi({ engine, panels, datasets: tree, entities, runs });
}

/** VS Code waits for this a few seconds; an engine that survives it ends when its stdin closes. */
export async function deactivate(): Promise<void> {
  await engine?.stop();
}
