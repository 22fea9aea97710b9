import * as vscode from 'vscode';
import type { InspectReport } from '../../protocol/dataset.ts';
import { ContextKey } from '../contextKey.ts';
import { contextKeys } from '../contributions.ts';
import { type EngineHost, localPath } from '../engine/engineHost.ts';
import { faultSentence } from '../errors/faultSentence.ts';
import { collectInspection, type InspectionRow, type ProblemRow } from './collectInspection.ts';
import { findDatasets } from './findDatasets.ts';
import type { DatasetFile } from './readSample.ts';
import { toTreeItem } from './toTreeItem.ts';

export type DatasetNode =
  | { readonly kind: 'dataset'; readonly file: DatasetFile }
  | { readonly kind: 'row'; readonly file: DatasetFile; readonly row: InspectionRow }
  | { readonly kind: 'problem'; readonly file: DatasetFile; readonly problem: ProblemRow }
  | { readonly kind: 'note'; readonly file: DatasetFile; readonly text: string; readonly icon: 'lock' | 'warning' };

/** The view *Datasets*: files that look like datasets; below each, on demand, what the engine found in it. */
export class DatasetsTree implements vscode.TreeDataProvider<DatasetNode>, vscode.Disposable {
  readonly #engine: EngineHost;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<DatasetNode | undefined>();
  readonly #state = new ContextKey(contextKeys.datasetsState);
  /** Rows of inspected datasets; the key holds size and time, so that a changed file is inspected again. */
  readonly #inspected = new Map<string, Promise<readonly InspectionRow[]>>();
  #datasets: Promise<readonly DatasetFile[]> | undefined;
  #search: vscode.CancellationTokenSource | undefined;
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #listed = new vscode.EventEmitter<readonly DatasetFile[]>();
  /** The datasets, after each search. */
  readonly onDidList = this.#listed.event;
  readonly #inspections = new vscode.EventEmitter<{ readonly file: DatasetFile; readonly report: InspectReport }>();
  readonly onDidInspect = this.#inspections.event;

  constructor(engine: EngineHost, log: vscode.LogOutputChannel) {
    this.#engine = engine;
    this.#log = log;
  }

  getTreeItem(node: DatasetNode): vscode.TreeItem {
    return toTreeItem(node);
  }

  async getChildren(node?: DatasetNode): Promise<DatasetNode[]> {
    if (node === undefined) return (await this.datasets()).map((file) => ({ kind: 'dataset', file }));
    if (node.kind === 'dataset') return this.#rows(node.file);
    if (node.kind === 'row' && node.row.kind === 'problems')
      return node.row.rows.map((problem) => ({ kind: 'problem', file: node.file, problem }));
    return [];
  }

  /** What the view lists; searched once, until `refresh`. */
  datasets(): Promise<readonly DatasetFile[]> {
    this.#datasets ??= this.#find();
    return this.#datasets;
  }

  async refresh(): Promise<void> {
    this.#datasets = undefined;
    this.#changed.fire(undefined);
    await this.datasets();
  }

  /** Looks again when the list was looked at before; a view that nobody opened costs nothing. */
  async filesChanged(): Promise<void> {
    if (this.#datasets !== undefined) await this.refresh();
  }

  dispose(): void {
    this.#search?.cancel();
    for (const emitter of [this.#changed, this.#listed, this.#inspections]) emitter.dispose();
  }

  async #find(): Promise<readonly DatasetFile[]> {
    this.#search?.cancel();
    const search = new vscode.CancellationTokenSource();
    this.#search = search;
    this.#state.set('searching');
    try {
      const found = await findDatasets(search.token);
      if (this.#search === search) {
        this.#state.set(found.length === 0 ? 'none' : 'found');
        this.#listed.fire(found);
      }
      return found;
    } finally {
      search.dispose();
      if (this.#search === search) this.#search = undefined;
    }
  }

  async #rows(file: DatasetFile): Promise<DatasetNode[]> {
    if (!vscode.workspace.isTrusted)
      return [{ kind: 'note', file, text: vscode.l10n.t('Trust this workspace to inspect the dataset.'), icon: 'lock' }];
    const key = `${file.uri.toString()}|${file.bytes}|${file.modifiedMs}`;
    try {
      let rows = this.#inspected.get(key);
      if (rows === undefined) {
        rows = this.#inspect(file);
        this.#inspected.set(key, rows);
      }
      return (await rows).map((row) => ({ kind: 'row', file, row }));
    } catch (error: unknown) {
      this.#inspected.delete(key);
      this.#log.error(error instanceof Error ? error : String(error));
      return [{ kind: 'note', file, text: faultSentence(error), icon: 'warning' }];
    }
  }

  async #inspect(file: DatasetFile): Promise<readonly InspectionRow[]> {
    const report = await this.#engine.request('dataset/inspect', { dataset: localPath(file.uri) });
    this.#inspections.fire({ file, report });
    return collectInspection(report, vscode.l10n.t, vscode.env.language);
  }
}
