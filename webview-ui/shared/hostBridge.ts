import type { FailureReason, MessageToHost, MessageToPage, PageProtocol } from '../../src/protocol/page.ts';

/** What VS Code gives a page; the one place that names it. */
interface HostApi {
  postMessage(message: MessageToHost): void;
  setState(state: unknown): void;
  getState(): unknown;
}

declare function acquireVsCodeApi(): HostApi;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A failure that the host has answered with; `message` is a localised sentence. */
export class HostFailure extends Error {
  readonly cancelled: boolean;
  readonly reason: FailureReason | undefined;

  constructor(message: string, cancelled: boolean, reason?: FailureReason) {
    super(message);
    this.cancelled = cancelled;
    this.reason = reason;
  }
}

/** Page side of the wire: requests with ids and replies, which can be cancelled, and events both ways. */
export class HostBridge<P extends PageProtocol> {
  readonly #api: HostApi;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (payload: never) => void>();
  #nextId = 1;

  constructor(api: HostApi = acquireVsCodeApi()) {
    this.#api = api;
    window.addEventListener('message', (event: MessageEvent<unknown>) => this.#receive(event.data));
  }

  /** @throws HostFailure what the host answered; `cancelled` after `signal` was aborted */
  request<M extends keyof P['requests'] & string>(
    method: M,
    params: P['requests'][M]['params'],
    signal?: AbortSignal,
  ): Promise<P['requests'][M]['result']> {
    const id = this.#nextId++;
    const cancel = (): void => this.#api.postMessage({ kind: 'cancel', id });
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#api.postMessage({ kind: 'request', id, method, params });
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
    }).finally(() => {
      this.#waiting.delete(id);
      signal?.removeEventListener('abort', cancel);
    }) as Promise<P['requests'][M]['result']>;
  }

  tell<N extends keyof P['events'] & string>(name: N, payload: P['events'][N]): void {
    this.#api.postMessage({ kind: 'event', name, payload });
  }

  on<N extends keyof P['hostEvents'] & string>(name: N, listener: (payload: P['hostEvents'][N]) => void): void {
    this.#listeners.set(name, listener as (payload: never) => void);
  }

  /** What the page keeps over hiding and a reload of the window; the host gets it back when it restores the panel. */
  keep(state: unknown): void {
    this.#api.setState(state);
  }

  kept(): unknown {
    return this.#api.getState();
  }

  #receive(data: unknown): void {
    if (!isMessage(data)) return;
    if (data.kind === 'event') this.#listeners.get(data.name)?.(data.payload as never);
    else if (data.kind === 'reply') this.#waiting.get(data.id)?.resolve(data.result);
    else this.#waiting.get(data.id)?.reject(new HostFailure(data.message, data.cancelled === true, data.reason));
  }
}

function isMessage(data: unknown): data is MessageToPage {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return false;
  return data.kind === 'event' || data.kind === 'reply' || data.kind === 'failure';
}
