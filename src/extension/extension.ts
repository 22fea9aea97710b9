import * as vscode from 'vscode';
import { type BallastApi, createApi } from './api.ts';
import { ClustersPanels } from './clusters/clustersPanels.ts';
import { ClustersTree } from './clusters/clustersTree.ts';
import { registerClusters } from './clusters/commands.ts';
import { registerCoreset } from './coreset/commands.ts';
import { CoresetPanels } from './coreset/coresetPanels.ts';
import { CoresetResults } from './coreset/coresetResults.ts';
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
import { registerReview } from './review/commands.ts';
import { ReviewPanels } from './review/reviewPanels.ts';
import { ReviewPlaces } from './review/reviewPlaces.ts';
import { registerRuns } from './runs/commands.ts';
import { RunsTree } from './runs/runsTree.ts';
import { registerSample } from './sample/commands.ts';
import { registerSelectionCommands } from './selection/commands.ts';
import { ResultMemory } from './selection/resultMemory.ts';
import { registerSynthesis } from './synthesis/commands.ts';
import { EditorModels } from './synthesis/editorModels.ts';
import { EndpointKeys } from './synthesis/endpointKeys.ts';
import { StagingsTree } from './synthesis/stagingsTree.ts';
import { SynthesisJobs } from './synthesis/synthesisJobs.ts';
import { SynthesisPanels } from './synthesis/synthesisPanels.ts';

let engine: EngineHost | undefined;

export function activate(context: vscode.ExtensionContext): BallastApi {
  const log = vscode.window.createOutputChannel('Ballast', { log: true });
  const memory = context.workspaceState;
  const models = new EditorModels(memory);
  engine = new EngineHost(context.extensionPath, log, (request, token) => models.chat(request, token));
  const plans = new PlanStore(memory);
  const results = new ResultMemory(memory);
  const tree = new DatasetsTree(engine, log);
  const entities = new EntitiesTree(engine, log);
  const clusters = new ClustersTree(engine, log);
  const clusterPanels = new ClustersPanels({ engine, log, extensionUri: context.extensionUri });
  const runs = new RunsTree(engine, log);
  const records = new RecordDocuments(engine);
  const comparisons = new DiffPanels({ engine, log, extensionUri: context.extensionUri, records });
  const instances = new InstancesPanels({ engine, log, extensionUri: context.extensionUri, plans, records });
  const onWritten = (dataset?: string): void => {
    void tree.filesChanged();
    void runs.filesChanged();
    if (dataset !== undefined) instances.resultWritten(dataset);
    if (dataset !== undefined) clusterPanels.resultWritten(dataset);
    if (dataset !== undefined && entities.dataset === undefined) entities.choose(vscode.Uri.file(dataset));
  };
  const panels = new SelectionPanels({ engine, log, extensionUri: context.extensionUri, plans, results, memory, onWritten });
  const coresets = new CoresetPanels({
    engine,
    log,
    extensionUri: context.extensionUri,
    results: new CoresetResults(memory),
    memory,
    onWritten,
  });
  const keys = new EndpointKeys(context.secrets, context.globalState);
  const jobs = new SynthesisJobs(engine);
  const stagings = new StagingsTree(engine, log);
  const syntheses = new SynthesisPanels({ engine, log, extensionUri: context.extensionUri, memory, keys, models, jobs });
  const onDecided = (): Promise<void> => {
    syntheses.stagingChanged();
    return stagings.filesChanged();
  };
  const reviews = new ReviewPanels({ engine, log, extensionUri: context.extensionUri, places: new ReviewPlaces(memory), onDecided });
  context.subscriptions.push(
    log,
    engine,
    plans,
    panels,
    showEngineStatus(engine),
    registerEngineCommands(engine, log),
    records,
    registerDatasets(tree, (file) => {
      entities.choose(file);
      clusters.choose(file);
    }),
    tree.onDidList((files) => entities.datasetsListed(files)),
    tree.onDidList((files) => clusters.datasetsListed(files)),
    instances,
    registerInstances({ panels: instances, log, datasets: () => tree.datasets() }),
    coresets,
    registerCoreset({ log, panels: coresets, datasets: () => tree.datasets() }),
    syntheses,
    registerSynthesis({ engine, log, panels: syntheses, tree: stagings, keys, jobs, datasets: () => tree.datasets(), onWritten }),
    reviews,
    registerReview({ engine, log, panels: reviews }),
    comparisons,
    registerDiff({ log, panels: comparisons, datasets: () => tree.datasets() }),
    registerEntities({ engine, log, tree: entities, records, datasets: () => tree.datasets() }),
    clusterPanels,
    registerClusters({ engine, log, tree: clusters, panels: clusterPanels, datasets: () => tree.datasets() }),
    registerIssues({ engine, log, runs }),
    registerSample({ extensionUri: context.extensionUri, log, onCreated: () => showDatasets(tree) }),
    registerRuns({ engine, log, tree: runs, onWritten }),
    registerSelectionCommands({ engine, log, panels, plans, results, memory, datasets: () => tree.datasets(), onWritten }),
  );
  return createApi({
    engine,
    panels,
    datasets: tree,
    entities,
    runs,
    instances,
    comparisons,
    coresets,
    clusters,
    clusterPanels,
    stagings,
    syntheses,
    reviews,
  });
}

/** VS Code waits for this a few seconds; an engine that survives it ends when its stdin closes. */
export async function deactivate(): Promise<void> {
  await engine?.stop();
}
