import type { InstanceRow } from '../../src/protocol/browse.ts';
import { element } from '../shared/element.ts';
import { HostFailure } from '../shared/hostBridge.ts';
import { addressOf } from '../shared/imageAddress.ts';
import { messageOf } from '../shared/problems.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';

/** Longer side of a picture, in pixels: twice what is shown, for sharp screens. */
const pictureSide = 240;
const textLimit = 120;

/** The instances that stand for a cluster, with their pictures; a click opens one in the browser. */
export class MedoidList {
  readonly root: HTMLElement;
  readonly #context: PageContext;

  constructor(rows: readonly InstanceRow[], context: PageContext, onOpen: (ordinal: number) => void, signal: AbortSignal) {
    this.#context = context;
    const items = rows.map((row) => element('li', {}, this.#medoid(row, onOpen, signal)));
    this.root = element('ul', { class: 'medoid-list' }, ...items);
  }

  #medoid(row: InstanceRow, onOpen: (ordinal: number) => void, signal: AbortSignal): HTMLElement {
    const { strings, say } = this.#context;
    const words = strings.card;
    const text = visibleLine(row.begin, textLimit) || words.noText;
    const frame = element('span', { class: 'frame' });
    const button = element(
      'button',
      { type: 'button', class: 'medoid', title: say(words.openInstance, String(row.ordinal), text) },
      frame,
      element('span', { class: 'caption' }, element('b', {}, say(words.ordinal, String(row.ordinal))), ' ', element('bdi', {}, text)),
    );
    button.addEventListener('click', () => onOpen(row.ordinal));
    if (row.images > 0) void this.#load(row.ordinal, frame, signal);
    else frame.append(element('span', { class: 'no-picture' }, words.noPicture));
    return button;
  }

  async #load(instance: number, frame: HTMLElement, signal: AbortSignal): Promise<void> {
    const { bridge, strings } = this.#context;
    try {
      const image = await bridge.request('image', { instance, side: pictureSide }, signal);
      if (signal.aborted) return;
      if (image.ok) frame.append(element('img', { src: addressOf(image.jpeg), alt: '' }));
      else frame.append(element('span', { class: 'no-picture' }, strings.noImage[image.reason]));
    } catch (error: unknown) {
      if (signal.aborted || (error instanceof HostFailure && error.cancelled)) return;
      frame.append(element('span', { class: 'no-picture' }, messageOf(error)));
    }
  }
}
