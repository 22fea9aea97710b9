import type { PanelContent, SelectionPage, SelectionView } from '../../src/protocol/selectionPage.ts';
import { element } from '../shared/element.ts';
import { HostBridge } from '../shared/hostBridge.ts';
import { onThemeChange, readTheme } from '../shared/theme.ts';
import { legend } from './legend.ts';
import { PerspectiveSection } from './perspectiveSection.ts';

const bridge = new HostBridge<SelectionPage>();
const page = document.getElementById('page') ?? document.body;
let sections: readonly PerspectiveSection[] = [];

/** Builds the page anew from what the host says; the host owns the numbers, the page only the way of looking at them. */
function show({ view, state }: PanelContent): void {
  bridge.keep(state);
  document.documentElement.lang = view.locale;
  for (const section of sections) section.dispose();
  const live = element('p', { class: 'spoken-only', role: 'status', 'aria-live': 'polite' });
  sections = view.perspectives.map((perspective) => new PerspectiveSection(perspective, view, live));
  const grid = element('div', { class: 'perspectives' }, ...sections.map((section) => section.root));
  page.replaceChildren(header(view), legend(view), grid, element('p', { class: 'hint' }, view.strings.chartHint), live);
  draw();
}

function header(view: SelectionView): HTMLElement {
  const { strings } = view;
  const toggle = button(page.classList.contains('as-tables') ? strings.showCharts : strings.showTables, () => toggleTables());
  toggle.setAttribute('aria-keyshortcuts', 'T');
  const toggleTables = (): void => {
    const asTables = page.classList.toggle('as-tables');
    toggle.textContent = asTables ? strings.showCharts : strings.showTables;
    if (!asTables) draw();
  };
  document.onkeydown = (event) => {
    if ((event.key === 't' || event.key === 'T') && !event.ctrlKey && !event.metaKey && !event.altKey) toggleTables();
  };
  const actions = element('div', { class: 'actions' }, toggle);
  if (view.canOpenOutput) actions.append(button(strings.openOutput, () => ask('openOutput')));
  if (view.canRevealManifest) actions.append(button(strings.revealManifest, () => ask('revealManifest')));
  const lines = view.summary.map((line) => element('p', { class: 'summary' }, line));
  return element('header', {}, element('h1', {}, view.title), ...lines, actions);
}

function button(label: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button' }, label);
  made.addEventListener('click', onClick);
  return made;
}

function draw(): void {
  if (sections.length === 0) return; // the theme may change before the host has answered
  const theme = readTheme();
  for (const section of sections) section.draw(theme);
  // Two frames later the canvases have their size and their pixels.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => bridge.tell('drawn', { theme: theme.name, charts: sections.map((section) => section.drawn()) })),
  );
}

function ask(method: 'openOutput' | 'revealManifest'): void {
  bridge.request(method, null).catch(report);
}

/** Host and log get the error; the page stays as it is. */
function report(error: unknown): void {
  bridge.tell('problem', { message: error instanceof Error ? error.message : String(error) });
}

window.addEventListener('error', (event) => report(event.error ?? event.message));
window.addEventListener('unhandledrejection', (event) => report(event.reason));
bridge.on('content', show);
onThemeChange(draw);
bridge.request('ready', null).then(show, (error: unknown) => {
  report(error);
  page.replaceChildren(element('p', { role: 'alert' }, error instanceof Error ? error.message : String(error)));
});
