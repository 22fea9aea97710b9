import * as vscode from 'vscode';
import type { InspectReport } from '../../protocol/dataset.ts';
import { ContextKey } from '../contextKey.ts';
import { contextKeys } from '../contributions.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { faultSentence } from '../errors/faultSentence.ts';
import { collectInspection, type InspectionRow, type ProblemRow, problemTotal } from './collectInspection.ts';
import { datasetRequest } from './datasetRequest.ts';
import { datasetTooltip } from './datasetTooltip.ts';
import { findDatasets, inOrder, isSearched } from './findDatasets.ts';
import { isOpenable } from './openable.ts';
import { type DatasetFile, readSample } from './readSample.ts';
import { Thumbnails } from './thumbnails.ts';
import { toTreeItem } from './toTreeItem.ts';

export type DatasetNode =
  | { readonly kind: 'dataset'; readonly file: DatasetFile; readonly problems: number }
  | { readonly kind: 'row'; readonly file: DatasetFile; readonly row: InspectionRow }
  | { readonly kind: 'problem'; readonly file: DatasetFile; readonly problem: ProblemRow }
  | { readonly kind: 'note'; readonly file: DatasetFile; readonly text: string; readonly icon: 'lock' | 'warning' | 'edit' };

interface Inspection {
  /** Size and time of the file that was inspected. */
  readonly stamp: string;
  readonly report: Promise<InspectReport>;
  /** The report, once it is there. */
  done?: InspectReport;
}

/** The view *Datasets*: files that look like datasets; below each, on demand, what the engine found in it. */
export class DatasetsTree implements vscode.TreeDataProvider<DatasetNode>, vscode.Disposable {
  readonly #engine: EngineHost;
  readonly #log: vscode.LogOutputChannel;
  readonly #thumbnails: Thumbnails;
  readonly #changed = new vscode.EventEmitter<DatasetNode | undefined>();
  readonly #listed = new vscode.EventEmitter<readonly DatasetFile[]>();
  readonly #inspections = new vscode.EventEmitter<{ readonly file: DatasetFile; readonly report: InspectReport }>();
  readonly #outdated = new vscode.EventEmitter<vscode.Uri>();
  readonly #state = new ContextKey(contextKeys.datasetsState);
  readonly #inspected = new Map<string, Inspection>();
  /** Files with changes in an editor that are not on the disk. */
  readonly #edited = new Set<string>();
  #datasets: Promise<readonly DatasetFile[]> | undefined;
  /** The last change; they are applied one after the other. */
  #applied: Promise<void> = Promise.resolve();
  #search: vscode.CancellationTokenSource | undefined;
  readonly onDidChangeTreeData = this.#changed.event;
  /** The datasets, after each search and each change. */
  readonly onDidList = this.#listed.event;
  readonly onDidInspect = this.#inspections.event;
  /** What was found in this file does not hold any more. */
  readonly onDidOutdate = this.#outdated.event;

  constructor(engine: EngineHost, log: vscode.LogOutputChannel) {
    this.#engine = engine;
    this.#log = log;
    this.#thumbnails = new Thumbnails(engine);
  }

  getTreeItem(node: DatasetNode): vscode.TreeItem {
    return toTreeItem(node);
  }

