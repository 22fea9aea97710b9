// npm run bench [-- --instances 665298] [--rounds 1] [--keep DIR] [--only index,analysis,browse,clusters,greedy,planted] [--seeds 20]
// One run prints: indexing against Python's json.load, stream-json and reading the file once; the whole analysis against the tagger's own
// CPU time; the expected volume for new thresholds; whole what-if answers; the instance browser; k-means against FAISS and scikit-learn;
// greedy MMD against its definition; planted groups that coresets reach. Every figure is of a whole process where nothing else is said;
// compare within a run, never between machines.
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { benchBrowse } from './browse.mjs';
import { benchClusters } from './clusters.mjs';
import { measure, print, row } from './measure.mjs';
import { benchPlanted } from './planted.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '665298' },
    rounds: { type: 'string', default: '1' },
    keep: { type: 'string' },
    'tagger-share': { type: 'string', default: '0.05' },
    only: { type: 'string', default: 'index,analysis,browse,clusters,greedy,planted' },
    seeds: { type: 'string', default: '20' },
  },
});
const instances = Number(values.instances);
const rounds = Number(values.rounds);
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'ballast-bench-'));
mkdirSync(folder, { recursive: true });
const dataset = join(folder, `bench-${instances}.json`);
const analysisRun = join(folder, 'analysis-run');
const cli = join(root, 'dist/cli.js');
const only = values.only.split(',');
const isWanted = (...names) => names.some((name) => only.includes(name));
const rival = (name) => join(here, 'rivals', name);

try {
  console.log(`${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}`);
  if (isWanted('index', 'analysis', 'browse')) await makeDataset();
  if (isWanted('index')) await benchIndex();
  if (isWanted('analysis')) await benchAnalysis();
  if (isWanted('browse')) await benchBrowse(dataset, analysisRun);
  if (isWanted('greedy')) await benchGreedy();
  if (isWanted('clusters'))
    await benchClusters({
      script: await bundled('kmeans'),
      rivals: join(here, 'rivals'),
      kernels: join(root, 'dist/kernels.wasm'),
      folder,
      rounds,
    });
  if (isWanted('planted')) await benchPlanted(cli, folder, Number(values.seeds));
} finally {
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
}

async function makeDataset() {
  if (!existsSync(dataset)) {
    const from = performance.now();
    await generateDataset({ outFile: dataset, instances, seed: 42, profile: 'full' });
    console.log(`made ${dataset} in ${((performance.now() - from) / 1000).toFixed(1)} s`);
  }
  console.log(`${instances.toLocaleString('en-US')} instances, ${(statSync(dataset).size / 1e6).toFixed(0)} MB; median of ${rounds}`);
}

async function benchIndex() {
  const runs = { once: [], ballast: [], warm: [], python: [], streamJson: [] };
  for (let round = 0; round < rounds; round++) {
    const runDir = join(folder, 'index-run');
    rmSync(runDir, { recursive: true, force: true });
    runs.once.push(await measure(process.execPath, [rival('readOnce.mjs'), dataset]));
    runs.ballast.push(await measure(process.execPath, [cli, 'inspect', dataset, '--run-dir', runDir, '--json', '--quiet']));
    runs.warm.push(await measure(process.execPath, [cli, 'inspect', dataset, '--run-dir', runDir, '--json', '--quiet']));
    runs.python.push(await measure('python3', [rival('jsonLoad.py'), dataset]));
    runs.streamJson.push(await measure(process.execPath, [rival('streamJson.mjs'), dataset]));
  }
  print(
    'Index of every record, problems, counts, SHA-256 (ballast inspect)',
    [
      row('read the file once', runs.once),
      row('ballast inspect, first time', runs.ballast),
      row('ballast inspect, again', runs.warm),
      row('Python json.load + one pass', runs.python),
      row('stream-json', runs.streamJson),
    ],
    'Python json.load + one pass',
  );
}

