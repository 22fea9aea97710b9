import type { Answer, FailureView } from '../../src/protocol/pageParts.ts';
import type { Perspective } from '../../src/protocol/perspectives.ts';
import type { LiveView, PanelContent, PlanKnobs, PlanView, ResultAction, SelectionPage } from '../../src/protocol/selectionPage.ts';
import { element } from '../shared/element.ts';
import { type HostBridge, HostFailure } from '../shared/hostBridge.ts';
import { LatestWins } from '../shared/latestWins.ts';
import { messageOf } from '../shared/problems.ts';
import { readTheme } from '../shared/theme.ts';
import { needsSameEntities, subjectOf, withTau } from './draft.ts';
import { Figures } from './figures.ts';
import { Header } from './header.ts';
import { KeptState } from './keptState.ts';
import { PlanForm } from './plan/planForm.ts';
import { PlanActions } from './planActions.ts';
import { undoKey } from './undoKey.ts';

/** A change becomes a step of the plan when nothing has followed it for so long: keys come in bursts. */
const commitDelayMs = 300;
/** The numbers have come to rest after so long: they are said, and what was drawn is told. */
const restMs = 500;
/** Quick answers show no sign of waiting. */
const patienceMs = 250;

/** The page: a draft of the plan, the figures that follow it, and what can be done with it. */
export class RebalancePage {
  readonly #bridge: HostBridge<SelectionPage>;
  readonly #content: PanelContent;
  readonly #kept: KeptState;
  readonly #header: Header;
  readonly #form: PlanForm;
  readonly #figures: Figures;
  readonly #actions: PlanActions;
  readonly #requests: LatestWins<PlanKnobs, Answer<LiveView>>;
  readonly #status = element('p', { class: 'spoken-only', role: 'status', 'aria-live': 'polite' });
  #plan: PlanView;
  #knobs: PlanKnobs;
  #live: LiveView | undefined;
  /** The newest answer, and the frame that shows it. */
  #answer: LiveView | undefined;
  #next: number | undefined;
  /** What was said last: a new theme is no new number. */
  #said: LiveView | undefined;
  /** Raised by every change of the draft. */
  #edits = 0;
  #commitTimer: number | undefined;
  /** What the draft changes, see `subjectOf`. */
  #subject = '';
  /** What "Try Again" does. */
  #retry: () => void;
  readonly #askAgain = (): void => this.#ask();
  #restTimer: number | undefined;
  #patienceTimer: number | undefined;