  async getChildren(node?: DatasetNode): Promise<DatasetNode[]> {
    if (node === undefined) return (await this.datasets()).map((file) => ({ kind: 'dataset', file, problems: this.#problemsOf(file) }));
    if (node.kind === 'dataset') return this.#rows(node.file);
    if (node.kind === 'row' && node.row.kind === 'problems')
      return node.row.rows.map((problem) => ({ kind: 'problem', file: node.file, problem }));
    return [];
  }

  /** Asked for when a row is hovered: the dataset's first picture is not worth reading before. */
  async resolveTreeItem(item: vscode.TreeItem, node: DatasetNode, token: vscode.CancellationToken): Promise<vscode.TreeItem> {
    if (node.kind !== 'dataset') return item;
    const key = node.file.uri.toString();
    const report = this.#inspected.get(key)?.done;
    const canRead = report !== undefined || isOpenable(node.file.uri.path, node.file.bytes);
    const picture = canRead ? await this.#thumbnails.of(node.file.uri, stampOf(node.file), token) : undefined;
    item.tooltip = datasetTooltip(node.file, report, picture);
    return item;
  }

  /** What the view lists; searched once, until `refresh`. */
  datasets(): Promise<readonly DatasetFile[]> {
    this.#datasets ??= this.#find();
    return this.#datasets;
  }

  /** Datasets whose inspection found problems. */
  get withProblems(): number {
    return [...this.#inspected.values()].filter(({ done }) => done !== undefined && problemTotal(done) > 0).length;
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

  /** Takes over what became of some files, without a search: new, other bytes, or gone with all that lay below them. */
  applyChanges(changed: readonly vscode.Uri[], gone: readonly vscode.Uri[]): Promise<void> {
    const applied = this.#applied.then(() => this.#apply(changed, gone));
    this.#applied = applied.catch(() => undefined); // the caller has the error; the next change is another one
    return applied;
  }

  /** An editor holds other text than the disk, or does so no longer. */
  async textEdited(uri: vscode.Uri, isEdited: boolean): Promise<void> {
    const key = uri.toString();
    if (isEdited === this.#edited.has(key)) return;
    if (isEdited) this.#edited.add(key);
    else this.#edited.delete(key);
    const listed = async (): Promise<DatasetFile | undefined> => (await this.#datasets)?.find((file) => file.uri.toString() === key);
    if (isEdited) this.#outdated.fire(uri);
    if ((await listed()) === undefined) return;
    this.#changed.fire(undefined);
    if (isEdited) return;
    // Saved or taken back: only the disk knows.
    await this.applyChanges([uri], []);
    const file = await listed();
    const known = this.#inspected.get(key);
    if (file !== undefined && known?.done !== undefined && known.stamp === stampOf(file))
      this.#inspections.fire({ file, report: known.done });
  }

  /** Forgets every inspection: the settings that requests are made with are others now. */
  forgetInspections(): void {
    this.#inspected.clear();
    this.#thumbnails.clear();
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#search?.cancel();
    for (const emitter of [this.#changed, this.#listed, this.#inspections, this.#outdated]) emitter.dispose();
  }

  async #find(): Promise<readonly DatasetFile[]> {
    this.#search?.cancel();
    const search = new vscode.CancellationTokenSource();
    this.#search = search;
    this.#state.set('searching');
    try {
      const found = await findDatasets(search.token);
      if (this.#search === search) this.#announce(found);
      return found;
    } finally {
      search.dispose();
      if (this.#search === search) this.#search = undefined;
    }
  }

  async #apply(changed: readonly vscode.Uri[], gone: readonly vscode.Uri[]): Promise<void> {
    const asked = this.#datasets;
    if (asked === undefined) return;
    const looked = [...new Map(changed.filter(isSearched).map((uri) => [uri.toString(), uri])).values()];
    const samples = await Promise.all(looked.map(readSample));
    const before = await asked;
    if (this.#datasets !== asked) return; // a search has begun meanwhile and sees for itself
    const touched = new Set(looked.map(String));
    const left = before.filter(({ uri }) => !touched.has(uri.toString()) && !gone.some((one) => isAtOrBelow(uri, one)));
    const files = inOrder([...left, ...samples.filter((sample) => sample !== undefined)]);
    if (files.map(identityOf).join('\n') === before.map(identityOf).join('\n')) return;
    this.#datasets = Promise.resolve(files);
    this.#announce(files);
    this.#changed.fire(undefined);
  }

  /** Tells the list, and lets go of what was found in files that are gone or are other bytes by now. */
  #announce(files: readonly DatasetFile[]): void {
    this.#state.set(files.length === 0 ? 'none' : 'found');
    const now = new Map(files.map((file) => [file.uri.toString(), file]));
    for (const [key, { stamp, done }] of [...this.#inspected]) {
      const file = now.get(key);
      if (file !== undefined && stampOf(file) === stamp) continue;
      this.#inspected.delete(key);
      // Who had the problems of a file before his eyes wants to see what his change did; of a big file that would be a surprise.
      if (file !== undefined && done !== undefined && isOpenable(file.uri.path, file.bytes)) void this.#report(file).catch(() => undefined);
    }
    this.#listed.fire(files);
  }

  async #rows(file: DatasetFile): Promise<DatasetNode[]> {
    if (!vscode.workspace.isTrusted)
      return [{ kind: 'note', file, text: vscode.l10n.t('Trust this workspace to inspect the dataset.'), icon: 'lock' }];
    if (this.#edited.has(file.uri.toString()))
      return [{ kind: 'note', file, text: vscode.l10n.t('Changed in an editor. Save the file to inspect it again.'), icon: 'edit' }];
    try {
      const rows = collectInspection(await this.#report(file), vscode.l10n.t, vscode.env.language);
      return rows.map((row) => ({ kind: 'row', file, row }));
    } catch (error: unknown) {
      this.#log.error(error instanceof Error ? error : String(error));
      return [{ kind: 'note', file, text: faultSentence(error), icon: 'warning' }];
    }
  }

  #report(file: DatasetFile): Promise<InspectReport> {
    const key = file.uri.toString();
    const known = this.#inspected.get(key);
    if (known?.stamp === stampOf(file)) return known.report;
    const inspection: Inspection = { stamp: stampOf(file), report: this.#inspect(file) };
    this.#inspected.set(key, inspection);
    inspection.report.then(
      (report) => {
        inspection.done = report;
        if (this.#inspected.get(key) !== inspection) return; // changed meanwhile: nobody wants to see this
        this.#inspections.fire({ file, report });
        if (problemTotal(report) > 0 || (known?.done !== undefined && problemTotal(known.done) > 0)) this.#changed.fire(undefined);
      },
      () => {
        if (this.#inspected.get(key) === inspection) this.#inspected.delete(key);
      },
    );
    return inspection.report;
  }

  async #inspect(file: DatasetFile): Promise<InspectReport> {
    return this.#engine.request('dataset/inspect', datasetRequest(file.uri));
  }

  #problemsOf(file: DatasetFile): number {
    const known = this.#inspected.get(file.uri.toString());
    return known?.done !== undefined && known.stamp === stampOf(file) ? problemTotal(known.done) : 0;
  }
}

function stampOf({ bytes, modifiedMs }: DatasetFile): string {
  return `${bytes}|${modifiedMs}`;
}

function identityOf(file: DatasetFile): string {
  return `${file.uri.toString()}|${stampOf(file)}`;
}

function isAtOrBelow(uri: vscode.Uri, folder: vscode.Uri): boolean {
  return uri.scheme === folder.scheme && uri.authority === folder.authority && `${uri.path}/`.startsWith(`${folder.path}/`);
}
