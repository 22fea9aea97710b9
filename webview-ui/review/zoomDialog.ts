import type { StagedCandidate } from '../../src/protocol/synthesis.ts';
import { iconButton, textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { addressOf } from '../shared/imageAddress.ts';
import { messageOf } from '../shared/problems.ts';
import { openDialog } from './dialogs.ts';
import type { PageContext } from './pageContext.ts';
import type { PictureCache, WhichPicture } from './pictureCache.ts';
import { type Frame, fitted, movedBy, zoomedBy } from './zoomFrame.ts';

/** Longer side of a large picture, in pixels: the most that the engine gives. */
const largeSide = 2048;
/** One step of a key or a button, and of the arrows, as a share of the view. */
const zoomStep = 1.3;
const arrowStep = 0.1;

/** Source and candidate as large as the page, zoomed and moved together. Resolves when it is closed. */
export async function showZoom(candidate: StagedCandidate, pictures: PictureCache, context: PageContext): Promise<void> {
  const { dialog, single } = context.strings;
  let frame: Frame = fitted;
  const level = element('output', { 'aria-live': 'polite' });
  const panes: HTMLElement[] = [];
  const apply = (next: Frame): void => {
    frame = next;
    level.textContent = context.say(dialog.zoomLevel, Math.round(frame.scale * 100));
    for (const pane of panes) pane.style.transform = `translate(${frame.x * 100}%, ${frame.y * 100}%) scale(${frame.scale})`;
  };
  const views = (['source', 'candidate'] as const).map((which) => {
    const pane = element('div', { class: 'zoom-pane', 'aria-busy': 'true' }, element('p', { class: 'hint' }, single.loading));
    panes.push(pane);
    const title = which === 'source' ? single.source : single.candidate;
    const view = element('div', { class: 'zoom-view' }, pane);
    load(pane, candidate, which, pictures, context);
    view.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        const box = view.getBoundingClientRect();
        const at = { x: (event.clientX - box.left) / box.width - 0.5, y: (event.clientY - box.top) / box.height - 0.5 };
        apply(zoomedBy(frame, event.deltaY < 0 ? zoomStep : 1 / zoomStep, at));
      },
      { passive: false },
    );
    drag(view, (x, y) => apply(movedBy(frame, x, y)));
    return element('figure', { class: which }, element('figcaption', {}, title), view);
  });
  const center = { x: 0, y: 0 };
  const bar = element(
    'div',
    { class: 'actions' },
    iconButton('minus', dialog.zoomOut, () => apply(zoomedBy(frame, 1 / zoomStep, center))),
    iconButton('plus', dialog.zoomIn, () => apply(zoomedBy(frame, zoomStep, center))),
    textButton(dialog.zoomReset, () => apply(fitted)),
    level,
    element('p', { class: 'hint' }, dialog.zoomHint),
  );
  const { root, closed } = openDialog('zoom', dialog.zoomTitle, dialog.close, bar, element('div', { class: 'zoom-sides' }, ...views));
  root.addEventListener('keydown', (event) => {
    const moves: Readonly<Record<string, () => void>> = {
      '+': () => apply(zoomedBy(frame, zoomStep, center)),
      '=': () => apply(zoomedBy(frame, zoomStep, center)),
      '-': () => apply(zoomedBy(frame, 1 / zoomStep, center)),
      '0': () => apply(fitted),
      ArrowLeft: () => apply(movedBy(frame, arrowStep, 0)),
      ArrowRight: () => apply(movedBy(frame, -arrowStep, 0)),
      ArrowUp: () => apply(movedBy(frame, 0, arrowStep)),
      ArrowDown: () => apply(movedBy(frame, 0, -arrowStep)),
      ' ': () => root.close(),
    };
    // The space bar presses a button that has the focus.
    if ((event.key === ' ' && event.target instanceof HTMLButtonElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]?.();
  });
  root.tabIndex = -1;
  root.focus();
  apply(fitted);
  await closed;
}

function load(pane: HTMLElement, { id, parent }: StagedCandidate, which: WhichPicture, pictures: PictureCache, context: PageContext): void {
  const { single } = context.strings;
  const alt = context.say(which === 'source' ? single.sourceAlt : single.candidateAlt, which === 'source' ? String(parent.ordinal) : id);
  const show = (node: Node): void => {
    pane.replaceChildren(node);
    pane.setAttribute('aria-busy', 'false');
  };
  pictures.get(id, which, largeSide).then(
    (image) => {
      if (image.ok) show(element('img', { src: addressOf(image.jpeg), alt, draggable: 'false' }));
      else show(element('p', { class: 'missing' }, context.strings.noImage[image.reason]));
    },
    (error: unknown) => show(element('p', { class: 'missing' }, messageOf(error))),
  );
}

/** Tells how far the pointer was dragged, as shares of the view. */
function drag(view: HTMLElement, onMove: (x: number, y: number) => void): void {
  view.addEventListener('pointerdown', (event) => view.setPointerCapture(event.pointerId));
  view.addEventListener('pointermove', (event) => {
    if (!view.hasPointerCapture(event.pointerId)) return;
    const { width, height } = view.getBoundingClientRect();
    onMove(event.movementX / width, event.movementY / height);
  });
}
