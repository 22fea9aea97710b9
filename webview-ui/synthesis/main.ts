import type { SynthesisContent, SynthesisPage } from '../../src/protocol/synthesisPage.ts';
import { HostBridge } from '../shared/hostBridge.ts';
import { reportProblems, showFailedStart } from '../shared/problems.ts';
import { onThemeChange } from '../shared/theme.ts';
import { SynthesisView } from './synthesisView.ts';

const bridge = new HostBridge<SynthesisPage>();
const report = reportProblems((problem) => bridge.tell('problem', problem));
const root = document.getElementById('page') ?? document.body;
let view: SynthesisView | undefined;

function show(content: SynthesisContent): void {
  document.documentElement.lang = content.locale;
  view = new SynthesisView(root, bridge, content);
}

function start(): void {
  bridge.request('ready', null).then(show, (error: unknown) => {
    report(error);
    showFailedStart(root, error, start);
  });
}

onThemeChange(() => view?.restSoon());
bridge.on('retry', () => (view === undefined ? start() : view.retry()));
start();
