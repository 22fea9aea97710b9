import type { FirstRows } from '../../src/protocol/browse.ts';
import type { InstancesContent, InstancesPage } from '../../src/protocol/instancesPage.ts';
import { element } from '../shared/element.ts';
import { HostBridge } from '../shared/hostBridge.ts';
import { messageOf, reportProblems, showFailedStart } from '../shared/problems.ts';
import { Browser, firstRows } from './browser.ts';
import { pageContext } from './pageContext.ts';
import { openedAt, restoreState } from './pageState.ts';

const bridge = new HostBridge<InstancesPage>();
const report = reportProblems((problem) => bridge.tell('problem', problem));
const page = document.getElementById('page') ?? document.body;
const live = element('p', { class: 'spoken-only', role: 'status', 'aria-live': 'polite' });
let browser: Browser | undefined;

function show(content: InstancesContent, first: Promise<FirstRows> | undefined): void {
  document.documentElement.lang = content.locale;
  const kept = restoreState(bridge.kept(), content.dataset);
  const state = content.openAt === null ? kept : openedAt(kept, content.openAt);
  bridge.keep(state);
  const announce = (sentence: string): void => {
    live.textContent = sentence;
  };
  const show = (error: unknown): void => {
    browser?.showError(messageOf(error));
    report(error);
  };
  browser = new Browser(pageContext(bridge, content, announce, show), state);
  page.replaceChildren(browser.root, live);
  browser.start(content.openAt?.ordinal, first);
}

function start(): void {
  const ready = bridge.request('ready', null);
  // A page that was never shown begins with the first rows; they need not wait for the words around them.
  const first = bridge.kept() === undefined ? bridge.request('first', { limit: firstRows }) : undefined;
  first?.catch(() => undefined); // told when the browser wants them
  ready.then(
    (content) => show(content, first),
    (error: unknown) => {
      report(error);
      showFailedStart(page, error, start);
    },
  );
}

/** Taken before the editor sees them: it has other uses for these keys. */
document.addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const key = event.key.toLowerCase();
  if (key === 'g') browser?.focusGoTo();
  else if (key === 'f') browser?.focusText();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

bridge.on('progress', (progress) => browser?.progress(progress));
bridge.on('openAt', (at) => browser?.openAt(at));
bridge.on('planned', (planned) => browser?.plan(planned));
bridge.on('fileChanged', ({ kind }) => browser?.fileChanged(kind));
bridge.on('runsChanged', () => void browser?.runsChanged());
bridge.on('restart', start);
start();
