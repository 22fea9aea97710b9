import * as vscode from 'vscode';
import type { DrawnCoreset } from '../../protocol/coresetPage.ts';
import { panelIds } from '../contributions.ts';
import { DisposableStore } from '../disposableStore.ts';
import { datasetOfCoresetState } from './coresetMessages.ts';
import { CoresetPanel, type CoresetPanelDeps, type CoresetPanelState, coresetTitle } from './coresetPanel.ts';

/** The coreset panels, one per dataset; they survive a reload with the dataset's path, and the settings lie in the workspace's memory. */
export class CoresetPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #deps: CoresetPanelDeps;
  readonly #open = new Map<string, CoresetPanel>();
  readonly #disposables = new DisposableStore();
  readonly #drawn = this.#disposables.add(new vscode.EventEmitter<DrawnCoreset & { readonly dataset: string }>());
  /** What a page says it really drew. */
  readonly onDidDraw = this.#drawn.event;

  constructor(deps: Omit<CoresetPanelDeps, 'onDidDraw'>) {
    this.#deps = { ...deps, onDidDraw: (drawn) => this.#drawn.fire(drawn) };
    this.#disposables.add(vscode.window.registerWebviewPanelSerializer(panelIds.coreset, this));
  }

  /** Opens the panel of a dataset, or brings it to the front. */
  show(dataset: string): CoresetPanel {
    const open = this.#open.get(dataset);
    if (open !== undefined) {
      open.panel.reveal();
      return open;
    }
    const column = vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(panelIds.coreset, coresetTitle(dataset), column, { retainContextWhenHidden: false });
    return this.#fill(panel, dataset);
  }

  /** What the panel of a dataset shows; undefined when none is open. */
  state(dataset: string): CoresetPanelState | undefined {
    return this.#open.get(dataset)?.state;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const dataset = datasetOfCoresetState(state);
    if (dataset === undefined || this.#open.has(dataset)) panel.dispose();
    else this.#fill(panel, dataset);
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
    this.#disposables.dispose();
  }

  #fill(panel: vscode.WebviewPanel, dataset: string): CoresetPanel {
    const made = new CoresetPanel(panel, dataset, this.#deps, () => {
      if (this.#open.get(dataset) === made) this.#open.delete(dataset);
    });
    this.#open.set(dataset, made);
    return made;
  }
}
