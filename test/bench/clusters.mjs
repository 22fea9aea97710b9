// K-means against FAISS and scikit-learn on the same file, interleaved; the assignment step against plain products and the machine's
// peak; memory as the number of rows grows. Rivals: Debian's python3-faiss and python3-sklearn, installed here where that is allowed.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { measure, median, print, row } from './measure.mjs';

const seed = 42;
const iterations = 20;
const threads = availableParallelism();

/** @param {{ script: string, rivals: string, kernels: string, folder: string, rounds: number }} place script: the bundled kmeans.ts */
export async function benchClusters(place) {
  const python = findPython();
  await benchAssignment(place, python);
  await benchTraining(place, python, { name: 'A', rows: 100_000, dimensions: 512, clusters: 1000 });
  await benchTraining(place, python, { name: 'B', rows: 50_000, dimensions: 2048, clusters: 500 });
  await benchMemory(place);
}

/** A Python with NumPy, and which rivals it has. */
function findPython() {
  const has = (command, name) => spawnSync(command, ['-c', `import ${name}`]).status === 0;
  const command = '/usr/bin/python3';
  if (existsSync(command) && !(has(command, 'faiss') && has(command, 'sklearn')) && process.getuid?.() === 0)
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'python3-faiss', 'python3-sklearn', 'libopenblas0-pthread']);
  const found = { command, numpy: has(command, 'numpy'), faiss: has(command, 'faiss'), sklearn: has(command, 'sklearn') };
  for (const name of ['numpy', 'faiss', 'sklearn']) if (!found[name]) console.log(`${command} has no ${name}: not compared with it`);
  return found;
}

async function benchAssignment({ script, rivals, kernels, rounds }, python) {
  const shapes = ['1024x512x1000', '2048x2048x500', '256x512x10000', '400x20480x1000'];
  const ours = [];
  const theirs = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(JSON.parse((await measure(process.execPath, [script, 'assignment', String(threads), kernels, ...shapes])).stdout));
    if (python.numpy)
      theirs.push(JSON.parse((await measure(python.command, [join(rivals, 'peak.py'), String(threads), ...shapes])).stdout));
  }
  const peak = theirs.length && theirs[0].peak ? median(theirs.map((each) => each.peak)) : undefined;
  console.log(`\nAssignment step (rows x values x centroids), G operations/s, ${threads} threads; median of ${rounds}`);
  if (peak) console.log(`  peak of multiply-adds in float32: ${peak.toFixed(0)}`);
  console.log(
    `  ${''.padEnd(20)}${'f32'.padStart(7)}${'of peak'.padStart(9)}${'int8'.padStart(8)}${'NumPy product'.padStart(15)}${'f32/NumPy'.padStart(11)}`,
  );
  for (const [i, shape] of shapes.entries()) {
    const floats = median(ours.map((each) => each[i].floats));
    const bytes = median(ours.map((each) => each[i].bytes));
    const product = theirs.length ? median(theirs.map((each) => each.products[i])) : Number.NaN;
    console.log(
      `  ${shape.padEnd(20)}${floats.toFixed(0).padStart(7)}${(peak ? floats / peak : Number.NaN).toFixed(2).padStart(9)}${bytes.toFixed(0).padStart(8)}${product.toFixed(0).padStart(15)}${(floats / product).toFixed(2).padStart(11)}`,
    );
  }
}

async function benchTraining({ script, rivals, kernels, folder, rounds }, python, { name, rows, dimensions, clusters }) {
  const file = join(folder, `${name}.npy`);
  await writeTopics(file, { rows, dimensions, type: 'float32' });
  const common = [file, clusters, iterations, seed, threads].map(String);
  const runs = { f32: [], int8: [], faiss: [], sklearn: [] };
  const facts = {};
  const own = async (precision) => {
    const run = await measure(process.execPath, [script, 'cluster', ...common, precision, join(folder, precision), kernels]);
    runs[precision].push(run);
    facts[precision] = JSON.parse(run.stdout);
  };
  const rival = async (kind, ...more) => {
    if (!python[kind]) return;
    const run = await measure(python.command, [join(rivals, 'kmeans.py'), kind, ...common, ...more]);
    runs[kind].push(run);
    facts[kind] = JSON.parse(run.stdout);
  };
  for (let round = 0; round < rounds; round++) {
    await own('f32');
    await rival('faiss', join(folder, 'faiss.npy'));
    await own('int8');
    await rival('sklearn');
  }
  const names = { f32: 'ballast f32', int8: 'ballast int8', faiss: 'FAISS', sklearn: 'scikit-learn (Euclidean)' };
  const shown = Object.entries(names).filter(([kind]) => runs[kind].length > 0);
  print(
    `K-means, whole processes, file to labels: ${rows} x ${dimensions} into ${clusters}, ${iterations} iterations, ${threads} threads; median of ${rounds}`,
    shown.map(([kind, title]) => row(title, runs[kind])),
    'FAISS',
  );
  for (const [kind, title] of shown) {
    const { objective, seconds, productSeconds } = facts[kind];
    const outside = productSeconds === undefined ? '' : `, outside the ONNX runtime ${(100 * (1 - productSeconds / seconds)).toFixed(1)} %`;
    console.log(`  ${title.padEnd(26)} mean cosine ${(objective / rows).toFixed(5)}${outside}`);
  }
  await compareObjectives({ script, kernels, folder }, file, { rows, clusters });
  if (facts.faiss) {
    const ours = labelsOf(join(folder, 'f32', 'assignments.npy'));
    const original = labelsOf(join(folder, 'f32', 'originalIds.npy'));
    const theirs = labelsOf(join(folder, 'faiss.npy'));
    let same = 0;
    for (let i = 0; i < rows; i++) if (original[ours[i]] === theirs[i]) same++;
    console.log(
      `  labels of f32 that are FAISS's: ${((100 * same) / rows).toFixed(2)} % (rounding makes the others part over ${iterations} iterations)`,
    );
  }
}

