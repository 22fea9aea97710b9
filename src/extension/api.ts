import type { DrawnCharts } from '../protocol/panels.ts';
import type { DatasetNode, DatasetsTree } from './datasets/datasetsTree.ts';
import type { EngineHost } from './engine/engineHost.ts';
import type { EngineState } from './engine/engineState.ts';
import type { SelectionPanels } from './panels/selectionPanels.ts';

/** What `activate` returns, for other extensions and for the tests in the host: read-only looks at the state. */
export interface BallastApi {
  readonly engineState: () => EngineState;
  readonly onDidChangeEngineState: (listener: (state: EngineState) => void) => { dispose(): unknown };
  /** Next drawing that a chart page reports. */
  readonly onDidDraw: (listener: (drawn: DrawnCharts) => void) => { dispose(): unknown };
  /** Rows of the view *Datasets* as label and description, below `parent` or at the top. */
  readonly datasetRows: (
    parent?: string,
  ) => Promise<readonly { readonly label: string; readonly description: string; readonly contextValue: string }[]>;
}

export function createApi(engine: EngineHost, panels: SelectionPanels, tree: DatasetsTree): BallastApi {
  return {
    engineState: () => engine.state,
    onDidChangeEngineState: (listener) => engine.onDidChangeState(listener),
    onDidDraw: (listener) => panels.onDidDraw(listener),
    datasetRows: async (parent) => {
      const top = await tree.getChildren();
      const nodes = parent === undefined ? top : await childrenOf(tree, top, parent);
      return nodes.map((node) => {
        const item = tree.getTreeItem(node);
        return { label: String(item.label ?? ''), description: String(item.description ?? ''), contextValue: item.contextValue ?? '' };
      });
    },
  };
}

async function childrenOf(tree: DatasetsTree, top: readonly DatasetNode[], name: string): Promise<readonly DatasetNode[]> {
  const parent = top.find((node) => tree.getTreeItem(node).label === name);
  return parent === undefined ? [] : tree.getChildren(parent);
}
