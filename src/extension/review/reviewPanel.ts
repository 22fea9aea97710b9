import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import {
  type DrawnReview,
  type ReviewAction,
  type ReviewContent,
  type ReviewPageWire,
  type ReviewState,
  reviewActions,
} from '../../protocol/reviewPage.ts';
import { candidateStatuses, type ReviewDecision } from '../../protocol/synthesis.ts';
import { commandIds } from '../contributions.ts';
import { DisposableStore } from '../disposableStore.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { faultSentence } from '../errors/faultSentence.ts';
import { runAction } from '../errors/reportError.ts';
import type { PageBridge, PageHandlers } from '../panels/pageBridge.ts';
import { fillPagePanel } from '../panels/pagePanel.ts';
import { withToken } from '../panels/withToken.ts';
import { plainText } from '../plainText.ts';
import { watchFile } from '../selection/watchFile.ts';
import { candidateIdSchema, filterSchema, parseDrawnReview, parseReviewState } from './reviewMessages.ts';
import type { ReviewPlaces } from './reviewPlaces.ts';
import { reviewStrings } from './reviewStrings.ts';

/** Candidates per request. */
const mostIds = 200;
const longestReason = 1000;
/** Decisions and steps come faster than anybody wants a view to change, or a place to be stored. */
const coalesceMs = 1000;

export interface ReviewPanelDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  readonly places: ReviewPlaces;
  /** Called when decisions were written, once for many in a row. */
  readonly onDecided: () => Promise<void>;
  readonly onDidDraw: (drawn: DrawnReview & { readonly staging: string }) => void;
}

/** The review of one staging folder. The page asks for everything that it shows; every decision is written at once. */
export class ReviewPanel {
  readonly panel: vscode.WebviewPanel;
  readonly #staging: string;
  readonly #deps: ReviewPanelDeps;
  readonly #disposables = new DisposableStore();
  readonly #bridge: PageBridge<ReviewPageWire>;
  #dataset: vscode.Disposable | undefined;
  #decided: NodeJS.Timeout | undefined;
  #place: ReviewState | undefined;
  #placed: NodeJS.Timeout | undefined;

