import type { ClustersContent, ClustersPage } from '../../src/protocol/clustersPage.ts';
import { element } from '../shared/element.ts';
import { HostBridge } from '../shared/hostBridge.ts';
import { reportProblems, showFailedStart } from '../shared/problems.ts';
import { onThemeChange } from '../shared/theme.ts';
import { ClustersView } from './clustersView.ts';
import { pageContext } from './pageContext.ts';

const bridge = new HostBridge<ClustersPage>();
const report = reportProblems((problem) => bridge.tell('problem', problem));
const page = document.getElementById('page') ?? document.body;
const live = element('p', { class: 'spoken-only', role: 'status', 'aria-live': 'polite' });
let view: ClustersView | undefined;

function show(content: ClustersContent): void {
  document.documentElement.lang = content.locale;
  view?.dispose();
  const announce = (sentence: string): void => {
    live.textContent = sentence;
  };
  view = new ClustersView(pageContext(bridge, content, announce, report));
  page.replaceChildren(view.root, live);
  view.start();
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
  // A select finds its options by their first letter.
  if (event.target instanceof HTMLSelectElement) return;
  view?.toggleTables();
});

bridge.on('progress', (progress) => view?.progress(progress));
bridge.on('openAt', (openAt) => view?.openAt(openAt));
bridge.on('clustered', (made) => view?.clustered(made));
bridge.on('runsChanged', () => view?.runsChanged());
bridge.on('fileChanged', (change) => view?.fileChanged(change));
bridge.on('restart', start);
onThemeChange(() => view?.draw());
start();
