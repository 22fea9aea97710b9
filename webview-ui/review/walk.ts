import type { CandidateStatus } from '../../src/protocol/synthesis.ts';

const statusOfLetter: Readonly<Record<string, CandidateStatus>> = { p: 'pending', a: 'accepted', r: 'rejected' };

/** The candidates that the filter shows, in their order, with the decisions that are under way. */
export class Walk {
  readonly ids: readonly string[];
  readonly #statuses: CandidateStatus[];
  readonly #positions: ReadonlyMap<string, number>;

  /** @param statuses a letter per id, as the engine's index has them */
  constructor(ids: readonly string[], statuses: string) {
    this.ids = ids;
    this.#statuses = ids.map((_, i) => statusOfLetter[statuses[i] ?? 'p'] ?? 'pending');
    this.#positions = new Map(ids.map((id, i) => [id, i]));
  }

  /** 0-based; -1 when the filter does not show it. */
  positionOf(id: string | null): number {
    return id === null ? -1 : (this.#positions.get(id) ?? -1);
  }

  statusOf(id: string): CandidateStatus | undefined {
    return this.#statuses[this.positionOf(id)];
  }

  /** Notes a decision before the engine has written it. */
  set(id: string, status: CandidateStatus): void {
    const position = this.positionOf(id);
    if (position >= 0) this.#statuses[position] = status;
  }

  /** `step` places further, as far as there are places; the first one when the id is not among them. */
  step(id: string | null, step: 1 | -1): string | undefined {
    const position = this.positionOf(id);
    if (position < 0) return this.ids[0];
    return this.ids[Math.min(Math.max(0, position + step), this.ids.length - 1)];
  }

  /** The next pending one behind an id, and from the beginning when there is none behind it. */
  nextPending(id: string | null): string | undefined {
    const from = this.positionOf(id);
    for (let i = 1; i <= this.ids.length; i++) {
      const position = (Math.max(from, -1) + i) % this.ids.length;
      if (position !== from && this.#statuses[position] === 'pending') return this.ids[position];
    }
    return undefined;
  }

  /** What is looked at when these candidates are shown: the one that was, else the first pending one, else the first. */
  settle(id: string | null): string | undefined {
    return id !== null && this.positionOf(id) >= 0 ? id : (this.nextPending(null) ?? this.ids[0]);
  }
}
