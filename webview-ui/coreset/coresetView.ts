import type {
  CoresetContent,
  CoresetPage,
  CoresetProgress,
  CoresetResultAction,
  CoresetResultView,
  CoresetSettings,
  FrontierView,
  SettingsView,
  TrialView,
} from '../../src/protocol/coresetPage.ts';
import type { Answer, FailureView } from '../../src/protocol/pageParts.ts';
import { element } from '../shared/element.ts';
import { type HostBridge, HostFailure } from '../shared/hostBridge.ts';
import { LatestWins } from '../shared/latestWins.ts';
import { messageOf } from '../shared/problems.ts';
import { SettingsDraft } from '../shared/settingsDraft.ts';
import { readTheme } from '../shared/theme.ts';
import { frontierKey, sourcesKey } from './draft.ts';
import { SettingsForm } from './form/settingsForm.ts';
import { FrontierSection } from './frontierSection.ts';
import { Header, type Standing } from './header.ts';
import { KeptState } from './keptState.ts';
import { TrialSections } from './trialSections.ts';

/** The numbers have come to rest after so long: they are said, and what was drawn is told. */
const restMs = 400;
/** Quick answers show no sign of waiting. */
const patienceMs = 250;

/** The page: settings, the figures that follow them, and what can be done with them. */
export class CoresetView {
  readonly #bridge: HostBridge<CoresetPage>;
  readonly #content: CoresetContent;
  readonly #kept: KeptState;
  readonly #header: Header;
  readonly #form: SettingsForm;
  readonly #frontier: FrontierSection;
  readonly #sections: TrialSections;
  readonly #figures: HTMLElement;
  readonly #draft: SettingsDraft<CoresetSettings, SettingsView>;
  readonly #trials: LatestWins<CoresetSettings, Answer<TrialView>>;
  readonly #frontiers: LatestWins<CoresetSettings, Answer<FrontierView>>;
  readonly #status = element('p', { class: 'spoken-only', role: 'status', 'aria-live': 'polite' });
  #trial: TrialView | undefined;
  /** Settings of the trial that is under way. */
  #askedOf = '';
  /** Settings of the trial and of the frontier that are shown. */
  #trialOf = '';
  #frontierOf = '';
  #said: TrialView | undefined;
  /** What is under way. */
  readonly #work = new Set<CoresetProgress['job']>();
  #restTimer: number | undefined;
  #patienceTimer: number | undefined;
  readonly #askAgain = (): void => this.#ask();
  /** What "Try Again" does. */
  #again: () => void = this.#askAgain;

