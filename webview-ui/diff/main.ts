import type { DiffContent, DiffPage } from '../../src/protocol/diffPage.ts';
import { element } from '../shared/element.ts';
import { HostBridge } from '../shared/hostBridge.ts';
import { reportProblems, showFailedStart } from '../shared/problems.ts';
import { onThemeChange } from '../shared/theme.ts';
import { Comparison } from './comparison.ts';
import { pageContext } from './pageContext.ts';

const bridge = new HostBridge<DiffPage>();
const report = reportProblems((problem) => bridge.tell('problem', problem));
const page = document.getElementById('page') ?? document.body;
const live = element('p', { class: 'spoken-only', role: 'status', 'aria-live': 'polite' });
let comparison: Comparison | undefined;

function show(content: DiffContent): void {
  document.documentElement.lang = content.locale;
  bridge.keep(content.state);
  comparison?.dispose();
  const announce = (sentence: string): void => {
    live.textContent = sentence;
  };
  comparison = new Comparison(pageContext(bridge, content, announce, report));
  page.replaceChildren(comparison.root, live);
  comparison.start();
}

function start(): void {
  bridge.request('ready', null).then(show, (error: unknown) => {
    report(error);
    showFailedStart(page, error, start);
  });
}

document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 't' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof HTMLInputElement && event.target.type === 'search') return;
  comparison?.toggleTables();
});

bridge.on('progress', (progress) => comparison?.progress(progress));
bridge.on('fileChanged', (change) => comparison?.fileChanged(change));
bridge.on('content', show);
onThemeChange(() => comparison?.draw());
start();
