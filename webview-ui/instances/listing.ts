import type { BrowseResult, InstanceRow } from '../../src/protocol/browse.ts';
import type { PageQuery } from '../../src/protocol/instancesPage.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { ImageSources } from '../shared/imageSources.ts';
import { InstanceList, type ListInView } from './instanceList.ts';
import type { NoImage, SmallImages } from './instanceRow.ts';
import { type ListPlace, listPlace, type WantedPlace } from './listPlace.ts';
import type { PageContext } from './pageContext.ts';
import { queryKey } from './queryRunner.ts';
import { RowCache } from './rowCache.ts';

const smallSide = 96;

export interface ListingOptions {
  readonly onActive: (position: number) => void;
  readonly onOpen: (position: number, byKey: boolean) => void;
  readonly onLeave: () => void;
  /** Rows from `offset` to before `end` have come. */
  readonly onRows: (offset: number, end: number) => void;
  readonly onSettled: (inView: ListInView) => void;
  /** Rows or pictures could not be had; `again` asks for them again. */
  readonly onFailed: (error: unknown, again: () => void) => void;
  readonly onClearFilters: () => void;
}

/** The list with the rows of a query, or with the first rows before there is an index, or a sentence instead of rows. */
export class Listing {
  readonly root: HTMLElement;
  readonly list: InstanceList;
  readonly #context: PageContext;
  readonly #options: ListingOptions;
  readonly #placeholder = element('div', { class: 'placeholder', hidden: '' });
  readonly #cache: RowCache;
  readonly #images: SmallImages;
  #shown: PageQuery | undefined;
  #result: BrowseResult | undefined;
  #isPainted = false;
  /** Results are shown in the order in which they came. */
  #turn = 0;

  constructor(context: PageContext, options: ListingOptions) {
    this.#context = context;
    this.#options = options;
    const { bridge, content } = context;
    this.#cache = new RowCache({
      load: (offset, limit, signal) => bridge.request('rows', { query: this.#shown ?? {}, offset, limit }, signal).then(({ rows }) => rows),
      onLoaded: (offset, end) => {
        this.list.loaded(offset, end);
        options.onRows(offset, end);
      },
      onFailed: (error) => options.onFailed(error, () => this.#cache.retry()),
    });
    this.#images = new ImageSources<number, NoImage>({
      load: (instance, signal) => bridge.request('image', { instance, index: 0, side: smallSide }, signal),
      canLoad: content.mode.kind === 'engine',
      onLoaded: (ordinal, source) => this.list.pictureLoaded(ordinal, source),
    });
    this.list = new InstanceList(context, {
      rowAt: (position) => this.rowAt(position),
      want: (first, end, direction) => this.#cache.want(first, end, direction),
      images: this.#images,
      onActive: options.onActive,
      onOpen: options.onOpen,
      onLeave: options.onLeave,
      onSettled: options.onSettled,
    });
    this.root = element('div', { class: 'list-place' }, this.list.root, this.#placeholder);
  }

  /** The query whose rows are shown, and its result; undefined while only the first rows are known. */
  get shown(): PageQuery | undefined {
    return this.#shown;
  }

  get result(): BrowseResult | undefined {
    return this.#result;
  }

  /** Rows, of whatever query, were shown since `forget`. */
  get isPainted(): boolean {
    return this.#isPainted;
  }

  rowAt(position: number): InstanceRow | undefined {
    return this.#cache.get(position);
  }

  /** The dataset is another one: nothing that is shown counts any more, though it stays until there is something else. */
  forget(): void {
    this.#images.clear();
    this.#turn++;
    this.#shown = undefined;
    this.#isPainted = false;
  }

  /** Shows the first rows of the dataset, which are all that is known. */
  showFirst(rows: readonly InstanceRow[]): void {
    this.#isPainted = true;
    this.#cache.reset(rows.length, rows);
    this.list.show(rows.length, 0, 0);
    if (rows.length > 0) this.#placeholder.hidden = true;
    else this.say(this.#context.strings.state.empty);
  }

  /**
   * Shows the rows of a query. Gives where; undefined when another result came meanwhile, or `isWanted` says that one is on its way.
   * Fails as the requests for its rows do.
   */
  async show(query: PageQuery, result: BrowseResult, wanted: WantedPlace, isWanted: () => boolean): Promise<ListPlace | undefined> {
    const turn = ++this.#turn;
    // The rows before the list is cleared, so that it never flashes.
    const place = await listPlace(this.#context, query, result, wanted).catch((error: unknown) => {
      if (turn === this.#turn && isWanted()) throw error;
      return undefined;
    });
    if (turn !== this.#turn || place === undefined || !isWanted()) return undefined;
    this.#shown = query;
    this.#result = result;
    this.#isPainted = true;
    this.#cache.reset(result.matches, place.known, place.page);
    this.list.setVerdicts(query.manifest !== undefined);
    this.list.show(result.matches, place.top, place.active);
    const { state } = this.#context.strings;
    if (result.matches > 0) this.#placeholder.hidden = true;
    else if (result.records === 0) this.say(state.empty);
    else this.say(state.nothingMatches, { offersClear: true });
    return place;
  }

  /** Whether a query has the same rows as the one shown, whatever their verdicts. */
  hasRowsOf(query: PageQuery): boolean {
    return this.#shown !== undefined && queryKey({ ...query, manifest: '' }) === queryKey({ ...this.#shown, manifest: '' });
  }

  /** Says a sentence instead of rows. */
  say(sentence: string, { offersClear = false }: { readonly offersClear?: boolean } = {}): void {
    this.#placeholder.replaceChildren(element('p', {}, sentence));
    if (offersClear) this.#placeholder.append(textButton(this.#context.strings.filter.clear, this.#options.onClearFilters));
    this.#placeholder.hidden = false;
  }

  /** Something else says what there is to say. */
  saidElsewhere(): void {
    if (!this.#isPainted) this.#placeholder.hidden = true;
  }

  /** The rows are not what is wanted: another result is on its way, for some time already when `stale`. */
  setBusy(busy: boolean, stale = false): void {
    this.list.root.setAttribute('aria-busy', String(busy));
    this.list.root.classList.toggle('stale', stale);
  }
}
