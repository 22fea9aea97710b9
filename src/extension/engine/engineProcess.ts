import { type ChildProcess, spawn } from 'node:child_process';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { after } from './after.ts';
import type { EngineExit } from './engineFault.ts';

export interface EngineLaunch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** How long each step of stopping may take before the next, harder one. */
export interface StopLimits {
  readonly politeMs: number;
  readonly terminateMs: number;
}

const defaultStopLimits: StopLimits = { politeMs: 500, terminateMs: 2000 };
/** After exit, bytes already written by the engine may still be in the pipe; a grandchild that holds the pipe must not hold us. */
const drainMs = 200;

/** One life of the engine: a child process and the JSON-RPC connection on its stdio. */
export class EngineProcess {
  readonly connection: MessageConnection;
  /** Resolves once, however the process ended; the connection is disposed by then, so every pending request is rejected. */
  readonly exited: Promise<EngineExit>;
  readonly #child: ChildProcess;
  #exit: EngineExit | undefined;

  constructor(launch: EngineLaunch, onStderrLine: (line: string) => void) {
    const child = spawn(launch.command, launch.args, { env: launch.env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    this.#child = child;
    const ended = new Promise<EngineExit>((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: null, spawnError: error.message }));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.stdin.on('error', () => undefined); // EPIPE of a dying engine; the exit tells it better
    readLines(child.stderr, onStderrLine);
    this.connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    this.connection.onError(([error]) => onStderrLine(`connection: ${error.message}`));
    this.exited = ended.then(async (exit) => {
      this.#exit = exit;
      if (exit.spawnError === undefined) await Promise.race([closed, after(drainMs)]);
      this.connection.dispose();
      return exit;
    });
    this.connection.listen();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get exit(): EngineExit | undefined {
    return this.#exit;
  }

  /** Asks, then insists: `shutdown`, end of stdin, SIGTERM, SIGKILL. Resolves when the process is gone. */
  async stop(limits: StopLimits = defaultStopLimits): Promise<EngineExit> {
    if (this.#exit === undefined) {
      const asked = this.connection.sendRequest('shutdown', {}).catch(() => undefined); // a dead or mute engine is dealt with below
      await Promise.race([asked, this.exited, after(limits.politeMs)]);
      this.#child.stdin?.end();
      await Promise.race([this.exited, after(limits.politeMs)]);
    }
    if (this.#exit === undefined) {
      this.#child.kill('SIGTERM');
      await Promise.race([this.exited, after(limits.terminateMs)]);
    }
    if (this.#exit === undefined) this.kill();
    return this.exited;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  stream.setEncoding('utf8');
  let rest = '';
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line.trimEnd());
  });
  stream.on('end', () => {
    if (rest.trim() !== '') onLine(rest.trimEnd());
  });
}
