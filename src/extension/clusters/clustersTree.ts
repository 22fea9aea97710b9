import * as vscode from 'vscode';
import type { ClusterList, ClusterMembersPage, KnownClustering } from '../../protocol/clusters.ts';
import type { Progress } from '../../protocol/progress.ts';
import { ContextKey } from '../contextKey.ts';
import { contextKeys, viewIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { faultSentence } from '../errors/faultSentence.ts';
import { clusterItem, clusterTooltip } from './clusterItem.ts';
import { type ClusterOrder, type ClusterRow, collectCluster, collectMembers, inOrder, type MemberRow, tailOf } from './collectClusters.ts';

/** Clusters per page of the view, and members of a cluster per page. */
const pageSize = 200;
const memberPageSize = 50;
/** Pixels of the longer side of the picture in a hover. */
const pictureSide = 160;

export type ClusterNode =
  | {
      readonly kind: 'cluster';
      readonly row: ClusterRow /** Cluster whose neighbour this is; undefined at the top. */;
      readonly of?: number;
    }
  | { readonly kind: 'group'; readonly group: 'members' | 'neighbours'; readonly row: ClusterRow }
  | { readonly kind: 'member'; readonly cluster: number; readonly member: MemberRow }
  | { readonly kind: 'more'; readonly row: ClusterRow | undefined; readonly shown: number; readonly total: number }
  | {
      readonly kind: 'note';
      readonly text: string;
      readonly icon: 'info' | 'warning' | 'circle-slash';
      /** A click tries again. */
      readonly canRetry: boolean;
    };

interface Loaded {
  readonly known: readonly KnownClustering[];
  readonly list: ClusterList | undefined;
  readonly positions: readonly number[];
}

/** The view *Clusters*: one clustering of one dataset, nothing of which is asked before the view is seen. */
export class ClustersTree implements vscode.TreeDataProvider<ClusterNode>, vscode.Disposable {
  readonly #engine: EngineHost;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<ClusterNode | undefined>();
  readonly #chosen = new vscode.EventEmitter<void>();
  readonly #progress = new vscode.EventEmitter<Progress | undefined>();
  readonly #state = new ContextKey(contextKeys.clustersState);
  readonly #workState = new ContextKey(contextKeys.clustersWork);
  #work = new vscode.CancellationTokenSource();
  #running = 0;
  #dataset: { readonly uri: vscode.Uri; readonly stamp: string | undefined } | undefined;
  #clustering: string | undefined;
  #order: ClusterOrder = 'size';
  #loaded: Promise<Loaded> | undefined;
  #shown = pageSize;
  /** By cluster, the pages of its members that are shown. */
  readonly #members = new Map<number, Promise<readonly MemberRow[]>>();
  readonly #pictures = new Map<number, string | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  /** Another dataset, clustering or order. */
  readonly onDidChoose = this.#chosen.event;
  /** What the engine does for this view; undefined when it has done it. */
  readonly onDidProgress = this.#progress.event;

  constructor(engine: EngineHost, log: vscode.LogOutputChannel) {
    this.#engine = engine;
    this.#log = log;
    this.#state.set('none');
  }

  get dataset(): vscode.Uri | undefined {
    return this.#dataset?.uri;
  }

  /** Id of the clustering that was chosen; undefined for the one made last. */
  get clustering(): string | undefined {
    return this.#clustering;
  }

  get order(): ClusterOrder {
    return this.#order;
  }

  getTreeItem(node: ClusterNode): vscode.TreeItem {
    return clusterItem(node, `${this.#dataset?.uri.toString() ?? ''}#${this.#clustering ?? ''}`);
  }

  async getChildren(node?: ClusterNode): Promise<ClusterNode[]> {
    if (node === undefined) return this.#topRows();
    if (node.kind === 'cluster' && node.of === undefined)
      return (['members', 'neighbours'] as const).map((group) => ({ kind: 'group', group, row: node.row }));
    if (node.kind !== 'group') return [];
    return node.group === 'members' ? this.#memberRows(node.row) : this.#neighbourRows(node.row);
  }

  /** Asked for when a row is hovered: the medoid's picture is not worth reading before. */
  async resolveTreeItem(item: vscode.TreeItem, node: ClusterNode, token: vscode.CancellationToken): Promise<vscode.TreeItem> {
    if (node.kind === 'cluster') item.tooltip = clusterTooltip(node.row, await this.#picture(node.row.medoid, token));
    return item;
  }

  /** Shows the clusters of a dataset; a listed one is followed by `datasetsListed`. */
  choose(dataset: DatasetFile | vscode.Uri): void {
    const uri = dataset instanceof vscode.Uri ? dataset : dataset.uri;
    const stamp = dataset instanceof vscode.Uri ? undefined : stampOf(dataset);
    const isSame = uri.toString() === this.#dataset?.uri.toString() && (stamp === undefined || stamp === this.#dataset.stamp);
    if (isSame) return;
    this.#dataset = { uri, stamp };
    this.#clustering = undefined;
    this.refresh();
  }

  /** The datasets as they are now: a changed one is loaded again, one that is gone is let go. */
  datasetsListed(files: readonly DatasetFile[]): void {
    const chosen = this.#dataset;
    if (chosen === undefined) return;
    const now = files.find(({ uri }) => uri.toString() === chosen.uri.toString());
    if (now !== undefined && (chosen.stamp === undefined || stampOf(now) === chosen.stamp)) return;
    if (now === undefined && chosen.stamp === undefined) return; // never was in the list: a file of elsewhere
    this.#dataset = now === undefined ? undefined : { uri: now.uri, stamp: stampOf(now) };
    this.#clustering = undefined;
    this.refresh();
  }

  chooseClustering(id: string): void {
    this.#clustering = id;
    this.refresh();
  }

  /** The dataset was clustered: shows what came of it. */
  clustered(uri: vscode.Uri, clustering: string): void {
    if (uri.toString() !== this.#dataset?.uri.toString()) this.#dataset = { uri, stamp: undefined };
    this.chooseClustering(clustering);
  }

  orderBy(order: ClusterOrder): void {
    this.#order = order;
    this.refresh();
  }

  /** The clusterings of the dataset, newest first; empty without a dataset. */
  async known(): Promise<readonly KnownClustering[]> {
    return this.#dataset === undefined ? [] : (await this.#load()).known;
  }

  async showMore(row: ClusterRow | undefined): Promise<void> {
    if (row === undefined) {
      this.#shown += pageSize;
      this.#changed.fire(undefined);
      return;
    }
    const before = await this.#members.get(row.cluster);
    if (before === undefined) return;
    const next = this.#loadMembers(row.cluster, before);
    await next;
    this.#members.set(row.cluster, next);
    this.#changed.fire(undefined);
  }

  /** Stops what the engine does for this view. What it finished is kept, so that trying again goes on from there. */
  cancel(): void {
    this.#renewWork();
  }

  /** Loads again what is shown. */
  refresh(): void {
    this.#renewWork();
    this.#loaded = undefined;
    this.#shown = pageSize;
    this.#members.clear();
    this.#pictures.clear();
    if (this.#dataset === undefined) this.#state.set('none');
    this.#chosen.fire();
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#work.cancel();
    this.#work.dispose();
    for (const emitter of [this.#changed, this.#chosen, this.#progress]) emitter.dispose();
  }

  async #topRows(): Promise<ClusterNode[]> {
    const dataset = this.#dataset;
    if (dataset === undefined || !vscode.workspace.isTrusted) return [];
    const { scheme } = dataset.uri;
    if (scheme !== 'file') return [note(faultSentence(new EngineRequestError({ kind: 'notLocal', scheme })), 'info')];
    const loading = this.#load();
    try {
      const { list, positions } = await loading;
      if (this.#loaded !== loading) return [];
      this.#state.set(list === undefined ? 'unclustered' : 'clustered');
      if (list === undefined) return [];
      const nodes: ClusterNode[] = positions.slice(0, this.#shown).map((position) => ({ kind: 'cluster', row: this.#row(list, position) }));
      if (this.#shown < positions.length) nodes.push({ kind: 'more', row: undefined, shown: this.#shown, total: positions.length });
      return nodes;
    } catch (error: unknown) {
      const isCurrent = this.#loaded === loading;
      if (isCurrent) this.#loaded = undefined;
      return isCurrent ? [this.#failure(error)] : [];
    }
  }

  async #memberRows(row: ClusterRow): Promise<ClusterNode[]> {
    const loading = this.#members.get(row.cluster) ?? this.#loadMembers(row.cluster, []);
    this.#members.set(row.cluster, loading);
    try {
      const members = await loading;
      const nodes: ClusterNode[] = members.map((member) => ({ kind: 'member', cluster: row.cluster, member }));
      if (members.length < row.size) nodes.push({ kind: 'more', row, shown: members.length, total: row.size });
      return nodes;
    } catch (error: unknown) {
      if (this.#members.get(row.cluster) === loading) this.#members.delete(row.cluster);
      return [this.#failure(error)];
    }
  }

  async #neighbourRows(row: ClusterRow): Promise<ClusterNode[]> {
    const list = (await this.#loaded)?.list;
    if (list === undefined) return [];
    return row.related.flatMap((id) => {
      const position = list.cluster.indexOf(id);
      return position < 0 ? [] : [{ kind: 'cluster' as const, row: this.#row(list, position), of: row.cluster }];
    });
  }

  #failure(error: unknown): ClusterNode {
    if (error instanceof EngineRequestError && error.fault.kind === 'cancelled')
      return note(vscode.l10n.t('Cancelled. Choose this row to go on.'), 'circle-slash');
    this.#log.error(error instanceof Error ? error : String(error));
    return note(faultSentence(error), 'warning');
  }

  #row(list: ClusterList, position: number): ClusterRow {
    return collectCluster(list, position, this.#order, vscode.l10n.t, vscode.env.language);
  }

  #load(): Promise<Loaded> {
    this.#loaded ??= this.#ask();
    return this.#loaded;
  }

  async #ask(): Promise<Loaded> {
    const dataset = this.#dataset;
    if (dataset === undefined) throw new EngineRequestError({ kind: 'cancelled' });
    const [token, order] = [this.#work.token, this.#order];
    return this.#whileRunning(async (onProgress) => {
      const request = datasetRequest(dataset.uri);
      const { clusterings } = await this.#engine.request('clusters/known', request, { token, onProgress });
      const chosen = clusterings.find(({ id }) => id === this.#clustering) ?? clusterings[0];
      if (chosen === undefined) return { known: clusterings, list: undefined, positions: [] };
      // An order by tail share needs the entities; others take them when they are there.
      const which = { ...request, clustering: chosen.id, extract: tailOf(order) !== undefined };
      const list = await this.#engine.request('clusters/list', which, { token, onProgress });
      return { known: clusterings, list, positions: inOrder(list, order) };
    });
  }

  async #loadMembers(cluster: number, before: readonly MemberRow[]): Promise<readonly MemberRow[]> {
    const dataset = this.#dataset;
    const list = (await this.#loaded)?.list;
    if (dataset === undefined || list === undefined) return before;
    const order = list.medoid === null ? ('ordinal' as const) : ('greedy' as const);
    const page: ClusterMembersPage = await this.#whileRunning((onProgress) =>
      this.#engine.request(
        'clusters/members',
        { ...datasetRequest(dataset.uri), clustering: list.clustering.id, cluster, order, offset: before.length, limit: memberPageSize },
        { token: this.#work.token, onProgress },
      ),
    );
    return [...before, ...collectMembers(page, vscode.l10n.t, vscode.env.language)];
  }

  /** The medoid's picture as a data URI; undefined where there is none: a picture is a kindness. */
  async #picture(medoid: number | undefined, token: vscode.CancellationToken): Promise<string | undefined> {
    const dataset = this.#dataset;
    if (medoid === undefined || dataset === undefined || this.#engine.state.kind === 'failed') return undefined;
    if (this.#pictures.has(medoid)) return this.#pictures.get(medoid);
    try {
      const request = { ...datasetRequest(dataset.uri), instance: medoid, side: pictureSide };
      const image = await this.#engine.request('instance/image', request, { token });
      const picture = image.ok ? `data:image/jpeg;base64,${image.jpeg}` : undefined;
      if (this.#dataset === dataset) this.#pictures.set(medoid, picture);
      return picture;
    } catch {
      return undefined;
    }
  }

  #renewWork(): void {
    this.#work.cancel();
    this.#work.dispose();
    this.#work = new vscode.CancellationTokenSource();
  }

  /** Shows the view's progress bar, and that there is something to cancel. */
  async #whileRunning<T>(request: (onProgress: (progress: Progress) => void) => Promise<T>): Promise<T> {
    this.#running++;
    this.#workState.set('running');
    try {
      return await vscode.window.withProgress({ location: { viewId: viewIds.clusters } }, () =>
        request((progress) => this.#progress.fire(progress)),
      );
    } finally {
      this.#running--;
      if (this.#running === 0) {
        this.#workState.set('idle');
        this.#progress.fire(undefined);
      }
    }
  }
}

function note(text: string, icon: 'info' | 'warning' | 'circle-slash'): ClusterNode {
  return { kind: 'note', text, icon, canRetry: icon !== 'info' };
}

function stampOf({ bytes, modifiedMs }: DatasetFile): string {
  return `${bytes}|${modifiedMs}`;
}
