import type { Answer, FailureView, PlanKnobs, PlanView, ResultView, SelectionPage } from '../../src/protocol/selectionPage.ts';
import type { HostBridge } from '../shared/hostBridge.ts';
import type { Header } from './header.ts';
import type { PlanForm } from './plan/planForm.ts';

/** What the actions need of the page. */
export interface ActionContext {
  readonly bridge: HostBridge<SelectionPage>;
  readonly header: Header;
  readonly form: PlanForm;
  readonly knobs: () => PlanKnobs;
  /** The draft becomes the plan: what is done is done with it. */
  readonly flush: () => Promise<void>;
  /** Another plan is shown from now on. */
  readonly take: (plan: PlanView) => void;
  readonly fail: (failure: FailureView, retry: () => void) => void;
  readonly failed: (error: unknown, retry: () => void) => void;
  readonly say: (text: string) => void;
}

/** What can be done with the plan: applied, saved, loaded, written as a command, measured. */
export class PlanActions {
  readonly #context: ActionContext;
  #measuring: AbortController | undefined;

  constructor(context: ActionContext) {
    this.#context = context;
  }

  get isMeasuring(): boolean {
    return this.#measuring !== undefined;
  }

  cancel(): void {
    this.#measuring?.abort();
  }

  async apply(): Promise<void> {
    const { bridge, header, flush, failed } = this.#context;
    await flush();
    header.setApplying(true);
    header.showDone(null);
    header.showFailure(null);
    bridge.request('apply', null).catch((error: unknown) => {
      header.setApplying(false);
      failed(error, () => void this.apply());
    });
  }

  /** How applying ended; null when it was cancelled. */
  applied(answer: Answer<ResultView | null>): void {
    const { header, fail, say } = this.#context;
    header.setApplying(false);
    if (!answer.ok) fail(answer.failure, () => void this.apply());
    else if (answer.value !== null) {
      header.showFailure(null);
      header.showResult(answer.value);
      say(answer.value.sentence);
    }
  }

  save(): Promise<void> {
    return this.#do(
      () => this.#context.bridge.request('savePlan', null),
      (done) => this.#showDone(done),
    );
  }

  copy(): Promise<void> {
    return this.#do(
      () => this.#context.bridge.request('copyCommand', null),
      (done) => this.#showDone(done),
    );
  }

  load(): Promise<void> {
    return this.#do(() => this.#context.bridge.request('loadPlan', null), this.#context.take);
  }

  async measureEffects(): Promise<void> {
    const { bridge, header, form, flush, fail, failed } = this.#context;
    await flush();
    const knobs = this.#context.knobs();
    const retry = (): void => void this.measureEffects();
    this.#measuring = new AbortController();
    form.setMeasuring(true);
    try {
      const answer = await bridge.request('hygieneEffects', null, this.#measuring.signal);
      if (answer.ok) form.showEffects(answer.value, knobs);
      else fail(answer.failure, retry);
    } catch (error: unknown) {
      failed(error, retry);
    } finally {
      this.#measuring = undefined;
      form.setMeasuring(false);
      header.showProgress(null);
    }
  }

  #showDone(sentence: string): void {
    this.#context.header.showDone(sentence);
    this.#context.say(sentence);
  }

  /** Asks the host; null is the answer of a user who gave up. */
  async #do<T>(ask: () => Promise<Answer<T | null>>, use: (value: T) => void): Promise<void> {
    const { header, flush, fail, failed } = this.#context;
    const retry = (): void => void this.#do(ask, use);
    await flush();
    header.showFailure(null);
    try {
      const answer = await ask();
      if (!answer.ok) fail(answer.failure, retry);
      else if (answer.value !== null) use(answer.value);
    } catch (error: unknown) {
      failed(error, retry);
    }
  }
}
