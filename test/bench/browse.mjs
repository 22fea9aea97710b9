// The instance browser on a big file, over the engine's own wire: what a person waits for.
//   node browse.mjs DATASET [ANALYSED_RUN_DIR]   needs dist/engine.js; with an analysed run folder also rows with entities
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { median } from './measure.mjs';

const enginePath = join(dirname(fileURLToPath(import.meta.url)), '../../dist/engine.js');
const rowsPerPage = 100;
const pages = 40;

/** One engine process; `time` gives an answer and the milliseconds until it came. */
async function startEngine() {
  const child = spawn(process.execPath, [enginePath], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.listen();
  await connection.sendRequest('initialize', { protocolVersion: 1 });
  return {
    async time(method, params) {
      const from = performance.now();
      const answer = await connection.sendRequest(method, params);
      return { answer, ms: performance.now() - from };
    },
    /** Largest resident memory so far, workers included; undefined where the system does not tell. */
    peakMb() {
      try {
        return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024);
      } catch {
        return undefined;
      }
    },
    async end() {
      const exited = new Promise((done) => child.once('exit', done));
      child.stdin.end();
      await exited;
      connection.dispose();
    },
  };
}

/** Takes the file out of the system's cache, where that can be asked for. */
function dropFromCache(path) {
  const code = 'import os, sys; f = os.open(sys.argv[1], os.O_RDONLY); os.posix_fadvise(f, 0, 0, os.POSIX_FADV_DONTNEED)';
  return spawnSync('python3', ['-c', code, path], { stdio: 'ignore' }).status === 0;
}

/** Filters and orders that a person clicks through, without a text. */
function clicks(facets) {
  const values = (name) => facets.find((facet) => facet.name === name)?.values.map(({ value }) => value) ?? [];
  const [first, second] = values('folder');
  const folders = [first, second].filter((value) => value !== undefined);
  const filters = [
    {},
    { media: ['image'] },
    { media: ['none'] },
    { fields: { folder: folders.slice(0, 1) } },
    { fields: { folder: folders } },
    { fields: { folder: folders }, media: ['image', 'images'] },
  ];
  const sorts = [undefined, { by: 'id' }, { by: 'bytes', descending: true }, { by: 'turns' }];
  return filters.flatMap((filter) => sorts.map((sort) => ({ filter, sort })));
}

function summary(name, times) {
  const sorted = [...times].sort((a, b) => a - b);
  console.log(`  ${name.padEnd(58)} median ${median(times).toFixed(1).padStart(7)} ms, most ${sorted.at(-1).toFixed(1).padStart(7)} ms`);
}

async function timePages(engine, query, matches, name) {
  const times = [];
  for (let i = 0; i < pages; i++) {
    const offset = Math.floor((matches - rowsPerPage) * ((i * 0.618_034) % 1));
    times.push((await engine.time('browse/rows', { ...query, offset: Math.max(0, offset), limit: rowsPerPage })).ms);
  }
  summary(name, times);
}

/** @param {string} dataset @param {string | undefined} analysed run folder of a finished analysis of the dataset */
export async function benchBrowse(dataset, analysed) {
  console.log('\nInstance browser (one engine process; time from request to answer)');
  const runDir = mkdtempSync(join(tmpdir(), 'ballast-bench-browse-'));
  try {
    const first = { cold: [], warm: [] };
    for (const kind of ['cold', 'cold', 'cold', 'warm', 'warm', 'warm']) {
      if (kind === 'cold' && !dropFromCache(dataset)) continue;
      const engine = await startEngine();
      first[kind].push((await engine.time('browse/first', { dataset, runDir, limit: rowsPerPage })).ms);
      await engine.end();
    }
    if (first.cold.length > 0) summary('first 100 rows, new engine, file not in memory', first.cold);
    summary('first 100 rows, new engine', first.warm);

    const engine = await startEngine();
    const index = await engine.time('dataset/inspect', { dataset, runDir, problemLimit: 0 });
    console.log(`  index of every record (once per dataset) ${(index.ms / 1000).toFixed(1)} s`);
    const whole = await engine.time('browse/query', { dataset, runDir });
    console.log(
      `  columns of the browser (once per dataset) ${(whole.ms / 1000).toFixed(1)} s, engine at most ${engine.peakMb()} MB so far`,
    );
    const { facets, matches } = whole.answer;
    const times = [];
    for (const { filter, sort } of clicks(facets)) times.push((await engine.time('browse/query', { dataset, runDir, filter, sort })).ms);
    summary(`${times.length} changes of facets and order`, times);
    await timePages(engine, { dataset, runDir }, matches, `${rowsPerPage} rows at ${pages} places`);
    for (const text of ['zebra', 'the', 'é']) {
      const query = { dataset, runDir, filter: { text } };
      const search = await engine.time('browse/query', query);
      const change = await engine.time('browse/query', { ...query, filter: { text, media: ['image'] } });
      console.log(
        `  text "${text}" ${search.answer.matches.toLocaleString('en-US')} rows: search ${search.ms.toFixed(0)} ms, a facet changed under it ${change.ms.toFixed(0)} ms`,
      );
    }
    console.log(`  engine at most ${engine.peakMb()} MB`);
    await engine.end();
    if (analysed) await benchEntities(dataset, analysed, clicks(facets));
  } finally {
    rmSync(runDir, { recursive: true, force: true });
  }
}

async function benchEntities(dataset, runDir, queries) {
  const engine = await startEngine();
  const opened = await engine.time('browse/query', { dataset, runDir });
  const query = { dataset, runDir };
  console.log(`  after an analysis: opened again ${(opened.ms / 1000).toFixed(1)} s`);
  const firstRows = await engine.time('browse/rows', { ...query, offset: 0, limit: rowsPerPage });
  console.log(`  first page with entities ${firstRows.ms.toFixed(0)} ms`);
  await timePages(engine, query, opened.answer.matches, `${rowsPerPage} rows with entities at ${pages} places`);
  const rarest = await engine.time('browse/query', { ...query, sort: { by: 'rarest' } });
  console.log(`  rarest first, for the first time ${rarest.ms.toFixed(0)} ms`);
  const chosen = firstRows.answer.rows.flatMap((row) => row.entities ?? []).slice(0, 6);
  for (const perspective of ['token', 'object', 'interrogation']) {
    const page = await engine.time('entities/page', { ...query, perspective, offset: 0, limit: 2 });
    chosen.push(...page.answer.rows.map(({ entity }) => ({ perspective, entity })));
  }
  const times = [];
  for (const { perspective, entity } of chosen) {
    for (const { filter, sort } of queries.slice(0, 3)) {
      const asked = { ...query, filter: { ...filter, entities: [{ perspective, entity }] }, sort };
      times.push((await engine.time('browse/query', asked)).ms);
    }
  }
  summary(`${times.length} changes of the entity, facets and order`, times);
  const details = [];
  for (let i = 0; i < pages; i++) {
    const instance = Math.floor((opened.answer.records - 1) * ((i * 0.618_034) % 1));
    details.push((await engine.time('instance/detail', { ...query, instance })).ms);
  }
  console.log(`  detail of an instance, for the first time ${details[0].toFixed(0)} ms`);
  summary('detail with marked entities', details.slice(1));
  console.log(`  engine at most ${engine.peakMb()} MB`);
  await engine.end();
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  const [dataset = '', analysed] = process.argv.slice(2);
  await benchBrowse(resolve(dataset), analysed && resolve(analysed));
}
