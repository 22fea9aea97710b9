import type { CandidateStatus, ReviewImage, StagedCandidate } from '../../src/protocol/synthesis.ts';
import { element } from '../shared/element.ts';
import { entityLabel } from '../shared/entityLabel.ts';
import { icon } from '../shared/icons.ts';
import { type ImageSource, ImageSources } from '../shared/imageSources.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { CandidateCache } from './candidateCache.ts';
import { type GridPlaces, gridPlaces, gridStep, tilesInView } from './gridPlaces.ts';
import { gateSummary, statusMark } from './judgement.ts';
import type { PageContext } from './pageContext.ts';
import { Walk } from './walk.ts';

/** Pixels of the longer side of a small picture: twice what it takes on the screen. */
const smallSide = 320;
/** A tile's least width, and the height of its picture and of the three lines below. */
const leastWidth = 190;
const pictureHeight = 140;
const lines = 3;
const tilePadding = 26;
/** Rows in the document above and below the view. */
const around = 2;

type Missing = Extract<ReviewImage, { readonly ok: false }>;

export interface GridViewOptions {
  readonly cache: CandidateCache;
  readonly onSelect: (id: string) => void;
  /** Enter or a double click: look at it beside its source. */
  readonly onOpen: () => void;
}

/** All candidates of a filter as tiles, of which those in view are in the document. */
export class GridView {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #options: GridViewOptions;
  readonly #body = element('div', { class: 'tiles', role: 'presentation' });
  readonly #tiles = new Map<string, HTMLElement>();
  readonly #images: ImageSources<string, Missing>;
  readonly #rowHeight: number;
  readonly #observer = new ResizeObserver(() => this.#resized());
  #walk = new Walk([], '');
  #places: GridPlaces = gridPlaces(0, 0, leastWidth, 1);
  #selected: string | null = null;
  #wasShown = false;

