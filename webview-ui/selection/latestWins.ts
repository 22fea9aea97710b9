/** How `LatestWins` reaches the one who answers, and tells what came. */
export interface LatestWinsOptions<Question, Result> {
  readonly ask: (question: Question, signal: AbortSignal) => Promise<Result>;
  /** The work on one question serves the other too: then the first is not broken off for the second. */
  readonly sharesWork: (running: Question, next: Question) => boolean;
  readonly onAnswer: (result: Result, question: Question) => void;
  /** A failure; not told for questions that were broken off for a newer one. */
  readonly onFailure: (error: unknown) => void;
  readonly onBusy: (busy: boolean) => void;
}

/**
 * Asks one question at a time. While one is under way only the newest of the others is remembered, so a stream of questions is answered
 * as fast as answers come, and the last one always is. A question is broken off when a newer one needs other work.
 */
export class LatestWins<Question, Result> {
  readonly #options: LatestWinsOptions<Question, Result>;
  #running: { readonly question: Question; readonly abort: AbortController } | undefined;
  #next: { readonly question: Question } | undefined;

  constructor(options: LatestWinsOptions<Question, Result>) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  ask(question: Question): void {
    if (this.#running === undefined) {
      void this.#run(question);
      return;
    }
    this.#next = { question };
    if (!this.#options.sharesWork(this.#running.question, question)) this.#running.abort.abort();
  }

  /** Breaks off what is under way and forgets what waits; the failure is told. */
  cancel(): void {
    this.#next = undefined;
    this.#running?.abort.abort();
  }

  async #run(first: Question): Promise<void> {
    this.#options.onBusy(true);
    for (let question: Question | undefined = first; question !== undefined; question = this.#take()) {
      const abort = new AbortController();
      this.#running = { question, abort };
      try {
        const result = await this.#options.ask(question, abort.signal);
        if (!abort.signal.aborted || this.#next === undefined) this.#options.onAnswer(result, question);
      } catch (error: unknown) {
        if (this.#next === undefined) this.#options.onFailure(error);
      }
    }
    this.#running = undefined;
    this.#options.onBusy(false);
  }

  #take(): Question | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next?.question;
  }
}
