import type { HostEvents, MessageToHost, MessageToPage, PanelEvents, PanelRequests } from '../../src/protocol/panels.ts';

/** What VS Code gives a page; the one place that names it. */
interface HostApi {
  postMessage(message: MessageToHost): void;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): HostApi;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** An answer that does not come is an error, not a page that waits for ever. */
const replyTimeoutMs = 30_000;

/** Page side of the wire: requests with ids and replies, events both ways. */
export class HostBridge {
  readonly #api: HostApi;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (payload: never) => void>();
  #nextId = 1;

  constructor(api: HostApi = acquireVsCodeApi()) {
    this.#api = api;
    window.addEventListener('message', (event: MessageEvent<unknown>) => this.#receive(event.data));
  }

  request<M extends keyof PanelRequests>(method: M, params: PanelRequests[M]['params']): Promise<PanelRequests[M]['result']> {
    const id = this.#nextId++;
    return new Promise<PanelRequests[M]['result']>((resolve, reject) => {
      const timer = setTimeout(() => this.#waiting.get(id)?.reject(new Error(`no answer to ${method}`)), replyTimeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        resolve: (result) => {
          settle();
          resolve(result as PanelRequests[M]['result']);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      this.#api.postMessage({ kind: 'request', id, method, params });
    });
  }

  tell<N extends keyof PanelEvents>(name: N, payload: PanelEvents[N]): void {
    this.#api.postMessage({ kind: 'event', name, payload });
  }

  on<N extends keyof HostEvents>(name: N, listener: (payload: HostEvents[N]) => void): void {
    this.#listeners.set(name, listener as (payload: never) => void);
  }

  keep(state: unknown): void {
    this.#api.setState(state);
  }

  #receive(data: unknown): void {
    if (!isMessage(data)) return;
    if (data.kind === 'event') this.#listeners.get(data.name)?.(data.payload as never);
    else if (data.kind === 'reply') this.#waiting.get(data.id)?.resolve(data.result);
    else this.#waiting.get(data.id)?.reject(new Error(data.message));
  }
}

function isMessage(data: unknown): data is MessageToPage {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return false;
  return data.kind === 'event' || data.kind === 'reply' || data.kind === 'failure';
}
