import type { ReviewView } from '../../src/protocol/reviewPage.ts';
import type { ReviewIndex, StagingCounts } from '../../src/protocol/synthesis.ts';
import { iconButton, textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { visibleLine } from '../shared/unseen.ts';
import { keyNames, type ReviewCommand } from './keys.ts';
import type { PageContext } from './pageContext.ts';

export interface PageHeaderOptions {
  readonly onCommand: (command: ReviewCommand) => void;
  readonly onAcceptGated: () => void;
  readonly onCompose: () => void;
}

/** Which staging folder, how far its candidates have come, and everything that the keys do as buttons. */
export class PageHeader {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #from = element('span', { class: 'facts' });
  readonly #funnel: HTMLElement;
  readonly #position = element('span', { class: 'position', 'aria-live': 'off' });
  readonly #accept: HTMLButtonElement;
  readonly #reject: HTMLButtonElement;
  readonly #undo: HTMLButtonElement;
  readonly #steps: readonly HTMLButtonElement[];
  readonly #zoom: HTMLButtonElement;
  readonly #grid: HTMLButtonElement;
  readonly #acceptGated: HTMLButtonElement;
  readonly #compose: HTMLButtonElement;

  constructor(context: PageContext, { onCommand, onAcceptGated, onCompose }: PageHeaderOptions) {
    this.#context = context;
    const { strings, content, say, withKey } = context;
    const { header } = strings;
    const command = (name: ReviewCommand, label: string, kind: '' | 'primary' = ''): HTMLButtonElement => {
      const made = textButton(label, () => onCommand(name), kind);
      made.append(element('kbd', { 'aria-hidden': 'true' }, keyNames[name]));
      made.title = withKey(label, name);
      made.setAttribute('aria-keyshortcuts', keyNames[name]);
      return made;
    };
    this.#accept = command('accept', header.accept, 'primary');
    this.#reject = command('reject', header.reject);
    this.#undo = command('undo', header.undo);
    this.#zoom = command('zoom', header.zoom);
    this.#grid = command('grid', header.grid);
    this.#steps = [
      iconButton('left', withKey(header.previous, 'previous'), () => onCommand('previous')),
      iconButton('right', withKey(header.next, 'next'), () => onCommand('next')),
    ];
    this.#acceptGated = textButton(say(header.acceptGated, 0), onAcceptGated);
    this.#acceptGated.title = header.acceptGatedHint;
    this.#compose = textButton(header.compose, onCompose);
    this.#funnel = element('ol', { class: 'funnel', 'aria-label': header.funnel });
    const title = element('h1', {}, element('bdi', {}, say(header.title, visibleLine(content.name, 80))));
    const [previous, next] = this.#steps as [HTMLButtonElement, HTMLButtonElement];
    this.root = element(
      'header',
      {},
      element('div', { class: 'title-line' }, title, this.#from),
      this.#funnel,
      element(
        'div',
        { class: 'toolbar', role: 'group', 'aria-label': header.actions },
        this.#accept,
        this.#reject,
        this.#undo,
        element('span', { class: 'steps' }, previous, this.#position, next),
        this.#zoom,
        this.#grid,
        command('keys', header.keys),
        element('span', { class: 'more-actions' }, this.#acceptGated, this.#compose),
      ),
    );
  }

  /** Counts, and what can be undone or accepted at once. */
  index({ counts, dataset, undoable, acceptable }: ReviewIndex): void {
    const { strings, say, withKey, n } = this.#context;
    const { header, statuses } = strings;
    this.#from.replaceChildren(element('bdi', {}, say(header.madeFrom, visibleLine(dataset.replace(/^.*[\\/]/, ''), 80))));
    this.#from.title = visibleLine(dataset, 500);
    this.#funnel.replaceChildren(...this.#funnelSteps(counts));
    this.#acceptGated.textContent = say(header.acceptGated, acceptable);
    this.#acceptGated.disabled = acceptable === 0;
    this.#compose.disabled = counts.accepted === 0;
    const undo = undoable === null ? header.nothingToUndo : say(header.undoOf, n(undoable.candidates), statuses[undoable.status]);
    this.#undo.title = withKey(undo, 'undo');
  }

  /** Where the page is. */
  place(view: ReviewView, position: number, total: number): void {
    const { header } = this.#context.strings;
    const { say, withKey } = this.#context;
    this.#position.textContent = position > 0 ? say(header.position, position, total) : total > 0 ? say(header.outside, total) : '';
    const label = view === 'single' ? header.grid : header.single;
    this.#grid.firstChild?.replaceWith(label);
    this.#grid.title = withKey(label, 'grid');
    for (const button of [this.#accept, this.#reject, this.#zoom]) button.disabled = total === 0;
    const [previous, next] = this.#steps;
    if (previous) previous.disabled = position <= 1;
    if (next) next.disabled = position >= total;
  }

  #funnelSteps(counts: StagingCounts): readonly HTMLElement[] {
    const { strings, n, say } = this.#context;
    const { header } = strings;
    const steps: readonly (readonly [kind: string, label: string, count: number])[] = [
      ['planned', header.planned, counts.planned],
      ['made', header.generated, counts.made],
      ['gated', header.gated, counts.gated],
      ['pending', header.pending, counts.pending],
      ['accepted', header.accepted, counts.accepted],
      ['rejected', header.rejected, counts.rejected],
    ];
    return steps.map(([kind, label, count]) => {
      const step = element('li', { class: kind }, element('span', {}, label), ' ', element('strong', {}, n(count)));
      if (kind === 'made' && counts.failed > 0) step.append(' ', element('span', { class: 'facts' }, say(header.failed, n(counts.failed))));
      return step;
    });
  }
}
