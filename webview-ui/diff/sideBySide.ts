import type { InstanceDetail } from '../../src/protocol/browse.ts';
import type { DiffInstance, DiffRow } from '../../src/protocol/diff.ts';
import { type WhichDataset, whichDataset } from '../../src/protocol/diffPage.ts';
import { iconButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { conversations } from './conversations.ts';
import type { PageContext } from './pageContext.ts';
import { radioGroup } from './radioGroup.ts';
import { rawRecords } from './rawRecords.ts';
import { sideHead } from './sideHead.ts';

export interface SideBySideOptions {
  readonly onStep: (step: 1 | -1) => void;
  /** Escape: the focus goes back to the list. */
  readonly onLeave: () => void;
  readonly onFailure: (error: unknown, again: () => void) => void;
}

const views = ['conversation', 'raw'] as const;
type View = (typeof views)[number];

/** What is shown: an instance of either dataset, or both of a changed pair. */
export type Sides = Readonly<Record<WhichDataset, InstanceDetail | null>>;

/** An instance of A and the same one of B beside one another, or the one that there is. */
export class SideBySide {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #options: SideBySideOptions;
  readonly #heading: HTMLElement;
  readonly #body = element('div', { class: 'detail-body' });
  readonly #steps: readonly [previous: HTMLButtonElement, next: HTMLButtonElement];
  #view: View = 'conversation';
  #row: DiffRow | undefined;
  #work = new AbortController();

  constructor(context: PageContext, options: SideBySideOptions) {
    this.#context = context;
    this.#options = options;
    const { detail, instances } = context.strings;
    this.#heading = element('h3', { tabindex: '-1' }, detail.title);
    this.#steps = [
      iconButton('left', detail.previous, () => options.onStep(-1)),
      iconButton('right', detail.next, () => options.onStep(1)),
    ];
    const labels = { conversation: detail.conversation, raw: detail.raw };
    const choice = radioGroup({
      label: detail.view,
      choices: views.map((value) => ({ value, label: [labels[value]] })),
      value: this.#view,
      onChoose: (view) => {
        this.#view = view;
        if (this.#row !== undefined) this.show(this.#row);
      },
    });
    const bar = element('div', { class: 'detail-bar' }, this.#heading, choice, ...this.#steps);
    this.root = element('section', { class: 'detail', 'aria-label': detail.title }, bar, this.#body);
    this.root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') options.onLeave();
    });
    this.#body.append(element('p', { class: 'hint' }, instances.choose));
    this.setSteps(false, false);
  }

  get isEmpty(): boolean {
    return this.#row === undefined;
  }

  show(row: DiffRow): void {
    this.#work.abort();
    this.#work = new AbortController();
    const isOther = row !== this.#row;
    this.#row = row;
    this.#body.setAttribute('aria-busy', 'true');
    void this.#load(row, isOther, this.#work.signal);
  }

  clear(): void {
    this.#work.abort();
    this.#row = undefined;
    this.#body.setAttribute('aria-busy', 'false');
    this.#body.replaceChildren(element('p', { class: 'hint' }, this.#context.strings.instances.choose));
    this.setSteps(false, false);
  }

  focus(): void {
    this.#heading.focus();
  }

  /** Which of the two steps lead somewhere. */
  setSteps(previous: boolean, next: boolean): void {
    this.#steps[0].disabled = !previous;
    this.#steps[1].disabled = !next;
  }

  async #load(row: DiffRow, isOther: boolean, signal: AbortSignal): Promise<void> {
    try {
      const [a, b] = await Promise.all(whichDataset.map((which) => this.#detail(which, row[which], signal)));
      if (signal.aborted) return;
      this.#show({ a: a ?? null, b: b ?? null }, row, signal);
      if (this.#view === 'raw') this.#revealMark();
      else if (isOther) this.#body.scrollTop = 0;
    } catch (error: unknown) {
      if (!signal.aborted) this.#options.onFailure(error, () => this.show(row));
    } finally {
      if (!signal.aborted) this.#body.setAttribute('aria-busy', 'false');
    }
  }

  /** A record can be long: its first difference comes into view. */
  #revealMark(): void {
    const mark = this.#body.querySelector('del, ins');
    if (mark === null) return;
    const { top } = mark.getBoundingClientRect();
    const { top: from, height } = this.#body.getBoundingClientRect();
    this.#body.scrollTop += top - from - height / 3;
  }

  async #detail(which: WhichDataset, instance: DiffInstance | null, signal: AbortSignal): Promise<InstanceDetail | null> {
    if (instance === null) return null;
    return this.#context.bridge.request('detail', { which, ordinal: instance.ordinal, content: instance.content }, signal);
  }

  #show(sides: Sides, row: DiffRow, signal: AbortSignal): void {
    const { detail } = this.#context.strings;
    const heads = whichDataset.map((which) => sideHead(which, sides, this.#context, signal));
    const parts: HTMLElement[] = [element('div', { class: 'sides heads' }, ...heads)];
    if (row.by !== null) parts.push(element('p', { class: 'hint' }, row.by === 'id' ? detail.pairedById : detail.pairedByImage));
    parts.push(...(this.#view === 'raw' ? rawRecords(sides, this.#context) : conversations(sides, this.#context)));
    this.#body.classList.toggle('single', sides.a === null || sides.b === null);
    this.#body.replaceChildren(...parts);
  }
}
