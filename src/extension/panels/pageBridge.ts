import * as v from 'valibot';
import type { FailureReason, MessageToHost, MessageToPage, PageProtocol } from '../../protocol/page.ts';

/** The part of `vscode.Webview` that a bridge needs. */
export interface PagePort {
  postMessage(message: MessageToPage): Thenable<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => void): { dispose(): unknown };
}

/** A page is a foreign process: parameters are checked by `params` before `run` sees them. */
export interface PageHandler<Params, Result> {
  readonly params: v.GenericSchema<unknown, Params>;
  readonly run: (params: Params, signal: AbortSignal) => Result | Promise<Result>;
}

export type PageHandlers<P extends PageProtocol> = {
  readonly [M in keyof P['requests']]: PageHandler<P['requests'][M]['params'], P['requests'][M]['result']>;
};

/** Payloads come from a page: each listener checks its own. */
export type PageListeners<P extends PageProtocol> = { readonly [N in keyof P['events']]: (payload: unknown) => void };

export interface PageBridgeOptions<P extends PageProtocol> {
  readonly handlers: PageHandlers<P>;
  readonly listeners: PageListeners<P>;
  /** A failure as a sentence for the page. */
  readonly describe: (error: unknown) => string;
  /** What the page can do about it; undefined for nothing. */
  readonly reason?: (error: unknown) => FailureReason | undefined;
}

const messageSchema = v.variant('kind', [
  v.object({ kind: v.literal('request'), id: v.pipe(v.number(), v.integer()), method: v.string(), params: v.unknown() }),
  v.object({ kind: v.literal('cancel'), id: v.pipe(v.number(), v.integer()) }),
  v.object({ kind: v.literal('event'), name: v.string(), payload: v.unknown() }),
]);

/** Host side of the wire to a page: every request is answered, with a result or a failure; a cancelled one too. */
export class PageBridge<P extends PageProtocol> {
  readonly #port: PagePort;
  readonly #options: PageBridgeOptions<P>;
  readonly #subscription: { dispose(): unknown };
  readonly #running = new Map<number, AbortController>();
  readonly #forgotten = new WeakSet<AbortController>();

  constructor(port: PagePort, options: PageBridgeOptions<P>) {
    this.#port = port;
    this.#options = options;
    this.#subscription = port.onDidReceiveMessage((value) => void this.#receive(value));
  }

  tell<N extends keyof P['hostEvents'] & string>(name: N, payload: P['hostEvents'][N]): void {
    void this.#port.postMessage({ kind: 'event', name, payload });
  }

  /** Cancels what the page has asked for; late answers go nowhere. */
  dispose(): void {
    this.#subscription.dispose();
    for (const running of this.#running.values()) running.abort();
    this.#running.clear();
  }

  async #receive(value: unknown): Promise<void> {
    const parsed = v.safeParse(messageSchema, value);
    if (!parsed.success) return;
    const message: MessageToHost = parsed.output;
    if (message.kind === 'request') {
      if (message.method === 'ready') this.#forgetPage();
      await this.#answer(message.id, message.method, message.params);
    } else if (message.kind === 'cancel') this.#running.get(message.id)?.abort();
    else if (Object.hasOwn(this.#options.listeners, message.name))
      this.#options.listeners[message.name as keyof P['events']](message.payload);
  }

  async #answer(id: number, method: string, params: unknown): Promise<void> {
    const abort = new AbortController();
    this.#running.set(id, abort);
    try {
      if (!Object.hasOwn(this.#options.handlers, method)) throw new Error(`unknown request ${method}`);
      const handler = this.#options.handlers[method as keyof P['requests']];
      const result = await handler.run(v.parse(handler.params, params), abort.signal);
      if (this.#forgotten.has(abort)) return;
      await this.#port.postMessage({ kind: 'reply', id, result });
    } catch (error: unknown) {
      if (this.#forgotten.has(abort)) return;
      const reason = this.#options.reason?.(error);
      await this.#port.postMessage({
        kind: 'failure',
        id,
        message: this.#options.describe(error),
        ...(abort.signal.aborted ? { cancelled: true as const } : {}),
        ...(reason === undefined ? {} : { reason }),
      });
    } finally {
      if (this.#running.get(id) === abort) this.#running.delete(id);
    }
  }

  /** A page that says that it is ready is a new one, which counts its requests anew: what another page asked goes nowhere. */
  #forgetPage(): void {
    for (const abort of this.#running.values()) {
      this.#forgotten.add(abort);
      abort.abort();
    }
    this.#running.clear();
  }
}
