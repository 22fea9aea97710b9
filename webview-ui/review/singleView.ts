import type { ReviewSource, StagedCandidate } from '../../src/protocol/synthesis.ts';
import { element } from '../shared/element.ts';
import { messageOf } from '../shared/problems.ts';
import { conversation } from './conversation.ts';
import { decision, gatesTable } from './judgement.ts';
import { origin, targetsTable } from './origin.ts';
import type { PageContext } from './pageContext.ts';
import type { PictureCache } from './pictureCache.ts';
import { picturePair } from './picturePair.ts';

/** Conversations that are kept: those of the neighbours. */
const mostKept = 24;

export interface SingleViewOptions {
  readonly pictures: PictureCache;
  readonly onZoom: () => void;
  readonly onOpenSource: () => void;
  readonly onFilter: (entity: string) => void;
}

/** One candidate beside its source: pictures, conversation, what it is for, what the gates say, and how it was made. */
export class SingleView {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #options: SingleViewOptions;
  readonly #look = element('div', { class: 'look' });
  readonly #facts = element('div', { class: 'about' });
  readonly #sources = new Map<string, Promise<ReviewSource>>();
  #shown: StagedCandidate | undefined;
  #work = new AbortController();

  constructor(context: PageContext, options: SingleViewOptions) {
    this.#context = context;
    this.#options = options;
    // A region that scrolls must be reachable by keyboard.
    this.root = element(
      'div',
      { class: 'single', tabindex: '0', role: 'region', 'aria-label': context.strings.single.candidate },
      element('h2', { class: 'spoken-only' }, context.strings.single.candidate),
      this.#look,
      this.#facts,
    );
  }

  /** Id of the candidate that is shown. */
  get id(): string | undefined {
    return this.#shown?.id;
  }

  show(candidate: StagedCandidate): void {
    const isOther = candidate.id !== this.#shown?.id;
    if (!isOther && JSON.stringify(candidate) === JSON.stringify(this.#shown)) return;
    this.#shown = candidate;
    this.#facts.replaceChildren(
      targetsTable(candidate, this.#context, this.#options.onFilter),
      decision(candidate, this.#context),
      gatesTable(candidate, this.#context),
      origin(candidate, this.#context),
    );
    if (!isOther) return;
    this.#work.abort();
    this.#work = new AbortController();
    this.root.scrollTop = 0;
    const { signal } = this.#work;
    const { single } = this.#context.strings;
    const words = element('div', { class: 'words', 'aria-busy': 'true' }, element('p', { class: 'hint' }, single.loading));
    this.#look.replaceChildren(picturePair(candidate, this.#context, this.#options, signal), words);
    const fill = (node: Node): void => {
      if (signal.aborted) return;
      words.replaceChildren(node);
      words.setAttribute('aria-busy', 'false');
    };
    this.source(candidate.id).then(
      (source) => fill(conversation(source, candidate.turns !== null, this.#context)),
      (error: unknown) => fill(element('p', { class: 'missing', role: 'alert' }, messageOf(error))),
    );
  }

  /** What source and candidate say, asked for once while it is kept. */
  source(id: string): Promise<ReviewSource> {
    const asked = this.#sources.get(id) ?? this.#context.bridge.request('source', id);
    this.#sources.delete(id);
    this.#sources.set(id, asked);
    asked.catch(() => this.#sources.delete(id));
    for (const old of this.#sources.keys()) {
      if (this.#sources.size <= mostKept) break;
      this.#sources.delete(old);
    }
    return asked;
  }

  /** The next showing begins anew. */
  forget(): void {
    this.#work.abort();
    this.#sources.clear();
    this.#shown = undefined;
  }
}
