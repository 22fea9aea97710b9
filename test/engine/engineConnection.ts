import { type ChildProcess, spawn } from 'node:child_process';
import {
  CancellationToken,
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { EngineNotifications, EngineRequests } from '../../src/protocol/engine.ts';
import type { ErrorReport } from '../../src/protocol/errors.ts';
import type { Progress } from '../../src/protocol/progress.ts';
import { protocolVersion } from '../../src/protocol/requests.ts';

type Method = Exclude<keyof EngineRequests, 'initialize' | 'shutdown'>;

/** The built engine as a child process, spoken to over its wire. */
export class EngineConnection {
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  #next = 1;
  readonly #progress = new Map<string, (progress: Progress) => void>();

  private constructor(child: ChildProcess, connection: MessageConnection) {
    this.#child = child;
    this.#connection = connection;
    connection.onNotification('job/progress', ({ jobId, progress }: EngineNotifications['job/progress']) =>
      this.#progress.get(jobId)?.(progress),
    );
    connection.listen();
  }

  static async start(command: string, args: readonly string[]): Promise<EngineConnection> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const engine = new EngineConnection(child, connection);
    await connection.sendRequest('initialize', { protocolVersion });
    return engine;
  }

  request<M extends Method>(
    method: M,
    params: EngineRequests[M]['params'],
    { token, onProgress }: { token?: CancellationToken; onProgress?: (progress: Progress) => void } = {},
  ): Promise<EngineRequests[M]['result']> {
    const jobId = `job-${this.#next++}`;
    if (onProgress) this.#progress.set(jobId, onProgress);
    const sent = this.#connection.sendRequest<EngineRequests[M]['result']>(method, { ...params, jobId }, token ?? CancellationToken.None);
    return sent.finally(() => this.#progress.delete(jobId));
  }

  /** The report that a failed request carries. */
  readonly faultOf = (error: unknown): ErrorReport => {
    if (!(error instanceof ResponseError) || error.data === undefined) throw error;
    return error.data as ErrorReport;
  };

  /** Closes standard input; resolves with the exit code. */
  async end(): Promise<number | null> {
    const exited = new Promise<number | null>((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin?.end();
    const code = await exited;
    this.#connection.dispose();
    return code;
  }
}
