import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { EngineRequests } from '../../src/protocol/engine.ts';
import type { EntityPage, RankedEntity } from '../../src/protocol/entities.ts';
import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import type { AnalyzeReport, RebalanceReport } from '../../src/protocol/reports.ts';
import { protocolVersion } from '../../src/protocol/requests.ts';
import type { RunSummary } from '../../src/protocol/runs.ts';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { enginePath, temporaryFolder } from './ballast.ts';

// What the views of the editor ask: pages of entities, instances and their bytes, runs.
const folder = temporaryFolder('views');
const dataset = join(folder, 'set.json');
const output = join(folder, 'out.json');
const manifest = `${output}.manifest.json`;
const runDir = join(folder, '.ballast');
const runDirs = [runDir];
const instances = 800;
let child: ChildProcess;
let connection: MessageConnection;
let analyzed: AnalyzeReport;
let rebalanced: RebalanceReport;

function request<Name extends keyof EngineRequests>(
  name: Name,
  params: EngineRequests[Name]['params'],
): Promise<EngineRequests[Name]['result']> {
  return connection.sendRequest(name, params);
}

function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no failure',
    (error: { data?: { code?: string } }) => error.data?.code ?? String(error),
  );
}

beforeAll(async () => {
  await generateDataset({ outFile: dataset, instances, seed: 11, profile: 'small', validJson: true });
  child = spawn(process.execPath, [enginePath], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (!child.stdout || !child.stdin) throw new Error('no pipes');
  connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.listen();
  await request('initialize', { protocolVersion });
  analyzed = await request('entities/analyze', { dataset, top: 1_000_000 });
  const target = { kind: 'percent', value: 50 } as const;
  rebalanced = await request('selection/rebalance', { dataset, output, target, randomControl: join(folder, 'random.json') });
}, 120_000);

afterAll(() => {
  connection.dispose();
  child.kill();
});

/** Every row, page by page. */
async function allRows(perspective: Perspective, limit: number, filter?: string): Promise<{ rows: RankedEntity[]; page: EntityPage }> {
  const rows: RankedEntity[] = [];
  for (;;) {
    const page = await request('entities/page', { dataset, perspective, offset: rows.length, limit, ...(filter ? { filter } : {}) });
    rows.push(...page.rows);
    if (rows.length >= page.matches || page.rows.length === 0) return { rows, page };
  }
}

describe('entities/page', () => {
  it('gives every entity once, head to tail, as analyze does', async () => {
    for (const perspective of perspectives) {
      const { rows, page } = await allRows(perspective, perspective === 'cooccurrence' ? 997 : 61);
      expect(rows.map(({ rank: _, ...entity }) => entity)).toEqual(analyzed.perspectives[perspective]?.head);
      expect(rows.map(({ rank }) => rank)).toEqual(rows.map((_, i) => i));
      expect(page).toMatchObject({ instances, entities: rows.length, matches: rows.length, tau: analyzed.perspectives[perspective]?.tau });
    }
  });

  it('finds by a part of the name and keeps the rank', async () => {
    const everything = (await allRows('token', 1000)).rows;
    const wanted = everything.filter(({ entity }) => entity.toLowerCase().includes('an'));
    expect(wanted.length).toBeGreaterThan(5);
    expect((await allRows('token', 3, 'AN')).rows).toEqual(wanted);
    const none = await request('entities/page', { dataset, perspective: 'token', offset: 0, limit: 10, filter: '\u0000no such' });
    expect([none.matches, none.rows]).toEqual([0, []]);
  });

  it('refuses a page that is none', async () => {
    const page = { dataset, perspective: 'token', offset: 0, limit: 10 } as const;
    for (const wrong of [{ limit: 0 }, { limit: 1001 }, { offset: -1 }, { offset: 0.5 }])
      expect(await failure(request('entities/page', { ...page, ...wrong }))).toBe('usage');
    expect((await request('entities/page', { ...page, offset: 10_000_000 })).rows).toEqual([]);
  });
});

describe('entities/instances', () => {
  it('gives the ordinals that analyze gives, page by page, with id and begin', async () => {
    const records = JSON.parse(readFileSync(dataset, 'utf8')) as { id: string | number; conversations: { value: string }[] }[];
    for (const perspective of perspectives) {
      const { entity } = (await request('entities/page', { dataset, perspective, offset: 3, limit: 1 })).rows[0] ?? { entity: '' };
      const wanted = (await request('entities/analyze', { dataset, entity, entityPerspective: perspective })).entity?.ordinals;
      const found: number[] = [];
      for (let more = true; more; ) {
        const page = await request('entities/instances', { dataset, perspective, entity, offset: found.length, limit: 7 });
        expect(page.frequency).toBe(wanted?.length);
        for (const { ordinal, id, begin } of page.instances) {
          expect(id).toBe(String(records[ordinal]?.id));
          const said = records[ordinal]?.conversations.map(({ value }) => value.slice(0, 200).trim());
          expect(begin).toBe(said?.find((text) => text !== ''));
          found.push(ordinal);
        }
        more = page.instances.length === 7;
      }
      expect(found).toEqual(wanted);
    }
    const missing = { dataset, perspective: 'token', entity: 'no such thing', offset: 0, limit: 7 } as const;
    expect(await failure(request('entities/instances', missing))).toBe('entity.notFound');
  });
});

describe('instance/read', () => {
  it('gives the bytes of the file, and where they lie', async () => {
    const bytes = readFileSync(dataset);
    const records = JSON.parse(bytes.toString('utf8')) as unknown[];
    for (const ordinal of [0, 1, 399, instances - 1]) {
      const record = await request('instance/read', { dataset, instance: ordinal });
      expect(record).toMatchObject({ ordinal, file: dataset, fileBytes: bytes.length, cut: false });
      expect(JSON.parse(record.text)).toEqual(records[ordinal]);
      expect(bytes.subarray(record.range?.byteStart, record.range?.byteEnd).toString('utf8')).toBe(record.text);
    }
    expect(await failure(request('instance/read', { dataset, instance: instances }))).toBe('instance.notFound');
  });

  it('cuts long records between characters', async () => {
    const file = join(folder, 'wide.jsonl');
    const text = JSON.stringify({ id: '1', conversations: [{ from: 'human', value: '\u4e2d\u{1F9AD}'.repeat(40) }] });
    writeFileSync(file, `${text}\n`);
    for (let limitBytes = 50; limitBytes < 62; limitBytes++) {
      const record = await request('instance/read', { dataset: file, instance: 0, limitBytes });
      expect([record.cut, record.bytes]).toEqual([true, Buffer.byteLength(text)]);
      expect(text.startsWith(record.text)).toBe(true);
      expect(Buffer.byteLength(record.text)).toBeGreaterThan(limitBytes - 4);
    }
  });

  it('still reads a record that is broken', async () => {
    const file = join(folder, 'broken.jsonl');
    writeFileSync(file, '{"id": "1", "conversations": []}\n{"id": "2", }\n');
    expect(await request('instance/read', { dataset: file, instance: 1 })).toMatchObject({ text: '{"id": "2", }', cut: false });
  });
});

describe('runs', () => {
  async function ownRun(): Promise<RunSummary> {
    const { runs, unreadable } = await request('runs/list', { runDirs });
    expect(unreadable).toEqual([]);
    const run = runs.find((each) => each.output === output);
    if (!run) throw new Error('the run is not listed');
    return run;
  }

  it('are listed with what their manifests say', async () => {
    const run = await ownRun();
    expect(run).toMatchObject({ command: 'rebalance', dataset, datasetPresent: true, manifest, manifestState: 'present', runDir });
    expect(run.facts?.counts).toMatchObject({ kept: rebalanced.kept, dropped: rebalanced.dropped, instances });
    expect(run.facts?.counts.expected).toBeCloseTo(rebalanced.expected, 9);
    expect(run.facts?.stages.map(({ name }) => name)).toEqual(expect.arrayContaining(['extract', 'reverseIndex token', 'select']));
    expect(run.outputs.map(({ path, role, state }) => [path, role, state])).toEqual([
      [output, 'selection', 'present'],
      [join(folder, 'random.json'), 'control', 'present'],
    ]);
    expect(await request('runs/list', { runDirs: [join(folder, 'nowhere')] })).toEqual({ runs: [], unreadable: [] });
  });

  it('say when a file of theirs is missing, changed or of another run', async () => {
    const aside = join(folder, 'aside');
    renameSync(output, aside);
    expect((await ownRun()).outputs[0]?.state).toBe('missing');
    copyFileSync(aside, output);
    appendFileSync(output, ' ');
    expect((await ownRun()).outputs[0]?.state).toBe('resized');
    renameSync(aside, output);
    expect((await ownRun()).outputs[0]?.state).toBe('present');

    const text = readFileSync(manifest, 'utf8');
    rmSync(manifest);
    expect(await ownRun()).toMatchObject({ manifestState: 'missing', outputs: [{ path: output, state: 'present' }] });
    writeFileSync(manifest, text.slice(0, 100));
    expect((await ownRun()).manifestState).toBe('unreadable');
    writeFileSync(manifest, text.replace(rebalanced.selectionHash ?? '?', '0'.repeat(64)));
    const replaced = await ownRun();
    expect([replaced.manifestState, replaced.facts]).toEqual(['replaced', undefined]);
    writeFileSync(manifest, text);
    expect((await ownRun()).manifestState).toBe('present');
  });

  it('are made again byte by byte, into a new file only', async () => {
    const again = join(folder, 'again.json');
    const report = await request('run/reproduce', { manifest, output: again });
    expect(report).toMatchObject({ equal: true, output: again, selectionHash: rebalanced.selectionHash });
    expect(report.files).toEqual([{ path: output, expectedSha256: rebalanced.output?.sha256, sha256: rebalanced.output?.sha256 }]);
    expect(readFileSync(again)).toEqual(readFileSync(output));
    expect(await failure(request('run/reproduce', { manifest, output: again }))).toBe('usage');
    expect(await failure(request('run/reproduce', { manifest, output }))).toBe('usage');
  });

  it('differ when the manifest was edited, and are refused when the source is another', async () => {
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, text.replace('"seed": 42', '"seed": 43'));
    const other = join(folder, 'other.json');
    const report = await request('run/reproduce', { manifest, output: other });
    expect(report.equal).toBe(false);
    expect(report.selectionHash).not.toBe(report.expectedSelectionHash);
    writeFileSync(manifest, text);

    const source = readFileSync(dataset);
    writeFileSync(dataset, Buffer.concat([source, Buffer.from('\n')]));
    const refused = join(folder, 'refused.json');
    expect(await failure(request('run/reproduce', { manifest, output: refused }))).toBe('dataset.changed');
    expect([existsSync(refused), existsSync(`${refused}.manifest.json`)]).toEqual([false, false]);
    writeFileSync(dataset, source);
  });

  it('are forgotten one by one; their files stay', async () => {
    const { id } = await ownRun();
    const before = (await request('runs/list', { runDirs })).runs.length;
    expect(await request('runs/delete', { runDir, id })).toBeNull();
    const { runs } = await request('runs/list', { runDirs });
    expect([runs.length, runs.some((run) => run.id === id)]).toEqual([before - 1, false]);
    expect([existsSync(output), existsSync(manifest)]).toEqual([true, true]);
    expect(await request('runs/delete', { runDir, id })).toBeNull();
  });
});
