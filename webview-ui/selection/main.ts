import type { PanelContent, SelectionPage } from '../../src/protocol/selectionPage.ts';
import { HostBridge } from '../shared/hostBridge.ts';
import { reportProblems, showFailedStart } from '../shared/problems.ts';
import { onThemeChange } from '../shared/theme.ts';
import { RebalancePage } from './rebalancePage.ts';

const bridge = new HostBridge<SelectionPage>();
const report = reportProblems((problem) => bridge.tell('problem', problem));
const root = document.getElementById('page') ?? document.body;
let page: RebalancePage | undefined;

function show(content: PanelContent): void {
  document.documentElement.lang = content.locale;
  page = new RebalancePage(root, bridge, content);
}

function start(): void {
  bridge.request('ready', null).then(show, (error: unknown) => {
    report(error);
    showFailedStart(root, error, start);
  });
}

onThemeChange(() => page?.redraw());
start();