  constructor(panel: vscode.WebviewPanel, staging: string, deps: ReviewPanelDeps, onDidDispose: () => void) {
    this.panel = panel;
    this.#staging = staging;
    this.#deps = deps;
    this.#bridge = fillPagePanel<ReviewPageWire>(panel, {
      page: 'review',
      title: reviewTitle(staging),
      images: true,
      extensionUri: deps.extensionUri,
      log: deps.log,
      handlers: this.#handlers(),
      listeners: {
        drawn: (payload) => {
          const drawn = parseDrawnReview(payload);
          if (drawn) deps.onDidDraw({ staging, ...drawn });
        },
        kept: (payload) => {
          this.#place = parseReviewState(payload, staging) ?? this.#place;
          this.#placed ??= setTimeout(() => this.#storePlace(), coalesceMs);
        },
      },
      onDidDispose: () => {
        this.#storePlace();
        this.#disposables.dispose();
        this.#dataset?.dispose();
        onDidDispose();
      },
    });
    // A synthesis adds lines; another window or the command line decides.
    this.#disposables.add(watchFile(path.join(staging, 'journal.jsonl'), () => void this.#journalChanged(), { grows: true }));
    this.#disposables.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#bridge.tell('content', this.#content())));
  }

  #handlers(): PageHandlers<ReviewPageWire> {
    const { engine } = this.#deps;
    const staging = this.#staging;
    const ids = v.pipe(v.array(candidateIdSchema), v.minLength(1), v.maxLength(mostIds));
    return {
      ready: { params: v.null(), run: () => this.#content() },
      index: {
        params: filterSchema,
        run: async (filter, signal) => {
          const index = await withToken([signal], (token) => engine.request('review/index', { staging, ...filter }, { token }));
          this.panel.title = reviewTitle(index.dataset); // most folders are called "staging"
          this.#dataset ??= watchFile(index.dataset, () => void this.#datasetChanged(index.dataset));
          return index;
        },
      },
      candidates: {
        params: ids,
        run: (wanted, signal) => withToken([signal], (token) => engine.request('review/candidates', { staging, ids: wanted }, { token })),
      },
      source: {
        params: candidateIdSchema,
        run: (id, signal) => withToken([signal], (token) => engine.request('review/source', { staging, id }, { token })),
      },
      image: {
        params: v.object({
          id: candidateIdSchema,
          which: v.picklist(['candidate', 'source'] as const),
          side: v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(2048)),
        }),
        run: (image, signal) => withToken([signal], (token) => engine.request('review/image', { staging, ...image }, { token })),
      },
      decide: {
        params: v.object({
          ids: v.union([v.literal('gated'), ids]),
          status: v.picklist(candidateStatuses),
          reason: v.exactOptional(v.pipe(v.string(), v.maxLength(longestReason))),
        }),
        run: ({ ids: wanted, status, reason }, signal) =>
          this.#write(signal, (token, onProgress) =>
            engine.request(
              'review/decide',
              { staging, ids: wanted, status, ...(reason === undefined ? {} : { reason }) },
              { token, onProgress },
            ),
          ),
      },
      undo: {
        params: v.null(),
        run: (_, signal) => this.#write(signal, (token, onProgress) => engine.request('review/undo', { staging }, { token, onProgress })),
      },
      browse: {
        params: v.object({ dataset: v.pipe(v.string(), v.minLength(1)), ordinal: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
        run: async ({ dataset, ordinal }) => {
          await vscode.commands.executeCommand(commandIds.browseInstances, vscode.Uri.file(dataset), { ordinal });
          return null;
        },
      },
      act: { params: v.picklist(reviewActions), run: (action) => this.#act(action) },
    };
  }

  /** A decision waits while another process writes to the folder; the page says so. */
  async #write(
    signal: AbortSignal,
    work: (token: vscode.CancellationToken, onProgress: (progress: { readonly stage: string }) => void) => Promise<ReviewDecision>,
  ): Promise<ReviewDecision> {
    let isWaiting = false;
    const waits = (): void => {
      isWaiting = true;
      const sentence = vscode.l10n.t('Another Ballast run writes to this staging folder. The decision is written when it ends.');
      this.#bridge.tell('waiting', sentence);
    };
    try {
      const decision = await withToken([signal], (token) =>
        work(token, ({ stage }) => {
          if (stage === 'wait' && !isWaiting) waits();
        }),
      );
      clearTimeout(this.#decided);
      this.#decided = setTimeout(() => void this.#deps.onDecided(), coalesceMs);
      return decision;
    } finally {
      if (isWaiting) this.#bridge.tell('waiting', null);
    }
  }

  async #act(action: ReviewAction): Promise<null> {
    if (action === 'compose') {
      // What was accepted a moment ago counts.
      clearTimeout(this.#decided);
      await this.#deps.onDecided();
      await vscode.commands.executeCommand(commandIds.composeDataset, { staging: this.#staging });
    } else if (action === 'reveal') await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(this.#staging));
    else await runAction(action, { log: this.#deps.log });
    return null;
  }

  async #journalChanged(): Promise<void> {
    if (await exists(path.join(this.#staging, 'staging.json'))) {
      this.#bridge.tell('changed', null);
      this.#bridge.tell('grown', null);
    } else {
      const name = plainText(path.basename(this.#staging), 80);
      const sentence = vscode.l10n.t(
        'The staging folder {0} does not exist any more. Put it back, or make it again with Synthesize Tail.',
        name,
      );
      this.#bridge.tell('changed', sentence);
    }
  }

  async #datasetChanged(dataset: string): Promise<void> {
    const name = plainText(path.basename(dataset), 80);
    const sentence = (await exists(dataset))
      ? vscode.l10n.t(
          '{0} was changed on the disk. The sources of the candidates can only be shown from the file they were made from.',
          name,
        )
      : vscode.l10n.t('{0} does not exist any more. Put it back to see the sources; decisions can still be made.', name);
    this.#bridge.tell('changed', sentence);
  }

  #storePlace(): void {
    clearTimeout(this.#placed);
    this.#placed = undefined;
    if (this.#place !== undefined) void this.#deps.places.set(this.#place);
  }

  #content(): ReviewContent {
    return {
      locale: vscode.env.language,
      name: plainText(path.basename(this.#staging), 80),
      staging: this.#staging,
      kept: this.#place ?? this.#deps.places.get(this.#staging) ?? null,
      refused: vscode.workspace.isTrusted ? null : faultSentence(new EngineRequestError({ kind: 'untrusted' })),
      strings: reviewStrings(vscode.l10n.t),
    };
  }
}

/** @param file the staging folder, or the dataset once it is known */
export function reviewTitle(file: string): string {
  return vscode.l10n.t('Review: {0}', plainText(path.basename(file), 60));
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