  constructor(root: HTMLElement, bridge: HostBridge<CoresetPage>, content: CoresetContent) {
    this.#bridge = bridge;
    this.#content = content;
    this.#draft = new SettingsDraft(content.settings, {
      edit: (settings) => bridge.request('edit', settings),
      onChange: () => {
        this.#header.showDone(null);
        this.#sync();
      },
      onAdopt: () => {
        this.#sync();
        this.#consider();
      },
      onFailure: (error) => this.#failed(error),
    });
    this.#kept = new KeptState(bridge, content.dataset);
    const { strings, locale, strategies } = content;
    this.#header = new Header(content.title, strings, {
      apply: () => void this.#apply(),
      copyCommand: () => void this.#copy(),
      compute: () => this.#ask(),
      result: (action) => void this.#result(action),
      repair: (action) => this.#repair(action),
      reload: () => {
        this.#header.showChanged(null);
        this.#ask();
      },
      cancel: () => {
        this.#trials.cancel();
        this.#frontiers.cancel();
      },
    });
    this.#form = new SettingsForm(
      {
        strings,
        locale,
        strategies,
        settings: () => this.#draft.settings,
        change: (settings) => this.#draft.change(settings),
        instances: () => this.#trial?.instances,
        pickFile: (file) =>
          bridge.request('pickFile', file).catch((error: unknown) => {
            this.#failed(error);
            return null;
          }),
      },
      this.#kept.fold,
    );
    this.#frontier = new FrontierSection({
      strings,
      locale,
      theme: readTheme(),
      view: this.#kept.view,
      coverage: this.#kept.coverage,
      onLook: (look) => {
        this.#kept.set(look);
        this.#restSoon();
      },
      say: (text) => this.#say(text),
    });
    this.#sections = new TrialSections({
      strings,
      onCluster: (cluster) => void bridge.request('showCluster', cluster).catch((error: unknown) => this.#failed(error)),
      fold: this.#kept.fold,
    });
    const sharesWork = (a: CoresetSettings, b: CoresetSettings): boolean => sourcesKey(a) === sourcesKey(b);
    this.#trials = new LatestWins({
      ask: (settings, signal) => bridge.request('trial', settings, signal),
      sharesWork,
      onAnswer: (answer, settings) => this.#trialAnswered(answer, settings),
      onFailure: (error) => this.#failed(error),
      onBusy: (busy) => this.#busy('trial', busy),
    });
    this.#frontiers = new LatestWins({
      ask: (settings, signal) => bridge.request('frontier', settings, signal),
      // A figure of other settings is wasted work, however little of it is left.
      sharesWork: (a, b) => frontierKey(a) === frontierKey(b),
      onAnswer: (answer, settings) => this.#frontierAnswered(answer, settings),
      onFailure: (error) => this.#failed(error),
      onBusy: (busy) => this.#busy('frontier', busy),
    });
    this.#figures = element(
      'div',
      { class: 'figures' },
      this.#sections.notes,
      this.#frontier.root,
      this.#sections.comparison,
      this.#sections.clusters,
    );
    root.replaceChildren(this.#header.root, element('div', { class: 'body' }, this.#form.root, this.#figures), this.#status);
    // What lies below the header sticks to its lower edge, whatever stands in it.
    new ResizeObserver(() => root.style.setProperty('--header', `${this.#header.root.offsetHeight}px`)).observe(this.#header.root);
    this.#listen();
    this.#header.showResult(content.result);
    this.#header.setApplying(content.applying);
    if (content.trial !== null) this.#showTrial(content.trial, this.#draft.settings);
    if (content.frontier !== null) this.#showFrontier(content.frontier, this.#draft.settings);
    this.#draft.adopt(content.settings);
  }

  /** The theme has changed. */
  redraw(): void {
    this.#frontier.draw(readTheme());
    this.#restSoon();
  }

  /** What stood in the way is gone. */
  retry(): void {
    this.#consider();
  }

  #listen(): void {
    this.#bridge.on('settings', (view) => this.#draft.offer(view));
    this.#bridge.on('progress', ({ job, sentence, percent }) => {
      if (this.#work.has(job)) this.#header.showProgress({ sentence, percent });
    });
    this.#bridge.on('applied', (answer) => this.#applied(answer));
    this.#bridge.on('datasetChanged', (sentence) => {
      this.#trialOf = '';
      this.#frontierOf = '';
      this.#header.showChanged(sentence);
    });
    document.addEventListener('keydown', (event) => {
      const isKey = (event.key === 't' || event.key === 'T') && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (isKey && !isTyping(event.target)) this.#frontier.toggleTable();
    });
  }

  #sync(): void {
    this.#form.sync({ settings: this.#draft.settings, missing: this.#draft.view.missing });
    this.#frontier.setChosen(this.#chosenShare());
  }

  #chosenShare(): number | null {
    const { size } = this.#draft.settings;
    if (size.kind === 'fraction') return size.value;
    return this.#trial === undefined ? null : Math.min(1, size.value / Math.max(1, this.#trial.instances));
  }

  /** Asks for what is not known, where that is quick; else the user decides. */
  #consider(): void {
    const isKnown = this.#trialOf === JSON.stringify(this.#draft.settings);
    const standing: Standing = this.#draft.view.missing.length > 0 ? 'missing' : isKnown || this.#draft.view.isQuick ? 'figures' : 'cold';
    this.#header.showSettings(this.#draft.view, this.#work.has('trial') && standing === 'cold' ? 'figures' : standing);
    if (standing !== 'figures') {
      this.#showStale();
      return;
    }
    if (isKnown) this.#askFrontier();
    else if (!this.#work.has('trial') || this.#askedOf !== JSON.stringify(this.#draft.settings)) this.#ask();
  }

  #ask(): void {
    this.#header.showFailure(null);
    this.#askedOf = JSON.stringify(this.#draft.settings);
    this.#trials.ask(this.#draft.settings);
    this.#header.showSettings(this.#draft.view, this.#draft.view.missing.length > 0 ? 'missing' : 'figures');
  }

  #askFrontier(): void {
    if (this.#frontierOf !== frontierKey(this.#draft.settings)) this.#frontiers.ask(this.#draft.settings);
  }

  #trialAnswered(answer: Answer<TrialView>, settings: CoresetSettings): void {
    if (!answer.ok) {
      this.#fail(answer.failure, this.#askAgain);
      return;
    }
    this.#header.showFailure(null);
    this.#header.showChanged(null);
    this.#showTrial(answer.value, settings);
    this.#sync();
    if (this.#trialOf === JSON.stringify(this.#draft.settings)) this.#askFrontier();
  }

  #frontierAnswered(answer: Answer<FrontierView>, settings: CoresetSettings): void {
    if (!answer.ok) this.#fail(answer.failure, () => this.#askFrontier());
    else this.#showFrontier(answer.value, settings);
  }

  #showTrial(trial: TrialView, settings: CoresetSettings): void {
    this.#trial = trial;
    this.#trialOf = JSON.stringify(settings);
    this.#header.showTrial(trial);
    this.#sections.show(trial);
    this.#restSoon();
  }

  #showFrontier(frontier: FrontierView, settings: CoresetSettings): void {
    this.#frontierOf = frontierKey(settings);
    this.#frontier.setChosen(this.#chosenShare());
    this.#frontier.show(frontier);
    this.#restSoon();
  }

  #busy(job: CoresetProgress['job'], busy: boolean): void {
    if (busy) this.#work.add(job);
    else this.#work.delete(job);
    clearTimeout(this.#patienceTimer);
    this.#showStale();
    if (this.#work.size === 0) {
      this.#header.showProgress(null);
      this.#restSoon();
      return;
    }
    this.#patienceTimer = window.setTimeout(() => {
      if (this.#trial === undefined) this.#header.showProgress({ sentence: this.#content.strings.loading, percent: undefined });
    }, patienceMs);
  }

  #showStale(): void {
    const isOld = this.#trial !== undefined && this.#trialOf !== JSON.stringify(this.#draft.settings);
    this.#header.setStale(this.#work.has('trial') || isOld);
    this.#figures.classList.toggle('stale', isOld && !this.#work.has('trial'));
  }

  /** What went wrong; `again` does it again. */
  #fail(failure: FailureView, again: () => void): void {
    this.#again = again;
    this.#header.showFailure(failure);
  }

  #failed(error: unknown, again: () => void = this.#askAgain): void {
    this.#header.showProgress(null);
    const { strings } = this.#content;
    const isCancelled = error instanceof HostFailure && error.cancelled;
    const sentence = isCancelled ? strings.cancelled : messageOf(error);
    this.#fail({ sentence, repairs: [{ action: 'tryAgain', label: strings.tryAgain }] }, again);
  }

  #repair(action: string): void {
    if (action !== 'tryAgain') void this.#bridge.request('repair', action).catch((error: unknown) => this.#failed(error));
    else {
      this.#header.showFailure(null);
      this.#again();
    }
  }

  async #apply(): Promise<void> {
    await this.#draft.flush();
    this.#header.setApplying(true);
    this.#header.showDone(null);
    this.#header.showFailure(null);
    this.#bridge.request('apply', null).catch((error: unknown) => {
      this.#header.setApplying(false);
      this.#failed(error, () => void this.#apply());
    });
  }

  /** How applying ended; null when it was cancelled. */
  #applied(answer: Answer<CoresetResultView | null>): void {
    this.#header.setApplying(false);
    if (!answer.ok) this.#fail(answer.failure, () => void this.#apply());
    else if (answer.value !== null) {
      this.#header.showResult(answer.value);
      this.#say(answer.value.sentence);
    }
  }

  async #copy(): Promise<void> {
    await this.#draft.flush();
    const again = (): void => void this.#copy();
    try {
      const answer = await this.#bridge.request('copyCommand', null);
      if (!answer.ok) this.#fail(answer.failure, again);
      else {
        this.#header.showDone(answer.value);
        this.#say(answer.value);
      }
    } catch (error: unknown) {
      this.#failed(error, again);
    }
  }

  async #result(action: CoresetResultAction): Promise<void> {
    await this.#bridge.request('result', action).catch((error: unknown) => this.#failed(error));
  }

  #say(text: string): void {
    this.#status.textContent = text;
  }

  /** When nothing has changed for a while, the numbers are said and the host hears what was drawn. */
  #restSoon(): void {
    clearTimeout(this.#restTimer);
    this.#restTimer = window.setTimeout(() => {
      if (this.#work.size > 0) return;
      if (this.#trial !== undefined && this.#said !== this.#trial) this.#say(this.#trial.spoken);
      this.#said = this.#trial;
      this.#bridge.tell('drawn', { theme: readTheme().name, selected: this.#trial?.selected ?? null, ...this.#frontier.drawn() });
    }, restMs);
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'range'].includes(target.type);
  return target instanceof HTMLSelectElement;
}
