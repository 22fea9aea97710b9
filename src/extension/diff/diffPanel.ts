import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { InstanceDetail } from '../../protocol/browse.ts';
import { diffSides } from '../../protocol/diff.ts';
import {
  type DiffContent,
  type DiffPage,
  type DrawnDiff,
  diffPageActions,
  type InstancePlace,
  type WhichDataset,
  whichDataset,
} from '../../protocol/diffPage.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import type { DiffReport } from '../../protocol/reports.ts';
import type { DiffRequest } from '../../protocol/requests.ts';
import { commandIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import { DisposableStore } from '../disposableStore.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { faultSentence } from '../errors/faultSentence.ts';
import { runAction } from '../errors/reportError.ts';
import { openInstance } from '../instances/openInstance.ts';
import type { RecordDocuments } from '../instances/recordDocuments.ts';
import type { PageBridge, PageHandlers } from '../panels/pageBridge.ts';
import { fillPagePanel } from '../panels/pagePanel.ts';
import { withToken } from '../panels/withToken.ts';
import { plainText } from '../plainText.ts';
import { OverallProgress, progressText } from '../selection/progressText.ts';
import { watchFile } from '../selection/watchFile.ts';
import { type DatasetPair, stateOfPair } from './datasetPair.ts';
import { diffStrings } from './diffStrings.ts';
import { markdownSummary } from './markdownSummary.ts';

export interface DiffPanelDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  readonly records: RecordDocuments;
  readonly onDidDraw: (drawn: DrawnDiff) => void;
}

export interface DiffPanelEvents {
  readonly onSwap: (panel: DiffPanel) => void;
  readonly onDidDispose: () => void;
}

const ordinal = v.pipe(v.number(), v.integer(), v.minValue(0));
const limit = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000));
const which = v.picklist(whichDataset);
const drawnSchema = v.object({
  theme: v.string(),
  common: v.number(),
  added: v.number(),
  removed: v.number(),
  changed: v.number(),
  charts: v.array(v.object({ perspective: v.string(), points: v.array(v.number()), paintedPixels: v.number() })),
});

/** The comparison of one pair of datasets. The page asks for everything that it shows; the host remembers the last report. */
export class DiffPanel {
  readonly panel: vscode.WebviewPanel;
  readonly #deps: DiffPanelDeps;
  readonly #events: DiffPanelEvents;
  readonly #disposables = new DisposableStore();
  readonly #bridge: PageBridge<DiffPage>;
  #pair: DatasetPair;
  #report: DiffReport | undefined;
  /** What the files were when they were compared. */
  #stamps: Readonly<Record<WhichDataset, string>> | undefined;

