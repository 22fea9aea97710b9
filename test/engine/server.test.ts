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

  it('makes, shows, reviews and composes synthetic instances', async () => {
    const own = join(folder, 'pictures', 'set.json');
    await generateDataset({
      outFile: own,
      instances: 40,
      seed: 8,
      profile: 'small',
      validJson: true,
      images: { dir: join(folder, 'pictures'), count: 'each', size: 96 },
    });
    const staging = join(folder, 'staging');
    const call = { dataset: own, method: 'augment', quota: 'deficit', count: 6, staging, jobId: 's' } as const;
    start();
    await request('initialize', { protocolVersion });
    expect((await request('synthesize/methods', {})).map(({ name }) => name)).toEqual(expect.arrayContaining(['augment', 'variation']));
    const planned = await request('synthesize/plan', call);
    expect(planned).toMatchObject({ dryRun: true, plan: { ready: 0, asks: null } });
    const made = await request('synthesize/run', call);
    expect(made.made).toBe(planned.plan.planned);
    const progress = seen.flatMap(({ jobId, progress: one }) => (jobId === 's' && one.synthesis ? [one.synthesis] : []));
    expect(progress.some(({ image }) => image !== undefined)).toBe(true);
    const { stagings } = await request('staging/list', { runDirs: [join(folder, 'pictures', '.ballast')] });
    expect(stagings).toMatchObject([{ path: staging, dataset: own, counts: { made: made.made } }]);
    const page = await request('review/list', { staging, status: 'pending', limit: 2 });
    expect(page.total).toBe(made.gated);
    const [first] = page.candidates;
    if (!first) throw new Error('no candidate');
    for (const which of ['candidate', 'source'] as const) {
      const image = await request('review/image', { staging, id: first.id, which, side: 64 });
      expect(image.ok && Buffer.from(image.jpeg, 'base64').subarray(0, 2).toString('hex')).toBe('ffd8');
    }
    const index = await request('review/index', { staging, status: 'pending' });
    expect([index.ids.length, index.statuses, index.dataset]).toEqual([made.gated, 'p'.repeat(made.gated), own]);
    const { candidates } = await request('review/candidates', { staging, ids: index.ids.slice(0, 2) });
    expect(candidates).toEqual(page.candidates);
    const source = await request('review/source', { staging, id: first.id });
    expect(source).toMatchObject({ ordinal: first.parent.ordinal, id: first.parent.id });
    expect(source.candidate).toEqual(source.turns);
    expect((await request('review/decide', { staging, ids: [first.id], status: 'rejected', reason: 'x' })).changed).toHaveLength(1);
    expect((await request('review/undo', { staging })).changed).toEqual([{ id: first.id, from: 'rejected', to: 'pending' }]);
    const { counts } = await request('review/decide', { staging, ids: 'gated', status: 'accepted' });
    const composed = join(folder, 'pictures', 'composed.json');
    const report = await request('compose/run', { dataset: own, synthetic: [staging], volume: 40 + counts.accepted, output: composed });
    expect(report).toMatchObject({ volume: 40 + counts.accepted, kept: 40 });
    expect((await request('run/verify', { output: composed })).ok).toBe(true);
  });

  it('asks its host for a language model', async () => {
    const staging = join(folder, 'host-staging');
    start();
    await request('initialize', { protocolVersion });
    let asked = 0;
    connection.onRequest('host/chat', ({ messages }: { messages: { text: string }[] }) => {
      const turns = JSON.parse(messages.at(-1)?.text ?? '[]') as { text: string }[];
      asked++;
      return { text: JSON.stringify({ turns: turns.map(({ text }) => `Said otherwise, ${text} Right?`) }) };
    });
    const call = { dataset, method: 'rewrite', provider: 'editor', model: 'any', count: 3, wantAtLeast: 3, staging } as const;
    expect(await request('synthesize/run', call)).toMatchObject({ made: 3, failed: 0, plan: { asks: null, model: 'editor any' } });
    expect(asked).toBe(3);
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
