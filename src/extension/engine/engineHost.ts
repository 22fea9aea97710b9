import * as vscode from 'vscode';
import type { EngineRequests } from '../../protocol/engine.ts';
import { readNodePath } from '../settings.ts';
import { EngineClient, type JobMethod, type RequestOptions } from './engineClient.ts';
import { EngineRequestError } from './engineFault.ts';
import type { EngineState } from './engineState.ts';
import { engineLaunch } from './engineLaunch.ts';

/** The engine as the extension's features see it: off in untrusted workspaces, started by the first request. */
export class EngineHost implements vscode.Disposable {
  readonly #client: EngineClient;
  readonly #changed = new vscode.EventEmitter<EngineState>();
  readonly onDidChangeState = this.#changed.event;

  constructor(extensionPath: string, log: vscode.LogOutputChannel) {
    this.#client = new EngineClient({ launch: () => engineLaunch(extensionPath, readNodePath(), process), log });
    this.#client.onDidChangeState((state) => this.#changed.fire(state));
  }

  get state(): EngineState {
    return this.#client.state;
  }

  async request<M extends JobMethod>(method: M, params: EngineRequests[M]['params'], options?: RequestOptions): Promise<EngineRequests[M]['result']> {
    if (!vscode.workspace.isTrusted) throw new EngineRequestError({ kind: 'untrusted' });
    return this.#client.request(method, params, options);
  }

  stop(): Promise<void> {
    return this.#client.stop();
  }

  dispose(): void {
    this.#changed.dispose();
    void this.#client.stop();
  }
}

/** Path of a file that the engine can read; throws for resources that are no files of this machine. */
export function localPath(uri: vscode.Uri): string {
  if (uri.scheme !== 'file') throw new EngineRequestError({ kind: 'notLocal', scheme: uri.scheme });
  return uri.fsPath;
}
