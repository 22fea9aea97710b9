import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { MersenneTwister } from '../../src/engine/selection/samplers/mersenneTwister.ts';
import type { Progress } from '../../src/protocol/progress.ts';
import type { ComposeReport, ReviewDecision, ReviewPage, SynthesizeReport } from '../../src/protocol/synthesis.ts';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { conversion, optimum, type TinyOptions, writeTinyModel } from '../unit/synthesis/diffusion/tinyModel.ts';
import { answer, ballast, enginePath, temporaryFolder } from './ballast.ts';
import { EngineConnection } from './engineConnection.ts';

/** Local image models through the whole of Ballast; what their pictures hold is the subject of `diffusion.test.ts`. */

const folder = temporaryFolder('local-images');
const dataset = join(folder, 'data', 'set.json');
const runDir = join(folder, 'run');
const random = new MersenneTwister(77);
let instances = 0;
let folders = 0;

const model = (options: TinyOptions = { ...optimum, control: 'separate' }): string =>
  writeTinyModel(join(folder, `model${folders++}`), options);
const fresh = (): string => join(folder, `staging${folders++}`);
const call = (staging: string, ...more: string[]): string[] => [
  'synthesize',
  dataset,
  '--run-dir',
  runDir,
  '--device',
  'cpu',
  '--count',
  '4',
  '--want-at-least',
  '3',
  '--text',
  'source',
  '--size',
  '64',
  '--steps',
  '4',
  '--staging',
  staging,
  ...more,
];
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const candidatesOf = async (staging: string) => (await answer<ReviewPage>(['review', staging, '--limit', '1000'])).candidates;
const picturesOf = async (staging: string) => (await candidatesOf(staging)).map(({ image }) => image?.sha256);
const errorOf = async (args: readonly string[]) => {
  const { code, stdout } = await ballast([...args, '--json', '--quiet']);
  return { code, error: (JSON.parse(stdout) as { error: { code: string; message: string; data: object } }).error };
};

beforeAll(async () => {
  const made = await generateDataset({
    outFile: dataset,
    instances: 60,
    seed: 11,
    profile: 'small',
    images: { dir: dirname(dataset), count: 'each', size: 96 },
  });
  instances = made.instances;
}, 120_000);

