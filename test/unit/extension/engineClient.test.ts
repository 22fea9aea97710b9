import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { EngineClient, type EngineClientOptions } from '../../../src/extension/engine/engineClient.ts';
import { type EngineFault, EngineRequestError } from '../../../src/extension/engine/engineFault.ts';
import { engineLaunch } from '../../../src/extension/engine/engineLaunch.ts';
import type { Progress } from '../../../src/protocol/progress.ts';

const script = path.resolve(import.meta.dirname, '../../fixtures/fakeEngine.mjs');
const made: string[] = [];
const clients: EngineClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.stop();
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A file that gets one line per start of the engine. */
function startsFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ballast-client-'));
  made.push(folder);
  return path.join(folder, 'starts');
}

interface Lab {
  readonly client: EngineClient;
  readonly states: string[];
  readonly log: string[];
}

function lab(mode: string, options: Partial<EngineClientOptions> & { readonly file?: string; readonly command?: string } = {}): Lab {
  const log: string[] = [];
  const note = (message: string): void => {
    log.push(message);
  };
  const client = new EngineClient({
    launch: () => ({ ...engineLaunch('', options.command, process), args: [script, mode, ...(options.file ? [options.file] : [])] }),
    log: { info: note, warn: note, error: note },
    restartDelaysMs: [10, 20, 40],
    stopLimits: { politeMs: 150, terminateMs: 150 },
    ...options,
  });
  clients.push(client);
  const states: string[] = [];
  client.onDidChangeState((state) => {
    if (states.at(-1) !== state.kind) states.push(state.kind);
  });
  return { client, states, log };
}

async function faultOf(work: Promise<unknown>): Promise<EngineFault> {
  const error: unknown = await work.then(
    () => new Error('expected a rejection'),
    (reason: unknown) => reason,
  );
  if (error instanceof EngineRequestError) return error.fault;
  throw error;
}

