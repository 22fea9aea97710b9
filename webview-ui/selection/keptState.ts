import type { SelectionPage } from '../../src/protocol/selectionPage.ts';
import type { HostBridge } from '../shared/hostBridge.ts';
import type { FigureKind } from './perspectiveSection.ts';

const kinds: readonly FigureKind[] = ['rank', 'lorenz', 'tables'];

/** What the page keeps over hiding and reloading: the dataset, by which the host restores the panel, and the way of looking at it. */
export class KeptState {
  readonly #bridge: HostBridge<SelectionPage>;
  readonly #dataset: string;
  readonly #folds: Record<string, boolean>;
  #kind: FigureKind;

  constructor(bridge: HostBridge<SelectionPage>, dataset: string) {
    this.#bridge = bridge;
    this.#dataset = dataset;
    const kept = bridge.kept();
    const part = (name: string): unknown =>
      typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>)[name] : undefined;
    const folds = part('folds');
    this.#kind = kinds.find((one) => one === part('kind')) ?? 'rank';
    this.#folds = typeof folds === 'object' && folds !== null ? { ...(folds as Record<string, boolean>) } : {};
    this.#keep();
  }

  get kind(): FigureKind {
    return this.#kind;
  }

  set kind(kind: FigureKind) {
    this.#kind = kind;
    this.#keep();
  }

  /** A group stays folded or open as the user left it. */
  fold(name: string, details: HTMLDetailsElement): void {
    const kept = this.#folds[name];
    if (typeof kept === 'boolean') details.open = kept;
    details.addEventListener('toggle', () => {
      this.#folds[name] = details.open;
      this.#keep();
    });
  }

  #keep(): void {
    this.#bridge.keep({ version: 2, dataset: this.#dataset, kind: this.#kind, folds: this.#folds });
  }
}
