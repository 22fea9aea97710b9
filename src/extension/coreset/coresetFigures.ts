import * as vscode from 'vscode';
import type { CoresetProgress, CoresetSettings, FrontierView, TrialView } from '../../protocol/coresetPage.ts';
import type { Answer } from '../../protocol/pageParts.ts';
import type { Progress } from '../../protocol/progress.ts';
import type { DatasetRequest } from '../../protocol/requests.ts';
import type { StrategyDeclaration, StrategyName } from '../../protocol/select.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { withToken } from '../panels/withToken.ts';
import { failureView, isCancelled } from '../selection/failureView.ts';
import { OverallProgress, progressText } from '../selection/progressText.ts';
import { collectFrontier } from './collectFrontier.ts';
import { collectTrial } from './collectTrial.ts';
import { comparedIn, frontierRequestsOf, trialRequestOf } from './selectRequest.ts';

export interface CoresetFiguresOptions {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  /** What the settings of the editor say, read for each request. */
  readonly base: () => DatasetRequest;
  readonly declarations: () => Promise<readonly StrategyDeclaration[]>;
  readonly onProgress: (progress: CoresetProgress) => void;
  /** The sources of these settings have been made. */
  readonly onMade: (settings: CoresetSettings) => void;
}

type Ask = { readonly token: vscode.CancellationToken; readonly onProgress: (progress: Progress) => void };

/** Asks the engine what settings would give, and remembers the last answers. */
export class CoresetFigures {
  readonly #options: CoresetFiguresOptions;
  #trial: { readonly key: string; readonly view: TrialView } | undefined;
  #frontier: { readonly key: string; readonly view: FrontierView } | undefined;

  constructor(options: CoresetFiguresOptions) {
    this.#options = options;
  }

  /** The last trial, whatever the settings were. */
  get lastTrial(): TrialView | undefined {
    return this.#trial?.view;
  }

  knownTrial(settings: CoresetSettings): TrialView | null {
    return this.#trial?.key === JSON.stringify(settings) ? this.#trial.view : null;
  }

  knownFrontier(settings: CoresetSettings): FrontierView | null {
    return this.#frontier?.key === frontierKey(settings) ? this.#frontier.view : null;
  }

  forget(): void {
    this.#trial = undefined;
    this.#frontier = undefined;
  }

  /** Rejects only when cancelled. */
  trial(settings: CoresetSettings, signal: AbortSignal): Promise<Answer<TrialView>> {
    return this.#answer('trial', signal, async (ask) => {
      const view = await this.#trialView(settings, ask);
      this.#trial = { key: JSON.stringify(settings), view };
      this.#options.onMade(settings);
      return view;
    });
  }

  /** Rejects only when cancelled. */
  frontier(settings: CoresetSettings, signal: AbortSignal): Promise<Answer<FrontierView>> {
    return this.#answer('frontier', signal, async (ask) => {
      const { engine, base, declarations } = this.#options;
      const answers = [];
      for (const request of frontierRequestsOf(base(), settings, await declarations()))
        answers.push(await engine.request('selection/frontier', request, ask));
      const view = collectFrontier(answers, vscode.l10n.t, vscode.env.language);
      this.#frontier = { key: frontierKey(settings), view };
      return view;
    });
  }

  /** A strategy of the comparison that cannot give this size is left out, and the notes say so. */
  async #trialView(settings: CoresetSettings, ask: Ask): Promise<TrialView> {
    const { engine, base, declarations } = this.#options;
    const known = await declarations();
    const give = async (without: readonly StrategyName[], left: readonly string[]): Promise<TrialView> =>
      collectTrial(
        await engine.request('selection/select', trialRequestOf(base(), settings, known, without), ask),
        settings,
        left,
        vscode.l10n.t,
        vscode.env.language,
      );
    try {
      return await give([], []);
    } catch (error: unknown) {
      const most = mostOfRebalance(error);
      if (most === undefined || !comparedIn(settings, known).includes('rebalance')) throw error;
      const text = new Intl.NumberFormat(vscode.env.language).format(most);
      return give(
        ['rebalance'],
        [vscode.l10n.t('ADR rebalancing is left out: it can keep at most {0} instances, the others hold no entity.', text)],
      );
    }
  }

  async #answer<T>(job: CoresetProgress['job'], signal: AbortSignal, work: (ask: Ask) => Promise<T>): Promise<Answer<T>> {
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

/** A frontier shows all sizes, so the chosen one does not count. */
function frontierKey({ size: _, ...settings }: CoresetSettings): string {
  return JSON.stringify(settings);
}

/** Instances that rebalancing can keep at most, when that is what went wrong. */
function mostOfRebalance(error: unknown): number | undefined {
  if (!(error instanceof EngineRequestError) || error.fault.kind !== 'report') return undefined;
  const { code, data } = error.fault.report;
  return code === 'selection.unreachable' && typeof data.maximum === 'number' ? data.maximum : undefined;
}
