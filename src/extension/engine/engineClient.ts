import { CancellationToken, ResponseError } from 'vscode-jsonrpc';
import {
  type EngineNotifications,
  type EngineRequests,
  type HostRequests,
  requestCancelled,
  requestFailed,
} from '../../protocol/engine.ts';
import { type ErrorReport, errorCodes } from '../../protocol/errors.ts';
import type { Progress } from '../../protocol/progress.ts';
import { protocolVersion } from '../../protocol/requests.ts';
import { after } from './after.ts';
import { describeExit, type EngineFault, EngineRequestError } from './engineFault.ts';
import { type EngineLaunch, EngineProcess, type StopLimits } from './engineProcess.ts';
import type { EngineInfo, EngineState, RunningJob } from './engineState.ts';

export interface EngineLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface EngineClientOptions {
  /** Asked before each start, so that a changed setting is used by the next process. */
  readonly launch: () => EngineLaunch;
  readonly log: EngineLog;
  /** Asks a language model of the host for the engine; rejects with a sentence. */
  readonly chat?: (params: HostRequests['host/chat']['params'], token: CancellationToken) => Promise<HostRequests['host/chat']['result']>;
  readonly initializeTimeoutMs?: number;
  /** Waits before the second, third and fourth attempt to start. */
  readonly restartDelaysMs?: readonly number[];
  readonly stopLimits?: StopLimits;
  /** How long a cancelled request waits for the engine's own answer. */
  readonly cancelPatienceMs?: number;
}

export interface RequestOptions {
  readonly token?: CancellationToken;
  readonly onProgress?: (progress: Progress) => void;
}

/** Methods that run as jobs: cancellable, with progress, without a time-out. */
export type JobMethod = Exclude<keyof EngineRequests, 'initialize' | 'shutdown'>;

const defaultInitializeTimeoutMs = 20_000;
const defaultRestartDelaysMs = [1000, 2000, 4000];
/** People expect an answer within half a second. */
const defaultCancelPatienceMs = 400;

/**
 * Supervises the engine: starts it with the first request, restarts it while it fails to start, tells its state.
 * It never runs a job again by itself; after a crash the next request starts a fresh process.
 */
export class EngineClient {
  readonly #options: EngineClientOptions;
  readonly #listeners = new Set<(state: EngineState) => void>();
  readonly #progress = new Map<string, (progress: Progress) => void>();
  #state: EngineState = { kind: 'stopped' };
  #process: EngineProcess | undefined;
  #info: EngineInfo | undefined;
  #starting: Promise<EngineProcess> | undefined;
  /** Raised by `stop`, so that a start in progress gives up. */
  #epoch = 0;
  #nextJob = 1;
  readonly #running = new Map<string, RunningJob>();
  #lastProgress: { readonly jobId: string; readonly progress: Progress } | undefined;

  constructor(options: EngineClientOptions) {
    this.#options = options;
  }

  get state(): EngineState {
    return this.#state;
  }

