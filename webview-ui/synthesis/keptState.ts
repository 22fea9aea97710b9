import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import type { SynthesisPage, SynthesisState } from '../../src/protocol/synthesisPage.ts';
import type { HostBridge } from '../shared/hostBridge.ts';

/** What the page keeps over hiding and reloading: the dataset, by which the host restores the panel, and the way of looking at it. */
export class KeptState {
  readonly #bridge: HostBridge<SynthesisPage>;
  #state: SynthesisState;

  constructor(bridge: HostBridge<SynthesisPage>, dataset: string) {
    this.#bridge = bridge;
    const kept = bridge.kept();
    const part = (name: string): unknown =>
      typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>)[name] : undefined;
    const folds = part('folds');
    this.#state = {
      version: 1,
      dataset,
      perspective: perspectives.find((one) => one === part('perspective')) ?? 'all',
      folds: typeof folds === 'object' && folds !== null ? { ...(folds as Record<string, boolean>) } : {},
    };
    bridge.keep(this.#state);
  }

  get perspective(): Perspective | 'all' {
    return this.#state.perspective;
  }

  set perspective(perspective: Perspective | 'all') {
    this.#keep({ perspective });
  }

  /** A group stays folded or open as the user left it. */
  readonly fold = (name: string, details: HTMLDetailsElement): void => {
    const kept = this.#state.folds[name];
    if (typeof kept === 'boolean') details.open = kept;
    details.addEventListener('toggle', () => this.#keep({ folds: { ...this.#state.folds, [name]: details.open } }));
  };

  #keep(changes: Partial<SynthesisState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#bridge.keep(this.#state);
  }
}
