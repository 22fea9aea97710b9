import type { FailureView } from '../../src/protocol/pageParts.ts';
import type {
  OutcomeView,
  SynthesisPlanView,
  SynthesisProgress,
  SynthesisResultAction,
  SynthesisSettingsView,
  SynthesisStrings,
} from '../../src/protocol/synthesisPage.ts';
import { element } from '../shared/element.ts';
import { button } from '../shared/fields/field.ts';
import { MessageBox } from '../shared/messageBox.ts';

export interface HeaderActions {
  readonly make: () => void;
  readonly cancel: () => void;
  readonly copyCommand: () => void;
  readonly result: (action: SynthesisResultAction) => void;
  readonly repair: (action: string) => void;
  /** Asks for the plan of the file as it is now. */
  readonly reload: () => void;
}

/** What would be made, big; what can be done; what is under way, went wrong or has been made. */
export class Header {
  readonly root: HTMLElement;
  readonly #strings: SynthesisStrings;
  readonly #actions: HeaderActions;
  readonly #lead = element('strong');
  readonly #keeps = element('p', { class: 'keeps' }, this.#lead);
  readonly #asks = element('p', { class: 'asks' });
  readonly #working = element('div', { class: 'working', hidden: '' });
  readonly #progress = element('progress', { max: '100' });
  readonly #progressText = element('span');
  readonly #cancel: HTMLButtonElement;
  readonly #missing = new MessageBox('changed');
  readonly #failure = new MessageBox('failure', 'alert');
  readonly #changed = new MessageBox('changed', 'alert');
  readonly #outcome = element('div', { class: 'message result outcome', hidden: '' });
  readonly #done = element('p', { class: 'done quiet', hidden: '' });
  readonly #doneNote = element('p', { class: 'quiet', hidden: '' });
  readonly #make: HTMLButtonElement;
  readonly #review: HTMLButtonElement;
  readonly #compose: HTMLButtonElement;
  #isComplete = true;
  #isMaking = false;
  #plan: SynthesisPlanView | undefined;

  constructor(title: string, strings: SynthesisStrings, actions: HeaderActions) {
    this.#strings = strings;
    this.#actions = actions;
    const { controls } = strings;
    this.#make = button(controls.make, actions.make, 'primary');
    this.#review = button(controls.review, () => actions.result('review'));
    this.#compose = button(controls.compose, () => actions.result('compose'));
    this.#cancel = button({ label: strings.cancel, help: '' }, () => {
      this.#cancel.disabled = true;
      this.#progressText.textContent = strings.cancelling;
      actions.cancel();
    });
    this.#progress.setAttribute('aria-label', controls.make.label);
    this.#working.append(this.#progress, this.#progressText, this.#cancel);
    this.root = element(
      'header',
      {},
      element('h1', {}, title),
      this.#keeps,
      this.#asks,
      element('div', { class: 'actions' }, this.#make, this.#review, this.#compose, button(controls.copyCommand, actions.copyCommand)),
      this.#working,
      this.#missing.root,
      this.#failure.root,
      this.#changed.root,
      this.#outcome,
      this.#done,
      this.#doneNote,
    );
    this.#lead.textContent = strings.noPlan;
    this.setStaged({ any: false, accepted: false });
  }

  showPlan(plan: SynthesisPlanView): void {
    this.#plan = plan;
    this.#lead.textContent = plan.lead;
    this.#asks.textContent = plan.asks;
    this.#asks.classList.toggle('leaves', plan.leavesMachine);
    this.#enable();
  }

  showSettings({ missing }: SynthesisSettingsView): void {
    this.#isComplete = missing.length === 0;
    this.#missing.show(missing.length === 0 ? null : missing.map(({ sentence }) => sentence).join(' '));
    this.#enable();
  }

  /** The numbers belong to earlier settings. */
  setStale(stale: boolean, loading: boolean): void {
    if (this.#plan === undefined) this.#lead.textContent = loading ? this.#strings.loading : this.#strings.noPlan;
    this.#keeps.classList.toggle('stale', stale);
    this.#asks.classList.toggle('stale', stale);
    this.#keeps.title = stale && this.#plan !== undefined ? this.#strings.stalePlan : '';
    this.root.setAttribute('aria-busy', String(loading));
  }

  /** Null: nothing is made. */
  showProgress(progress: SynthesisProgress | null): void {
    this.#isMaking = progress !== null;
    this.#working.hidden = progress === null;
    if (progress === null) this.#cancel.disabled = false;
    else {
      if (!this.#cancel.disabled) this.#progressText.textContent = progress.sentence;
      this.#progress.value = progress.percent;
    }
    this.#enable();
  }

  /** Whether there is something to review and something to merge. */
  setStaged({ any, accepted }: { readonly any: boolean; readonly accepted: boolean }): void {
    this.#review.disabled = !any;
    this.#compose.disabled = !accepted;
  }

  /** Null takes it away. */
  showFailure(failure: FailureView | null): void {
    const buttons = (failure?.repairs ?? []).map(({ action, label }) => button({ label, help: '' }, () => this.#actions.repair(action)));
    this.#failure.show(failure?.sentence ?? null, buttons);
  }

  showChanged(sentence: string | null): void {
    this.#changed.show(sentence, [button({ label: this.#strings.reload, help: '' }, this.#actions.reload)]);
  }

  /** How the last call ended; null takes it away. */
  showOutcome(outcome: OutcomeView | null): void {
    this.#outcome.hidden = outcome === null;
    this.#outcome.classList.toggle('changed', outcome !== null && outcome.kind !== 'done');
    if (outcome === null) {
      this.#outcome.replaceChildren();
      return;
    }
    const lines = outcome.lines.map((line) => element('li', {}, line));
    this.#outcome.replaceChildren(
      element('div', { class: 'words' }, element('p', {}, outcome.sentence), ...(lines.length === 0 ? [] : [element('ul', {}, ...lines)])),
      element(
        'div',
        { class: 'actions' },
        button({ label: this.#strings.revealStaging, help: '' }, () => this.#actions.result('revealStaging')),
      ),
    );
  }

  /** A command was copied; null takes it away. @param note what to know about it */
  showDone(command: string | null, note = ''): void {
    this.#done.hidden = command === null;
    this.#done.textContent = command ?? '';
    this.#doneNote.hidden = command === null || note === '';
    this.#doneNote.textContent = note;
  }

  #enable(): void {
    const isNothing = this.#plan !== undefined && this.#plan.planned === this.#plan.ready;
    this.#make.disabled = this.#isMaking || !this.#isComplete || isNothing;
  }
}
