import type { CoresetContent, CoresetPage } from '../../src/protocol/coresetPage.ts';
import { HostBridge } from '../shared/hostBridge.ts';
import { reportProblems, showFailedStart } from '../shared/problems.ts';
import { onThemeChange } from '../shared/theme.ts';
import { CoresetView } from './coresetView.ts';

const bridge = new HostBridge<CoresetPage>();
const report = reportProblems((problem) => bridge.tell('problem', problem));
const root = document.getElementById('page') ?? document.body;
let view: CoresetView | undefined;

function show(content: CoresetContent): void {
  document.documentElement.lang = content.locale;
  view = new CoresetView(root, bridge, content);
}

function start(): void {
  bridge.request('ready', null).then(show, (error: unknown) => {
    report(error);
    showFailedStart(root, error, start);
  });
}

onThemeChange(() => view?.redraw());
bridge.on('retry', () => (view === undefined ? start() : view.retry()));
start();