async function benchAnalysis() {
  const runDir = analysisRun;
  rmSync(runDir, { recursive: true, force: true });
  // As many taggers at once as the analysis has threads: on shared cores a busy neighbour costs CPU time too.
  const threads = availableParallelism();
  const taggers = await Promise.all(
    Array.from({ length: threads }, (_, i) =>
      measure(process.execPath, [join(here, 'bareTagger.mjs'), dataset, values['tagger-share'], String(i)]),
    ),
  );
  const sum = (key) => taggers.reduce((total, { stdout }) => total + JSON.parse(stdout)[key], 0);
  const tagger = { records: sum('records'), characters: sum('characters'), cpuSeconds: sum('cpuSeconds') };
  const taggerCpu = tagger.cpuSeconds * (instances / tagger.records);
  const cold = await measure(process.execPath, [cli, 'analyze', dataset, '--run-dir', runDir, '--json', '--quiet']);
  const report = JSON.parse(cold.stdout);
  const warm = await measure(process.execPath, [cli, 'analyze', dataset, '--run-dir', runDir, '--json', '--quiet']);
  const output = join(folder, 'out.json');
  const rebalance = await measure(process.execPath, [
    cli,
    'rebalance',
    dataset,
    '--target',
    '75%',
    '--run-dir',
    runDir,
    '-o',
    output,
    '--json',
    '--quiet',
  ]);
  print('Whole analysis: index, extraction, reverse indexes, distributions', [
    row('ballast analyze, first time', [cold]),
    row('ballast analyze, again', [warm]),
    row('ballast rebalance --target 75%, after it', [rebalance]),
  ]);
  console.log(
    `  tagger alone, ${threads} at once: ${taggerCpu.toFixed(1)} CPU s (measured on ${tagger.records.toLocaleString('en-US')} of ${instances.toLocaleString('en-US')} records, ${(tagger.characters / 1e6 / tagger.cpuSeconds).toFixed(2)} M characters per CPU s)`,
  );
  console.log(`  analysis / tagger: ${(cold.cpu / taggerCpu).toFixed(2)} CPU, ${(cold.wall / taggerCpu).toFixed(2)} wall`);
  for (const [name, one] of Object.entries(report.perspectives))
    console.log(
      `  ${name.padEnd(14)} ${one.entities.toLocaleString('en-US').padStart(10)} entities ${one.postings.toLocaleString('en-US').padStart(12)} postings, tau ${one.tau}`,
    );
  await benchVolume(runDir);
  await benchWhatIf(runDir);
}

async function benchVolume(runDir) {
  const { stdout } = await measure(process.execPath, [await bundled('volume'), dataset, runDir]);
  const { openMs, one, all } = JSON.parse(stdout);
  console.log('\nExact expected volume from a finished analysis');
  console.log(
    `  open and first value ${openMs.toFixed(0)} ms; one tau moved: median ${one.medianMs.toFixed(1)} ms, most ${one.maxMs.toFixed(1)} ms; all four moved: median ${all.medianMs.toFixed(1)} ms, most ${all.maxMs.toFixed(1)} ms`,
  );
}

/** Whole answers of the rebalance panel: volume, selection, every distribution, its control, sources, lengths, as text. */
async function benchWhatIf(runDir) {
  const { stdout, rssMb } = await measure(process.execPath, [await bundled('whatIf'), dataset, runDir]);
  const { firstMs, cases, memoryMb, threads } = JSON.parse(stdout);
  console.log(`\nWhat-if from a finished analysis, ${threads} threads, from the question to the answer as text`);
  console.log(`  first answer, with loading: ${(firstMs / 1000).toFixed(1)} s`);
  for (const [name, { medianMs, p95Ms, maxMs, ownMaxMs, count }] of Object.entries(cases))
    console.log(
      `  ${name.padEnd(40)}${String(count).padStart(5)} answers: median ${medianMs.toFixed(1).padStart(6)} ms, 95 % ${p95Ms.toFixed(1).padStart(6)} ms, most ${maxMs.toFixed(1).padStart(7)} ms (without loading ${ownMaxMs.toFixed(1)})`,
    );
  console.log(
    `  memory: ${rssMb.toFixed(0)} MB at most; at the end ${memoryMb.rss.toFixed(0)} MB, of it ${memoryMb.arrays.toFixed(0)} MB arrays`,
  );
}

/** A benchmark in TypeScript, bundled beside the built workers that it needs. */
async function bundled(name) {
  const outfile = join(root, `dist/bench/${name}.js`);
  await esbuild.build({
    entryPoints: [join(here, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['sharp', '@duckdb/node-api', 'onnxruntime-node'],
    logLevel: 'warning',
    define: { 'import.meta.url': '__url' },
    banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
  });
  return outfile;
}

async function benchGreedy() {
  const outfile = await bundled('greedy');
  console.log('\nGreedy MMD, incremental against its definition, after the Gram matrix');
  for (const [n, picks] of [
    [300, 60],
    [1000, 200],
  ]) {
    const { stdout } = await measure(process.execPath, [outfile, String(n), String(picks), '256']);
    const { gramMs, incrementalMs, literalMs, equal, margin } = JSON.parse(stdout);
    console.log(
      `  ${picks} of ${n}: ${incrementalMs.toFixed(2)} ms against ${literalMs.toFixed(0)} ms, ${Math.round(literalMs / incrementalMs).toLocaleString('en-US')} times; ${equal ? 'the same picks' : 'OTHER PICKS'} (narrowest margin ${margin.toExponential(1)}); Gram matrix and densities ${gramMs.toFixed(0)} ms`,
    );
  }
}
