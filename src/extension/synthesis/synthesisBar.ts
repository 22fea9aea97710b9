import type { Progress } from '../../protocol/progress.ts';
import { OverallProgress } from '../selection/progressText.ts';

/** Shares of the bar: what comes before making, mostly used again; making, which takes nearly all of the time; judging. */
const before = 10;
const making = 80;

/** The bar of a call that makes instances: it never goes back, and making fills most of it. */
export class SynthesisBar {
  readonly #early = new OverallProgress();
  #earlySum = 0;
  #hasMade = false;
  #percent = 0;

  /** Percent, 0 to 100. */
  advance(progress: Progress): number {
    this.#percent = Math.max(this.#percent, Math.min(100, this.#at(progress)));
    return this.#percent;
  }

  #at(progress: Progress): number {
    const { stage, done, total } = progress;
    const within = total === 0 ? 0 : done / total;
    if (stage === 'synthesize') {
      this.#hasMade = true;
      return before + making * within;
    }
    if (this.#hasMade) return before + making + (stage === 'gates' ? (100 - before - making) * within : 0);
    this.#earlySum += this.#early.advance(progress);
    return (before * this.#earlySum) / 100;
  }
}
