import type { MadeView, SynthesisProgress, SynthesisStrings } from '../../src/protocol/synthesisPage.ts';
import { element } from '../shared/element.ts';
import { fillText } from '../shared/fillText.ts';
import { addressOf } from '../shared/imageAddress.ts';
import { section } from './planSections.ts';

/** What was made last, newest first, and before it the picture that is on its way. */
export class MadeStrip {
  readonly root: HTMLElement;
  readonly #strings: SynthesisStrings;
  readonly #list = element('ul', { class: 'made-list' });
  readonly #preview = element('li', { class: 'preview', hidden: '' });
  readonly #tiles = new Map<string, { readonly key: string; readonly tile: HTMLElement }>();
  #made: readonly MadeView[] = [];

  constructor(strings: SynthesisStrings) {
    this.#strings = strings;
    this.#list.append(this.#preview);
    this.root = section('made', strings.made, element('p', { class: 'quiet' }, strings.madeHint), this.#list);
  }

  get count(): number {
    return this.#made.length;
  }

  /** Pictures that the page has really decoded. */
  get pictures(): number {
    return [...this.#list.querySelectorAll('img')].filter((image) => image.complete && image.naturalWidth > 0).length;
  }

  show(made: readonly MadeView[]): void {
    this.#made = made;
    const tiles = made.map((one) => this.#tile(one));
    for (const id of this.#tiles.keys()) if (!made.some((one) => one.id === id)) this.#tiles.delete(id);
    this.#list.replaceChildren(this.#preview, ...tiles);
    this.#setHidden();
  }

  /** The picture that is being made, as it looks after its last step; absent: none is. */
  showPreview(preview: SynthesisProgress['preview']): void {
    this.#preview.hidden = preview === undefined;
    if (preview === undefined) this.#preview.replaceChildren();
    else
      this.#preview.replaceChildren(
        element('img', { src: addressOf(preview.jpeg), alt: fillText(this.#strings.pictureOf, preview.title) }),
        element('span', { class: 'title' }, preview.title),
        element('span', { class: 'detail quiet' }, preview.detail),
      );
    this.#setHidden();
  }

  #setHidden(): void {
    this.root.hidden = this.#made.length === 0 && this.#preview.hidden;
  }

  /** The same candidate keeps its tile, so that pictures do not flicker. */
  #tile(one: MadeView): HTMLElement {
    const key = JSON.stringify(one);
    const known = this.#tiles.get(one.id);
    if (known?.key === key) return known.tile;
    const picture =
      one.jpeg === null
        ? element('p', { class: 'words' }, element('bdi', {}, one.words === '' ? this.#strings.noPicture : one.words))
        : element('img', { src: addressOf(one.jpeg), alt: fillText(this.#strings.pictureOf, one.title) });
    const tile = element(
      'li',
      {},
      picture,
      element('span', { class: 'title' }, one.title),
      element('bdi', { class: 'detail quiet', title: one.detail }, one.detail),
    );
    this.#tiles.set(one.id, { key, tile });
    return tile;
  }
}
