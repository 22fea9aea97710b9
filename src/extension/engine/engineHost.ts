import * as vscode from 'vscode';
import type { EngineRequests, HostRequests } from '../../protocol/engine.ts';
import { readNodePath } from '../settings.ts';
import type { EngineClient, JobMethod, RequestOptions } from './engineClient.ts';
import { EngineRequestError } from './engineFault.ts';
import { engineLaunch } from './engineLaunch.ts';
import type { EngineState } from './engineState.ts';
import { RecentFaults } from './recentFaults.ts';

type HostChat = (
  params: HostRequests['host/chat']['params'],
  token: vscode.CancellationToken,
) => Promise<HostRequests['host/chat']['result']>;

/**
 * The engine as the extension's features see it: off in untrusted workspaces, started by the first request. The client and its
 * JSON-RPC library are loaded with that request too; they would be most of the extension's activation time.
 */
export class EngineHost implements vscode.Disposable {
  readonly #extensionPath: string;
  readonly #log: vscode.LogOutputChannel;
  readonly #chat: HostChat | undefined;
  readonly #changed = new vscode.EventEmitter<EngineState>();
  readonly onDidChangeState = this.#changed.event;
  /** What failed lately. */
  readonly faults = new RecentFaults();
  #state: EngineState = { kind: 'stopped' };
  #client: Promise<EngineClient> | undefined;

  /** @param chat asks a language model of the editor for the engine; rejects with a sentence */
  constructor(extensionPath: string, log: vscode.LogOutputChannel, chat?: HostChat) {
    this.#extensionPath = extensionPath;
    this.#log = log;
    this.#chat = chat;
  }

  get state(): EngineState {
    return this.#state;
  }

  async request<M extends JobMethod>(
    method: M,
    params: EngineRequests[M]['params'],
    options?: RequestOptions,
  ): Promise<EngineRequests[M]['result']> {
    if (!vscode.workspace.isTrusted) throw new EngineRequestError({ kind: 'untrusted' });
    this.#client ??= this.#load();
    try {
      return await (await this.#client).request(method, params, options);
    } catch (error: unknown) {
      if (error instanceof EngineRequestError) this.faults.add(method, error.fault);
      throw error;
    }
  }

  async stop(): Promise<void> {
    await (await this.#client)?.stop();
  }

  dispose(): void {
    void this.stop().finally(() => this.#changed.dispose());
  }

  async #load(): Promise<EngineClient> {
    const { EngineClient } = await import('./engineClient.ts');
    const client = new EngineClient({
      launch: () => engineLaunch(this.#extensionPath, readNodePath(), process),
      log: this.#log,
      ...(this.#chat === undefined ? {} : { chat: this.#chat }),
    });
    client.onDidChangeState((state) => {
      this.#state = state;
      this.#changed.fire(state);
    });
    return client;
  }
}

/** Path of a file that the engine can read; throws for resources that are no files of this machine. */
export function localPath(uri: vscode.Uri): string {
  if (uri.scheme !== 'file') throw new EngineRequestError({ kind: 'notLocal', scheme: uri.scheme });
  return uri.fsPath;
}
