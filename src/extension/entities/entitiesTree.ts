import * as vscode from 'vscode';
import type { EntityPage } from '../../protocol/entities.ts';
import { type Perspective, perspectives } from '../../protocol/perspectives.ts';
import type { Progress } from '../../protocol/progress.ts';
import { ContextKey } from '../contextKey.ts';
import { contextKeys, viewIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { faultSentence } from '../errors/faultSentence.ts';
import { collectEntities, type EntityRow } from './collectEntities.ts';
import { entityItem } from './entityItem.ts';

/** Rows per request, and per click on "Show more". */
const pageSize = 200;

export type EntityNode =
  | { readonly kind: 'perspective'; readonly perspective: Perspective }
  | { readonly kind: 'entity'; readonly perspective: Perspective; readonly row: EntityRow }
  | { readonly kind: 'more'; readonly perspective: Perspective; readonly shown: number; readonly matches: number }
  | EntityNote;

/** Why there is nothing to see, below a perspective or instead of all of them. */
interface EntityNote {
  readonly kind: 'note';
  readonly perspective: Perspective | undefined;
  readonly text: string;
  readonly icon: 'info' | 'warning' | 'circle-slash';
  /** A click tries again. */
  readonly canRetry: boolean;
}

/** What is loaded of one perspective: the last page's facts and the rows of all pages. */
interface Loaded {
  readonly page: EntityPage;
  readonly rows: readonly EntityRow[];
}

/** The view *Entities*: four perspectives of one dataset, head to tail. Nothing is extracted before a perspective is opened. */
export class EntitiesTree implements vscode.TreeDataProvider<EntityNode>, vscode.Disposable {
  readonly #engine: EngineHost;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<EntityNode | undefined>();
  readonly #chosen = new vscode.EventEmitter<void>();
  readonly #progress = new vscode.EventEmitter<Progress | undefined>();
  readonly #state = new ContextKey(contextKeys.entitiesState);
  readonly #workState = new ContextKey(contextKeys.entitiesWork);
  readonly #tops: readonly EntityNode[] = perspectives.map((perspective) => ({ kind: 'perspective', perspective }));
  readonly #loaded = new Map<Perspective, Promise<Loaded>>();
  readonly #pages = new Map<Perspective, EntityPage>();
  #work = new vscode.CancellationTokenSource();
  /** Requests under way. */
  #running = 0;
  #dataset: { readonly uri: vscode.Uri; readonly stamp: string | undefined } | undefined;
  #filter = '';
  readonly onDidChangeTreeData = this.#changed.event;
  /** Another dataset or another search. */
  readonly onDidChoose = this.#chosen.event;
  /** What the engine does for this view; undefined when it has done it. */
  readonly onDidProgress = this.#progress.event;

  constructor(engine: EngineHost, log: vscode.LogOutputChannel) {
    this.#engine = engine;
    this.#log = log;
  }

  get dataset(): vscode.Uri | undefined {
    return this.#dataset?.uri;
  }

  get filter(): string {
    return this.#filter;
  }

  getTreeItem(node: EntityNode): vscode.TreeItem {
    return entityItem(node, {
      dataset: this.#dataset?.uri.toString() ?? '',
      page: node.kind === 'perspective' ? this.#pages.get(node.perspective) : undefined,
      isFiltered: this.#filter !== '',
    });
  }

  async getChildren(node?: EntityNode): Promise<EntityNode[]> {
    if (node === undefined) return this.#topRows();
    if (node.kind !== 'perspective') return [];
    return this.#rows(node.perspective);
  }

  getParent(node: EntityNode): EntityNode | undefined {
    return node.kind === 'perspective' ? undefined : this.#topOf(node.perspective);
  }

  /** The row of the first perspective, to be opened; undefined when there is nothing to open. */
  get firstRow(): EntityNode | undefined {
    const [first] = this.#topRows();
    return first?.kind === 'perspective' ? first : undefined;
  }

  /** Shows the entities of a dataset; a listed one is followed by `datasetsListed`. */
  choose(dataset: DatasetFile | vscode.Uri): void {
    const uri = dataset instanceof vscode.Uri ? dataset : dataset.uri;
    const stamp = dataset instanceof vscode.Uri ? undefined : stampOf(dataset);
    const isSame = uri.toString() === this.#dataset?.uri.toString() && (stamp === undefined || stamp === this.#dataset.stamp);
    if (isSame) return;
    this.#dataset = { uri, stamp };
    this.#filter = '';
    this.#restart();
  }

  /** The datasets as they are now: a changed one is loaded again, one that is gone is let go. */
  datasetsListed(files: readonly DatasetFile[]): void {
    const chosen = this.#dataset;
    if (chosen === undefined) return;
    const now = files.find(({ uri }) => uri.toString() === chosen.uri.toString());
    if (now !== undefined && stampOf(now) === chosen.stamp) return;
    if (now === undefined && chosen.stamp === undefined) return; // never was in the list: a file of elsewhere
    this.#dataset = now === undefined ? undefined : { uri: now.uri, stamp: stampOf(now) };
    this.#restart();
  }

  /** Shows only entities whose name holds the text; all when it is empty. */
  search(text: string): void {
    if (text === this.#filter) return;
    this.#filter = text;
    this.#restart();
  }

  /** Shows the next page of a perspective. */
  async showMore(perspective: Perspective): Promise<void> {
    const before = await this.#loaded.get(perspective);
    if (before === undefined) return;
    const next = this.#load(perspective, before.rows);
    await next;
    this.#loaded.set(perspective, next);
    this.#changed.fire(this.#topOf(perspective));
  }

  /** Stops what the engine does for this view. What it finished is kept, so that trying again goes on from there. */
  cancel(): void {
    this.#renewWork();
  }

  /** Loads again what is shown. */
  refresh(): void {
    this.#renewWork();
    this.#loaded.clear();
    this.#pages.clear();
    this.#changed.fire(undefined);
  }

  trustGranted(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#work.cancel();
    this.#work.dispose();
    for (const emitter of [this.#changed, this.#chosen, this.#progress]) emitter.dispose();
  }

  #topRows(): EntityNode[] {
    if (this.#dataset === undefined || !vscode.workspace.isTrusted) return [];
    const { scheme } = this.#dataset.uri;
    if (scheme === 'file') return [...this.#tops];
    return [note(undefined, faultSentence(new EngineRequestError({ kind: 'notLocal', scheme })), 'info')];
  }

  #topOf(perspective: Perspective | undefined): EntityNode | undefined {
    return this.#tops.find((top) => top.perspective === perspective);
  }

  #renewWork(): void {
    this.#work.cancel();
    this.#work.dispose();
    this.#work = new vscode.CancellationTokenSource();
  }

  #restart(): void {
    this.#renewWork();
    this.#loaded.clear();
    this.#pages.clear();
    this.#state.set(this.#dataset === undefined ? 'none' : this.#filter === '' ? 'chosen' : 'filtered');
    this.#chosen.fire();
    this.#changed.fire(undefined);
  }

  async #rows(perspective: Perspective): Promise<EntityNode[]> {
    let loading = this.#loaded.get(perspective);
    if (loading === undefined) {
      loading = this.#load(perspective, []);
      this.#loaded.set(perspective, loading);
    }
    try {
      const { page, rows } = await loading;
      const nodes: EntityNode[] = rows.map((row) => ({ kind: 'entity', perspective, row }));
      if (rows.length < page.matches) nodes.push({ kind: 'more', perspective, shown: rows.length, matches: page.matches });
      if (rows.length === 0) nodes.push(note(perspective, this.#emptyText(), 'info'));
      return nodes;
    } catch (error: unknown) {
      const isCurrent = this.#loaded.get(perspective) === loading;
      if (isCurrent) this.#loaded.delete(perspective);
      if (error instanceof EngineRequestError && error.fault.kind === 'cancelled')
        return isCurrent ? [note(perspective, vscode.l10n.t('Cancelled. Choose this row to go on.'), 'circle-slash')] : [];
      this.#log.error(error instanceof Error ? error : String(error));
      return [note(perspective, faultSentence(error), 'warning')];
    }
  }

  #emptyText(): string {
    return this.#filter === '' ? vscode.l10n.t('No entity in this perspective.') : vscode.l10n.t('No entity holds "{0}".', this.#filter);
  }

  async #load(perspective: Perspective, before: readonly EntityRow[]): Promise<Loaded> {
    const dataset = this.#dataset;
    if (dataset === undefined) throw new EngineRequestError({ kind: 'cancelled' });
    const work = this.#work;
    const page = await this.#whileRunning((onProgress) =>
      this.#engine.request(
        'entities/page',
        {
          ...datasetRequest(dataset.uri),
          perspective,
          offset: before.length,
          limit: pageSize,
          ...(this.#filter === '' ? {} : { filter: this.#filter }),
        },
        { token: work.token, onProgress },
      ),
    );
    if (work !== this.#work) throw new EngineRequestError({ kind: 'cancelled' });
    if (!this.#pages.has(perspective)) {
      this.#pages.set(perspective, page);
      // Its description is known now; the children are asked for again and are the same promise.
      setImmediate(() => this.#changed.fire(this.#topOf(perspective)));
    }
    return { page, rows: [...before, ...collectEntities(page, vscode.l10n.t, vscode.env.language)] };
  }

  /** Shows the view's progress bar, and that there is something to cancel. */
  async #whileRunning<T>(request: (onProgress: (progress: Progress) => void) => Promise<T>): Promise<T> {
    this.#running++;
    this.#workState.set('running');
    try {
      return await vscode.window.withProgress({ location: { viewId: viewIds.entities } }, () =>
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

function note(perspective: Perspective | undefined, text: string, icon: EntityNote['icon']): EntityNote {
  return { kind: 'note', perspective, text, icon, canRetry: icon !== 'info' };
}

function stampOf({ bytes, modifiedMs }: DatasetFile): string {
  return `${bytes}|${modifiedMs}`;
}
