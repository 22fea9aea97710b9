import type * as vscode from 'vscode';
import type { ReviewState } from '../../protocol/reviewPage.ts';
import { parseReviewState } from './reviewMessages.ts';

const placesKey = 'review.places';
/** Staging folders whose places are remembered; the least recently left go first. */
const mostPlaces = 30;

/** Where each review was left: a tab that was closed keeps nothing of its own. */
export class ReviewPlaces {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  get(staging: string): ReviewState | undefined {
    return parseReviewState(
      this.#all.find((place) => (place as Partial<ReviewState> | null)?.staging === staging),
      staging,
    );
  }

  async set(state: ReviewState): Promise<void> {
    const others = this.#all.filter((place) => (place as Partial<ReviewState> | null)?.staging !== state.staging);
    await this.#memory.update(placesKey, [...others, state].slice(-mostPlaces));
  }

  get #all(): readonly unknown[] {
    const kept = this.#memory.get<unknown>(placesKey);
    return Array.isArray(kept) ? kept : [];
  }
}