  constructor(root: HTMLElement, bridge: HostBridge<SelectionPage>, content: PanelContent) {
    this.#bridge = bridge;
    this.#content = content;
    this.#plan = content.plan;
    this.#retry = this.#askAgain;
    this.#knobs = content.plan.knobs;
    this.#kept = new KeptState(bridge, content.dataset);
    const { strings, locale } = content;
    this.#header = new Header(content.title, strings, {
      apply: () => void this.#actions.apply(),
      savePlan: () => void this.#actions.save(),
      loadPlan: () => void this.#actions.load(),
      copyCommand: () => void this.#actions.copy(),
      step: (step) => void this.#step(step),
      result: (action) => this.#resultAction(action),
      repair: (action) => this.#repair(action),
      reload: () => this.#reload(),
      cancel: () => this.#cancel(),
    });
    const hooks = {
      strings,
      locale,
      knobs: () => this.#knobs,
      draft: (knobs: PlanKnobs) => this.#draft(knobs),
      commit: () => this.#commitSoon(),
    };
    this.#form = new PlanForm(
      hooks,
      {
        measureEffects: () => void this.#actions.measureEffects(),
        setWriteControl: (on) => void bridge.request('setWriteControl', on),
        fold: (name, details) => this.#kept.fold(name, details),
        overrides: {
          open: (ordinal) => void bridge.request('browse', ordinal === undefined ? {} : { ordinal }).catch((error) => this.#failed(error)),
          remove: (override) => void this.#change(() => bridge.request('removeOverride', override)),
        },
      },
      content.writeControl,
    );
    this.#actions = new PlanActions({
      bridge,
      header: this.#header,
      form: this.#form,
      knobs: () => this.#knobs,
      flush: () => this.#flush(),
      take: (plan) => {
        this.#adopt(plan);
        this.#ask();
      },
      fail: (failure, retry) => this.#fail(failure, retry),
      failed: (error, retry) => this.#failed(error, retry),
      say: (text) => this.#say(text),
    });
    this.#figures = new Figures({
      strings,
      locale,
      kind: this.#kept.kind,
      theme: readTheme(),
      say: (text) => this.#say(text),
      onTau: (perspective, tau) => this.#draft(withTau(this.#knobs, perspective, tau)),
      onCommit: () => this.#commitSoon(),
      onCancel: () => this.#draft(this.#plan.knobs),
      fold: (name, details) => this.#kept.fold(name, details),
      onKind: (kind) => {
        this.#kept.kind = kind;
        this.#restSoon();
      },
    });
    this.#requests = new LatestWins({
      ask: (knobs, signal) => bridge.request('whatIf', knobs, signal),
      sharesWork: needsSameEntities,
      onAnswer: (answer) => this.#answered(answer),
      onFailure: (error) => this.#failed(error),
      onBusy: (busy) => this.#busy(busy),
    });
    root.replaceChildren(this.#header.root, element('div', { class: 'body' }, this.#form.root, this.#figures.root), this.#status);
    // What lies below the header sticks to its lower edge, whatever stands in it.
    new ResizeObserver(() => root.style.setProperty('--header', `${this.#header.root.offsetHeight}px`)).observe(this.#header.root);
    this.#listen();
    this.#header.showPlan(this.#plan);
    this.#header.showResult(content.result);
    this.#header.setApplying(content.applying);
    if (content.live === null) this.#ask();
    else this.#show(content.live);
    this.#sync();
  }

  /** The theme has changed. */
  redraw(): void {
    this.#figures.draw(readTheme());
    this.#restSoon();
  }

  #listen(): void {
    this.#bridge.on('plan', (plan) => {
      const isNew = JSON.stringify([plan.knobs, plan.overrides]) !== JSON.stringify([this.#plan.knobs, this.#plan.overrides]);
      if (isNew) {
        this.#adopt(plan);
        this.#ask();
      } else {
        this.#plan = plan;
        this.#header.showPlan(plan);
        this.#sync();
      }
    });
    this.#bridge.on('progress', ({ job, sentence, percent }) => {
      const isWaitedFor = job === 'live' ? this.#requests.isBusy : this.#actions.isMeasuring;
      if (isWaitedFor) this.#header.showProgress({ sentence, percent });
    });
    this.#bridge.on('applied', (answer) => this.#actions.applied(answer));
    this.#bridge.on('datasetChanged', (sentence) => this.#header.showChanged(sentence));
    this.#bridge.on('retry', () => this.#ask());
    document.addEventListener('keydown', (event) => this.#key(event));
    // A hidden page is thrown away: what was just changed must not be.
    window.addEventListener('pagehide', () => void this.#flush());
    document.addEventListener('visibilitychange', () => void this.#flush());
  }

  #key(event: KeyboardEvent): void {
    const step = undoKey(event);
    if (step !== undefined) {
      event.preventDefault();
      void this.#step(step);
    } else if ((event.key === 't' || event.key === 'T') && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target))
      this.#figures.toggleTables();
  }

  /** Everything that shows the plan, from the draft. */
  #sync(): void {
    this.#form.sync({ plan: this.#plan, knobs: this.#knobs, live: this.#live });
  }

  #draft(knobs: PlanKnobs): void {
    const subject = subjectOf(this.#knobs, knobs);
    // Another knob is another step: what is in the making becomes one first.
    if (subject !== this.#subject) void this.#flush();
    this.#subject = subject;
    this.#edits++;
    this.#knobs = knobs;
    this.#header.showDone(null);
    this.#figures.setBoundaries(this.#boundaryOf);
    this.#sync();
    this.#ask();
  }

  /** Where the draft has the line of a perspective: where it was fixed, else where the engine says. */
  readonly #boundaryOf = (perspective: Perspective, boundary: number | null): number | null =>
    boundary === null ? null : (this.#knobs.tau?.[perspective] ?? boundary);

  #ask(): void {
    this.#requests.ask(this.#knobs);
  }

  #answered(answer: Answer<LiveView>): void {
    this.#header.showProgress(null);
    if (!answer.ok) {
      this.#fail(answer.failure, this.#askAgain);
      return;
    }
    // What went wrong with an action stays until it is tried again.
    if (this.#retry === this.#askAgain) this.#header.showFailure(null);
    this.#header.showChanged(null);
    // Answers may come faster than frames.
    this.#next ??= requestAnimationFrame(() => this.#showNext());
    this.#answer = answer.value;
  }

  #showNext(): void {
    this.#next = undefined;
    if (this.#answer !== undefined) this.#show(this.#answer);
    this.#showStale();
  }

  #show(live: LiveView): void {
    this.#live = live;
    this.#header.showLive(live);
    this.#figures.update(live, this.#boundaryOf);
    this.#sync();
    this.#restSoon();
  }

  #busy(busy: boolean): void {
    clearTimeout(this.#patienceTimer);
    this.#showStale();
    if (!busy) {
      if (!this.#actions.isMeasuring) this.#header.showProgress(null);
      return;
    }
    this.#patienceTimer = window.setTimeout(() => {
      if (this.#live === undefined) this.#header.showProgress({ sentence: this.#content.strings.loading, percent: undefined });
    }, patienceMs);
  }

  /** The numbers are those of an earlier draft until the last answer is on the screen. */
  #showStale(): void {
    this.#header.setStale(this.#requests.isBusy || this.#next !== undefined);
  }

  /** What went wrong; `retry` does it again. */
  #fail(failure: FailureView, retry: () => void): void {
    this.#retry = retry;
    this.#header.showFailure(failure);
  }

  #failed(error: unknown, retry: () => void = this.#askAgain): void {
    this.#header.showProgress(null);
    const { strings } = this.#content;
    const cancelled = this.#live === undefined ? strings.cancelledLoad : strings.cancelled;
    const sentence = error instanceof HostFailure && error.cancelled ? cancelled : messageOf(error);
    this.#fail({ sentence, repairs: [{ action: 'tryAgain', label: strings.tryAgain }] }, retry);
  }

  #cancel(): void {
    this.#actions.cancel();
    this.#requests.cancel();
  }

  #repair(action: string): void {
    if (action !== 'tryAgain') void this.#bridge.request('repair', action).catch((error: unknown) => this.#failed(error));
    else {
      this.#header.showFailure(null);
      this.#retry();
    }
  }

  #reload(): void {
    this.#header.showChanged(null);
    this.#ask();
  }

  #resultAction(action: ResultAction): void {
    this.#bridge.request('result', action).catch((error: unknown) => this.#failed(error));
  }

  #commitSoon(): void {
    clearTimeout(this.#commitTimer);
    this.#commitTimer = window.setTimeout(() => void this.#flush(), commitDelayMs);
  }

  /** The draft becomes the plan now. */
  async #flush(): Promise<void> {
    if (this.#commitTimer === undefined) return;
    clearTimeout(this.#commitTimer);
    this.#commitTimer = undefined;
    const edits = this.#edits;
    try {
      const plan = await this.#bridge.request('edit', this.#knobs);
      if (edits === this.#edits) this.#adopt(plan);
      else this.#plan = plan; // the draft has gone on meanwhile
      this.#header.showPlan(plan);
    } catch (error: unknown) {
      this.#failed(error);
    }
  }

  /** The host's plan is what is shown from now on. */
  #adopt(plan: PlanView): void {
    clearTimeout(this.#commitTimer);
    this.#commitTimer = undefined;
    this.#plan = plan;
    this.#knobs = plan.knobs;
    this.#header.showPlan(plan);
    this.#figures.setBoundaries(this.#boundaryOf);
    this.#sync();
  }

  /** A change that the host makes: the page shows what came of it. */
  async #change(work: () => Promise<PlanView>): Promise<void> {
    await this.#flush();
    try {
      this.#adopt(await work());
      this.#ask();
    } catch (error: unknown) {
      this.#failed(error);
    }
  }

  #step(step: 'undo' | 'redo' | 'reset'): Promise<void> {
    return this.#change(() => this.#bridge.request('step', step));
  }

  #say(text: string): void {
    this.#status.textContent = text;
  }

  /** When nothing has changed for a while, the numbers are said and the host hears what was drawn. */
  #restSoon(): void {
    clearTimeout(this.#restTimer);
    this.#restTimer = window.setTimeout(() => {
      if (this.#live === undefined || this.#requests.isBusy) return;
      if (this.#figures.isDragging) {
        this.#restSoon();
        return;
      }
      const drawn = this.#figures.drawn();
      if (this.#said !== this.#live) this.#say(this.#live.spoken);
      this.#said = this.#live;
      if (drawn !== undefined) this.#bridge.tell('drawn', { theme: readTheme().name, ...drawn });
    }, restMs);
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'range'].includes(target.type);
  return target instanceof HTMLSelectElement;
}
