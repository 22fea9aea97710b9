import type { PanelContent, SelectionPage } from '../../src/protocol/selectionPage.ts';
import { element } from '../shared/element.ts';
import { HostBridge } from '../shared/hostBridge.ts';
import { onThemeChange } from '../shared/theme.ts';
import { RebalancePage } from './rebalancePage.ts';

const bridge = new HostBridge<SelectionPage>();
const root = document.getElementById('page') ?? document.body;
let page: RebalancePage | undefined;

function show(content: PanelContent): void {
  document.documentElement.lang = content.locale;
  page = new RebalancePage(root, bridge, content);
}

/** Host and log get the error; the page stays as it is. */
function report(error: unknown): void {
  bridge.tell('problem', { message: error instanceof Error ? error.message : String(error) });
}

window.addEventListener('error', (event) => report(event.error ?? event.message));
window.addEventListener('unhandledrejection', (event) => report(event.reason));
onThemeChange(() => page?.redraw());
bridge.request('ready', null).then(show, (error: unknown) => {
  report(error);
  root.replaceChildren(element('p', { role: 'alert' }, error instanceof Error ? error.message : String(error)));
});
