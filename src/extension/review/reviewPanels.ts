import * as vscode from 'vscode';
import type { DrawnReview } from '../../protocol/reviewPage.ts';
import { panelIds } from '../contributions.ts';
import { DisposableStore } from '../disposableStore.ts';
import { stagingOfReviewState } from './reviewMessages.ts';
import { ReviewPanel, type ReviewPanelDeps, reviewTitle } from './reviewPanel.ts';

/** The reviews, one panel per staging folder; they survive a reload with the folder's path and what their pages kept. */
export class ReviewPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #deps: ReviewPanelDeps;
  readonly #open = new Map<string, ReviewPanel>();
  readonly #disposables = new DisposableStore();
  readonly #drawn = this.#disposables.add(new vscode.EventEmitter<DrawnReview & { readonly staging: string }>());
  /** What a page says it really shows. */
  readonly onDidDraw = this.#drawn.event;

  constructor(deps: Omit<ReviewPanelDeps, 'onDidDraw'>) {
    this.#deps = { ...deps, onDidDraw: (drawn) => this.#drawn.fire(drawn) };
    this.#disposables.add(vscode.window.registerWebviewPanelSerializer(panelIds.review, this));
  }

  /** Opens the review of a staging folder (its absolute path), or brings it to the front. */
  show(staging: string): void {
    const open = this.#open.get(staging);
    if (open !== undefined) {
      open.panel.reveal();
      return;
    }
    const options = { retainContextWhenHidden: false };
    this.#fill(vscode.window.createWebviewPanel(panelIds.review, reviewTitle(staging), vscode.ViewColumn.Active, options), staging);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const staging = stagingOfReviewState(state);
    if (staging === undefined || this.#open.has(staging)) panel.dispose();
    else this.#fill(panel, staging);
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
    this.#disposables.dispose();
  }

  #fill(panel: vscode.WebviewPanel, staging: string): void {
    const made = new ReviewPanel(panel, staging, this.#deps, () => {
      if (this.#open.get(staging) === made) this.#open.delete(staging);
    });
    this.#open.set(staging, made);
  }
}
