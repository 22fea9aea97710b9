import * as path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { DrawnCharts, PanelContent, SelectionPage } from '../../protocol/selectionPage.ts';
import { panelIds } from '../contributions.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { RebalanceOutcome } from '../selection/rebalanceOutcome.ts';
import { collectSelectionView } from './collectSelectionView.ts';
import type { PageBridge } from './pageBridge.ts';
import { fillPagePanel } from './pagePanel.ts';
import { parseDrawn } from './panelMessages.ts';
import { fromPanelState, toPanelState } from './panelState.ts';

const selectionViewType = panelIds.selection;
const lastOutcomeKey = 'selection.lastOutcome';

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly bridge: PageBridge<SelectionPage>;
  outcome: RebalanceOutcome;
}

/** Chart panels of selections, one per dataset; they survive a reload with the report that the page keeps. */
export class SelectionPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #memory: vscode.Memento;
  readonly #open = new Map<string, OpenPanel>();
  readonly #disposables = new DisposableStore();
  readonly #drawn = this.#disposables.add(new vscode.EventEmitter<DrawnCharts>());
  /** What a page says it really drew. */
  readonly onDidDraw = this.#drawn.event;

  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel, memory: vscode.Memento) {
    this.#extensionUri = extensionUri;
    this.#log = log;
    this.#memory = memory;
    this.#disposables.add(vscode.window.registerWebviewPanelSerializer(selectionViewType, this));
  }

  async show(outcome: RebalanceOutcome): Promise<void> {
    await this.#memory.update(lastOutcomeKey, toPanelState(outcome));
    this.#reveal(outcome);
  }

  /** Shows the chart of the last rebalancing again; false when there was none in this workspace. */
  showLast(): boolean {
    const outcome = fromPanelState(this.#memory.get<unknown>(lastOutcomeKey));
    if (outcome === undefined) return false;
    this.#reveal(outcome);
    return true;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const outcome = fromPanelState(state);
    if (outcome === undefined) panel.dispose();
    else this.#fill(panel, outcome);
  }

  async openOutput(outcome: RebalanceOutcome): Promise<void> {
    const output = outcome.report.output?.path;
    if (output !== undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(output));
  }

  async revealManifest(outcome: RebalanceOutcome): Promise<void> {
    const manifest = outcome.report.manifest;
    if (manifest === undefined) return;
    const uri = vscode.Uri.file(manifest);
    await vscode.commands.executeCommand('revealInExplorer', uri);
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  dispose(): void {
    for (const { panel } of [...this.#open.values()]) panel.dispose();
    this.#disposables.dispose();
  }

  #reveal(outcome: RebalanceOutcome): void {
    const open = this.#open.get(outcome.dataset);
    if (open !== undefined) {
      open.outcome = outcome;
      open.panel.reveal();
      open.bridge.tell('content', contentOf(outcome));
      return;
    }
    const column = vscode.ViewColumn.Active;
    this.#fill(vscode.window.createWebviewPanel(selectionViewType, titleOf(outcome), column, { retainContextWhenHidden: false }), outcome);
  }

  #fill(panel: vscode.WebviewPanel, outcome: RebalanceOutcome): void {
    const bridge = fillPagePanel<SelectionPage>(panel, {
      page: 'selection',
      title: titleOf(outcome),
      extensionUri: this.#extensionUri,
      log: this.#log,
      handlers: {
        ready: { params: v.null(), run: () => contentOf(open.outcome) },
        openOutput: { params: v.null(), run: () => this.openOutput(open.outcome).then(() => null) },
        revealManifest: { params: v.null(), run: () => this.revealManifest(open.outcome).then(() => null) },
      },
      listeners: {
        drawn: (payload) => {
          const drawn = parseDrawn(payload);
          if (drawn) this.#drawn.fire(drawn);
        },
      },
      onDidDispose: () => {
        if (this.#open.get(outcome.dataset) === open) this.#open.delete(outcome.dataset);
      },
    });
    const open: OpenPanel = { panel, bridge, outcome };
    this.#open.set(outcome.dataset, open);
  }
}

function contentOf(outcome: RebalanceOutcome): PanelContent {
  const view = collectSelectionView(outcome.report, path.basename(outcome.dataset), vscode.l10n.t, vscode.env.language);
  return { view, state: toPanelState(outcome) };
}

function titleOf(outcome: RebalanceOutcome): string {
  return vscode.l10n.t('Rebalanced: {0}', path.basename(outcome.dataset));
}
