import type { InstanceDetail } from '../../src/protocol/browse.ts';
import { section } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { icon } from '../shared/icons.ts';
import { addressOf } from '../shared/imageAddress.ts';
import { messageOf } from '../shared/problems.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';

const largeSide = 1024;
/** Pictures that are loaded at once; an instance can name hundreds. */
const firstImages = 8;
const pathLimit = 160;

/** The pictures of an instance, large, or why one is not shown; undefined for an instance without any medium. */
export function imagesSection(
  { ordinal, media, leftOut }: InstanceDetail,
  context: PageContext,
  signal: AbortSignal,
): HTMLElement | undefined {
  if (media.length === 0) return undefined;
  const { detail } = context.strings;
  const figures = element('div', { class: 'figures' });
  const more = element('button', { type: 'button', class: 'link' });
  let shown = 0;
  const grow = (): void => {
    const end = Math.min(media.length, shown + firstImages);
    for (; shown < end; shown++) figures.append(figure(ordinal, media, shown, context, signal));
    more.hidden = shown >= media.length;
    more.textContent = context.say(detail.showMore, media.length - shown);
  };
  grow();
  more.addEventListener('click', grow);
  const made = section('images', detail.images, figures, more);
  if (leftOut !== undefined && leftOut.media > 0)
    made.append(element('p', { class: 'hint' }, context.say(detail.moreImages, leftOut.media)));
  return made;
}

function figure(ordinal: number, media: InstanceDetail['media'], index: number, context: PageContext, signal: AbortSignal): HTMLElement {
  const { strings, say, bridge } = context;
  const medium = media[index];
  const name = medium?.path === null || medium === undefined ? strings.detail.embedded : visibleLine(medium.path, pathLimit);
  const alt = say(strings.detail.imageAlt, index + 1, media.length, name);
  const frame = element('div', { class: 'frame', 'aria-busy': 'true' }, icon('picture'));
  const caption = element('figcaption', {}, element('bdi', { title: name }, name));
  const why = (sentence: string): void => {
    frame.replaceChildren(icon('noPicture'), element('p', {}, sentence));
    frame.setAttribute('aria-busy', 'false');
  };
  if (context.content.mode.kind === 'head') why(strings.detail.imageNeedsEngine);
  else if (medium?.kind === 'video') why(strings.detail.video);
  else if (medium?.kind === 'audio') why(strings.detail.audio);
  else if (medium?.state === 'missing' || medium?.state === 'refused') why(strings.noImage[medium.state]);
  else
    bridge.request('image', { instance: ordinal, index, side: largeSide }, signal).then(
      (image) => {
        if (image.ok) frame.replaceChildren(zoomable(addressOf(image.jpeg), alt, context));
        else why(strings.noImage[image.reason]);
        frame.setAttribute('aria-busy', 'false');
      },
      (error: unknown) => {
        if (!signal.aborted) why(messageOf(error));
      },
    );
  return element('figure', {}, frame, caption);
}

/** Fits at first; a click or the space key shows every pixel that came. */
function zoomable(address: string, alt: string, { strings }: PageContext): HTMLElement {
  const { zoomIn, zoomOut } = strings.detail;
  const image = element('img', { src: address, alt, decoding: 'async' });
  const button = element('button', { type: 'button', class: 'zoom', 'aria-pressed': 'false', title: zoomIn }, image);
  button.addEventListener('click', () => {
    const zoomed = button.classList.toggle('zoomed');
    button.setAttribute('aria-pressed', String(zoomed));
    button.title = zoomed ? zoomOut : zoomIn;
  });
  return button;
}
