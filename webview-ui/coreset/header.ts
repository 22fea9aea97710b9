import type { CoresetResultAction, CoresetResultView, CoresetStrings, SettingsView, TrialView } from '../../src/protocol/coresetPage.ts';
import type { FailureView } from '../../src/protocol/pageParts.ts';
import { element } from '../shared/element.ts';
import { button } from '../shared/fields/field.ts';
import { MessageBox } from '../shared/messageBox.ts';

export interface HeaderActions {
  readonly apply: () => void;
  readonly copyCommand: () => void;
  readonly compute: () => void;
  readonly result: (action: CoresetResultAction) => void;
  readonly repair: (action: string) => void;
  /** Asks for the figures of the file as it is now. */
  readonly reload: () => void;
  readonly cancel: () => void;
}

/** Why there are no figures of the settings as they are. */
export type Standing = 'figures' | 'cold' | 'missing';

/** What the settings give, big; what can be done; what is under way, went wrong or lies on the disk. */
export class Header {
  readonly root: HTMLElement;
  readonly #strings: CoresetStrings;
  readonly #actions: HeaderActions;
  readonly #lead = element('strong');
  readonly #keeps = element('p', { class: 'keeps' }, this.#lead);
  readonly #lines = element('p', { class: 'quiet lines' });
  readonly #working = element('div', { class: 'working', hidden: '' });
  readonly #progress = element('progress', { max: '100' });
  readonly #progressText = element('span');
  readonly #standing = new MessageBox('changed');
  readonly #failure = new MessageBox('failure', 'alert');
  readonly #changed = new MessageBox('changed', 'alert');
  readonly #result = new MessageBox('result');
  readonly #done = element('p', { class: 'done quiet', hidden: '' });
  readonly #apply: HTMLButtonElement;
  #resultView: CoresetResultView | null = null;
  #isApplied = false;
  #isApplying = false;
  #isComplete = true;
  #hasTrial = false;

  constructor(title: string, strings: CoresetStrings, actions: HeaderActions) {
    this.#strings = strings;
    this.#actions = actions;
    const { controls } = strings;
    this.#apply = button(controls.apply, actions.apply, 'primary');
    this.#progress.setAttribute('aria-label', strings.loading);
    this.#working.append(this.#progress, this.#progressText, button({ label: strings.cancel, help: '' }, actions.cancel));
    this.root = element(
      'header',
      {},
      element('h1', {}, title),
      this.#keeps,
      this.#lines,
      element(
        'div',
        { class: 'actions' },
        this.#apply,
        button(controls.copyCommand, actions.copyCommand),
        button(controls.openClusters, () => actions.result('openClusters')),
      ),
      this.#working,
      this.#standing.root,
      this.#failure.root,
      this.#changed.root,
      this.#result.root,
      this.#done,
    );
    this.#lead.textContent = strings.noFigures;
  }

  showTrial(trial: TrialView): void {
    this.#hasTrial = true;
    this.#lead.textContent = trial.lead;
    this.#lines.textContent = trial.lines.join('. ');
  }

  showSettings({ missing, isApplied }: SettingsView, standing: Standing): void {
    const { coldStart, staleFigures, controls } = this.#strings;
    this.#isApplied = isApplied;
    this.#isComplete = missing.length === 0;
    this.#enable();
    this.#showResult();
    if (standing === 'figures') this.#standing.show(null);
    else if (standing === 'missing') this.#standing.show(missing.map(({ sentence }) => sentence).join(' '));
    else
      this.#standing.show(this.#hasTrial ? `${staleFigures} ${coldStart}` : coldStart, [
        button(controls.compute, this.#actions.compute, 'primary'),
      ]);
  }

  /** The numbers belong to earlier settings. */
  setStale(stale: boolean): void {
    if (!this.#hasTrial) this.#lead.textContent = stale ? this.#strings.loading : this.#strings.noFigures;
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
    const buttons = (failure?.repairs ?? []).map(({ action, label }) => button({ label, help: '' }, () => this.#actions.repair(action)));
    this.#failure.show(failure?.sentence ?? null, buttons);
  }

  showChanged(sentence: string | null): void {
    this.#changed.show(sentence, [button({ label: this.#strings.reload, help: '' }, this.#actions.reload)]);
  }

  showResult(result: CoresetResultView | null): void {
    this.#resultView = result;
    this.#showResult();
  }

  /** Something small was done, such as a command copied. */
  showDone(sentence: string | null): void {
    this.#done.hidden = sentence === null;
    this.#done.textContent = sentence ?? '';
  }

  setApplying(applying: boolean): void {
    this.#isApplying = applying;
    this.#enable();
  }

  #enable(): void {
    this.#apply.disabled = this.#isApplying || !this.#isComplete;
  }

  #showResult(): void {
    const { openResult, revealManifest, browseDropped, controls, resultOutdated } = this.#strings;
    const result = this.#resultView;
    const sentence = result === null ? null : this.#isApplied ? result.sentence : `${result.sentence} ${resultOutdated}`;
    const act = (label: string, action: CoresetResultAction): HTMLButtonElement =>
      button({ label, help: '' }, () => this.#actions.result(action));
    this.#result.show(sentence, [
      act(openResult, 'openResult'),
      act(revealManifest, 'revealManifest'),
      act(browseDropped, 'browseDropped'),
      act(controls.openClusters.label, 'openClusters'),
    ]);
  }
}
