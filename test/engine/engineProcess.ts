import { type ChildProcess, spawn } from 'node:child_process';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { EngineRequests } from '../../src/protocol/engine.ts';
import { protocolVersion } from '../../src/protocol/requests.ts';
import { enginePath } from './ballast.ts';

/** The built engine as a child process, initialized. */
export class EngineProcess implements Disposable {
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;

  private constructor() {
    this.#child = spawn(process.execPath, [enginePath], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#child.stdout || !this.#child.stdin) throw new Error('no pipes');
    this.#connection = createMessageConnection(new StreamMessageReader(this.#child.stdout), new StreamMessageWriter(this.#child.stdin));
    this.#connection.listen();
  }

  static async start(): Promise<EngineProcess> {
    const engine = new EngineProcess();
    await engine.request('initialize', { protocolVersion });
    return engine;
  }

  request<Name extends keyof EngineRequests>(
    name: Name,
    params: EngineRequests[Name]['params'],
    source = new CancellationTokenSource(),
  ): Promise<EngineRequests[Name]['result']> {
    return this.#connection.sendRequest(name, params, source.token);
  }

  [Symbol.dispose](): void {
    this.#connection.dispose();
    this.#child.kill('SIGKILL');
  }
}
