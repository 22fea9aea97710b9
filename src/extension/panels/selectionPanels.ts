import * as vscode from 'vscode';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { DrawnCharts } from '../../protocol/selectionPage.ts';
import { panelIds } from '../contributions.ts';
import { DisposableStore } from '../disposableStore.ts';
import { panelTitle, RebalancePanel, type RebalancePanelDeps, type RebalancePanelState } from '../selection/rebalancePanel.ts';
import { datasetOfState } from './panelMessages.ts';

const selectionViewType = panelIds.selection;

/** The rebalance panels, one per dataset; they survive a reload with the dataset's path, and the plan lies in the plan store. */
export class SelectionPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #deps: Omit<RebalancePanelDeps, 'onDidDraw'>;
  readonly #open = new Map<string, RebalancePanel>();
  readonly #disposables = new DisposableStore();
  readonly #drawn = this.#disposables.add(new vscode.EventEmitter<DrawnCharts>());
  /** What a page says it really drew. */
  readonly onDidDraw = this.#drawn.event;

  constructor(deps: Omit<RebalancePanelDeps, 'onDidDraw'>) {
    this.#deps = deps;
    this.#disposables.add(vscode.window.registerWebviewPanelSerializer(selectionViewType, this));
  }

  /** Opens the panel of a dataset with its working plan, or brings it to the front. */
  show(dataset: string): RebalancePanel {
    const open = this.#open.get(dataset);
    if (open !== undefined) {
      open.panel.reveal();
      return open;
    }
    const column = vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(selectionViewType, panelTitle(dataset), column, { retainContextWhenHidden: false });
    return this.#fill(panel, dataset);
  }

  /** Opens the panel with another plan, such as the one of a file or a run. */
  async showPlan(plan: RebalancePlan, file?: string): Promise<void> {
    await this.show(plan.dataset).showPlan(plan, file);
  }

  /** A result of the dataset was written elsewhere: a panel that is open says so. */
  resultWritten(dataset: string): void {
    this.#open.get(dataset)?.resultWritten();
  }

  /** What the panel of a dataset shows; undefined when none is open. */
  state(dataset: string): RebalancePanelState | undefined {
    return this.#open.get(dataset)?.state;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const dataset = datasetOfState(state);
    if (dataset === undefined || this.#open.has(dataset)) panel.dispose();
    else this.#fill(panel, dataset);
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
    this.#disposables.dispose();
  }

  #fill(panel: vscode.WebviewPanel, dataset: string): RebalancePanel {
    const deps = { ...this.#deps, onDidDraw: (drawn: DrawnCharts) => this.#drawn.fire(drawn) };
    const open = new RebalancePanel(panel, dataset, deps, () => {
      if (this.#open.get(dataset) === open) this.#open.delete(dataset);
    });
    this.#open.set(dataset, open);
    return open;
  }
}
