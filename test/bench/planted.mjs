// Twelve planted concept-skill groups with long-tailed sizes and copies: how many of them does a coreset of 10 % reach?
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from './measure.mjs';

/** 1,180 instances; a tenth of the smallest group is half an instance. */
const sizes = [480, 240, 140, 95, 70, 50, 36, 26, 18, 12, 8, 5];
const dimensions = 64;
/** Share of a group's instances that are exact copies of an earlier one, in the three largest. */
const copies = 0.3;
const strategies = ['coincide', 'hybrid', 'random'];
const fraction = 0.1;

/** Mean number of groups reached, with the half width of a 95 % interval (Student's t, 19 degrees of freedom for 20 seeds). */
export async function benchPlanted(cli, folder, seeds) {
  const reached = Object.fromEntries(strategies.map((name) => [name, []]));
  for (let seed = 1; seed <= seeds; seed++) {
    const place = join(folder, `planted-${seed}`);
    const groups = plant(place, seed);
    for (const strategy of strategies) {
      const ordinals = join(place, `${strategy}.npy`);
      await measure(process.execPath, [
        ...[cli, 'select', join(place, 'set.jsonl'), '-o', join(place, `${strategy}.jsonl`), '--strategy', strategy],
        ...['--fraction', String(fraction), '--seed', String(seed), '--features', join(place, 'features.npy'), '--clusters', '24'],
        ...['--entities', join(place, 'entities.jsonl'), '--perspectives', 'token', '--export-ordinals', ordinals, '--json', '--quiet'],
        ...(strategy === 'hybrid' ? ['--floor', 'token=2'] : []),
      ]);
      reached[strategy].push(new Set(ordinalsOf(ordinals).map((ordinal) => groups[ordinal])).size);
    }
  }
  console.log(
    `\nPlanted groups reached by ${fraction * 100} % of ${sizes.reduce((a, b) => a + b)} instances, of ${sizes.length} (${seeds} seeds)`,
  );
  for (const name of strategies) {
    const { mean, half } = interval(reached[name]);
    console.log(`  ${name.padEnd(10)} ${mean.toFixed(2)} ± ${half.toFixed(2)}   least ${Math.min(...reached[name])}`);
  }
}

function interval(values) {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1));
  return { mean, half: (2.093 * deviation) / Math.sqrt(n) };
}

/** Writes dataset, features and entities; returns the group of each ordinal. */
function plant(folder, seed) {
  mkdirSync(folder, { recursive: true });
  const uniform = mulberry(seed * 7919);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const shared = Array.from({ length: dimensions }, normal);
  // Skills of one model have something in common: directions share a third of their length.
  const directions = sizes.map(() => unit(shared.map((value) => value * 0.6 + normal())));
  const instances = [];
  sizes.forEach((size, group) => {
    const own = [];
    for (let i = 0; i < size; i++) {
      const isCopy = group < 3 && i > 0 && uniform() < copies;
      own.push(
        isCopy
          ? own[Math.floor(uniform() * own.length)]
          : { group, row: unit(directions[group].map((value) => value + normal() * 0.07)), word: uniform() < 0.9 },
      );
    }
    instances.push(...own);
  });
  for (let i = instances.length - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [instances[i], instances[j]] = [instances[j], instances[i]];
  }
  writeFileSync(
    join(folder, 'set.jsonl'),
    instances
      .map(
        (_, i) =>
          `${JSON.stringify({
            id: i,
            conversations: [
              { from: 'human', value: `q ${i}` },
              { from: 'gpt', value: 'a' },
            ],
          })}\n`,
      )
      .join(''),
  );
  // Nine of ten instances name their group; everyone says something common.
  writeFileSync(
    join(folder, 'entities.jsonl'),
    instances
      .map(
        ({ group, word }, ordinal) =>
          `${JSON.stringify({ ordinal, token: ['thing', ...(word ? [`skill ${group}`] : [])], object: [], interrogation: [] })}\n`,
      )
      .join(''),
  );
  writeMatrix(
    join(folder, 'features.npy'),
    instances.length,
    instances.flatMap(({ row }) => row),
  );
  return instances.map(({ group }) => group);
}

function unit(row) {
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
}

function writeMatrix(path, rows, values) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dimensions}), }`.padEnd(117);
  const header = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'), Buffer.from(`${text}\n`)]);
  writeFileSync(path, Buffer.concat([header, Buffer.from(Float32Array.from(values).buffer)]));
}

function ordinalsOf(path) {
  const file = readFileSync(path);
  const values = [];
  for (let at = 10 + file.readUInt16LE(8); at < file.length; at += 8) values.push(Number(file.readBigInt64LE(at)));
  return values;
}

function mulberry(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
