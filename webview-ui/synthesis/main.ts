import type { SynthesisContent, SynthesisPage } from '../../src/protocol/synthesisPage.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { HostBridge } from '../shared/hostBridge.ts';
import { onThemeChange } from '../shared/theme.ts';
import { SynthesisView } from './synthesisView.ts';

const bridge = new HostBridge<SynthesisPage>();
const root = document.getElementById('page') ?? document.body;
let view: SynthesisView | undefined;

function show(content: SynthesisContent): void {
  document.documentElement.lang = content.locale;
  view = new SynthesisView(root, bridge, content);
}

/** Host and log get the error; the page stays as it is. */
function report(error: unknown): void {
  bridge.tell('problem', { message: error instanceof Error ? error.message : String(error) });
}

function start(): void {
  bridge.request('ready', null).then(show, (error: unknown) => {
    report(error);
    const sentence = error instanceof Error ? error.message : String(error);
    // The words of the page are not here yet; the sign alone says it.
    root.replaceChildren(element('p', { role: 'alert' }, sentence), textButton('↻', start));
  });
}

window.addEventListener('error', (event) => report(event.error ?? event.message));
window.addEventListener('unhandledrejection', (event) => report(event.reason));
onThemeChange(() => view?.restSoon());
bridge.on('retry', () => (view === undefined ? start() : view.retry()));
start();
