import * as vscode from 'vscode';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { Progress } from '../../protocol/progress.ts';
import type { DatasetRequest } from '../../protocol/requests.ts';
import type { Answer, HygieneEffectView, JobProgress, LiveView } from '../../protocol/selectionPage.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { withToken } from '../panels/withToken.ts';
import { hygieneEffectViews } from './collectHygieneEffects.ts';
import { collectLiveView } from './collectLiveView.ts';
import { failureView, isCancelled } from './failureView.ts';
import { planKey } from './planKnobs.ts';
import { whatIfRequestOf } from './planRequest.ts';
import { OverallProgress, progressText } from './progressText.ts';

export interface LiveFiguresOptions {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  /** What the settings say, read for each request. */
  readonly base: () => DatasetRequest;
  readonly onProgress: (progress: JobProgress) => void;
}

type Ask = { readonly token: vscode.CancellationToken; readonly onProgress: (progress: Progress) => void };

/** Asks the engine what a plan would give, and remembers the last answer. */
export class LiveFigures {
  readonly #options: LiveFiguresOptions;
  #last: { readonly key: string; readonly answer: Answer<LiveView> } | undefined;

  constructor(options: LiveFiguresOptions) {
    this.#options = options;
  }

  /** The last answer, whatever the plan was. */
  get last(): Answer<LiveView> | undefined {
    return this.#last?.answer;
  }

  /** What is known about a plan without asking. */
  known(plan: RebalancePlan): LiveView | undefined {
    return this.#last?.key === planKey(plan) && this.#last.answer.ok ? this.#last.answer.value : undefined;
  }

  forget(): void {
    this.#last = undefined;
  }

  /** Rejects only when cancelled. */
  async ask(plan: RebalancePlan, signal: AbortSignal): Promise<Answer<LiveView>> {
    const { engine, base } = this.#options;
    const answer = await this.#answer('live', signal, async (options) => {
      const report = await engine.request('selection/whatIf', whatIfRequestOf(base(), plan), options);
      return collectLiveView(report, plan, vscode.l10n.t, vscode.env.language);
    });
    this.#last = { key: planKey(plan), answer };
    return answer;
  }

  /** The expected volume with each hygiene switch turned the other way. Rejects only when cancelled. */
  effects(plan: RebalancePlan, signal: AbortSignal): Promise<Answer<readonly HygieneEffectView[]>> {
    const { engine, base } = this.#options;
    return this.#answer('effects', signal, async (options) => {
      const { overrides: _verdicts, protect: _rules, target: _target, ...analysis } = whatIfRequestOf(base(), plan);
      const report = await engine.request('entities/analyze', { ...analysis, hygieneEffects: true }, options);
      return hygieneEffectViews(report.hygieneEffects ?? [], vscode.l10n.t, vscode.env.language);
    });
  }

  async #answer<T>(job: JobProgress['job'], signal: AbortSignal, work: (options: Ask) => Promise<T>): Promise<Answer<T>> {
    const overall = new OverallProgress();
    let percent = 0;
    try {
      const value = await withToken([signal], (token) =>
        work({
          token,
          onProgress: (progress) => {
            percent += overall.advance(progress);
            this.#options.onProgress({ job, sentence: progressText(progress, vscode.l10n.t), percent: Math.min(100, percent) });
          },
        }),
      );
      return { ok: true, value };
    } catch (error: unknown) {
      if (isCancelled(error)) throw error;
      this.#options.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return { ok: false, failure: failureView(error) };
    }
  }
}
