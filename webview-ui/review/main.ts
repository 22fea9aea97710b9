import type { ReviewContent, ReviewPageWire } from '../../src/protocol/reviewPage.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { HostBridge } from '../shared/hostBridge.ts';
import { commandOf, type FocusKind } from './keys.ts';
import { pageContext } from './pageContext.ts';
import { ReviewView } from './reviewView.ts';

const bridge = new HostBridge<ReviewPageWire>();
const page = document.getElementById('page') ?? document.body;
const live = element('p', { class: 'spoken-only', role: 'status', 'aria-live': 'polite' });
let view: ReviewView | undefined;

function show(content: ReviewContent): void {
  document.documentElement.lang = content.locale;
  view?.dispose();
  const announce = (sentence: string): void => {
    live.textContent = sentence;
  };
  view = new ReviewView(pageContext(bridge, content, announce, report));
  page.replaceChildren(view.root, live);
  view.start();
}

/** Host and log get the error; the page stays as it is. */
function report(error: unknown): void {
  bridge.tell('problem', { message: (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 2000) });
}

function focusOf(target: EventTarget | null): FocusKind {
  if (!(target instanceof Element)) return 'other';
  if (target.closest('input, select, textarea, [contenteditable]') !== null) return 'field';
  return target.closest('button, a, summary') === null ? 'other' : 'button';
}

document.addEventListener('keydown', (event) => {
  if (view === undefined || event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
  const command = commandOf(event, focusOf(event.target));
  if (command === undefined) return;
  event.preventDefault();
  view.run(command);
});

function start(): void {
  bridge.request('ready', null).then(show, (error: unknown) => {
    report(error);
    const sentence = error instanceof Error ? error.message : String(error);
    // The words of the page are not here yet; the sign alone says it.
    page.replaceChildren(element('p', { role: 'alert' }, sentence), textButton('↻', start));
  });
}

window.addEventListener('error', (event) => report(event.error ?? event.message));
window.addEventListener('unhandledrejection', (event) => report(event.reason));
bridge.on('grown', () => view?.grown());
bridge.on('changed', (sentence) => view?.changed(sentence));
bridge.on('waiting', (sentence) => view?.waiting(sentence));
bridge.on('content', show);
start();