/** Another arithmetic ends in another local optimum; only several seeds tell whether it is a worse one. */
async function compareObjectives({ script, kernels, folder }, file, { rows, clusters }) {
  const seeds = [1, 2, 3, 4];
  const differences = [];
  for (const each of seeds) {
    const objectives = {};
    for (const precision of ['f32', 'int8']) {
      const args = [script, 'cluster', file, clusters, iterations, each, threads, precision, join(folder, 'seeds'), kernels];
      objectives[precision] = JSON.parse((await measure(process.execPath, args.map(String))).stdout).objective;
    }
    differences.push((objectives.int8 - objectives.f32) / rows);
  }
  const mean = differences.reduce((a, b) => a + b) / seeds.length;
  const deviation = Math.sqrt(differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (seeds.length - 1));
  console.log(
    `  mean cosine of int8 minus that of f32, seeds ${seeds.join(', ')}: ${mean.toFixed(5)} on average, ${deviation.toFixed(5)} standard deviation between seeds`,
  );
}

async function benchMemory({ script, kernels, folder }) {
  console.log('\nPeak memory of the compute process, features read from a float16 file');
  for (const [rows, dimensions, clusters] of [
    [100_000, 512, 1000],
    [665_298, 512, 1000],
    [20_000, 20_480, 200],
  ]) {
    const file = join(folder, `memory-${rows}.npy`);
    await writeTopics(file, { rows, dimensions, type: 'float16' });
    const results = [];
    for (const precision of ['f32', 'int8']) {
      const args = [script, 'cluster', file, clusters, 2, seed, threads, precision, join(folder, `memory-${precision}`), kernels];
      const { rssMb, wall } = await measure(process.execPath, args.map(String));
      results.push(`${precision} ${rssMb.toFixed(0)} MB (${wall.toFixed(1)} s for 2 iterations)`);
    }
    const size = (rows * dimensions * 2) / 1e6;
    console.log(`  ${`${rows} x ${dimensions}, ${size.toFixed(0)} MB, ${clusters} clusters`.padEnd(46)} ${results.join(', ')}`);
  }
}

function labelsOf(path) {
  const file = readFileSync(path);
  const from = 10 + file.readUInt16LE(8);
  return new Int32Array(Uint8Array.from(file.subarray(from)).buffer);
}

/** Rows as image and text encoders give them: of length 1, a common mean, topics of Zipf size, variance falling with the dimension. */
async function writeTopics(path, { rows, dimensions, type }) {
  const topics = 2000;
  const draw = generator(1);
  const spectrum = Float32Array.from({ length: dimensions }, (_, i) => (i + 1) ** -0.25);
  const mean = spectrum.map((size) => size * 0.7 * normal(draw));
  const centers = Float32Array.from({ length: topics * dimensions }, (_, i) => spectrum[i % dimensions] * normal(draw) * 0.7);
  const blockRows = Math.max(1, Math.floor(2 ** 22 / dimensions));
  const stream = createWriteStream(path);
  stream.write(npyHead(type === 'float16' ? '<f2' : '<f4', rows, dimensions));
  const values = new Float32Array(dimensions);
  for (let first = 0; first < rows; first += blockRows) {
    const count = Math.min(blockRows, rows - first);
    const block = type === 'float16' ? new Float16Array(count * dimensions) : new Float32Array(count * dimensions);
    for (let r = 0; r < count; r++) {
      const topic = Math.floor(topics ** draw()) * dimensions - dimensions;
      let squares = 0;
      for (let i = 0; i < dimensions; i++) {
        const value = mean[i] + centers[topic + i] + spectrum[i] * 0.6 * normal(draw);
        values[i] = value;
        squares += value * value;
      }
      const scale = 1 / Math.sqrt(squares);
      for (let i = 0; i < dimensions; i++) block[r * dimensions + i] = values[i] * scale;
    }
    if (!stream.write(new Uint8Array(block.buffer))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}

/** Uniform numbers in [0, 1). */
function generator(start) {
  let state = start;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Nearly normal and quick: the sum of four uniform numbers. */
function normal(draw) {
  return (draw() + draw() + draw() + draw() - 2) * Math.sqrt(3);
}

function npyHead(descriptor, rows, columns) {
  const text = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const head = Buffer.alloc(Math.ceil((11 + text.length) / 64) * 64, ' ');
  head.write('\x93NUMPY\x01\x00', 0, 'latin1');
  head.writeUInt16LE(head.length - 10, 8);
  head.write(text, 10, 'latin1');
  head[head.length - 1] = 0x0a;
  return head;
}
