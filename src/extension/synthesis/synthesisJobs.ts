import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Progress } from '../../protocol/progress.ts';
import type { SynthesizeReport, SynthesizeRequest } from '../../protocol/synthesis.ts';
import type { SynthesisProgress } from '../../protocol/synthesisPage.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { plainText } from '../plainText.ts';
import { progressText } from '../selection/progressText.ts';
import { SynthesisBar } from './synthesisBar.ts';

/** A call that is under way. */
export interface SynthesisJob {
  readonly dataset: string;
  readonly staging: string;
  /** Rejects like the engine's request. */
  readonly report: Promise<SynthesizeReport>;
  /** What it said last. */
  readonly progress: SynthesisProgress;
  /** Ids of the candidates that it made, newest first, at most `mostRemembered`. */
  readonly made: readonly string[];
  cancel(): void;
  /** Watches what the engine says; the job goes on when nobody does. */
  onProgress(listener: (progress: Progress) => void): vscode.Disposable;
}

const mostRemembered = 24;

/** Calls that make instances, at most one per dataset. They belong to no panel: closing one does not end them. */
export class SynthesisJobs implements vscode.Disposable {
  readonly #engine: EngineHost;
  readonly #running = new Map<string, SynthesisJob>();
  readonly #ended = new vscode.EventEmitter<{ readonly dataset: string; readonly staging: string }>();
  /** Something lies in a staging folder now. */
  readonly onDidEnd = this.#ended.event;

  constructor(engine: EngineHost) {
    this.#engine = engine;
  }

  running(dataset: string): SynthesisJob | undefined {
    return this.#running.get(dataset);
  }

  /** Begins a call; one that is under way is given back as it is. */
  start(dataset: string, request: SynthesizeRequest, staging: string): SynthesisJob {
    const known = this.#running.get(dataset);
    if (known !== undefined) return known;
    const source = new vscode.CancellationTokenSource();
    const listeners = new Set<(progress: Progress) => void>();
    const bar = new SynthesisBar();
    const made: string[] = [];
    let shown: SynthesisProgress = { sentence: vscode.l10n.t('Planning synthetic instances'), percent: 0 };
    const hear = (progress: Progress): void => {
      const { synthesis } = progress;
      // A picture on its way is no candidate yet, and says nothing of how far the whole is.
      const isUnfinished = synthesis?.step !== undefined;
      if (synthesis !== undefined && !isUnfinished) {
        made.unshift(synthesis.id);
        made.length = Math.min(made.length, mostRemembered);
      }
      const percent = isUnfinished ? shown.percent : bar.advance(progress);
      const sentence = isUnfinished ? shown.sentence : sentenceOf(progress);
      shown = { sentence, percent, ...previewOf(progress) };
      for (const listener of listeners) listener(progress);
    };
    const report = this.#engine.request('synthesize/run', request, { token: source.token, onProgress: hear }).finally(() => {
      this.#running.delete(dataset);
      source.dispose();
      this.#ended.fire({ dataset, staging });
    });
    const job: SynthesisJob = {
      dataset,
      staging,
      report,
      get progress() {
        return shown;
      },
      made,
      cancel: () => source.cancel(),
      onProgress: (listener) => {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
    };
    this.#running.set(dataset, job);
    return job;
  }

  dispose(): void {
    for (const job of this.#running.values()) job.cancel();
    this.#ended.dispose();
  }
}

/** Notifications that are shown, by how they are taken away. */
const notifications = new WeakMap<SynthesisJob, () => void>();

/** A notification with progress and Cancel for a job that no panel shows any more. */
export function showInNotification(job: SynthesisJob): void {
  const title = vscode.l10n.t('Making instances for {0}', plainText(path.basename(job.dataset), 80));
  const hidden = new Promise<void>((resolve) => notifications.set(job, resolve));
  void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (bar, token) => {
    token.onCancellationRequested(() => job.cancel());
    let shown = 0;
    const listener = job.onProgress(() => {
      const { sentence, percent } = job.progress;
      bar.report({ message: sentence, increment: Math.max(0, percent - shown) });
      shown = Math.max(shown, percent);
    });
    const ended = job.report.then(
      () => undefined,
      () => undefined,
    );
    await Promise.race([ended, hidden]);
    listener.dispose();
  });
}

/** A panel shows the job again. */
export function hideNotification(job: SynthesisJob): void {
  notifications.get(job)?.();
}

/** "Making synthetic instances, 12 of 96". */
function sentenceOf(progress: Progress): string {
  const { stage, done, total } = progress;
  if (stage !== 'synthesize' || total === 0) return progressText(progress, vscode.l10n.t);
  const { format } = new Intl.NumberFormat(vscode.env.language);
  return vscode.l10n.t('Making synthetic instances, {0} of {1}', format(done), format(total));
}

function previewOf({ synthesis }: Progress): Pick<SynthesisProgress, 'preview'> {
  if (synthesis?.preview === undefined) return {};
  const { preview, ordinal, step = 0, steps = 0 } = synthesis;
  const title = vscode.l10n.t('From instance {0}', ordinal);
  return { preview: { jpeg: preview.jpeg, title, detail: vscode.l10n.t('Step {0} of {1}', step, steps) } };
}
