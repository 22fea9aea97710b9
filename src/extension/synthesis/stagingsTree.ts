import * as vscode from 'vscode';
import type { StagingList, StagingSummary } from '../../protocol/synthesis.ts';
import { ContextKey } from '../contextKey.ts';
import { contextKeys } from '../contributions.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { faultSentence } from '../errors/faultSentence.ts';
import { findStagings } from '../review/findStagings.ts';
import { collectStaging, type StagingRow } from './collectStaging.ts';
import { mergedInstances } from './mergedInstances.ts';
import { stagingItem } from './stagingItem.ts';

export type StagingNode =
  /** `staging` is its path, by which commands know it. */
  | { readonly kind: 'staging'; readonly staging: string; readonly summary: StagingSummary }
  | { readonly kind: 'row'; readonly staging: string; readonly row: StagingRow }
  | { readonly kind: 'note'; readonly id: string; readonly text: string; readonly tooltip: string };

/** The view *Synthesis*: staging folders of the workspace, with how many went how far. */
export class StagingsTree implements vscode.TreeDataProvider<StagingNode>, vscode.Disposable {
  readonly #engine: EngineHost;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<StagingNode | undefined>();
  readonly #listed = new vscode.EventEmitter<readonly StagingSummary[]>();
  readonly #state = new ContextKey(contextKeys.synthesisState);
  #list: Promise<StagingList> | undefined;
  #search: vscode.CancellationTokenSource | undefined;
  readonly onDidChangeTreeData = this.#changed.event;
  /** What the view lists now. */
  readonly onDidList = this.#listed.event;

  constructor(engine: EngineHost, log: vscode.LogOutputChannel) {
    this.#engine = engine;
    this.#log = log;
  }

  getTreeItem(node: StagingNode): vscode.TreeItem {
    return stagingItem(node);
  }

  async getChildren(node?: StagingNode): Promise<StagingNode[]> {
    if (node === undefined) return this.#top();
    if (node.kind === 'staging') return this.#rows(node.summary);
    return node.kind === 'row' ? (node.row.rows ?? []).map((row) => ({ kind: 'row', staging: node.staging, row })) : [];
  }

  /** What the view lists; asked of the engine once, until `refresh`. Needs a trusted workspace. */
  async stagings(): Promise<readonly StagingSummary[]> {
    this.#list ??= this.#find();
    return (await this.#list).stagings;
  }

  /** Forgets the list; a view that is open asks for it again. */
  reset(): void {
    this.#list = undefined;
    this.#changed.fire(undefined);
  }

  async refresh(): Promise<void> {
    this.reset();
    await this.getChildren();
  }

  /** Looks again when the list was looked at before; a view that nobody opened starts no engine. */
  async filesChanged(): Promise<void> {
    if (this.#list !== undefined) await this.refresh();
  }

  dispose(): void {
    this.#search?.cancel();
    this.#changed.dispose();
    this.#listed.dispose();
  }

  async #top(): Promise<StagingNode[]> {
    if (!vscode.workspace.isTrusted) return []; // the welcome view says why
    this.#list ??= this.#find();
    const asked = this.#list;
    try {
      const { stagings, unreadable } = await asked;
      const nodes: StagingNode[] = stagings.map((summary) => ({ kind: 'staging', staging: summary.path, summary }));
      return unreadable.length > 0 ? [...nodes, unreadableNote(unreadable)] : nodes;
    } catch (error: unknown) {
      if (this.#list === asked) {
        this.#list = undefined;
        this.#state.set('failed');
      }
      this.#log.error(error instanceof Error ? error : String(error));
      return [{ kind: 'note', id: 'fault', text: faultSentence(error), tooltip: faultSentence(error) }];
    }
  }

  async #rows(summary: StagingSummary): Promise<StagingNode[]> {
    const { path: staging, runDir } = summary;
    try {
      const { facets } = await this.#engine.request('review/list', { staging, limit: 1 });
      const merged = await mergedInstances(this.#engine, runDir, staging);
      const rows = collectStaging(summary, facets, merged, vscode.l10n.t, vscode.env.language);
      return rows.map((row) => ({ kind: 'row', staging, row }));
    } catch (error: unknown) {
      this.#log.error(error instanceof Error ? error : String(error));
      return [{ kind: 'note', id: `${staging}#fault`, text: faultSentence(error), tooltip: faultSentence(error) }];
    }
  }

  async #find(): Promise<StagingList> {
    this.#search?.cancel();
    const search = new vscode.CancellationTokenSource();
    this.#search = search;
    this.#state.set('searching');
    try {
      const list = await findStagings(this.#engine, search.token);
      if (this.#search === search) {
        this.#state.set(list.stagings.length + list.unreadable.length === 0 ? 'none' : 'found');
        this.#listed.fire(list.stagings);
      }
      return list;
    } finally {
      search.dispose();
      if (this.#search === search) this.#search = undefined;
    }
  }
}

function unreadableNote(paths: readonly string[]): StagingNode {
  const text = vscode.l10n.t('Staging folders that cannot be read: {0}', paths.length);
  return { kind: 'note', id: 'unreadable', text, tooltip: paths.join('\n') };
}