  constructor(context: PageContext, options: GridViewOptions) {
    this.#context = context;
    this.#options = options;
    const label = context.strings.state.gridLabel;
    this.root = element('div', { class: 'grid', role: 'listbox', tabindex: '0', 'aria-label': label }, this.#body);
    const fontSize = Number.parseFloat(getComputedStyle(document.body).fontSize) || 13;
    this.#rowHeight = Math.round(pictureHeight + fontSize * 1.5 * lines + tilePadding);
    this.#images = new ImageSources<string, Missing>({
      load: (id, signal) => context.bridge.request('image', { id, which: 'candidate', side: smallSide }, signal),
      canLoad: true,
      onLoaded: (id, source) => this.#pictureLoaded(id, source),
    });
    this.root.addEventListener('scroll', () => this.#render(), { passive: true });
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.root.addEventListener('click', (event) => this.#select(idAt(event)));
    this.root.addEventListener('dblclick', (event) => {
      if (idAt(event) !== undefined) options.onOpen();
    });
    this.#observer.observe(this.root);
  }

  /** Shows these candidates; what is in view stays in view, wherever new ones come in. */
  show(walk: Walk, selected: string | null): void {
    const anchor = this.#anchor();
    this.#walk = walk;
    this.#selected = selected;
    this.#layOut();
    const position = anchor === undefined ? -1 : walk.positionOf(anchor.id);
    if (anchor !== undefined && position >= 0)
      this.root.scrollTop = Math.floor(position / this.#places.columns) * this.#rowHeight + anchor.within;
    for (const [id, tile] of this.#tiles) this.#fill(tile, id);
    this.#render();
  }

  /** Another one is looked at: it comes into view. */
  select(id: string | null): void {
    this.#selected = id;
    this.reveal();
  }

  /** Brings the candidate that is looked at into view; when the grid itself comes into view, to its middle. */
  reveal(): void {
    const position = this.#walk.positionOf(this.#selected);
    const { clientHeight: height, scrollTop } = this.root;
    if (position >= 0 && height > 0) {
      const top = Math.floor(position / this.#places.columns) * this.#rowHeight;
      if (!this.#wasShown) this.root.scrollTop = top - (height - this.#rowHeight) / 2;
      else if (top < scrollTop) this.root.scrollTop = top;
      else if (top + this.#rowHeight > scrollTop + height) this.root.scrollTop = top + this.#rowHeight - height;
      this.#wasShown = true;
    }
    this.#render();
  }

  /** The grid was hidden: the next showing brings what is looked at to its middle. */
  hidden(): void {
    this.#wasShown = false;
    this.#images.want([]);
  }

  /** Candidates have come. */
  loaded(ids: readonly string[]): void {
    for (const id of ids) {
      const tile = this.#tiles.get(id);
      if (tile) this.#fill(tile, id);
    }
    this.#wantPictures();
  }

  /** A decision is under way. */
  statusChanged(id: string): void {
    const tile = this.#tiles.get(id);
    if (tile) this.#fill(tile, id);
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#images.clear();
  }

  /** The first tile that is wholly in view, and how far the view begins before it. */
  #anchor(): { readonly id: string; readonly within: number } | undefined {
    const { scrollTop } = this.root;
    if (scrollTop === 0) return undefined;
    const row = Math.ceil(scrollTop / this.#rowHeight);
    const id = this.#walk.ids[row * this.#places.columns];
    return id === undefined ? undefined : { id, within: scrollTop - row * this.#rowHeight };
  }

  #layOut(): void {
    const { ids } = this.#walk;
    this.#places = gridPlaces(ids.length, this.#body.clientWidth || this.root.clientWidth, leastWidth, this.#rowHeight);
    this.#body.style.height = `${this.#places.rows * this.#rowHeight}px`;
  }

  #resized(): void {
    if (this.root.clientHeight === 0) return;
    const anchor = this.#anchor();
    this.#layOut();
    const position = anchor === undefined ? -1 : this.#walk.positionOf(anchor.id);
    if (position >= 0) this.root.scrollTop = Math.floor(position / this.#places.columns) * this.#rowHeight;
    if (this.#wasShown) this.#render();
    else this.reveal();
  }

  #render(): void {
    const { ids } = this.#walk;
    const { clientHeight, scrollTop } = this.root;
    if (clientHeight === 0) return;
    const { first, end } = tilesInView(this.#places, ids.length, scrollTop, clientHeight, around);
    const shown = ids.slice(first, end);
    const selected = this.#walk.positionOf(this.#selected);
    // The chosen tile stays in the document wherever the view is: screen readers are told its id.
    if (selected >= 0 && selected < first) shown.unshift(ids[selected] as string);
    if (selected >= end) shown.push(ids[selected] as string);
    const wanted = new Set(shown);
    for (const [id, tile] of this.#tiles)
      if (!wanted.has(id)) {
        tile.remove();
        this.#tiles.delete(id);
      }
    let before: Element | null = null;
    for (const id of shown) {
      const tile = this.#tiles.get(id) ?? this.#make(id);
      if (tile.parentElement === null || tile.previousElementSibling !== before) {
        if (before === null) this.#body.prepend(tile);
        else before.after(tile);
      }
      this.#place(tile, this.#walk.positionOf(id));
      tile.setAttribute('aria-selected', String(id === this.#selected));
      before = tile;
    }
    if (selected >= 0) this.root.setAttribute('aria-activedescendant', `tile-${this.#selected}`);
    else this.root.removeAttribute('aria-activedescendant');
    this.#options.cache.want(shown);
    this.#wantPictures();
  }

  /** Pictures of what is in view; words stand for a candidate that keeps its source's picture. */
  #wantPictures(): void {
    if (this.root.clientHeight === 0) return;
    const { first, end } = tilesInView(this.#places, this.#walk.ids.length, this.root.scrollTop, this.root.clientHeight, 1);
    const { cache } = this.#options;
    this.#images.want(this.#walk.ids.slice(first, end).filter((id) => cache.get(id) !== undefined && !showsWords(cache.get(id))));
  }

  #make(id: string): HTMLElement {
    const tile = element('div', { class: 'tile', id: `tile-${id}`, role: 'option' });
    tile.dataset.id = id;
    this.#tiles.set(id, tile);
    this.#fill(tile, id);
    return tile;
  }

  #place(tile: HTMLElement, position: number): void {
    const { columns, tileWidth } = this.#places;
    tile.style.width = `${tileWidth - 10}px`;
    tile.style.height = `${this.#rowHeight - 10}px`;
    tile.style.transform = `translate(${(position % columns) * tileWidth}px, ${Math.floor(position / columns) * this.#rowHeight}px)`;
    tile.setAttribute('aria-posinset', String(position + 1));
    tile.setAttribute('aria-setsize', String(this.#walk.ids.length));
  }

  #fill(tile: HTMLElement, id: string): void {
    const { strings } = this.#context;
    const candidate = this.#options.cache.get(id);
    const status: CandidateStatus = this.#walk.statusOf(id) ?? candidate?.status ?? 'pending';
    tile.dataset.status = status;
    if (candidate === undefined) {
      tile.replaceChildren(element('div', { class: 'thumb' }), element('p', { class: 'facts' }, strings.single.loading));
      return;
    }
    const gate = gateSummary(candidate, this.#context);
    const target = candidate.targets[0];
    const entity = target === undefined ? strings.methods[candidate.method] : entityLabel(target.perspective, target.entity, 60);
    const thumb = tile.querySelector<HTMLElement>('.thumb[data-of]') ?? this.#thumb(candidate);
    const gateIcon = icon(gate.kind === 'stopped' ? 'warning' : gate.kind === 'passed' ? 'kept' : 'minus');
    tile.replaceChildren(
      thumb,
      element('p', { class: 'tile-entity' }, element('bdi', {}, entity)),
      element('p', { class: 'tile-status' }, statusMark({ status }, this.#context)),
      element('p', { class: `tile-gate ${gate.kind}`, title: gate.text }, gateIcon, element('span', {}, gate.text)),
    );
  }

  #thumb(candidate: StagedCandidate): HTMLElement {
    const thumb = element('div', { class: 'thumb' });
    thumb.dataset.of = candidate.id;
    if (showsWords(candidate)) {
      const words = (candidate.turns ?? []).map(({ text }) => text).join(' ');
      thumb.append(element('p', { class: 'tile-words', dir: 'auto' }, visibleLine(words, 220)));
      return thumb;
    }
    const source = this.#images.get(candidate.id);
    if (source) fillThumb(thumb, source, this.#context);
    return thumb;
  }

  #pictureLoaded(id: string, source: ImageSource<Missing>): void {
    const thumb = this.#tiles.get(id)?.querySelector<HTMLElement>('.thumb[data-of]');
    if (thumb) fillThumb(thumb, source, this.#context);
  }

  #select(id: string | undefined): void {
    if (id !== undefined) this.#options.onSelect(id);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#options.onOpen();
      return;
    }
    const rows = Math.max(1, Math.floor(this.root.clientHeight / this.#rowHeight) - 1);
    const from = Math.max(0, this.#walk.positionOf(this.#selected));
    const target = gridStep(event.key, from, this.#walk.ids.length, this.#places.columns, rows);
    if (target === undefined) return;
    event.preventDefault();
    this.#select(this.#walk.ids[target]);
  }
}

function idAt(event: Event): string | undefined {
  return event.target instanceof Element ? event.target.closest<HTMLElement>('.tile')?.dataset.id : undefined;
}

/** New words with the source's own picture: the words are what there is to see. */
function showsWords(candidate: StagedCandidate | undefined): boolean {
  return candidate !== undefined && candidate.image === null && candidate.turns !== null;
}

function fillThumb(thumb: HTMLElement, source: ImageSource<Missing>, { strings }: PageContext): void {
  if (source.ok) thumb.replaceChildren(element('img', { src: source.address, alt: '', decoding: 'async', draggable: 'false' }));
  else thumb.replaceChildren(icon('noPicture'), element('p', { class: 'missing' }, strings.noImage[source.reason]));
}