  constructor(panel: vscode.WebviewPanel, pair: DatasetPair, deps: DiffPanelDeps, events: DiffPanelEvents) {
    this.panel = panel;
    this.#pair = pair;
    this.#deps = deps;
    this.#events = events;
    this.#bridge = fillPagePanel<DiffPage>(panel, {
      page: 'diff',
      title: panelTitle(pair),
      images: true,
      extensionUri: deps.extensionUri,
      log: deps.log,
      handlers: this.#handlers(),
      listeners: {
        drawn: (payload) => {
          const parsed = v.safeParse(drawnSchema, payload);
          if (parsed.success) deps.onDidDraw(parsed.output);
        },
      },
      onDidDispose: () => {
        this.#disposables.dispose();
        events.onDidDispose();
      },
    });
    for (const file of [pair.a, pair.b]) this.#disposables.add(watchFile(file, () => void this.#fileChanged(file)));
    this.#disposables.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#bridge.tell('content', this.#content())));
  }

  get pair(): DatasetPair {
    return this.#pair;
  }

  /** Shows the pair the other way round. */
  swap(): void {
    const { a, b } = this.#pair;
    this.#pair = { a: b, b: a };
    this.#report = undefined;
    this.#stamps = undefined;
    this.panel.title = panelTitle(this.#pair);
    this.#bridge.tell('content', this.#content());
  }

  #handlers(): PageHandlers<DiffPage> {
    const { engine } = this.#deps;
    const place = v.object({ which, ordinal });
    return {
      ready: { params: v.null(), run: () => this.#content() },
      compare: { params: v.object({ ticket: v.number() }), run: ({ ticket }, signal) => this.#compare(ticket, signal) },
      instances: {
        params: v.object({ side: v.picklist(diffSides), offset: ordinal, limit }),
        run: (page, signal) =>
          withToken([signal], (token) =>
            engine.request('dataset/diffInstances', { ...this.#request(), ...this.#of(), ...page }, { token }),
          ),
      },
      entities: {
        params: v.object({
          perspective: v.picklist(perspectives),
          side: v.picklist(['lost', 'gained'] as const),
          offset: ordinal,
          limit,
          filter: v.pipe(v.string(), v.maxLength(1000)),
        }),
        run: (page, signal) =>
          withToken([signal], (token) => engine.request('dataset/diffEntities', { ...this.#request(), ...this.#of(), ...page }, { token })),
      },
      detail: {
        params: v.object({ which, ordinal, content: v.pipe(v.string(), v.maxLength(64)) }),
        run: (at, signal) => this.#detail(at, signal),
      },
      image: {
        params: v.object({ which, ordinal, index: ordinal, side: v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(2048)) }),
        run: (at, signal) =>
          withToken([signal], (token) =>
            engine.request(
              'instance/image',
              { ...this.#dataset(at.which), instance: at.ordinal, index: at.index, side: at.side },
              { token },
            ),
          ),
      },
      openBytes: {
        params: place,
        run: async (at) => {
          await openInstance(this.#deps, this.#pair[at.which], at.ordinal);
          return null;
        },
      },
      browse: {
        params: v.object({ which, ordinal: v.nullable(ordinal) }),
        run: async (at) => {
          const options = at.ordinal === null ? undefined : { ordinal: at.ordinal };
          await vscode.commands.executeCommand(commandIds.browseInstances, vscode.Uri.file(this.#pair[at.which]), options);
          return null;
        },
      },
      copySummary: { params: v.null(), run: () => this.#copySummary() },
      swap: {
        params: v.null(),
        run: () => {
          this.#events.onSwap(this);
          return null;
        },
      },
      act: {
        params: v.picklist(diffPageActions),
        run: async (action) => {
          await runAction(action, { log: this.#deps.log });
          return null;
        },
      },
    };
  }

  async #compare(ticket: number, signal: AbortSignal): Promise<DiffReport> {
    const pair = this.#pair;
    const stamps = { a: await stampOf(pair.a), b: await stampOf(pair.b) };
    const overall = new OverallProgress();
    let shown = 0;
    const report = await withToken([signal], (token) =>
      this.#deps.engine.request('dataset/diff', this.#request(), {
        token,
        onProgress: (progress) => {
          shown += overall.advance(progress);
          this.#bridge.tell('progress', { ticket, text: progressText(progress, vscode.l10n.t), share: shown / 100 });
        },
      }),
    );
    if (pair === this.#pair) {
      this.#report = report;
      this.#stamps = stamps;
    }
    return report;
  }

  async #detail({ which: side, ordinal: instance, content }: InstancePlace, signal: AbortSignal): Promise<InstanceDetail> {
    const detail = await withToken([signal], (token) =>
      this.#deps.engine.request('instance/detail', { ...this.#dataset(side), instance }, { token }),
    );
    if (detail.instanceKey.content !== content) {
      const file = this.#pair[side];
      const report = { code: 'dataset.changed', message: `${file} changed since it was compared`, data: { path: file } } as const;
      throw new EngineRequestError({ kind: 'report', report });
    }
    return detail;
  }

  async #copySummary(): Promise<null> {
    if (this.#report === undefined) return null;
    const names = { a: path.basename(this.#pair.a), b: path.basename(this.#pair.b) };
    await vscode.env.clipboard.writeText(markdownSummary(this.#report, names, vscode.l10n.t, vscode.env.language));
    return null;
  }

  /** Says so when a file is not what was compared. */
  async #fileChanged(file: string): Promise<void> {
    const side = file === this.#pair.a ? 'a' : 'b';
    const now = await stampOf(file);
    if (this.#stamps === undefined || this.#stamps[side] === now) return;
    this.#bridge.tell('fileChanged', { which: side, kind: now === '' ? 'deleted' : 'changed' });
  }

  #dataset(side: WhichDataset): ReturnType<typeof datasetRequest> {
    return datasetRequest(vscode.Uri.file(this.#pair[side]));
  }

  /** One run folder and one set of image roots serve both: those of A, where its settings name any. */
  #request(): DiffRequest {
    const [{ dataset: a, ...ofA }, { dataset: b, ...ofB }] = [this.#dataset('a'), this.#dataset('b')];
    const images = ofA.images ?? ofB.images;
    const runDir = ofA.runDir ?? ofB.runDir;
    return {
      a,
      b,
      ...(images === undefined ? {} : { images }),
      ...(runDir === undefined ? {} : { runDir }),
      ...(ofA.threads === undefined ? {} : { threads: ofA.threads }),
    };
  }

  #of(): { readonly of?: { readonly a: string; readonly b: string } } {
    return this.#report === undefined ? {} : { of: { a: this.#report.a.sha256, b: this.#report.b.sha256 } };
  }

  #content(): DiffContent {
    const { a, b } = this.#pair;
    const name = (file: string): DiffContent['a'] => ({ name: path.basename(file), path: file });
    return {
      locale: vscode.env.language,
      a: name(a),
      b: name(b),
      state: stateOfPair(this.#pair),
      refused: vscode.workspace.isTrusted ? null : faultSentence(new EngineRequestError({ kind: 'untrusted' })),
      strings: diffStrings(vscode.l10n.t),
    };
  }
}

export function panelTitle({ a, b }: DatasetPair): string {
  return vscode.l10n.t('{0} ↔ {1}', plainText(path.basename(a), 60), plainText(path.basename(b), 60));
}

/** Size and time of a file; empty when it does not exist. A mixture's name stands behind its file's. */
async function stampOf(file: string): Promise<string> {
  const stats = (await stat(file).catch(() => undefined)) ?? (await stat(file.replace(/(\.json)#[^/\\]*$/i, '$1')).catch(() => undefined));
  return stats === undefined ? '' : `${stats.size} ${stats.mtimeMs}`;
}