describe('a model folder', () => {
  const tiny = (): string => model();

  it('makes pictures that are reviewed, composed and verified, with their whole provenance', async () => {
    const own = tiny();
    writeFileSync(join(own, 'README.md'), '---\nlicense: creativeml-openrail-m\n---\n');
    const staging = fresh();
    const args = call(staging, '--method', 'text-to-image', '--model', own, '--candidates', '2');
    const plan = await answer<SynthesizeReport>([...args, '--dry-run']);
    expect(plan.plan).toMatchObject({
      planned: 4,
      requests: 0,
      asks: null,
      localModel: {
        name: 'tiny-sd',
        folder: own,
        licence: { id: 'creativeml-openrail-m', file: 'README.md', terms: ['useRestrictions'], known: true },
        methods: ['text-to-image', 'variation', 'controlnet'],
      },
    });
    expect(existsSync(staging)).toBe(false);
    const report = await answer<SynthesizeReport>(args);
    expect(report).toMatchObject({ made: 4, failed: 0, executionProviders: ['cpu'], usage: { requests: 0 } });
    const { counts } = await answer<ReviewDecision>(['review', staging, '--accept', 'gated']);
    expect(counts.accepted).toBe(report.gated);
    expect(counts.accepted).toBeGreaterThan(2);
    const output = join(folder, 'data', 'composed.json');
    const volume = instances + counts.accepted;
    const composed = await answer<ComposeReport>([
      ...['compose', dataset, '--run-dir', runDir, '--synthetic', staging, '--volume', String(volume), '-o', output],
    ]);
    expect(composed).toMatchObject({ volume, synthetic: counts.accepted, methods: { 'text-to-image': counts.accepted } });
    expect((await ballast(['verify', output, '--run-dir', runDir, '--quiet'])).code).toBe(0);
    const { synthetic } = JSON.parse(readFileSync(composed.manifest, 'utf8')) as {
      synthetic: { model: { hash: string }; parameters: object; image: { path: string; sha256: string } }[];
    };
    for (const one of synthetic) {
      expect(one.model).toEqual({ name: 'tiny-sd', hash: plan.plan.localModel?.sha256 });
      expect(one.parameters).toMatchObject({
        executionProvider: 'cpu',
        scheduler: 'ddim',
        steps: 4,
        stepsRun: 4,
        guidance: 7.5,
        licence: 'creativeml-openrail-m',
        rankedBy: 'builtin',
      });
      const file = join(dirname(output), one.image.path);
      expect(sha256(file)).toBe(one.image.sha256);
      expect(await sharp(file).metadata()).toMatchObject({ format: 'png', width: 64, height: 64 });
    }
    // The prompt names the scarce entity before the scene.
    for (const { prompt, targets } of await candidatesOf(staging))
      expect(prompt).toContain(`A photograph that clearly shows ${targets[0]?.entity.replaceAll(',', ' and ')}`);
  });

  it('gives the same pictures for a seed, and others for another seed, scheduler or model', async () => {
    const own = tiny();
    const args = (staging: string, ...more: string[]): string[] =>
      call(staging, '--method', 'variation', '--candidates', '1', '--model', own, ...more);
    const [first, again, seeded, scheduled] = [fresh(), fresh(), fresh(), fresh()];
    await answer(args(first));
    await answer(args(again, '--threads', '1'));
    const pictures = await picturesOf(first);
    expect(pictures).toHaveLength(4);
    expect(await picturesOf(again)).toEqual(pictures);
    await answer(args(seeded, '--seed', '7', '--count', '40'));
    await answer(args(scheduled, '--scheduler', 'euler'));
    for (const other of [seeded, scheduled]) {
      const others = await picturesOf(other);
      expect(pictures.filter((picture) => others.includes(picture))).toEqual([]);
    }
    // Everything of the model that decides what comes out is a part of each item's identity.
    const config = join(own, 'vae_decoder', 'config.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace(/"scaling_factor":[\d.]+/, '"scaling_factor":0.875'));
    expect(await answer<SynthesizeReport>([...args(first), '--dry-run'])).toMatchObject({ plan: { ready: 0 } });
  });

  it('follows the outlines of the source', async () => {
    const staging = fresh();
    const own = tiny();
    await answer(call(staging, '--method', 'controlnet', '--model', own, '--control-scale', '0.5', '--control-by', 'source'));
    for (const { parameters } of await candidatesOf(staging)) expect(parameters).toMatchObject({ controlScale: 0.5, text: 'source' });
    expect((await ballast(call(staging, '--method', 'variation', '--model', own, '--control-scale', '1'))).code).toBe(2);
  });

  it.each<readonly [string, TinyOptions, object]>([
    ['an export of the conversion script in half precision', { ...conversion, type: 'float16' }, { scheduler: 'ddim', repeatable: false }],
    ['a consistency model', { ...optimum, guidance: true }, { scheduler: 'lcm', guidance: 8.5 }],
    ['a model that predicts velocities', { ...optimum, prediction: 'v_prediction', pad: '!' }, { scheduler: 'ddim', guidance: 7.5 }],
  ])('may be %s', async (_, options, facts) => {
    const staging = fresh();
    await answer(call(staging, '--method', 'variation', '--candidates', '1', '--count', '2', '--model', model(options)));
    const candidates = await candidatesOf(staging);
    expect(candidates).toHaveLength(2);
    for (const { parameters } of candidates)
      expect(parameters).toMatchObject({ executionProvider: 'cpu', strength: 0.7, stepsRun: expect.any(Number), ...facts });
  });

  it('that is conditioned by pictures varies them and compares by its own encoder', async () => {
    const staging = fresh();
    const own = model({ ...optimum, condition: 'image' });
    await answer(call(staging, '--method', 'variation', '--model', own, '--candidates', '3'));
    const candidates = await candidatesOf(staging);
    expect(candidates).toHaveLength(4);
    for (const { parameters } of candidates) expect(parameters).toMatchObject({ rankedBy: 'clip' });
    const { code, error } = await errorOf(call(staging, '--method', 'text-to-image', '--model', own));
    expect([code, error.code]).toEqual([2, 'usage']);
    expect(error.message).toContain('tiny-sd cannot do text-to-image: it has no text_encoder. It can do variation.');
  });

  it('has its words written by an endpoint that sees the new picture', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { messages, model: asked } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
          model: string;
          messages: { content: { text?: string; image_url?: { url: string } }[] }[];
        };
        const parts = messages.at(-1)?.content ?? [];
        seen.push(`${asked} ${parts.find(({ image_url }) => image_url)?.image_url?.url.slice(0, 15)}`);
        const names = JSON.parse(parts[0]?.text ?? '[]') as string[];
        const content = `Picture ${seen.length} clearly shows ${names.join(', ')}.`;
        response.end(JSON.stringify({ choices: [{ message: { content } }] }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const staging = fresh();
    const own = tiny();
    const args = call(staging, '--method', 'text-to-image', '--model', own, '--text', 'caption');
    expect((await errorOf(args)).error).toMatchObject({ code: 'usage', data: { option: 'text-endpoint' } });
    const report = await answer<SynthesizeReport>([...args, '--text-endpoint', url, '--text-model', 'eyes']);
    server.close();
    expect(report).toMatchObject({ made: 4, plan: { requests: 4, asks: new URL(url).origin, model: 'tiny-sd' } });
    expect(new Set(seen)).toEqual(new Set(['eyes data:image/png;']));
    for (const { turns } of await candidatesOf(staging)) expect(turns?.at(-1)?.text).toMatch(/^Picture \d clearly shows/);
  });
});

describe('a model folder is refused', () => {
  it('where its licence forbids training, until that is accepted; the plan shows it before', async () => {
    const own = model();
    writeFileSync(join(own, 'README.md'), '---\nlicense: other\nlicense_name: sai-nc-community\n---\n');
    const staging = fresh();
    const args = call(staging, '--method', 'text-to-image', '--model', own);
    const { plan } = await answer<SynthesizeReport>([...args, '--dry-run']);
    expect(plan.localModel?.licence).toMatchObject({ id: 'sai-nc-community', terms: expect.arrayContaining(['forbidsTraining']) });
    const { code, error } = await errorOf(args);
    expect([code, error.code]).toEqual([1, 'model.licence']);
    expect(error.message).toContain('--accept-licence');
    expect(existsSync(staging)).toBe(false);
    await answer([...args, '--accept-licence']);
    for (const { parameters } of await candidatesOf(staging)) expect(parameters.licence).toBe('sai-nc-community');
  });

  it.each([
    ['StableDiffusionXLPipeline', 'Stable Diffusion XL', undefined],
    ['ORTStableDiffusion3Pipeline', 'Stable Diffusion 3', undefined],
    ['FluxPipeline', 'Flux', undefined],
    ['StableDiffusionInpaintPipeline', 'inpainting', undefined],
    ['', 'text_encoder_2', 'text_encoder_2'],
    ['', 'transformer', 'transformer'],
  ])('when it is another kind: %s, %s', async (name, kind, part) => {
    const own = model();
    writeFileSync(join(own, 'model_index.json'), JSON.stringify({ _class_name: name }));
    if (part) mkdirSync(join(own, part));
    const { code, error } = await errorOf(call(fresh(), '--method', 'text-to-image', '--model', own));
    expect([code, error.code]).toEqual([1, 'model.invalid']);
    expect(error.message).toContain(kind);
    expect(error.message).toContain('Stable Diffusion 1.x and 2.x');
    expect(error.message).toContain('can be used, exported to ONNX.');
  });

  it('when it is none, or a size or a device does not fit', async () => {
    const own = model();
    const refused: [string[], number, string][] = [
      [['--model', join(folder, 'nowhere')], 1, 'model.invalid'],
      [['--model', join(folder, 'data')], 1, 'model.invalid'],
      [['--model', own, '--size', '60'], 2, 'usage'],
      [[], 2, 'usage'],
    ];
    if (process.platform !== 'darwin') refused.push([['--model', own, '--device', 'coreml'], 1, 'device.unavailable']);
    for (const [more, code, name] of refused) {
      const ended = await errorOf(call(fresh(), '--method', 'text-to-image', ...more));
      expect([ended.code, ended.error.code], more.join(' ')).toEqual([code, name]);
    }
  });
});

describe('interrupted', () => {
  /** Events without what a clock says. */
  const facts = (staging: string): unknown[] =>
    readFileSync(join(staging, 'journal.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; seconds?: number })
      .filter(({ event }) => event === 'made' || event === 'gated')
      .map(({ seconds: _, ...event }) => event)
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

  it('by kill -9 it goes on: the same pictures and judgements, nothing twice, no process left behind', async () => {
    const own = model();
    const args = (staging: string): string[] =>
      call(staging, '--method', 'controlnet', '--model', own, '--steps', '60', '--size', '128', '--candidates', '2');
    const [whole, killed] = [fresh(), fresh()];
    await answer(args(whole));
    const children = new Set<number>();
    let begun = 0;
    for (let round = 0; round < 6; round++) {
      const { signal } = await ballast(args(killed), (child) => {
        const look = setInterval(() => {
          for (const pid of childrenOf(child.pid ?? 0)) children.add(pid);
        }, 20);
        // The planning before is the subject of other tests.
        child.stderr?.on('data', (text: Buffer) => {
          if (text.includes('Making')) setTimeout(() => child.kill('SIGKILL'), random.random() * 1000);
        });
        child.on('exit', () => clearInterval(look));
      });
      if (signal === 'SIGKILL') begun++;
    }
    expect(begun).toBeGreaterThan(1);
    if (process.platform === 'linux') expect(children.size).toBeGreaterThan(0);
    await answer(args(killed));
    expect(facts(killed)).toEqual(facts(whole));
    expect(readdirSync(join(killed, 'images')).sort()).toEqual(readdirSync(join(whole, 'images')).sort());
    for (const name of readdirSync(join(whole, 'images')))
      expect(sha256(join(killed, 'images', name)), basename(name)).toBe(sha256(join(whole, 'images', name)));
    expect(await answer<SynthesizeReport>(args(killed))).toMatchObject({ made: 0, plan: { ready: 4 } });
    await expect.poll(() => [...children].filter(isAlive), { timeout: 5000 }).toEqual([]);
  });

  describe('by a cancellation', () => {
    let engine: EngineConnection;
    beforeAll(async () => {
      engine = await EngineConnection.start(process.execPath, [enginePath]);
    });
    afterAll(() => engine.end());

    it('it ends within half a second, with previews before, and goes on in a new compute process', async () => {
      const staging = fresh();
      const request = {
        dataset,
        runDir,
        method: 'text-to-image',
        model: model(),
        device: 'cpu',
        count: 2,
        wantAtLeast: 3,
        text: 'source',
        candidates: 1,
        size: 512,
        steps: 200,
        staging,
      } as const;
      const rounds: number[] = [];
      for (let round = 0; round < 3; round++) {
        const source = new CancellationTokenSource();
        const told: NonNullable<Progress['synthesis']>[] = [];
        let cancelled = 0;
        const run = engine.request('synthesize/run', request, {
          token: source.token,
          onProgress: ({ synthesis, done, total }) => {
            if (!synthesis) return;
            told.push(synthesis);
            expect([done <= total, total]).toEqual([true, 2]);
            if (cancelled === 0 && told.filter(({ preview }) => preview).length === 2) {
              cancelled = performance.now();
              source.cancel();
            }
          },
        });
        const error = await run.then(
          () => undefined,
          (thrown: unknown) => engine.faultOf(thrown),
        );
        rounds.push(performance.now() - cancelled);
        expect(error).toMatchObject({ code: 'run.cancelled' });
        const previews = told.flatMap(({ preview, step, steps, image }) => (preview ? [{ ...preview, step, steps, image }] : []));
        expect(previews).toHaveLength(2);
        for (const { jpeg, width, height, step = 0, steps, image } of previews) {
          expect({ steps, image }).toEqual({ steps: 200, image: undefined });
          expect(step).toBeGreaterThan(0);
          const bytes = Buffer.from(jpeg, 'base64');
          expect(bytes.length).toBeLessThan(20_000);
          expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width, height });
        }
        expect(previews[1]?.jpeg).not.toBe(previews[0]?.jpeg);
      }
      rounds.sort((a, b) => a - b);
      // The promise is held by the median: a loaded machine may add anything to one of them.
      expect(rounds[1]).toBeLessThan(500);
      const quick = { ...request, steps: 3 };
      expect(await engine.request('synthesize/run', quick)).toMatchObject({ made: 2, failed: 0 });
      expect(await engine.request('synthesize/run', quick)).toMatchObject({ made: 0, plan: { ready: 2 } });
      rmSync(staging, { recursive: true });
    });
  });
});

/** Processes that a process has started; nothing where the system does not tell. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
