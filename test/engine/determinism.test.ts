import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MersenneTwister } from '../../src/engine/selection/samplers/mersenneTwister.ts';
import type { RebalanceReport } from '../../src/protocol/reports.ts';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { answer, temporaryFolder } from './ballast.ts';

const folder = temporaryFolder('determinism');
const dataset = join(folder, 'set.json');
const rebalance = (source: string, output: string, ...more: string[]) =>
  answer<RebalanceReport>(['rebalance', source, '-o', join(folder, output), '--target', '50%', ...more]);
const contents = (output: string): string[] =>
  (JSON.parse(readFileSync(join(folder, output), 'utf8')) as unknown[])
    .map((record) => createHash('sha256').update(JSON.stringify(record)).digest('hex'))
    .sort();

beforeAll(async () => {
  await generateDataset({ outFile: dataset, instances: 3000, seed: 11, profile: 'small', validJson: true, plantDuplicates: 60 });
}, 120_000);

describe('the same selection', () => {
  it('for one and two threads, cold and warm, in another run folder', async () => {
    const one = await rebalance(dataset, 'a.json', '--threads', '1', '--run-dir', join(folder, 'r1'));
    const two = await rebalance(dataset, 'b.json', '--threads', '2', '--run-dir', join(folder, 'r2'));
    const warm = await rebalance(dataset, 'c.json', '--threads', '2', '--run-dir', join(folder, 'r1'));
    expect(warm.reused.length).toBeGreaterThan(0);
    expect([two.selectionHash, warm.selectionHash]).toEqual([one.selectionHash, one.selectionHash]);
    expect(readFileSync(join(folder, 'b.json')).equals(readFileSync(join(folder, 'a.json')))).toBe(true);
    expect(readFileSync(join(folder, 'c.json')).equals(readFileSync(join(folder, 'a.json')))).toBe(true);
  });

  it('with the records shuffled and written another way, compared by content', async () => {
    const records = JSON.parse(readFileSync(dataset, 'utf8')) as unknown[];
    const generator = new MersenneTwister(5);
    const shuffled = records
      .map((record) => ({ record, u: generator.random() }))
      .sort((a, b) => a.u - b.u)
      .map(({ record }) => record);
    writeFileSync(join(folder, 'shuffled.json'), JSON.stringify(shuffled, null, 1));
    writeFileSync(
      join(folder, 'lines.jsonl'),
      shuffled
        .map(
          (record) =>
            `${JSON.stringify(record).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`,
        )
        .join(''),
    );
    await rebalance(dataset, 'a.json');
    await rebalance(join(folder, 'shuffled.json'), 's.json');
    expect(contents('s.json')).toEqual(contents('a.json'));
    await rebalance(join(folder, 'lines.jsonl'), 'l.jsonl');
    const lines = readFileSync(join(folder, 'l.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) =>
        createHash('sha256')
          .update(JSON.stringify(JSON.parse(line)))
          .digest('hex'),
      );
    expect(lines.sort()).toEqual(contents('a.json'));
  });

  it('does not survive another seed, and a changed source is analysed again', async () => {
    const first = await rebalance(dataset, 'a.json');
    expect((await rebalance(dataset, 'd.json', '--seed', '43')).selectionHash).not.toBe(first.selectionHash);
    const changed = join(folder, 'changed.json');
    const text = readFileSync(dataset, 'utf8');
    writeFileSync(changed, text);
    await rebalance(changed, 'e.json');
    writeFileSync(changed, text.replace('"from": "human"', '"from": "humaN"'));
    expect((await rebalance(changed, 'e.json')).reused).toEqual([]);
    rmSync(changed);
  });
});
