import type { ReviewContent, ReviewPageWire } from '../../src/protocol/reviewPage.ts';
import { element } from '../shared/element.ts';
import { HostBridge } from '../shared/hostBridge.ts';
import { reportProblems, showFailedStart } from '../shared/problems.ts';
import { commandOf, type FocusKind } from './keys.ts';
import { pageContext } from './pageContext.ts';
import { ReviewView } from './reviewView.ts';

const bridge = new HostBridge<ReviewPageWire>();
const report = reportProblems((problem) => bridge.tell('problem', problem));
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
    showFailedStart(page, error, start);
  });
}

bridge.on('grown', () => view?.grown());
bridge.on('changed', (sentence) => view?.changed(sentence));
bridge.on('waiting', (sentence) => view?.waiting(sentence));
bridge.on('content', show);
start();
