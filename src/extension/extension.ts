import * as vscode from 'vscode';
import { type BallastApi, createApi } from './api.ts';
import { registerDatasets, showDatasets } from './datasets/commands.ts';
import { DatasetsTree } from './datasets/datasetsTree.ts';
import { registerDiff } from './diff/commands.ts';
import { DiffPanels } from './diff/diffPanels.ts';
import { registerEngineCommands } from './engine/commands.ts';
import { EngineHost } from './engine/engineHost.ts';
import { showEngineStatus } from './engine/engineStatus.ts';
import { registerEntities } from './entities/commands.ts';
import { EntitiesTree } from './entities/entitiesTree.ts';
import { registerInstances } from './instances/commands.ts';
import { InstancesPanels } from './instances/instancesPanels.ts';
import { RecordDocuments } from './instances/recordDocuments.ts';
import { registerIssues } from './issues/commands.ts';
import { SelectionPanels } from './panels/selectionPanels.ts';
import { PlanStore } from './plans/planStore.ts';
import { registerRuns } from './runs/commands.ts';
import { RunsTree } from './runs/runsTree.ts';
import { registerSample } from './sample/commands.ts';
import { registerSelectionCommands } from './selection/commands.ts';
import { ResultMemory } from './selection/resultMemory.ts';

let engine: EngineHost | undefined;

export function activate(context: vscode.ExtensionContext): BallastApi {
  const log = vscode.window.createOutputChannel('Ballast', { log: true });
  engine = new EngineHost(context.extensionPath, log);
  const memory = context.workspaceState;
  const plans = new PlanStore(memory);
  const results = new ResultMemory(memory);
  const tree = new DatasetsTree(engine, log);
  const entities = new EntitiesTree(engine, log);
  const runs = new RunsTree(engine, log);
  const records = new RecordDocuments(engine);
  const comparisons = new DiffPanels({ engine, log, extensionUri: context.extensionUri, records });
  const instances = new InstancesPanels({ engine, log, extensionUri: context.extensionUri, plans, records });
  const onWritten = (dataset?: string): void => {
    void tree.filesChanged();
    void runs.filesChanged();
    if (dataset !== undefined) instances.resultWritten(dataset);
    if (dataset !== undefined && entities.dataset === undefined) entities.choose(vscode.Uri.file(dataset));
  };
  const panels = new SelectionPanels({ engine, log, extensionUri: context.extensionUri, plans, results, memory, onWritten });
  context.subscriptions.push(
    log,
    engine,
    plans,
    panels,
    showEngineStatus(engine),
    registerEngineCommands(engine, log),
    records,
    registerDatasets(tree, (file) => entities.choose(file)),
    tree.onDidList((files) => entities.datasetsListed(files)),
    instances,
    registerInstances({ panels: instances, log, datasets: () => tree.datasets() }),
    comparisons,
    registerDiff({ log, panels: comparisons, datasets: () => tree.datasets() }),
    registerEntities({ engine, log, tree: entities, records, datasets: () => tree.datasets() }),
    registerIssues({ engine, log, runs }),
    registerSample({ extensionUri: context.extensionUri, log, onCreated: () => showDatasets(tree) }),
    registerRuns({ engine, log, tree: runs, onWritten }),
    registerSelectionCommands({ engine, log, panels, plans, results, memory, datasets: () => tree.datasets(), onWritten }),
  );
  return createApi({ engine, panels, datasets: tree, entities, runs, instances, comparisons });
}

/** VS Code waits for this a few seconds; an engine that survives it ends when its stdin closes. */
export async function deactivate(): Promise<void> {
  await engine?.stop();
}
