import * as vscode from 'vscode';
import type { DrawnClusters } from '../protocol/clustersPage.ts';
import type { DrawnCoreset } from '../protocol/coresetPage.ts';
import type { DrawnDiff } from '../protocol/diffPage.ts';
import type { DrawnInstances } from '../protocol/instancesPage.ts';
import type { DrawnReview } from '../protocol/reviewPage.ts';
import type { DrawnCharts } from '../protocol/selectionPage.ts';
import type { DrawnSynthesis } from '../protocol/synthesisPage.ts';
import type { ClustersPanels } from './clusters/clustersPanels.ts';
import type { ClusterNode, ClustersTree } from './clusters/clustersTree.ts';
import type { CoresetPanelState } from './coreset/coresetPanel.ts';
import type { CoresetPanels } from './coreset/coresetPanels.ts';
import type { DatasetNode, DatasetsTree } from './datasets/datasetsTree.ts';
import type { DiffPanels } from './diff/diffPanels.ts';
import type { EngineHost } from './engine/engineHost.ts';
import type { EngineState } from './engine/engineState.ts';
import type { EntitiesTree } from './entities/entitiesTree.ts';
import type { InstancesPanels } from './instances/instancesPanels.ts';
import type { SelectionPanels } from './panels/selectionPanels.ts';
import type { ReviewPanels } from './review/reviewPanels.ts';
import type { RunsTree } from './runs/runsTree.ts';
import type { RebalancePanelState } from './selection/rebalancePanel.ts';
import type { StagingsTree } from './synthesis/stagingsTree.ts';
import type { SynthesisPanelState } from './synthesis/synthesisPanel.ts';
import type { SynthesisPanels } from './synthesis/synthesisPanels.ts';

/** A row of a view as it is shown. `node` is what a command of its context menu gets. */
export interface ShownRow {
  readonly label: string;
  readonly description: string;
  readonly contextValue: string;
  readonly tooltip: string;
  readonly node: unknown;
}

/** What `activate` returns, for other extensions and for the tests in the host: read-only looks at the state. */
export interface BallastApi {
  readonly engineState: () => EngineState;
  readonly onDidChangeEngineState: (listener: (state: EngineState) => void) => { dispose(): unknown };
  /** What the rebalance panel of a dataset (its path) shows; undefined when none is open. */
  readonly selectionPanel: (dataset: string) => RebalancePanelState | undefined;
  /** Next drawing that a chart page reports. */
  readonly onDidDraw: (listener: (drawn: DrawnCharts) => void) => { dispose(): unknown };
  /** What the page of an instance browser shows, whenever it has come to rest. */
  readonly onDidShowInstances: (listener: (shown: DrawnInstances & { readonly dataset: string }) => void) => { dispose(): unknown };
  /** What the page of a comparison shows, whenever its charts were drawn. */
  readonly onDidShowComparison: (listener: (drawn: DrawnDiff) => void) => { dispose(): unknown };
  /** What the coreset panel of a dataset (its path) shows; undefined when none is open. */
  readonly coresetPanel: (dataset: string) => CoresetPanelState | undefined;
  /** What the page of a coreset panel shows, whenever it has come to rest. */
  readonly onDidShowCoreset: (listener: (drawn: DrawnCoreset & { readonly dataset: string }) => void) => { dispose(): unknown };
  /** What the page of a clusters panel shows, whenever it was drawn. */
  readonly onDidShowClusters: (listener: (drawn: DrawnClusters & { readonly dataset: string }) => void) => { dispose(): unknown };
  /** What the panel *Tail Synthesis* of a dataset (its path) shows; undefined when none is open. */
  readonly synthesisPanel: (dataset: string) => SynthesisPanelState | undefined;
  /** What the page of such a panel shows, whenever it has come to rest. */
  readonly onDidShowSynthesis: (listener: (drawn: DrawnSynthesis & { readonly dataset: string }) => void) => { dispose(): unknown };
  /** What the page of a review shows, whenever it has come to rest. */
  readonly onDidShowReview: (listener: (drawn: DrawnReview & { readonly staging: string }) => void) => { dispose(): unknown };
  /** Rows of the view *Synthesis*. */
  readonly synthesisRows: (...path: readonly string[]) => Promise<readonly ShownRow[]>;
  /** Rows of the view *Datasets* below the rows with these labels, or at the top. */
  readonly datasetRows: (...path: readonly string[]) => Promise<readonly ShownRow[]>;
  /** What hovering a dataset's row shows, as Markdown. */
  readonly datasetTooltip: (node: unknown) => Promise<string>;
  /** Datasets whose inspection found problems: the badge of the view. */
  readonly datasetsWithProblems: () => number;
  /** Rows of the view *Entities*. */
  readonly entityRows: (...path: readonly string[]) => Promise<readonly ShownRow[]>;
  /** Rows of the view *Clusters*. */
  readonly clusterRows: (...path: readonly string[]) => Promise<readonly ShownRow[]>;
  /** What hovering a cluster's row shows, as Markdown. */
  readonly clusterTooltip: (node: unknown) => Promise<string>;
  /** Rows of the view *Runs*. */
  readonly runRows: (...path: readonly string[]) => Promise<readonly ShownRow[]>;
}

