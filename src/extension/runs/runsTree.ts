import * as vscode from 'vscode';
import type { VerifyReport } from '../../protocol/reports.ts';
import type { RunList, RunSummary } from '../../protocol/runs.ts';
import { ContextKey } from '../contextKey.ts';
import { contextKeys } from '../contributions.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { faultSentence } from '../errors/faultSentence.ts';
import { collectRun, type RunRow } from './collectRun.ts';
import { findRunDirs } from './findRunDirs.ts';
import { runItem } from './runItem.ts';

export type RunNode =
  | { readonly kind: 'run'; readonly run: RunSummary }
  | { readonly kind: 'row'; readonly run: RunSummary; readonly row: RunRow; readonly parent: RunNode }
  | { readonly kind: 'note'; readonly id: string; readonly text: string; readonly tooltip: string };

/** The view *Runs*: finished runs of the workspace's run folders, newest first. */
export class RunsTree implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  readonly #engine: EngineHost;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<RunNode | undefined>();
  readonly #state = new ContextKey(contextKeys.runsState);
  /** Checks made since the list was; a fresh list forgets them, because files may have changed. */
  readonly #checks = new Map<string, VerifyReport>();
  #list: Promise<RunList> | undefined;
  /** The rows of `#list`: kept, because the editor knows a row by its object. */
  #nodes: Promise<RunNode[]> | undefined;
  #search: vscode.CancellationTokenSource | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(engine: EngineHost, log: vscode.LogOutputChannel) {
    this.#engine = engine;
    this.#log = log;
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    return runItem(node);
  }

  getParent(node: RunNode): RunNode | undefined {
    return node.kind === 'row' ? node.parent : undefined;
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    if (node === undefined) return this.#top();
    if (node.kind === 'note') return [];
    const rows =
      node.kind === 'row' ? (node.row.rows ?? []) : collectRun(node.run, this.#checks.get(node.run.id), vscode.l10n.t, vscode.env.language);
    return rows.map((row) => ({ kind: 'row', run: node.run, row, parent: node }));
  }

  /** What the view lists; asked of the engine once, until `refresh`. Needs a trusted workspace. */
  async runs(): Promise<readonly RunSummary[]> {
    this.#list ??= this.#find();
    return (await this.#list).runs;
  }

  /** Forgets the list; a view that is open asks for it again. */
  reset(): void {
    this.#list = undefined;
    this.#nodes = undefined;
    this.#checks.clear();
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

  /** Shows the checks of a verification below its run; gives the run's node. */
  async setChecks(run: RunSummary, report: VerifyReport): Promise<RunNode | undefined> {
    this.#checks.set(run.id, report);
    const node = (await this.#nodes)?.find((each) => each.kind === 'run' && each.run.id === run.id);
    if (node !== undefined) this.#changed.fire(node);
    return node;
  }

  dispose(): void {
    this.#search?.cancel();
    this.#changed.dispose();
  }

  #top(): Promise<RunNode[]> {
    if (!vscode.workspace.isTrusted) return Promise.resolve([]); // the welcome view says why
    this.#nodes ??= this.#load();
    return this.#nodes;
  }

  async #load(): Promise<RunNode[]> {
    this.#list ??= this.#find();
    const asked = this.#list;
    try {
      const { runs, unreadable } = await asked;
      const nodes: RunNode[] = runs.map((run) => ({ kind: 'run', run }));
      return unreadable.length > 0 ? [...nodes, unreadableNote(unreadable)] : nodes;
    } catch (error: unknown) {
      if (this.#list === asked) {
        this.#list = undefined;
        this.#nodes = undefined;
        this.#state.set('failed');
      }
      this.#log.error(error instanceof Error ? error : String(error));
      return [{ kind: 'note', id: 'fault', text: faultSentence(error), tooltip: faultSentence(error) }];
    }
  }

  async #find(): Promise<RunList> {
    this.#search?.cancel();
    const search = new vscode.CancellationTokenSource();
    this.#search = search;
    this.#state.set('searching');
    try {
      const runDirs = await findRunDirs(search.token);
      // Nothing to ask: a workspace without runs starts no engine.
      const list = runDirs.length === 0 ? { runs: [], unreadable: [] } : await this.#engine.request('runs/list', { runDirs });
      if (this.#search === search) this.#state.set(list.runs.length + list.unreadable.length === 0 ? 'none' : 'found');
      return list;
    } finally {
      search.dispose();
      if (this.#search === search) this.#search = undefined;
    }
  }
}

function unreadableNote(paths: readonly string[]): RunNode {
  const text = vscode.l10n.t('Run records that cannot be read: {0}', paths.length);
  return { kind: 'note', id: 'unreadable', text, tooltip: paths.join('\n') };
}
