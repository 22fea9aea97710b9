import * as vscode from 'vscode';
import type { DrawnDiff } from '../../protocol/diffPage.ts';
import { panelIds } from '../contributions.ts';
import { DisposableStore } from '../disposableStore.ts';
import { type DatasetPair, pairOfState } from './datasetPair.ts';
import { DiffPanel, type DiffPanelDeps, panelTitle } from './diffPanel.ts';

/** The comparisons that are open, one panel per pair; they survive a reload with the two paths. */
export class DiffPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #deps: DiffPanelDeps;
  readonly #open = new Map<string, DiffPanel>();
  readonly #disposables = new DisposableStore();
  readonly #drawn = this.#disposables.add(new vscode.EventEmitter<DrawnDiff>());
  /** What a page says it really drew. */
  readonly onDidDraw = this.#drawn.event;

  constructor(deps: Omit<DiffPanelDeps, 'onDidDraw'>) {
    this.#deps = { ...deps, onDidDraw: (drawn) => this.#drawn.fire(drawn) };
    this.#disposables.add(vscode.window.registerWebviewPanelSerializer(panelIds.diff, this));
  }

  /** Opens the comparison of a pair, or brings it to the front. */
  show(pair: DatasetPair): void {
    const open = this.#open.get(keyOf(pair));
    if (open !== undefined) {
      open.panel.reveal();
      return;
    }
    const column = vscode.ViewColumn.Active;
    this.#fill(vscode.window.createWebviewPanel(panelIds.diff, panelTitle(pair), column, { retainContextWhenHidden: false }), pair);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const pair = pairOfState(state);
    if (pair === undefined || this.#open.has(keyOf(pair))) panel.dispose();
    else this.#fill(panel, pair);
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
    this.#disposables.dispose();
  }

  #fill(panel: vscode.WebviewPanel, pair: DatasetPair): void {
    const made = new DiffPanel(panel, pair, this.#deps, {
      onSwap: (one) => this.#swap(one),
      onDidDispose: () => {
        if (this.#open.get(keyOf(made.pair)) === made) this.#open.delete(keyOf(made.pair));
      },
    });
    this.#open.set(keyOf(pair), made);
  }

  /** The swapped pair may be open already: then that panel comes to the front. */
  #swap(panel: DiffPanel): void {
    const { a, b } = panel.pair;
    const other = this.#open.get(keyOf({ a: b, b: a }));
    if (other !== undefined) {
      other.panel.reveal();
      return;
    }
    this.#open.delete(keyOf(panel.pair));
    panel.swap();
    this.#open.set(keyOf(panel.pair), panel);
  }
}

function keyOf({ a, b }: DatasetPair): string {
  return JSON.stringify([a, b]);
}
