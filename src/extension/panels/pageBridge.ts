import type { HostEvents, MessageToPage, PanelEvents, PanelRequests } from '../../protocol/panels.ts';
import { parseMessage } from './panelMessages.ts';

/** The part of `vscode.Webview` that a bridge needs. */
export interface PagePort {
  postMessage(message: MessageToPage): Thenable<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => void): { dispose(): unknown };
}

export type PageHandlers = { readonly [M in keyof PanelRequests]: () => PanelRequests[M]['result'] | Promise<PanelRequests[M]['result']> };
/** Payloads come from a page: each listener checks its own. */
export type PageListeners = { readonly [N in keyof PanelEvents]: (payload: unknown) => void };

/** Host side of the wire to a page: every request is answered, with a result or a failure. */
export class PageBridge {
  readonly #port: PagePort;
  readonly #handlers: PageHandlers;
  readonly #listeners: PageListeners;
  readonly #subscription: { dispose(): unknown };

  constructor(port: PagePort, handlers: PageHandlers, listeners: PageListeners) {
    this.#port = port;
    this.#handlers = handlers;
    this.#listeners = listeners;
    this.#subscription = port.onDidReceiveMessage((value) => void this.#receive(value));
  }

  tell<N extends keyof HostEvents>(name: N, payload: HostEvents[N]): void {
    void this.#port.postMessage({ kind: 'event', name, payload });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #receive(value: unknown): Promise<void> {
    const message = parseMessage(value);
    if (message === undefined) return;
    if (message.kind === 'event') {
      this.#listeners[message.name](message.payload);
      return;
    }
    try {
      const result = await this.#handlers[message.method]();
      await this.#port.postMessage({ kind: 'reply', id: message.id, result });
    } catch (error: unknown) {
      await this.#port.postMessage({ kind: 'failure', id: message.id, message: error instanceof Error ? error.message : String(error) });
    }
  }
}
