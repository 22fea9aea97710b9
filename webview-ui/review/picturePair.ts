import type { StagedCandidate } from '../../src/protocol/synthesis.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { addressOf } from '../shared/imageAddress.ts';
import { messageOf } from '../shared/problems.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';
import type { PictureCache, WhichPicture } from './pictureCache.ts';

/** Longer side of a picture beside the other, in pixels. */
export const pairSide = 800;
const nameLimit = 160;

export interface PicturePairOptions {
  readonly pictures: PictureCache;
  readonly onZoom: () => void;
  readonly onOpenSource: () => void;
}

/** The source's picture beside the candidate's. A picture that cannot be shown says why. */
export function picturePair(
  candidate: StagedCandidate,
  context: PageContext,
  options: PicturePairOptions,
  signal: AbortSignal,
): HTMLElement {
  const { strings, say } = context;
  const { single } = strings;
  const { parent, image } = candidate;
  const sourceName = parent.image === null ? single.noId : visibleLine(parent.image, nameLimit);
  const instance = say(single.instance, parent.ordinal, parent.id === null ? single.noId : visibleLine(parent.id, nameLimit));
  const source = side('source', single.source, [
    element('p', { class: 'facts' }, element('bdi', {}, instance)),
    pictureFrame(candidate.id, 'source', say(single.sourceAlt, sourceName), context, options, signal),
    element('p', { class: 'facts' }, element('bdi', {}, sourceName)),
    textButton(single.openSource, options.onOpenSource, 'link'),
  ]);
  const facts = image === null ? single.sameImage : say(single.pixels, image.width, image.height);
  const made = side('candidate', single.candidate, [
    element('p', { class: 'facts' }, element('bdi', {}, strings.methods[candidate.method])),
    pictureFrame(candidate.id, 'candidate', say(single.candidateAlt, candidate.id), context, options, signal),
    element('p', { class: 'facts' }, facts),
  ]);
  return element('div', { class: 'sides pictures' }, source, made);
}

function side(which: WhichPicture, title: string, parts: readonly Node[]): HTMLElement {
  return element('div', { class: `side ${which}` }, element('h3', {}, title), ...parts);
}

/** A picture that comes when it can; a click makes it large. */
export function pictureFrame(
  id: string,
  which: WhichPicture,
  alt: string,
  { strings }: PageContext,
  { pictures, onZoom }: Pick<PicturePairOptions, 'pictures' | 'onZoom'>,
  signal: AbortSignal,
): HTMLElement {
  const frame = element('div', { class: 'frame', 'aria-busy': 'true' }, element('p', { class: 'hint' }, strings.single.loading));
  const show = (...nodes: readonly Node[]): void => {
    frame.replaceChildren(...nodes);
    frame.setAttribute('aria-busy', 'false');
  };
  pictures.get(id, which, pairSide).then(
    (image) => {
      if (signal.aborted) return;
      if (!image.ok) return show(element('p', { class: 'missing' }, strings.noImage[image.reason]));
      const shown = element('img', { src: addressOf(image.jpeg), alt, decoding: 'async', draggable: 'false' });
      // Keys and the zoom button do the same: no third stop for the keyboard.
      shown.addEventListener('click', onZoom);
      show(shown);
    },
    (error: unknown) => {
      if (!signal.aborted) show(element('p', { class: 'missing' }, messageOf(error)));
    },
  );
  return frame;
}
