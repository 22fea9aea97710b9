import type { InstanceDetail, MediaDetail } from '../../src/protocol/browse.ts';
import type { WhichDataset } from '../../src/protocol/diffPage.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { addressOf } from '../shared/imageAddress.ts';
import { messageOf } from '../shared/problems.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';
import type { Sides } from './sideBySide.ts';

/** Longer side of a picture here, in pixels. */
const pictureSide = 512;
/** Pictures that are shown; an instance can name hundreds. */
const mostPictures = 4;
const textLimit = 200;

/** The head of one column: which instance it is, its facts, its pictures, and where else it can be seen. */
export function sideHead(which: WhichDataset, sides: Sides, context: PageContext, signal: AbortSignal): HTMLElement {
  const { strings, say, bridge, report } = context;
  const { detail } = strings;
  const own = sides[which];
  if (own === null) return element('div', { class: 'side absent' }, element('p', {}, which === 'a' ? detail.notInA : detail.notInB));
  const other = sides[which === 'a' ? 'b' : 'a'];
  const title = element('h4', {}, say(which === 'a' ? detail.inA : detail.inB, String(own.ordinal)));
  const at = { which, ordinal: own.ordinal };
  const actions = element(
    'div',
    { class: 'actions' },
    textButton(detail.openBytes, () => void bridge.request('openBytes', at).catch(report)),
    textButton(detail.browse, () => void bridge.request('browse', at).catch(report)),
  );
  return element('div', { class: 'side' }, title, facts(own, other, context), pictures(which, own, context, signal), actions);
}

/** What differs from the other side says so in a word. */
function facts(own: InstanceDetail, other: InstanceDetail | null, { strings, n }: PageContext): HTMLElement {
  const { detail } = strings;
  const list = element('dl', { class: 'facts-list' });
  const row = (name: string, value: (instance: InstanceDetail) => string): void => {
    const text = value(own);
    const differs = other !== null && value(other) !== text;
    const cell = element('dd', {}, element('bdi', {}, visibleLine(text, textLimit)));
    if (differs) cell.append(' ', element('span', { class: 'differs' }, detail.differs));
    list.append(element('dt', {}, name), cell);
  };
  row(detail.id, ({ id }) => id ?? detail.noId);
  row(detail.media, ({ media }) => (media.length === 0 ? detail.noMedia : media.map(({ path }) => path ?? detail.embedded).join(', ')));
  row(detail.turns, ({ turns, leftOut }) => n(turns.length + (leftOut?.turns ?? 0)));
  row(detail.bytes, ({ bytes }) => n(bytes));
  return list;
}

function pictures(which: WhichDataset, { ordinal, media }: InstanceDetail, context: PageContext, signal: AbortSignal): HTMLElement {
  const frames = media
    .slice(0, mostPictures)
    .map((medium, index) => picture(which, ordinal, medium, [index, media.length], context, signal));
  return element('div', { class: 'pictures' }, ...frames);
}

function picture(
  which: WhichDataset,
  ordinal: number,
  medium: MediaDetail,
  [index, count]: readonly [index: number, count: number],
  { strings, say, bridge }: PageContext,
  signal: AbortSignal,
): HTMLElement {
  const { detail, noImage } = strings;
  const name = medium.path === null ? detail.embedded : visibleLine(medium.path, textLimit);
  const frame = element('div', { class: 'frame', 'aria-busy': 'true' });
  const why = (sentence: string): void => {
    frame.replaceChildren(element('p', { class: 'hint' }, sentence));
    frame.setAttribute('aria-busy', 'false');
  };
  if (medium.kind === 'video') why(detail.video);
  else if (medium.kind === 'audio') why(detail.audio);
  else if (medium.state === 'missing' || medium.state === 'refused') why(noImage[medium.state]);
  else
    bridge.request('image', { which, ordinal, index, side: pictureSide }, signal).then(
      (image) => {
        if (!image.ok) return why(noImage[image.reason]);
        const alt = say(detail.imageAlt, index + 1, count, name);
        frame.replaceChildren(element('img', { src: addressOf(image.jpeg), alt, decoding: 'async' }));
        frame.setAttribute('aria-busy', 'false');
      },
      (error: unknown) => {
        if (!signal.aborted) why(messageOf(error));
      },
    );
  return frame;
}
