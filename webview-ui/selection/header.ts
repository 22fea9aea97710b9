import type { FailureView, LiveView, PlanView, ResultAction, ResultView, SelectionStrings } from '../../src/protocol/selectionPage.ts';
import { element } from '../shared/element.ts';
import { button } from './fields/field.ts';

export interface HeaderActions {
  readonly apply: () => void;
  readonly savePlan: () => void;
  readonly loadPlan: () => void;
  readonly copyCommand: () => void;
  readonly step: (step: 'undo' | 'redo' | 'reset') => void;
  readonly result: (action: ResultAction) => void;
  readonly repair: (action: string) => void;
  /** Asks for the figures of the file as it is now. */
  readonly reload: () => void;
  readonly cancel: () => void;
}

/** What the plan gives, big; what can be done; what is under way, went wrong or lies on the disk. */
export class Header {
  readonly root: HTMLElement;
  readonly #strings: SelectionStrings;
  readonly #actions: HeaderActions;
  readonly #keeps = element('p', { class: 'keeps' });
  readonly #number = element('strong');
  readonly #expectation = element('span', { class: 'expectation' });
  readonly #share = element('span');
  readonly #shareBar: HTMLElement;
  readonly #lines = element('p', { class: 'quiet lines' });
  readonly #working = element('div', { class: 'working', hidden: '' });
  readonly #progress = element('progress', { max: '100' });
  readonly #progressText = element('span');
  readonly #failure = element('div', { class: 'message failure', role: 'alert', hidden: '' });
  readonly #changed = element('div', { class: 'message changed', role: 'alert', hidden: '' });
  readonly #result = element('div', { class: 'message result', hidden: '' });
  readonly #done = element('p', { class: 'done quiet', hidden: '' });
  readonly #apply: HTMLButtonElement;
  #resultView: ResultView | null = null;
  #isApplied = false;
  #hasNumbers = false;
  readonly #undo: HTMLButtonElement;
  readonly #redo: HTMLButtonElement;
  readonly #reset: HTMLButtonElement;

  constructor(title: string, strings: SelectionStrings, actions: HeaderActions) {
    this.#strings = strings;
    this.#actions = actions;
    const { controls } = strings;
    this.#apply = button(controls.apply, actions.apply, 'primary');
    this.#undo = button(controls.undo, () => actions.step('undo'));
    this.#redo = button(controls.redo, () => actions.step('redo'));
    this.#reset = button(controls.reset, () => actions.step('reset'));
    this.#undo.setAttribute('aria-keyshortcuts', 'Control+Z');
    this.#redo.setAttribute('aria-keyshortcuts', 'Control+Y');
    this.#keeps.append(this.#number, ' ', this.#expectation);
    this.#shareBar = element('div', { class: 'share', 'aria-hidden': 'true', hidden: '' }, this.#share);
    this.#progress.setAttribute('aria-label', strings.loading);
    this.#working.append(this.#progress, this.#progressText, button({ label: strings.cancel, help: '' }, actions.cancel));
    const bar = element(
      'div',
      { class: 'actions' },
      this.#apply,
      button(controls.savePlan, actions.savePlan),
      button(controls.loadPlan, actions.loadPlan),
      button(controls.copyCommand, actions.copyCommand),
      button(controls.openDiff, () => actions.result('openDiff')),
      element('div', { class: 'actions history' }, this.#undo, this.#redo, this.#reset),
    );
    this.root = element(
      'header',
      {},
      element('h1', {}, title),
      this.#keeps,
      this.#shareBar,
      this.#lines,
      bar,
      this.#working,
      this.#failure,
      this.#changed,
      this.#result,
      this.#done,
    );
    this.#number.textContent = strings.loading;
  }

  showLive(live: LiveView): void {
    this.#hasNumbers = true;
    this.#number.textContent = live.keeps;
    this.#expectation.textContent = live.expectation;
    this.#share.style.width = `${(100 * live.kept) / Math.max(1, live.instances)}%`;
    this.#shareBar.hidden = false;
    const lines = [live.target, live.control].filter((line) => line !== null);
    this.#lines.textContent = lines.join(' ');
    this.#lines.title = live.timing;
  }

  showPlan(plan: PlanView): void {
    this.#undo.disabled = !plan.canUndo;
    this.#redo.disabled = !plan.canRedo;
    this.#reset.disabled = plan.isPaper;
    this.#isApplied = plan.isApplied;
    this.#showResult();
  }

  /** The numbers belong to an earlier draft. */
  setStale(stale: boolean): void {
    if (!this.#hasNumbers) this.#number.textContent = stale ? this.#strings.loading : this.#strings.noFigures;
    this.#keeps.classList.toggle('stale', stale);
    this.root.setAttribute('aria-busy', String(stale));
  }

  /** Null hides the bar; without a sentence it only moves. */
  showProgress(progress: { readonly sentence: string; readonly percent: number | undefined } | null): void {
    this.#working.hidden = progress === null;
    if (progress === null) return;
    this.#progressText.textContent = progress.sentence;
    if (progress.percent === undefined) this.#progress.removeAttribute('value');
    else this.#progress.value = progress.percent;
  }

  /** Null takes it away. */
  showFailure(failure: FailureView | null): void {
    this.#message(
      this.#failure,
      failure?.sentence,
      (failure?.repairs ?? []).map(({ action, label }) => button({ label, help: '' }, () => this.#actions.repair(action))),
    );
  }

  showChanged(sentence: string | null): void {
    const reload = button({ label: this.#strings.reload, help: '' }, () => this.#actions.reload());
    this.#message(this.#changed, sentence ?? undefined, [reload]);
  }

  showResult(result: ResultView | null): void {
    this.#resultView = result;
    this.#showResult();
  }

  #showResult(): void {
    const { openResult, revealManifest, browseDropped, controls, resultOutdated } = this.#strings;
    const result = this.#resultView;
    const sentence = result === null ? undefined : this.#isApplied ? result.sentence : `${result.sentence} ${resultOutdated}`;
    const act = (label: string, action: ResultAction, help = ''): HTMLButtonElement =>
      button({ label, help }, () => this.#actions.result(action));
    this.#message(this.#result, sentence, [
      act(openResult, 'openResult'),
      act(revealManifest, 'revealManifest'),
      act(controls.openDiff.label, 'openDiff', controls.openDiff.help),
      act(browseDropped, 'browseDropped'),
    ]);
  }

  /** Something small was done, such as a plan saved. */
  showDone(sentence: string | null): void {
    this.#done.hidden = sentence === null;
    this.#done.textContent = sentence ?? '';
  }

  setApplying(applying: boolean): void {
    this.#apply.disabled = applying;
  }

  #message(box: HTMLElement, sentence: string | undefined, buttons: readonly HTMLButtonElement[]): void {
    const text = box.firstElementChild?.textContent;
    box.hidden = sentence === undefined;
    if (sentence === undefined) box.replaceChildren();
    else if (text !== sentence) box.replaceChildren(element('p', {}, sentence), element('div', { class: 'actions' }, ...buttons));
  }
}
