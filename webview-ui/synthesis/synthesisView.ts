import type { Answer, FailureView } from '../../src/protocol/pageParts.ts';
import type {
  FunnelView,
  MadeView,
  MethodView,
  OutcomeView,
  SynthesisContent,
  SynthesisPage,
  SynthesisPlanView,
  SynthesisProgress,
  SynthesisResultAction,
  SynthesisSettings,
  SynthesisSettingsView,
} from '../../src/protocol/synthesisPage.ts';
import { element } from '../shared/element.ts';
import { type HostBridge, HostFailure } from '../shared/hostBridge.ts';
import { LatestWins } from '../shared/latestWins.ts';
import { messageOf } from '../shared/problems.ts';
import { SettingsDraft } from '../shared/settingsDraft.ts';
import { readTheme } from '../shared/theme.ts';
import { DeficitTable } from './deficitTable.ts';
import { planKey } from './draft.ts';
import { SettingsForm } from './form/settingsForm.ts';
import { FunnelSection } from './funnelSection.ts';
import { Header } from './header.ts';
import { KeptState } from './keptState.ts';
import { MadeStrip } from './madeStrip.ts';
import { PlanSections } from './planSections.ts';

/** The numbers have come to rest after so long: they are said, and what was drawn is told. */
const restMs = 400;

/** The page: settings, the plan that follows them, what is being made, and how far it went. */
export class SynthesisView {
  readonly #bridge: HostBridge<SynthesisPage>;
  readonly #content: SynthesisContent;
  readonly #header: Header;
  readonly #form: SettingsForm;
  readonly #sections: PlanSections;
  readonly #deficits: DeficitTable;
  readonly #funnel: FunnelSection;
  readonly #made: MadeStrip;
  readonly #figures: HTMLElement;
  readonly #draft: SettingsDraft<SynthesisSettings, SynthesisSettingsView>;
  readonly #plans: LatestWins<SynthesisSettings, Answer<SynthesisPlanView>>;
  readonly #status = element('p', { class: 'spoken-only', role: 'status', 'aria-live': 'polite' });
  #plan: SynthesisPlanView | undefined;
  /** `planKey` of the plan that is shown, of the one that was answered last, a refusal included, and of the one that was asked for last. */
  #shownOf = '';
  #planOf = '';
  #askedOf = '';
  #said: SynthesisPlanView | undefined;
  #isMaking = false;
  #isPlanning = false;
  #restTimer: number | undefined;
  readonly #askAgain = (): void => this.#ask();
  /** What "Try Again" does. */
  #again: () => void = this.#askAgain;