interface ApiParts {
  readonly engine: EngineHost;
  readonly panels: SelectionPanels;
  readonly datasets: DatasetsTree;
  readonly entities: EntitiesTree;
  readonly runs: RunsTree;
  readonly instances: InstancesPanels;
  readonly comparisons: DiffPanels;
  readonly coresets: CoresetPanels;
  readonly clusters: ClustersTree;
  readonly clusterPanels: ClustersPanels;
  readonly stagings: StagingsTree;
  readonly syntheses: SynthesisPanels;
  readonly reviews: ReviewPanels;
}

export function createApi({
  engine,
  panels,
  datasets,
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
}: ApiParts): BallastApi {
  return {
    engineState: () => engine.state,
    onDidChangeEngineState: (listener) => engine.onDidChangeState(listener),
    selectionPanel: (dataset) => panels.state(dataset),
    onDidDraw: (listener) => panels.onDidDraw(listener),
    onDidShowInstances: (listener) => instances.onDidDraw(listener),
    onDidShowComparison: (listener) => comparisons.onDidDraw(listener),
    coresetPanel: (dataset) => coresets.state(dataset),
    onDidShowCoreset: (listener) => coresets.onDidDraw(listener),
    onDidShowClusters: (listener) => clusterPanels.onDidDraw(listener),
    synthesisPanel: (dataset) => syntheses.state(dataset),
    onDidShowSynthesis: (listener) => syntheses.onDidDraw(listener),
    onDidShowReview: (listener) => reviews.onDidDraw(listener),
    synthesisRows: (...path) => rowsOf(stagings, path),
    datasetRows: (...path) => rowsOf(datasets, path),
    datasetTooltip: (node) => tooltipOf(datasets, node as DatasetNode),
    clusterRows: (...path) => rowsOf(clusters, path),
    clusterTooltip: (node) => tooltipOf(clusters, node as ClusterNode),
    datasetsWithProblems: () => datasets.withProblems,
    entityRows: (...path) => rowsOf(entities, path),
    runRows: (...path) => rowsOf(runs, path),
  };
}

async function rowsOf<Node>(tree: vscode.TreeDataProvider<Node>, path: readonly string[]): Promise<readonly ShownRow[]> {
  let nodes = (await tree.getChildren()) ?? [];
  for (const label of path) {
    const items = await Promise.all(nodes.map((node) => tree.getTreeItem(node)));
    const parent = nodes[items.findIndex((item) => item.label === label)];
    nodes = parent === undefined ? [] : ((await tree.getChildren(parent)) ?? []);
  }
  return Promise.all(nodes.map(async (node) => shown(await tree.getTreeItem(node), node)));
}

async function tooltipOf<Node>(
  tree: {
    getTreeItem(node: Node): vscode.TreeItem;
    resolveTreeItem(item: vscode.TreeItem, node: Node, token: vscode.CancellationToken): Promise<vscode.TreeItem>;
  },
  node: Node,
): Promise<string> {
  const source = new vscode.CancellationTokenSource();
  const { tooltip } = await tree.resolveTreeItem(tree.getTreeItem(node), node, source.token);
  source.dispose();
  return tooltip instanceof vscode.MarkdownString ? tooltip.value : (tooltip ?? '');
}

function shown(item: vscode.TreeItem, node: unknown): ShownRow {
  return {
    label: String(item.label ?? ''),
    description: String(item.description ?? ''),
    contextValue: item.contextValue ?? '',
    tooltip: String(item.tooltip ?? ''),
    node,
  };
}
