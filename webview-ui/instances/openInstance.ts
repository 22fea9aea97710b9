import type { InstanceRow } from '../../src/protocol/browse.ts';
import type { DetailPane } from './detailPane.ts';
import type { InstanceList } from './instanceList.ts';
import type { Splitter } from './splitter.ts';

export interface OpenInstanceParts {
  readonly list: InstanceList;
  readonly detail: DetailPane;
  readonly splitter: Splitter;
  readonly rowAt: (position: number) => InstanceRow | undefined;
  /** Another instance is open; null for none. */
  readonly onChanged: (ordinal: number | null) => void;
}

/** The instance whose detail stands beside the list. */
export class OpenInstance {
  readonly #parts: OpenInstanceParts;
  /** Position whose detail is wanted as soon as its row is there. */
  #follow = -1;

  constructor(parts: OpenInstanceParts) {
    this.#parts = parts;
  }

  /** Shows the instance of the row at a position, now or when the row has come. */
  openAt(position: number): void {
    const row = this.#parts.rowAt(position);
    if (row === undefined) this.#follow = position;
    else this.open(row.ordinal);
  }

  /** Shows an instance; null closes the detail. */
  open(ordinal: number | null): void {
    const { list, detail, splitter, onChanged } = this.#parts;
    this.#follow = -1;
    splitter.root.hidden = ordinal === null;
    onChanged(ordinal);
    list.select(ordinal);
    if (ordinal !== detail.ordinal) detail.show(ordinal);
    this.showSteps();
  }

  /** Another row became the active one: an open detail goes along. */
  follow(position: number): void {
    if (this.#parts.detail.ordinal !== null) this.openAt(position);
  }

  /** Rows from `offset` to before `end` have come. */
  loaded(offset: number, end: number): void {
    if (this.#follow >= offset && this.#follow < end) this.openAt(this.#follow);
  }

  /** Goes to the next or the previous row. */
  step(by: 1 | -1): void {
    const { list } = this.#parts;
    list.activate(list.active + by, { focus: false });
    this.openAt(list.active);
  }

  /** Which of the two steps lead somewhere. */
  showSteps(): void {
    const { list, detail } = this.#parts;
    detail.setSteps(list.active > 0, list.active < list.count - 1);
  }
}