  onDidChangeState(listener: (state: EngineState) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Rejects with `EngineRequestError`, whatever happens to the process. */
  async request<M extends JobMethod>(
    method: M,
    params: EngineRequests[M]['params'],
    options: RequestOptions = {},
  ): Promise<EngineRequests[M]['result']> {
    const token = options.token ?? CancellationToken.None;
    const process = await orCancelled(this.#ready(), token);
    const jobId = `job-${this.#nextJob++}`;
    this.#progress.set(jobId, (progress) => {
      this.#lastProgress = { jobId, progress };
      this.#publishReady();
      options.onProgress?.(progress);
    });
    this.#running.set(jobId, { method, dataset: datasetOf(params) });
    this.#publishReady();
    const answer = this.#answer<M>(process, jobId, method, params, token);
    return orCancelled(answer, token, this.#options.cancelPatienceMs ?? defaultCancelPatienceMs);
  }

  /** The engine's answer, which ends the job whether or not its caller still waits. */
  async #answer<M extends JobMethod>(
    process: EngineProcess,
    jobId: string,
    method: M,
    params: EngineRequests[M]['params'],
    token: CancellationToken,
  ): Promise<EngineRequests[M]['result']> {
    try {
      return await process.connection.sendRequest<EngineRequests[M]['result']>(method, { ...params, jobId }, token);
    } catch (error: unknown) {
      throw new EngineRequestError(await faultOf(error, process, token), { cause: error });
    } finally {
      this.#progress.delete(jobId);
      if (this.#process === process && process.exit === undefined) {
        this.#running.delete(jobId);
        if (this.#lastProgress?.jobId === jobId) this.#lastProgress = undefined;
        this.#publishReady();
      }
    }
  }

  async stop(): Promise<void> {
    this.#epoch++;
    const process = this.#process;
    if (process === undefined) {
      if (this.#state.kind === 'starting') this.#publish({ kind: 'stopped' });
      return;
    }
    this.#publish({ kind: 'stopping' });
    this.#process = undefined;
    const exit = await process.stop(this.#options.stopLimits);
    this.#options.log.info(`Engine stopped (${describeExit(exit)}).`);
    if (this.#process === undefined && this.#starting === undefined) this.#publish({ kind: 'stopped' });
  }

  #ready(): Promise<EngineProcess> {
    if (this.#process !== undefined) return Promise.resolve(this.#process);
    this.#starting ??= this.#start(this.#epoch).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(epoch: number): Promise<EngineProcess> {
    const delays = this.#options.restartDelaysMs ?? defaultRestartDelaysMs;
    for (let attempt = 1; ; attempt++) {
      this.#publish({ kind: 'starting', attempt });
      const started = await this.#startOnce(attempt);
      if (epoch !== this.#epoch) {
        if (started instanceof EngineProcess) await started.stop(this.#options.stopLimits);
        this.#publish({ kind: 'stopped' });
        throw new EngineRequestError({ kind: 'cancelled' });
      }
      if (started instanceof EngineProcess) return this.#adopt(started);
      const delayMs = delays[attempt - 1];
      const isHopeless = started.kind === 'cannotStart' && (started.reason === 'spawn' || started.reason === 'protocol');
      if (isHopeless || delayMs === undefined) {
        this.#publish({ kind: 'failed', fault: started });
        throw new EngineRequestError(started);
      }
      this.#options.log.warn(`Engine did not start (attempt ${attempt}); next attempt in ${delayMs} ms.`);
      await after(delayMs);
    }
  }

  async #startOnce(attempt: number): Promise<EngineProcess | EngineFault> {
    const launch = this.#options.launch();
    const { log } = this.#options;
    log.info(`Starting engine: ${launch.command} ${launch.args.join(' ')}`);
    const process = new EngineProcess(launch, (line) => log.info(`[engine] ${line}`));
    this.#listen(process);
    this.#serve(process);
    const limitMs = this.#options.initializeTimeoutMs ?? defaultInitializeTimeoutMs;
    const answer = process.connection.sendRequest<EngineRequests['initialize']['result']>('initialize', { protocolVersion }).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    const outcome = await Promise.race([answer, process.exited.then((exit) => ({ exit })), after(limitMs).then(() => 'timeout' as const)]);
    if (outcome === 'timeout') {
      process.kill();
      return { kind: 'cannotStart', reason: 'timeout', detail: `no answer in ${limitMs} ms`, attempts: attempt };
    }
    if ('result' in outcome && outcome.result.protocolVersion === protocolVersion) {
      this.#info = { pid: outcome.result.pid, engineVersion: outcome.result.engineVersion };
      return process;
    }
    if ('result' in outcome) {
      await process.stop(this.#options.stopLimits);
      const detail = `engine ${outcome.result.engineVersion} speaks protocol ${outcome.result.protocolVersion}, the extension ${protocolVersion}`;
      return { kind: 'cannotStart', reason: 'protocol', detail, attempts: attempt };
    }
    if ('error' in outcome && process.exit === undefined) {
      // The engine answered with an error: it lives but refuses us, and would refuse again.
      const isDying = await Promise.race([process.exited.then(() => true), after(300).then(() => false)]);
      if (!isDying) {
        await process.stop(this.#options.stopLimits);
        return { kind: 'cannotStart', reason: 'protocol', detail: messageOf(outcome.error), attempts: attempt };
      }
    }
    const exit = await process.exited;
    const reason = exit.spawnError === undefined ? 'exit' : 'spawn';
    return { kind: 'cannotStart', reason, detail: describeExit(exit), attempts: attempt };
  }

  #adopt(process: EngineProcess): EngineProcess {
    this.#process = process;
    this.#running.clear();
    this.#lastProgress = undefined;
    this.#options.log.info(`Engine ${this.#info?.engineVersion} is ready (pid ${this.#info?.pid}).`);
    void process.exited.then((exit) => {
      if (this.#process !== process) return; // stopped on purpose
      this.#process = undefined;
      this.#options.log.error(`Engine ended unexpectedly (${describeExit(exit)}).`);
      this.#publish({ kind: 'failed', fault: { kind: 'crashed', exit } });
    });
    this.#publishReady();
    return process;
  }

  #listen(process: EngineProcess): void {
    process.connection.onNotification('job/progress', ({ jobId, progress }: EngineNotifications['job/progress']) =>
      this.#progress.get(jobId)?.(progress),
    );
    process.connection.onNotification('log', ({ level, message }: EngineNotifications['log']) =>
      this.#options.log[level](`[engine] ${message}`),
    );
  }

  /** The engine's own questions. What goes wrong travels as a sentence, which the engine puts into its report. */
  #serve(process: EngineProcess): void {
    const { chat } = this.#options;
    if (chat === undefined) return;
    process.connection.onRequest('host/chat', (params: HostRequests['host/chat']['params'], token: CancellationToken) =>
      chat(params, token).catch((error: unknown) => new ResponseError<undefined>(requestFailed, messageOf(error))),
    );
  }

  #publishReady(): void {
    if (this.#process === undefined || this.#info === undefined) return;
    if (this.#running.size === 0) {
      this.#publish({ kind: 'ready', ...this.#info });
      return;
    }
    const last = this.#lastProgress;
    const job = last === undefined ? [...this.#running.values()].at(-1) : this.#running.get(last.jobId);
    this.#publish({ kind: 'busy', jobs: this.#running.size, job, progress: last?.progress, ...this.#info });
  }

  #publish(state: EngineState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

/**
 * The caller may leave: at once while the engine still starts (the start goes on for the next caller), and after `patienceMs` of a job,
 * should the engine be in the middle of something that it cannot interrupt.
 */
function orCancelled<T>(work: Promise<T>, token: CancellationToken, patienceMs = 0): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const leave = (): void => reject(new EngineRequestError({ kind: 'cancelled' }));
    const cancelled = (): void => {
      if (patienceMs === 0) leave();
      else timer = setTimeout(leave, patienceMs);
    };
    if (token.isCancellationRequested) cancelled();
    const listener = token.onCancellationRequested(cancelled);
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      listener.dispose();
    });
  });
}

async function faultOf(error: unknown, process: EngineProcess, token: CancellationToken): Promise<EngineFault> {
  if (error instanceof ResponseError) {
    const report = reportOf(error.data);
    if (error.code === requestCancelled || report?.code === 'run.cancelled') return { kind: 'cancelled' };
    if (report !== undefined) return { kind: 'report', report };
  }
  // A dying process closes its pipe a moment before its exit is known.
  const exit = process.exit ?? (await Promise.race([process.exited, after(1000)]));
  if (token.isCancellationRequested) return { kind: 'cancelled' };
  if (exit !== undefined) return { kind: 'crashed', exit };
  return { kind: 'report', report: { code: 'internal', message: messageOf(error), data: {} } };
}

/** The dataset that a request names, whichever way it does. */
function datasetOf(params: object): string | undefined {
  for (const key of ['dataset', 'a', 'output', 'manifest'] as const) {
    const value = (params as Readonly<Record<string, unknown>>)[key];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

function reportOf(data: unknown): ErrorReport | undefined {
  if (typeof data !== 'object' || data === null || !('code' in data) || !('message' in data)) return undefined;
  const code = errorCodes.find((known) => known === data.code) ?? 'internal';
  const facts = 'data' in data && typeof data.data === 'object' && data.data !== null ? (data.data as ErrorReport['data']) : {};
  return { code, message: String(data.message), data: facts };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
