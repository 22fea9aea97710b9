import {
  type CoresetPage,
  type CoresetState,
  type CoresetViewKind,
  type CoverageOf,
  coresetViews,
} from '../../src/protocol/coresetPage.ts';
import { perspectives } from '../../src/protocol/perspectives.ts';
import type { HostBridge } from '../shared/hostBridge.ts';

const coverages: readonly CoverageOf[] = [...perspectives, 'clusters'];

/** What the page keeps over hiding and reloading: the dataset, by which the host restores the panel, and the way of looking at it. */
export class KeptState {
  readonly #bridge: HostBridge<CoresetPage>;
  #state: CoresetState;

  constructor(bridge: HostBridge<CoresetPage>, dataset: string) {
    this.#bridge = bridge;
    const kept = bridge.kept();
    const part = (name: string): unknown =>
      typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>)[name] : undefined;
    const folds = part('folds');
    this.#state = {
      version: 1,
      dataset,
      view: coresetViews.find((one) => one === part('view')) ?? 'chart',
      coverage: coverages.find((one) => one === part('coverage')) ?? 'object',
      folds: typeof folds === 'object' && folds !== null ? { ...(folds as Record<string, boolean>) } : {},
    };
    bridge.keep(this.#state);
  }

  get view(): CoresetViewKind {
    return this.#state.view;
  }

  get coverage(): CoverageOf {
    return this.#state.coverage;
  }

  set(changes: Partial<Pick<CoresetState, 'view' | 'coverage'>>): void {
    this.#keep(changes);
  }

  /** A group stays folded or open as the user left it. */
  readonly fold = (name: string, details: HTMLDetailsElement): void => {
    const kept = this.#state.folds[name];
    if (typeof kept === 'boolean') details.open = kept;
    details.addEventListener('toggle', () => this.#keep({ folds: { ...this.#state.folds, [name]: details.open } }));
  };

  #keep(changes: Partial<CoresetState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#bridge.keep(this.#state);
  }
}
