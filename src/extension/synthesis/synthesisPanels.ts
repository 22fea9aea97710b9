import * as vscode from 'vscode';
import type { DrawnSynthesis } from '../../protocol/synthesisPage.ts';
import { panelIds } from '../contributions.ts';
import { DisposableStore } from '../disposableStore.ts';
import { datasetOfSynthesisState } from './synthesisMessages.ts';
import { SynthesisPanel, type SynthesisPanelDeps, type SynthesisPanelState, synthesisTitle } from './synthesisPanel.ts';

const coalesceMs = 250;

/** The panels *Tail Synthesis*, one per dataset; they survive a reload with the dataset's path, and the settings lie in the workspace's memory. */
export class SynthesisPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #deps: SynthesisPanelDeps;
  readonly #open = new Map<string, SynthesisPanel>();
  readonly #disposables = new DisposableStore();
  readonly #drawn = this.#disposables.add(new vscode.EventEmitter<DrawnSynthesis & { readonly dataset: string }>());
  #changed: NodeJS.Timeout | undefined;
  /** What a page says it really drew. */
  readonly onDidDraw = this.#drawn.event;

  constructor(deps: Omit<SynthesisPanelDeps, 'onDidDraw' | 'isOpen'>) {
    this.#deps = { ...deps, isOpen: (dataset) => this.#open.has(dataset), onDidDraw: (drawn) => this.#drawn.fire(drawn) };
    this.#disposables.add(vscode.window.registerWebviewPanelSerializer(panelIds.synthesis, this));
  }

  /** Opens the panel of a dataset, or brings it to the front. */
  show(dataset: string): SynthesisPanel {
    const open = this.#open.get(dataset);
    if (open !== undefined) {
      open.panel.reveal();
      return open;
    }
    const column = vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(panelIds.synthesis, synthesisTitle(dataset), column, { retainContextWhenHidden: false });
    return this.#fill(panel, dataset);
  }

  /** A review or a composition changed what is staged. Decisions come in bursts. */
  stagingChanged(): void {
    clearTimeout(this.#changed);
    this.#changed = setTimeout(() => {
      for (const open of this.#open.values()) void open.stagingChanged();
    }, coalesceMs);
  }

  /** What the panel of a dataset shows; undefined when none is open. */
  state(dataset: string): SynthesisPanelState | undefined {
    return this.#open.get(dataset)?.state;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const dataset = datasetOfSynthesisState(state);
    if (dataset === undefined || this.#open.has(dataset)) panel.dispose();
    else this.#fill(panel, dataset);
  }

  dispose(): void {
    clearTimeout(this.#changed);
    for (const { panel } of [...this.#open.values()]) panel.dispose();
    this.#disposables.dispose();
  }

  #fill(panel: vscode.WebviewPanel, dataset: string): SynthesisPanel {
    const made = new SynthesisPanel(panel, dataset, this.#deps, () => {
      if (this.#open.get(dataset) === made) this.#open.delete(dataset);
    });
    this.#open.set(dataset, made);
    return made;
  }
}
