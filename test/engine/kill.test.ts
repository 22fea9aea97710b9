import { type ChildProcess, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MersenneTwister } from '../../src/engine/selection/samplers/mersenneTwister.ts';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { answer, ballast, temporaryFolder } from './ballast.ts';

const folder = temporaryFolder('kill');
const dataset = join(folder, 'set.json');
const output = join(folder, 'out.json');
const runDir = join(folder, 'run');
const generator = new MersenneTwister(2026);
const command = (name: 'analyze' | 'rebalance') =>
  name === 'analyze'
    ? ['analyze', dataset, '--run-dir', runDir]
    : ['rebalance', dataset, '--target', '50%', '-o', output, '--run-dir', runDir, '--random-control', join(folder, 'random.json')];
const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

let wanted: { output: string; control: string; analysis: unknown; seconds: { analyze: number; rebalance: number } };

beforeAll(async () => {
  await generateDataset({ outFile: dataset, instances: 6000, seed: 3, profile: 'small', validJson: true });
  const started = performance.now();
  const { perspectives: analysis } = await answer<{ perspectives: unknown }>(command('analyze'));
  const analyzed = performance.now();
  rmSync(runDir, { recursive: true });
  await answer(command('rebalance'));
  wanted = {
    output: digest(output),
    control: digest(join(folder, 'random.json')),
    analysis,
    seconds: { analyze: (analyzed - started) / 1000, rebalance: (performance.now() - analyzed) / 1000 },
  };
}, 300_000);

/** Processes whose command line names this test's folder. */
function orphans(): string[] {
  const list = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  return list.split('\n').filter((line) => line.includes(folder) && line.includes('cli.js'));
}

/** Does something when the index is there and the extraction has begun, however fast or slow the machine is. */
function whileExtracting(child: ChildProcess, act: () => void): void {
  const artifacts = join(runDir, 'artifacts');
  const watch = setInterval(() => {
    if (!existsSync(artifacts) || !readdirSync(artifacts).some((name) => name.startsWith('extract-'))) return;
    clearInterval(watch);
    act();
  }, 5);
  child.once('exit', () => clearInterval(watch));
}

describe('kill -9', () => {
  it.each(['analyze', 'rebalance'] as const)(
    'of %s at 15 random moments, then the same command: the same bytes, nothing partial, no orphan',
    async (name) => {
      for (let round = 0; round < 15; round++) {
        if (round % 3 === 0) rmSync(runDir, { recursive: true, force: true });
        rmSync(output, { force: true });
        rmSync(`${output}.manifest.json`, { force: true });
        const delay = generator.random() * wanted.seconds[name] * 1000;
        await ballast([...command(name), '--quiet'], (child) => setTimeout(() => child.kill('SIGKILL'), delay));
        expect(orphans()).toEqual([]);
        if (existsSync(output)) expect(digest(output)).toBe(wanted.output);
        if (round % 3 !== 2) continue; // two kills upon each other, then the run that finishes
        if (name === 'analyze') expect((await answer<{ perspectives: unknown }>(command(name))).perspectives).toEqual(wanted.analysis);
        else {
          await answer(command(name));
          expect([digest(output), digest(join(folder, 'random.json'))]).toEqual([wanted.output, wanted.control]);
          expect((await ballast(['verify', output, '--quiet'])).code).toBe(0);
        }
        expect(readdirSync(folder).filter((file) => file.includes('ballast-tmp'))).toEqual([]);
      }
    },
  );

  it('leaves what is finished for the next call', async () => {
    rmSync(runDir, { recursive: true, force: true });
    const cancelled = await ballast([...command('analyze'), '--json'], (child) => whileExtracting(child, () => child.kill('SIGINT')));
    expect(cancelled.code).toBe(130);
    expect(JSON.parse(cancelled.stdout)).toMatchObject({ error: { code: 'run.cancelled' } });
    expect(readdirSync(join(runDir, 'artifacts')).some((name) => name.startsWith('index-'))).toBe(true);
    expect((await answer<{ perspectives: unknown }>(command('analyze'))).perspectives).toEqual(wanted.analysis);
  });
});

describe('cancelling', () => {
  it('answers SIGTERM and SIGINT within half a second with exit code 130', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      rmSync(runDir, { recursive: true, force: true });
      let sent = 0;
      const ended = await ballast([...command('analyze'), '--quiet'], (child) =>
        whileExtracting(child, () => {
          sent = performance.now();
          child.kill(signal);
        }),
      );
      expect(ended.code).toBe(130);
      expect(performance.now() - sent).toBeLessThan(1500); // half a second, with room for a loaded machine
    }
  });
});
