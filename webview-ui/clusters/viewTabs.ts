import { type ClusterView, clusterViews } from '../../src/protocol/clustersPage.ts';
import { element } from '../shared/element.ts';
import type { PageContext } from './pageContext.ts';

/** The charts' tabs: one is open, the arrow keys open the others. */
export class ViewTabs {
  readonly root: HTMLElement;
  readonly #tabs = new Map<ClusterView, HTMLButtonElement>();

  constructor({ strings }: PageContext, onChoose: (view: ClusterView) => void) {
    this.root = element('div', { class: 'tabs', role: 'tablist', 'aria-label': strings.frame.views });
    for (const view of clusterViews) {
      const tab = element('button', { type: 'button', role: 'tab', id: `tab-${view}`, 'aria-controls': 'stage' }, strings.frame.view[view]);
      tab.addEventListener('click', () => onChoose(view));
      this.#tabs.set(view, tab);
      this.root.append(tab);
    }
    this.root.addEventListener('keydown', ({ key }) => this.#key(key, onChoose));
  }

  show(view: ClusterView): void {
    for (const [each, tab] of this.#tabs) {
      tab.setAttribute('aria-selected', String(each === view));
      tab.tabIndex = each === view ? 0 : -1;
    }
  }

  #key(key: string, onChoose: (view: ClusterView) => void): void {
    const at = clusterViews.findIndex((view) => this.#tabs.get(view) === document.activeElement);
    const last = clusterViews.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const view = clusterViews[targets[key] ?? -1];
    if (view === undefined) return;
    onChoose(view);
    this.#tabs.get(view)?.focus();
  }
}
