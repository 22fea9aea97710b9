import type { Progress, Stage } from '../../protocol/progress.ts';
import { percentOf } from '../engine/engineState.ts';
import type { Localize } from '../errors/errorCatalogue.ts';

/** "Finding entities, 42 %": the engine's facts as a sentence. */
export function progressText(progress: Progress, t: Localize): string {
  const stage = stageLabel(progress.stage, t);
  if (progress.reused === true) return t('{0}: used again', stage);
  const percent = percentOf(progress);
  return percent === undefined ? stage : t('{0}, {1} %', stage, percent);
}

/** Name of a stage. */
export function stageLabel(stage: Stage, t: Localize): string {
  const labels: Readonly<Record<Stage, string>> = {
    hash: t('Checking the file'),
    index: t('Finding records'),
    images: t('Checking images'),
    keys: t('Identifying instances'),
    extract: t('Finding entities'),
    reverseIndex: t('Building the reverse index'),
    distribution: t('Measuring the distribution'),
    features: t('Computing features'),
    cluster: t('Clustering'),
    scores: t('Scoring clusters'),
    neighbours: t('Finding nearest instances'),
    columns: t('Reading the fields'),
    search: t('Searching the text'),
    select: t('Selecting instances'),
    plan: t('Planning synthetic instances'),
    synthesize: t('Making synthetic instances'),
    gates: t('Checking synthetic instances'),
    write: t('Writing the result'),
    verify: t('Verifying the result'),
    wait: t('Waiting for another run'),
  };
  return labels[stage];
}

/**
 * Turns the stages of a job into increments of one bar that never goes back. The stages' share of the time is not known before,
 * so each new stage takes a fixed part of what is left of the bar.
 */
export class OverallProgress {
  readonly #sharePerStage: number;
  #stage: Stage | undefined;
  #stageStart = 0;
  #shown = 0;

  constructor(sharePerStage = 0.3) {
    this.#sharePerStage = sharePerStage;
  }

  /** Percent points to add to the bar. */
  advance(progress: Progress): number {
    if (progress.stage !== this.#stage) {
      this.#stage = progress.stage;
      this.#stageStart = this.#shown;
    }
    const within = progress.reused === true ? 1 : (percentOf(progress) ?? 0) / 100;
    const target = this.#stageStart + (100 - this.#stageStart) * this.#sharePerStage * within;
    const increment = Math.max(0, target - this.#shown);
    this.#shown += increment;
    return increment;
  }
}
