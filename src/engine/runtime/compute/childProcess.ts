import { type ChildProcess, fork } from 'node:child_process';
import { EngineError } from '../../jobs/engineError.ts';
import type { TaskMessage, TaskReply } from './wire.ts';

/** What a process says before it dies is in its last lines. */
const keptErrorText = 2000;

export interface TaskCall {
  readonly task: string;
  readonly payload: unknown;
  progress?(report: unknown): void;
  log?(message: string): void;
}

/** One started compute process. It takes one task at a time. */
export class ComputeChild {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #errorText = '';
  #ended: string | undefined;
  #log: ((message: string) => void) | undefined;
  #ids = 0;

  constructor(script: string) {
    // Its standard output would mix with the engine's answers, so it has none.
    this.#child = fork(script, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errorText = (this.#errorText + text).slice(-keptErrorText);
      this.#log?.(text.trimEnd());
    });
    this.#exited = new Promise((resolve) => {
      const end = (reason: string): void => {
        this.#ended ??= reason;
        resolve();
      };
      this.#child.once('error', (error) => end(error.message));
      this.#child.once('exit', (code, signal) => end(signal === null ? `code ${code}` : nameOf(signal)));
    });
    this.#hold(false);
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** @throws EngineError the task's own, or `compute.crashed` when the process ends before it answers */
  async call<Result>({ task, payload, progress, log }: TaskCall): Promise<Result> {
    const id = this.#ids++;
    this.#hold(true);
    this.#log = log;
    let listener: ((reply: TaskReply) => void) | undefined;
    const answered = new Promise<Result>((resolve, reject) => {
      listener = (reply) => {
        if (reply.id !== id) return;
        if (reply.kind === 'progress') progress?.(reply.report);
        else if (reply.kind === 'done') resolve(reply.result as Result);
        else reject(new EngineError(reply.error.code, reply.error.message, reply.error.data));
      };
      this.#child.on('message', listener);
    });
    const died = this.#exited.then(() => {
      throw this.#crash();
    });
    try {
      this.#child.send({ id, task, payload } satisfies TaskMessage, () => undefined);
      return await Promise.race([answered, died]);
    } finally {
      if (listener) this.#child.off('message', listener);
      answered.catch(() => undefined);
      died.catch(() => undefined);
      this.#log = undefined;
      this.#hold(false);
    }
  }

  /** Ends the process at once; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    this.#child.ref(); // whoever waits for its end must not end before
    await this.#exited;
  }

  /** A waiting process must not keep its parent alive. */
  #hold(held: boolean): void {
    const { channel } = this.#child;
    if (held) {
      this.#child.ref();
      channel?.ref();
    } else {
      this.#child.unref();
      channel?.unref();
    }
  }

  #crash(): EngineError {
    const how = this.#ended ?? 'unknown';
    const lastWords = this.#errorText.trim().split('\n').at(-1) ?? '';
    return new EngineError(
      'compute.crashed',
      `The compute process ended by itself (${how}${lastWords && `: ${lastWords}`}). What was finished is kept: the same command goes on from ` +
        'there. Should it happen again, use --device cpu, a machine with more memory, or ask for less: fewer --clusters, a smaller --size.',
      { how },
    );
  }
}

function nameOf(signal: NodeJS.Signals): string {
  return signal === 'SIGKILL' ? 'SIGKILL, often for want of memory' : signal;
}