function pidOf(client: EngineClient): number {
  const { state } = client;
  if (state.kind !== 'ready' && state.kind !== 'busy') throw new Error(`state is ${state.kind}`);
  return state.pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const rebalance = { dataset: '/data.json', dryRun: true };

describe('EngineClient', () => {
  it('starts with the first request only, answers it, tells its progress and its states', async () => {
    const { client, states, log } = lab('normal');
    expect(client.state.kind).toBe('stopped');
    expect(log).toEqual([]);
    const progress: Progress[] = [];
    const report = await client.request('selection/rebalance', rebalance, { onProgress: (p) => progress.push(p) });
    expect(report.kept).toBe(7);
    expect(progress.map((p) => p.done)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(states).toEqual(['starting', 'ready', 'busy', 'ready']);
    expect(log.some((line) => line.includes('fake engine is up'))).toBe(true);
  });

  it('starts one process for requests that come at once', async () => {
    const file = startsFile();
    const { client } = lab('normal', { file });
    await Promise.all([1, 2, 3].map(() => client.request('selection/rebalance', rebalance)));
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('hands the engine a clean environment', async () => {
    const file = startsFile();
    process.env.NODE_OPTIONS = '--no-warnings';
    try {
      await faultOf(lab('normal', { file }).client.request('dataset/inspect', { dataset: 'x' }));
    } finally {
      delete process.env.NODE_OPTIONS;
    }
    expect(readFileSync(file, 'utf8')).toMatch(/^\d+ NODE_OPTIONS= RUN_AS_NODE=1\n$/);
  });

  it('gives the report of a failed request', async () => {
    const fault = await faultOf(lab('normal').client.request('dataset/inspect', { dataset: '/gone.json' }));
    expect(fault).toEqual({
      kind: 'report',
      report: { code: 'dataset.notFound', message: 'no file /gone.json', data: { path: '/gone.json' } },
    });
  });

  it('cancels a running job in the engine', async () => {
    const { client } = lab('normal');
    const source = new CancellationTokenSource();
    const started = performance.now();
    const fault = await faultOf(
      client.request('selection/rebalance', rebalance, { token: source.token, onProgress: (p) => p.done === 3 && source.cancel() }),
    );
    expect(fault).toEqual({ kind: 'cancelled' });
    expect(performance.now() - started).toBeLessThan(900); // the whole job takes 1000 ms
    expect(client.state.kind).toBe('ready');
  });

  it('lets the caller leave within half a second when the engine cannot stop, and stays busy until it has', async () => {
    const { client } = lab('normal');
    const source = new CancellationTokenSource();
    const request = client.request('dataset/inspect', { dataset: 'deafFor2s' }, { token: source.token });
    await vi.waitUntil(() => client.state.kind === 'busy', 10_000);
    const sent = performance.now();
    source.cancel();
    expect(await faultOf(request)).toEqual({ kind: 'cancelled' });
    expect(performance.now() - sent).toBeLessThan(900);
    expect(client.state).toMatchObject({ kind: 'busy', jobs: 1, job: { method: 'dataset/inspect', dataset: 'deafFor2s' } });
    await vi.waitUntil(() => client.state.kind === 'ready', 10_000);
  });

  it('lets the caller leave while the engine starts', async () => {
    const source = new CancellationTokenSource();
    const { client } = lab('mute', { initializeTimeoutMs: 300, restartDelaysMs: [] });
    const request = client.request('selection/rebalance', rebalance, { token: source.token });
    source.cancel();
    expect(await faultOf(request)).toEqual({ kind: 'cancelled' });
  });

  it('rejects every pending request when the engine is killed, and starts a fresh one for the next', async () => {
    const { client, states } = lab('normal');
    await client.request('selection/rebalance', rebalance);
    const first = pidOf(client);
    const pending = [client.request('dataset/inspect', { dataset: 'hang' }), client.request('selection/rebalance', rebalance)].map(faultOf);
    while (client.state.kind !== 'busy') await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill(first, 'SIGKILL');
    const crash = { kind: 'crashed', exit: { code: null, signal: 'SIGKILL' } };
    expect(await Promise.all(pending)).toEqual([crash, crash]);
    expect(client.state).toEqual({ kind: 'failed', fault: crash });
    expect((await client.request('selection/rebalance', rebalance)).kept).toBe(7);
    expect(pidOf(client)).not.toBe(first);
    expect(states).toEqual(['starting', 'ready', 'busy', 'ready', 'busy', 'failed', 'starting', 'ready', 'busy', 'ready']);
  });

  it('does not run a job again after a crash', async () => {
    const file = startsFile();
    const { client } = lab('normal', { file });
    expect((await faultOf(client.request('dataset/inspect', { dataset: 'crash' }))).kind).toBe('crashed');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
  });

  it('tries again while the engine fails to start, and succeeds', async () => {
    const file = startsFile();
    const { client } = lab('failTwice', { file });
    expect((await client.request('selection/rebalance', rebalance)).kept).toBe(7);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
  });

  it('gives up after three restarts and says why', async () => {
    const file = startsFile();
    const { client } = lab('exitAtStart', { file });
    const fault = await faultOf(client.request('selection/rebalance', rebalance));
    expect(fault).toEqual({ kind: 'cannotStart', reason: 'exit', detail: 'exit code 3', attempts: 4 });
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(4);
    expect(client.state).toEqual({ kind: 'failed', fault });
  });

  it('kills an engine that never answers', async () => {
    const { client } = lab('mute', { initializeTimeoutMs: 200, restartDelaysMs: [] });
    const fault = await faultOf(client.request('selection/rebalance', rebalance));
    expect(fault).toEqual({ kind: 'cannotStart', reason: 'timeout', detail: 'no answer in 200 ms', attempts: 1 });
  });

  it.each([
    ['otherProtocol', /engine fake speaks protocol 99, the extension 1/],
    ['refuse', /refused/],
  ])('does not insist on an engine of another protocol (%s)', async (mode, detail) => {
    const { client } = lab(mode);
    const fault = await faultOf(client.request('selection/rebalance', rebalance));
    expect(fault).toMatchObject({ kind: 'cannotStart', reason: 'protocol', attempts: 1 });
    expect(fault.kind === 'cannotStart' && fault.detail).toMatch(detail);
  });

  it('says at once that a Node does not exist', async () => {
    const { client } = lab('normal', { command: '/no/such/node' });
    const fault = await faultOf(client.request('selection/rebalance', rebalance));
    expect(fault).toMatchObject({ kind: 'cannotStart', reason: 'spawn', attempts: 1 });
  });

  it.each(['normal', 'deaf'])('stops the process whatever it does (%s)', async (mode) => {
    const { client } = lab(mode);
    await client.request('selection/rebalance', rebalance);
    const pid = pidOf(client);
    await client.stop();
    expect(client.state.kind).toBe('stopped');
    expect(isAlive(pid)).toBe(false);
  });

  it('stops while starting', async () => {
    const { client } = lab('mute', { initializeTimeoutMs: 200 });
    const request = faultOf(client.request('selection/rebalance', rebalance));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await client.stop();
    expect(await request).toEqual({ kind: 'cancelled' });
    expect(client.state.kind).toBe('stopped');
  });
});

describe("the engine's questions to its host", () => {
  const synthesis = { dataset: 'vendor/m', method: 'rewrite', count: 1 } as const;

  it('are answered by the language model of the host', async () => {
    const chat = vi.fn(async () => ({ text: 'good day' }));
    const { client } = lab('normal', { chat });
    expect(await client.request('synthesize/run', synthesis)).toEqual({ staging: 'good day' });
    expect(chat).toHaveBeenCalledWith(
      { model: 'vendor/m', messages: [{ role: 'user', text: 'hello' }], maxTokens: 5 },
      expect.objectContaining({ isCancellationRequested: false }),
    );
  });

  it('fail with the sentence of the host, and where the host has no models', async () => {
    const { client } = lab('normal', { chat: () => Promise.reject(new Error('You have not allowed it.')) });
    expect(await client.request('synthesize/run', synthesis)).toEqual({ staging: '! You have not allowed it.' });
    const { client: without } = lab('normal');
    const { staging } = await without.request('synthesize/run', synthesis);
    expect(staging).toMatch(/^! .*host\/chat/);
  });

  it('end when the job is cancelled', async () => {
    const source = new CancellationTokenSource();
    const chat = vi.fn<NonNullable<EngineClientOptions['chat']>>(
      (_request, token) =>
        new Promise((_resolve, reject) => {
          token.onCancellationRequested(() => reject(new Error('stopped')));
          source.cancel();
        }),
    );
    const { client } = lab('normal', { chat });
    // The fake engine hands its own cancellation on.
    const answer = await client.request('synthesize/run', synthesis, { token: source.token }).catch(() => undefined);
    expect(chat).toHaveBeenCalledTimes(1);
    expect(answer === undefined || answer.staging === '! stopped').toBe(true);
  });
});
