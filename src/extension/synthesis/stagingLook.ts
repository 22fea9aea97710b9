import * as vscode from 'vscode';
import { pairOf } from '../../protocol/entities.ts';
import type { Perspective } from '../../protocol/perspectives.ts';
import type { StagedCandidate } from '../../protocol/synthesis.ts';
import type { FunnelView, MadeView } from '../../protocol/synthesisPage.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { plainText } from '../plainText.ts';
import { collectFunnel } from './collectFunnel.ts';
import { gateLabel } from './methodWords.ts';

/** Candidates that are shown. */
const mostShown = 12;
/** Pixels of the longer side of a small picture: twice what it takes on the screen. */
const side = 240;
const wordsLimit = 240;

interface LookOptions {
  readonly engine: EngineHost;
  /** Synthetic instances of the newest composition that took from a staging folder. */
  readonly merged: (staging: string) => Promise<number | undefined>;
}

/** Looks into a staging folder: how many went how far, and what was made last. */
export class StagingLook {
  readonly #options: LookOptions;
  /** Small pictures by candidate; null where there is none. */
  readonly #pictures = new Map<string, string | null>();

  constructor(options: LookOptions) {
    this.#options = options;
  }

  /** Undefined while nothing is staged. */
  async funnel(staging: string): Promise<FunnelView | undefined> {
    const { engine, merged } = this.#options;
    const page = await engine.request('review/list', { staging, limit: 1 }).catch(() => undefined);
    if (page === undefined || page.counts.planned + page.counts.made === 0) return undefined;
    return collectFunnel(
      { counts: page.counts, gates: page.facets.gate, merged: await merged(staging) },
      vscode.l10n.t,
      vscode.env.language,
    );
  }

  /** The candidates with these ids, in their order, with what they are for and how they fared. */
  async made(staging: string, ids: readonly string[]): Promise<readonly MadeView[]> {
    const wanted = ids.slice(0, mostShown);
    if (wanted.length === 0) return [];
    const { candidates } = await this.#options.engine.request('review/candidates', { staging, ids: wanted });
    const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
    return this.#views(
      staging,
      wanted.flatMap((id) => byId.get(id) ?? []),
    );
  }

  /** The last candidates of the plan's order, the last first. */
  async last(staging: string): Promise<readonly MadeView[]> {
    const { engine } = this.#options;
    const first = await engine.request('review/list', { staging, limit: 1 }).catch(() => undefined);
    if (first === undefined || first.total === 0) return [];
    const offset = Math.max(0, first.total - mostShown);
    const { candidates } = await engine.request('review/list', { staging, offset, limit: mostShown });
    return this.#views(staging, candidates.toReversed());
  }

  #views(staging: string, candidates: readonly StagedCandidate[]): Promise<readonly MadeView[]> {
    return Promise.all(
      candidates.map(async (candidate) => ({
        id: candidate.id,
        title: vscode.l10n.t('From instance {0}', candidate.parent.ordinal),
        detail: detailOf(candidate),
        jpeg: candidate.image === null ? null : await this.#picture(staging, candidate.id),
        words: candidate.image === null ? wordsOf(candidate.turns ?? []) : '',
      })),
    );
  }

  async #picture(staging: string, id: string): Promise<string | null> {
    const known = this.#pictures.get(id);
    if (known !== undefined) return known;
    const image = await this.#options.engine.request('review/image', { staging, id, which: 'candidate', side }).catch(() => undefined);
    const jpeg = image?.ok ? image.jpeg : null;
    if (image !== undefined) {
      this.#pictures.set(id, jpeg);
      const oldest = this.#pictures.keys().next().value;
      if (this.#pictures.size > 4 * mostShown && oldest !== undefined) this.#pictures.delete(oldest);
    }
    return jpeg;
  }
}

/** The entity that it is for, and the gate that stopped it. */
function detailOf({ targets, gates }: StagedCandidate): string {
  const target = targets[0];
  const stop = gates.find(({ verdict }) => verdict === 'failed');
  const name = target === undefined ? '' : entityText(target.perspective, target.entity);
  if (stop === undefined) return name;
  return name === '' ? gateLabel(stop.gate, vscode.l10n.t) : vscode.l10n.t('{0}: {1}', name, gateLabel(stop.gate, vscode.l10n.t));
}

/** The words of the model, which are what is new. */
function wordsOf(turns: readonly { readonly role: string; readonly text: string }[]): string {
  return plainText(turns.map(({ text }) => text).join(' '), wordsLimit);
}

/** An entity on one line: the objects of a pair with a plus between them. */
function entityText(perspective: Perspective, entity: string): string {
  const pair = perspective === 'cooccurrence' ? pairOf(entity) : undefined;
  return plainText(pair === undefined ? entity : pair.join(' + '), 60);
}
