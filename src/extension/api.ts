import type * as vscode from 'vscode';
import type { DrawnCharts } from '../protocol/selectionPage.ts';
import type { DatasetsTree } from './datasets/datasetsTree.ts';
import type { EngineHost } from './engine/engineHost.ts';
import type { EngineState } from './engine/engineState.ts';
import type { EntitiesTree } from './entities/entitiesTree.ts';
import type { SelectionPanels } from './panels/selectionPanels.ts';
import type { RunsTree } from './runs/runsTree.ts';

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
  /** Next drawing that a chart page reports. */
  readonly onDidDraw: (listener: (drawn: DrawnCharts) => void) => { dispose(): unknown };
  /** Rows of the view *Datasets* below the rows with these labels, or at the top. */
  readonly datasetRows: (...path: readonly string[]) => Promise<readonly ShownRow[]>;
  /** Rows of the view *Entities*. */
  readonly entityRows: (...path: readonly string[]) => Promise<readonly ShownRow[]>;
  /** Rows of the view *Runs*. */
  readonly runRows: (...path: readonly string[]) => Promise<readonly ShownRow[]>;
}

interface ApiParts {
  readonly engine: EngineHost;
  readonly panels: SelectionPanels;
  readonly datasets: DatasetsTree;
  readonly entities: EntitiesTree;
  readonly runs: RunsTree;
}

export function createApi({ engine, panels, datasets, entities, runs }: ApiParts): BallastApi {
  return {
    engineState: () => engine.state,
    onDidChangeEngineState: (listener) => engine.onDidChangeState(listener),
    onDidDraw: (listener) => panels.onDidDraw(listener),
    datasetRows: (...path) => rowsOf(datasets, path),
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

function shown(item: vscode.TreeItem, node: unknown): ShownRow {
  return {
    label: String(item.label ?? ''),
    description: String(item.description ?? ''),
    contextValue: item.contextValue ?? '',
    tooltip: String(item.tooltip ?? ''),
    node,
  };
}
