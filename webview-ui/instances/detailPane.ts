import type { DetailView, OverrideRequest } from '../../src/protocol/instancesPage.ts';
import type { Perspective } from '../../src/protocol/perspectives.ts';
import { iconButton, section, textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { HostFailure } from '../shared/hostBridge.ts';
import { messageOf } from '../shared/problems.ts';
import { visibleLine } from '../shared/unseen.ts';
import { clusterSection } from './detailCluster.ts';
import { conversationSection } from './detailConversation.ts';
import { entitiesSection } from './detailEntities.ts';
import { imagesSection } from './detailImages.ts';
import { receiptSection, verdictWord } from './detailReceipt.ts';
import { problemsSection, recordSection } from './detailRecord.ts';
import { OverrideBox } from './overrideBox.ts';
import type { PageContext } from './pageContext.ts';

/** While one walks along the list, only the instance where one stops is asked for. */
const walkMs = 90;
const idLimit = 300;

export interface DetailPaneOptions {
  readonly marks: () => readonly Perspective[];
  readonly onMarks: (marks: readonly Perspective[]) => void;
  /** Manifest whose receipt is shown; null for none. */
  readonly manifest: () => string | null;
  /** Known clustering whose cluster is shown; undefined for the one made last. */
  readonly clustering: () => string | undefined;
  readonly onFilter: (perspective: Perspective, entity: string) => void;
  readonly onExtract: () => void;
  readonly onStep: (step: 1 | -1) => void;
  readonly onClose: () => void;
  /** Escape: the pane stays, the focus goes back to the list. */
  readonly onLeave: () => void;
  /** The dataset is gone, was changed, or the engine ended. */
  readonly onFailure: (failure: HostFailure) => void;
}

/** Everything about one instance, beside the list. */
export class DetailPane {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #options: DetailPaneOptions;
  readonly #heading = element('h2', { tabindex: '-1' });
  readonly #verdict = element('span', { class: 'verdict-place' });
  readonly #body = element('div', { class: 'detail-body' });
  readonly #buttons: readonly HTMLButtonElement[];
  #ordinal: number | null = null;
  #view: DetailView | undefined;
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: PageContext, options: DetailPaneOptions) {
    this.#context = context;
    this.#options = options;
    const { detail } = context.strings;
    this.#buttons = [
      iconButton('left', detail.previous, () => options.onStep(-1)),
      iconButton('right', detail.next, () => options.onStep(1)),
      iconButton('close', detail.close, () => options.onClose()),
    ];
    const bar = element('div', { class: 'detail-bar' }, this.#heading, this.#verdict, ...this.#buttons);
    this.root = element('section', { class: 'detail', 'aria-label': detail.label, hidden: '' }, bar, this.#body);
    this.root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') options.onLeave();
    });
  }

  get ordinal(): number | null {
    return this.#ordinal;
  }

  /** Shows an instance; null closes the pane. */
  show(ordinal: number | null): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
    this.#ordinal = ordinal;
    this.root.hidden = ordinal === null;
    if (ordinal === null) {
      this.#body.replaceChildren();
      this.#view = undefined;
      return;
    }
    this.#heading.replaceChildren(this.#context.say(this.#context.strings.detail.heading, ordinal));
    this.#verdict.replaceChildren();
    this.#body.setAttribute('aria-busy', 'true');
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#timer = setTimeout(() => void this.#load(ordinal, signal), this.#view === undefined ? 0 : walkMs);
  }

  /** The same instance again: another run, or entities that are there now. */
  refresh(): void {
    if (this.#ordinal !== null) this.show(this.#ordinal);
  }

  focus(): void {
    this.#heading.focus();
  }

  /** Which of the two steps lead somewhere. */
  setSteps(previous: boolean, next: boolean): void {
    for (const [i, on] of [previous, next].entries()) this.#buttons[i]?.toggleAttribute('disabled', !on);
  }

  get #clustering(): { readonly clustering?: string } {
    const clustering = this.#options.clustering();
    return clustering === undefined ? {} : { clustering };
  }

  async #load(ordinal: number, signal: AbortSignal): Promise<void> {
    try {
      const view = await this.#context.bridge.request('detail', { instance: ordinal, ...this.#clustering }, signal);
      if (signal.aborted) return;
      this.#view = view;
      this.#draw(view, signal);
    } catch (error: unknown) {
      if (signal.aborted) return;
      if (error instanceof HostFailure && error.reason !== undefined) this.#options.onFailure(error);
      const message = messageOf(error);
      const again = textButton(this.#context.strings.state.tryAgain, () => this.refresh());
      this.#body.replaceChildren(element('p', { class: 'complaint', role: 'alert' }, message), again);
    } finally {
      if (!signal.aborted) this.#body.setAttribute('aria-busy', 'false');
    }
  }

  #draw(view: DetailView, signal: AbortSignal): void {
    const context = this.#context;
    const { strings, content } = context;
    const { detail } = view;
    this.#heading.replaceChildren(context.say(strings.detail.heading, detail.ordinal));
    if (detail.id !== null)
      this.#heading.append(' ', element('bdi', { class: 'id', title: visibleLine(detail.id, 1000) }, visibleLine(detail.id, idLimit)));
    const hasEngine = content.mode.kind === 'engine';
    const receipt = element('div', { class: 'receipt-place' });
    const parts: (HTMLElement | undefined)[] = [
      hasEngine ? this.#actions(view) : undefined,
      detail.usable ? undefined : element('p', { class: 'complaint' }, strings.detail.unusable),
      problemsSection(view.problems, context),
      imagesSection(detail, context, signal),
      detail.usable ? conversationSection(detail, this.#options.marks(), this.#options.onMarks, context) : undefined,
      hasEngine && detail.usable ? receipt : undefined,
      detail.cluster === undefined ? undefined : clusterSection(detail.cluster, this.#options.manifest(), context),
      hasEngine && detail.usable
        ? entitiesSection(detail, { onFilter: this.#options.onFilter, onExtract: this.#options.onExtract }, context)
        : undefined,
      recordSection(detail, context),
    ];
    this.#body.replaceChildren(...parts.filter((part) => part !== undefined));
    this.#body.scrollTop = 0;
    if (hasEngine && detail.usable) void this.#loadReceipt(detail.ordinal, receipt, signal);
  }

  #actions({ detail, override }: DetailView): HTMLElement {
    const { strings, bridge } = this.#context;
    const words = strings.detail;
    const manifest = this.#options.manifest();
    const ask = (work: Promise<unknown>, done?: string): void =>
      void work.then(() => done !== undefined && this.#context.announce(done), this.#context.report);
    const buttons = [textButton(words.openBytes, () => ask(bridge.request('openBytes', { instance: detail.ordinal })))];
    if (manifest !== null && detail.usable)
      buttons.push(
        textButton(words.copyReceipt, () => ask(bridge.request('copyReceipt', { instance: detail.ordinal, manifest }), words.copied)),
      );
    const box = new OverrideBox(
      override,
      {
        store: (verdict, reason) => bridge.request('override', overrideOf(detail, verdict, reason)),
        openRebalance: () => ask(bridge.request('act', 'rebalance')),
      },
      this.#context,
    );
    const bar = element('div', { class: 'buttons', role: 'group', 'aria-label': words.actions }, ...buttons);
    return element('div', { class: 'detail-actions' }, bar, ...(detail.usable ? [box.root] : []));
  }

  async #loadReceipt(ordinal: number, place: HTMLElement, signal: AbortSignal): Promise<void> {
    const { strings, bridge } = this.#context;
    const manifest = this.#options.manifest();
    if (manifest === null) {
      const open = textButton(strings.detail.openRebalance, () => void bridge.request('act', 'rebalance').catch(this.#context.report));
      place.replaceChildren(section('receipt', strings.detail.receipt, element('p', { class: 'hint' }, strings.detail.noRun), open));
      return;
    }
    place.replaceChildren(section('receipt', strings.detail.receipt, element('p', { class: 'hint' }, strings.list.loading)));
    try {
      const receipt = await bridge.request('receipt', { instance: ordinal, manifest }, signal);
      if (signal.aborted) return;
      this.#verdict.replaceChildren(verdictWord(receipt.verdict, this.#context));
      place.replaceChildren(receiptSection(receipt, this.#context));
    } catch (error: unknown) {
      if (signal.aborted) return;
      const message = messageOf(error);
      place.replaceChildren(section('receipt', strings.detail.receipt, element('p', { class: 'complaint' }, message)));
    }
  }
}

function overrideOf(detail: DetailView['detail'], verdict: OverrideRequest['verdict'], reason: string): OverrideRequest {
  return { ordinal: detail.ordinal, ...detail.instanceKey, verdict, reason };
}
