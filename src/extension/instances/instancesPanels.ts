import * as vscode from 'vscode';
import type { DrawnInstances, OpenAt } from '../../protocol/instancesPage.ts';
import { panelIds } from '../contributions.ts';
import { DisposableStore } from '../disposableStore.ts';
import { datasetOfState } from './instancesMessages.ts';
import { type InstancesDeps, InstancesPanel, titleOf } from './instancesPanel.ts';

/** The instance browsers, one per dataset; they survive a reload with what their pages kept. */
export class InstancesPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #deps: InstancesDeps;
  /** By the dataset's URI. */
  readonly #open = new Map<string, InstancesPanel>();
  readonly #disposables = new DisposableStore();
  readonly #drawn = this.#disposables.add(new vscode.EventEmitter<DrawnInstances & { readonly dataset: string }>());
  /** What a page says it really shows; `dataset` is the URI. */
  readonly onDidDraw = this.#drawn.event;

  constructor(deps: InstancesDeps) {
    this.#deps = deps;
    this.#disposables.add(vscode.window.registerWebviewPanelSerializer(panelIds.instances, this));
  }

  /** Opens the browser of a dataset, or brings it to the front, and goes to a place when one is given. */
  show(uri: vscode.Uri, openAt: OpenAt | null): void {
    const open = this.#open.get(uri.toString());
    if (open !== undefined) open.reveal(openAt);
    else {
      const options = { retainContextWhenHidden: false };
      this.#fill(vscode.window.createWebviewPanel(panelIds.instances, titleOf(uri), vscode.ViewColumn.Active, options), uri, openAt);
    }
  }

  /** A result of a dataset (its path) was written: a browser that is open shows its verdicts. */
  resultWritten(dataset: string): void {
    this.#open.get(vscode.Uri.file(dataset).toString())?.resultWritten();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const dataset = datasetOfState(state);
    if (dataset === undefined || this.#open.has(dataset)) panel.dispose();
    else this.#fill(panel, vscode.Uri.parse(dataset), null);
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
    this.#disposables.dispose();
  }

  #fill(panel: vscode.WebviewPanel, uri: vscode.Uri, openAt: OpenAt | null): void {
    const dataset = uri.toString();
    const open = new InstancesPanel(panel, uri, openAt, this.#deps, {
      onDrawn: (drawn) => this.#drawn.fire({ ...drawn, dataset }),
      onDidDispose: () => {
        if (this.#open.get(dataset) === open) this.#open.delete(dataset);
      },
    });
    this.#open.set(dataset, open);
  }
}
