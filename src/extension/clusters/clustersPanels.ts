import * as vscode from 'vscode';
import type { ClustersOpenAt, DrawnClusters } from '../../protocol/clustersPage.ts';
import { panelIds } from '../contributions.ts';
import { DisposableStore } from '../disposableStore.ts';
import { datasetOfState } from './clustersMessages.ts';
import { ClustersPanel, type ClustersPanelDeps, panelTitle } from './clustersPanel.ts';

/** The cluster panels, one per dataset (its path); they survive a reload with what their pages kept. */
export class ClustersPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #deps: ClustersPanelDeps;
  readonly #open = new Map<string, ClustersPanel>();
  readonly #disposables = new DisposableStore();
  readonly #drawn = this.#disposables.add(new vscode.EventEmitter<DrawnClusters & { readonly dataset: string }>());
  /** What a page says it really shows. */
  readonly onDidDraw = this.#drawn.event;

  constructor(deps: ClustersPanelDeps) {
    this.#deps = deps;
    this.#disposables.add(vscode.window.registerWebviewPanelSerializer(panelIds.clusters, this));
  }

  /** Opens the panel of a dataset, or brings it to the front, and goes to a place when one is given. */
  show(dataset: string, openAt: ClustersOpenAt | null): void {
    const open = this.#open.get(dataset);
    if (open !== undefined) open.reveal(openAt);
    else {
      const options = { retainContextWhenHidden: false };
      const panel = vscode.window.createWebviewPanel(panelIds.clusters, panelTitle(dataset), vscode.ViewColumn.Active, options);
      this.#fill(panel, dataset, openAt);
    }
  }

  /** A dataset was clustered: a panel that is open shows what came of it. */
  clustered(dataset: string, clustering: string): void {
    this.#open.get(dataset)?.clustered(clustering);
  }

  /** A result of a dataset was written: a panel that is open offers its run. */
  resultWritten(dataset: string): void {
    this.#open.get(dataset)?.resultWritten();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const dataset = datasetOfState(state);
    if (dataset === undefined || this.#open.has(dataset)) panel.dispose();
    else this.#fill(panel, dataset, null);
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
    this.#disposables.dispose();
  }

  #fill(panel: vscode.WebviewPanel, dataset: string, openAt: ClustersOpenAt | null): void {
    const open = new ClustersPanel(panel, dataset, openAt, this.#deps, {
      onDrawn: (drawn) => this.#drawn.fire({ ...drawn, dataset }),
      onDidDispose: () => {
        if (this.#open.get(dataset) === open) this.#open.delete(dataset);
      },
    });
    this.#open.set(dataset, open);
  }
}