  constructor(root: HTMLElement, bridge: HostBridge<SynthesisPage>, content: SynthesisContent) {
    this.#bridge = bridge;
    this.#content = content;
    this.#draft = new SettingsDraft(content.settings, {
      edit: (settings) => bridge.request('edit', settings),
      onChange: () => {
        this.#header.showDone(null);
        this.#sync();
        this.#showStale();
      },
      onAdopt: () => {
        this.#sync();
        this.#header.showSettings(this.#draft.view);
        this.#consider(false);
      },
      onFailure: (error) => this.#failed(error),
    });
    const kept = new KeptState(bridge, content.dataset);
    const { strings, locale, methods } = content;
    this.#header = new Header(content.title, strings, {
      make: () => void this.#make(),
      cancel: () => void bridge.request('cancel', null).catch((error: unknown) => this.#failed(error)),
      copyCommand: () => void this.#copy(),
      result: (action) => this.#act(action),
      repair: (action) => this.#repair(action),
      reload: () => {
        this.#header.showChanged(null);
        this.#ask();
      },
    });
    const orNull = (error: unknown): null => {
      this.#failed(error);
      return null;
    };
    this.#form = new SettingsForm(
      {
        strings,
        locale,
        methods,
        settings: () => this.#draft.settings,
        change: (settings) => this.#draft.change(settings),
        pickFolder: (folder) => bridge.request('pickFolder', folder).catch(orNull),
        pickModel: () => bridge.request('pickModel', null).catch(orNull),
        act: (action) => this.#act(action),
        planned: () => this.#plan?.planned,
      },
      kept.fold,
    );
    this.#sections = new PlanSections(strings);
    this.#funnel = new FunnelSection(strings);
    this.#made = new MadeStrip(strings);
    this.#deficits = new DeficitTable({
      strings,
      locale,
      perspective: kept.perspective,
      onPerspective: (perspective) => {
        kept.perspective = perspective;
        this.restSoon();
      },
    });
    this.#plans = new LatestWins({
      ask: (settings, signal) => bridge.request('plan', settings, signal),
      // Finding what is scarce is most of the work, and it is the same for all settings.
      sharesWork: () => true,
      onAnswer: (answer, settings) => this.#planned(answer, settings),
      onFailure: (error) => this.#failed(error),
      onBusy: (busy) => {
        this.#isPlanning = busy;
        this.#showStale();
        if (!busy) this.restSoon();
      },
    });
    this.#figures = element(
      'div',
      { class: 'figures' },
      this.#made.root,
      this.#funnel.root,
      this.#sections.root,
      this.#deficits.root,
      this.#sections.perspectives,
    );
    root.replaceChildren(this.#header.root, element('div', { class: 'body' }, this.#form.root, this.#figures), this.#status);
    // What lies below the header sticks to its lower edge, whatever stands in it.
    new ResizeObserver(() => root.style.setProperty('--header', `${this.#header.root.offsetHeight}px`)).observe(this.#header.root);
    this.#listen();
    if (content.funnel !== null) this.#showFunnel(content.funnel);
    this.#showMade(content.made);
    this.#header.showOutcome(content.outcome);
    if (content.progress !== null) this.#showProgress(content.progress);
    if (content.plan !== null) this.#showPlan(content.plan, this.#draft.settings);
    this.#draft.adopt(content.settings);
  }

  /** What stood in the way is gone. */
  retry(): void {
    this.#consider(true);
  }

  /** When nothing has changed for a while, the numbers are said and the host hears what was drawn. */
  restSoon(): void {
    clearTimeout(this.#restTimer);
    this.#restTimer = window.setTimeout(() => {
      if (this.#isPlanning) return;
      if (this.#plan !== undefined && this.#said !== this.#plan) this.#say(this.#plan.spoken);
      this.#said = this.#plan;
      this.#bridge.tell('drawn', {
        theme: readTheme().name,
        planned: this.#plan?.planned ?? null,
        deficits: this.#deficits.rows,
        funnel: this.#funnel.counts,
        made: this.#made.count,
        pictures: this.#made.pictures,
        running: this.#isMaking,
      });
    }, restMs);
  }

  #listen(): void {
    const bridge = this.#bridge;
    bridge.on('settings', (view) => this.#draft.offer(view));
    bridge.on('progress', (progress) => this.#showProgress(progress));
    bridge.on('made', (made) => this.#showMade(made));
    bridge.on('funnel', (funnel) => this.#showFunnel(funnel));
    bridge.on('ended', (answer) => this.#ended(answer));
    bridge.on('datasetChanged', (sentence) => {
      this.#forgetPlan();
      this.#header.showChanged(sentence);
      this.#showStale();
    });
  }

  #sync(): void {
    const method = this.#method();
    if (method === undefined) return;
    this.#form.sync({ settings: this.#draft.settings, method, keys: this.#draft.view.keys, licence: this.#plan?.licence ?? null });
  }

  #method(): MethodView | undefined {
    const { methods } = this.#content;
    return methods.find(({ name }) => name === this.#draft.settings.method) ?? methods[0];
  }

  /** Asks for a plan that is not known. An agreement alone is no reason to wait with it: its terms come with the plan. */
  #consider(again: boolean): void {
    const key = planKey(this.#draft.settings);
    const isBlocked = this.#draft.view.missing.some(({ field }) => field !== 'agreement' && field !== 'encryption');
    if (isBlocked) {
      this.#plans.cancel();
      this.#showStale();
      return;
    }
    if (key !== this.#planOf && (again || key !== this.#askedOf || !this.#isPlanning)) this.#ask();
  }

  #ask(): void {
    this.#forgetPlanFailure();
    this.#askedOf = planKey(this.#draft.settings);
    this.#plans.ask(this.#draft.settings);
  }

  /** What is shown is of no settings any more; the next look asks anew. */
  #forgetPlan(): void {
    this.#planOf = '';
    this.#shownOf = '';
  }

  #planned(answer: Answer<SynthesisPlanView>, settings: SynthesisSettings): void {
    if (!answer.ok) {
      // The same question would get the same answer; "Try Again" asks it all the same.
      this.#planOf = planKey(settings);
      this.#fail(answer.failure, this.#askAgain);
      this.#showStale();
      return;
    }
    this.#forgetPlanFailure();
    this.#header.showChanged(null);
    this.#showPlan(answer.value, settings);
    this.#sync();
  }

  #showPlan(plan: SynthesisPlanView, settings: SynthesisSettings): void {
    this.#plan = plan;
    this.#planOf = planKey(settings);
    this.#shownOf = this.#planOf;
    this.#header.showPlan(plan);
    this.#sections.show(plan);
    this.#deficits.show(plan.deficits);
    this.#showStale();
    this.restSoon();
  }

  #showFunnel(funnel: FunnelView): void {
    this.#funnel.show(funnel);
    this.#header.setStaged({ any: (funnel.steps[1]?.count ?? 0) > 0, accepted: funnel.accepted > 0 });
    this.restSoon();
  }

  #showMade(made: readonly MadeView[]): void {
    this.#made.show(made);
    this.restSoon();
  }

  #showProgress(progress: SynthesisProgress): void {
    this.#isMaking = true;
    this.#header.showProgress(progress);
    this.#made.showPreview(progress.preview);
  }

  #showStale(): void {
    const isOld = this.#plan !== undefined && this.#shownOf !== planKey(this.#draft.settings);
    this.#header.setStale(isOld || this.#isPlanning, this.#isPlanning);
    this.#figures.classList.toggle('stale', isOld);
  }

  async #make(): Promise<void> {
    await this.#draft.flush();
    this.#header.showOutcome(null);
    this.#header.showFailure(null);
    this.#again = this.#askAgain;
    this.#showProgress({ sentence: this.#content.strings.loading, percent: 0 });
    this.#bridge.request('make', null).catch((error: unknown) => {
      this.#stopped();
      this.#failed(error, () => void this.#make());
    });
  }

  /** How making ended; what was made counts, whatever went wrong. */
  #ended(answer: Answer<OutcomeView>): void {
    this.#stopped();
    if (answer.ok) {
      this.#header.showOutcome(answer.value);
      this.#say([answer.value.sentence, ...answer.value.lines].join(' '));
    } else this.#fail(answer.failure, () => void this.#make());
    this.#forgetPlan(); // some of it is made now
    this.#consider(true);
    this.restSoon();
  }

  #stopped(): void {
    this.#isMaking = false;
    this.#header.showProgress(null);
    this.#made.showPreview(undefined);
  }

  /** What went wrong; `again` does it again. */
  #fail(failure: FailureView, again: () => void): void {
    this.#again = again;
    this.#header.showFailure(failure);
  }

  /** Another plan takes away what went wrong with the last one, but not what went wrong with making. */
  #forgetPlanFailure(): void {
    if (this.#again === this.#askAgain) this.#header.showFailure(null);
  }

  #failed(error: unknown, again: () => void = this.#askAgain): void {
    const { strings } = this.#content;
    const isCancelled = error instanceof HostFailure && error.cancelled;
    if (isCancelled) return; // only a newer question cancels a plan
    const sentence = messageOf(error);
    this.#fail({ sentence, repairs: [{ action: 'tryAgain', label: strings.tryAgain }] }, again);
  }

  #repair(action: string): void {
    if (action !== 'tryAgain') void this.#bridge.request('repair', action).catch((error: unknown) => this.#failed(error));
    else {
      this.#header.showFailure(null);
      this.#again();
    }
  }

  #act(action: SynthesisResultAction): void {
    void this.#draft
      .flush()
      .then(() => this.#bridge.request('result', action))
      .catch((error: unknown) => this.#failed(error));
  }

  async #copy(): Promise<void> {
    await this.#draft.flush();
    const again = (): void => void this.#copy();
    try {
      const answer = await this.#bridge.request('copyCommand', null);
      if (!answer.ok) this.#fail(answer.failure, again);
      else {
        this.#header.showDone(answer.value, this.#draft.view.keys.length === 0 ? '' : this.#content.strings.keyOfCommand);
        this.#say(answer.value);
      }
    } catch (error: unknown) {
      this.#failed(error, again);
    }
  }

  #say(text: string): void {
    this.#status.textContent = text;
  }
}
