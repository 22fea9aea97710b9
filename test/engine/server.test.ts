import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { type EngineNotifications, type EngineRequests, requestCancelled, requestFailed } from '../../src/protocol/engine.ts';
import { protocolVersion } from '../../src/protocol/requests.ts';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { enginePath, temporaryFolder } from './ballast.ts';

const folder = temporaryFolder('server');
const dataset = join(folder, 'set.json');
const output = join(folder, 'out.json');
let child: ChildProcess;
let connection: MessageConnection;
const seen: EngineNotifications['job/progress'][] = [];

beforeAll(async () => {
  await generateDataset({ outFile: dataset, instances: 4000, seed: 5, profile: 'small', validJson: true });
}, 120_000);

function start(): void {
  child = spawn(process.execPath, [enginePath], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (!child.stdout || !child.stdin) throw new Error('no pipes');
  connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onNotification('job/progress', (payload: EngineNotifications['job/progress']) => {
    seen.push(payload);
  });
  connection.listen();
}

function request<Name extends keyof EngineRequests>(
  name: Name,
  params: EngineRequests[Name]['params'],
  source = new CancellationTokenSource(),
): Promise<EngineRequests[Name]['result']> {
  return connection.sendRequest(name, params, source.token);
}

const ended = () =>
  new Promise<number | null>((resolve) =>
    child.exitCode === null && child.signalCode === null ? child.on('exit', (code) => resolve(code)) : resolve(child.exitCode),
  );

afterEach(() => {
  connection.dispose();
  child.kill('SIGKILL');
});

describe('the engine process', () => {
  it('answers every request', async () => {
    start();
    await expect(request('dataset/inspect', { dataset })).rejects.toMatchObject({ code: requestFailed });
    expect(await request('initialize', { protocolVersion })).toMatchObject({ protocolVersion, pid: child.pid });
    expect((await request('dataset/inspect', { dataset, jobId: 'i' })).instances).toBe(4000);
    expect((await request('entities/analyze', { dataset, jobId: 'a' })).perspectives.token?.entities).toBeGreaterThan(100);
    const rebalanced = await request('selection/rebalance', { dataset, output, target: { kind: 'percent', value: 50 } });
    expect(rebalanced.kept).toBeGreaterThan(0);
    expect((await request('selection/strategies', {})).map(({ name }) => name)).toContain('coincide');
    expect((await request('selection/select', { dataset, strategy: 'random', fraction: 0.25, dryRun: true })).selected).toBe(1000);
    expect((await request('instance/explain', { dataset, instance: 3 })).ordinal).toBe(3);
    expect((await request('dataset/diff', { a: dataset, b: output })).removed).toBe(rebalanced.dropped);
    const page = { a: dataset, b: output, offset: 0, limit: 5 };
    expect((await request('dataset/diffInstances', { ...page, side: 'removed' })).total).toBe(rebalanced.dropped);
    expect((await request('dataset/diffEntities', { ...page, side: 'gained', perspective: 'token' })).total).toBe(0);
    expect((await request('run/verify', { output })).ok).toBe(true);
    expect((await request('doctor', {})).cpus).toBeGreaterThan(0);
    expect(seen.some(({ jobId, progress }) => jobId === 'a' && progress.stage === 'extract')).toBe(true);
    expect(await request('shutdown', {})).toBeNull();
    expect(await ended()).toBe(0);
  });

  it('refuses another protocol and says why a request failed, as data', async () => {
    start();
    await expect(request('initialize', { protocolVersion: 999 })).rejects.toThrow(/protocol/);
    await request('initialize', { protocolVersion });
    const error = await request('dataset/inspect', { dataset: join(folder, 'nowhere.json') }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ResponseError);
    expect((error as ResponseError<{ code: string }>).data?.code).toBe('dataset.notFound');
  });

  it('cancels a job promptly and stays usable', async () => {
    start();
    await request('initialize', { protocolVersion });
    const source = new CancellationTokenSource();
    const job = request('entities/analyze', { dataset, runDir: join(folder, 'fresh') }, source);
    setTimeout(() => source.cancel(), 300);
    const from = performance.now();
    await expect(job).rejects.toMatchObject({ code: requestCancelled });
    expect(performance.now() - from).toBeLessThan(300 + 1500);
    expect((await request('doctor', {})).cpus).toBeGreaterThan(0);
  });

  it('ends with its host: no orphan when the pipe closes', async () => {
    start();
    await request('initialize', { protocolVersion });
    const job = request('entities/analyze', { dataset, runDir: join(folder, 'fresh2') });
    job.catch(() => undefined);
    setTimeout(() => child.stdin?.end(), 200);
    expect(await ended()).toBe(0);
  });
});
