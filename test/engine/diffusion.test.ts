import { copyFileSync, cpSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createComputeProcess } from '../../src/engine/runtime/compute/computeProcess.ts';
import type { RgbPicture } from '../../src/engine/runtime/contracts.ts';
import { createImageDecoder } from '../../src/engine/runtime/imageDecoder.ts';
import { OnnxGraph } from '../../src/engine/runtime/onnx/graph.ts';
import { edgesOf } from '../../src/engine/synthesis/diffusion/edges.ts';
import {
  type ImageRequest,
  type ImageSynthesizer,
  openImageSynthesizer,
  type SynthesizedImage,
} from '../../src/engine/synthesis/diffusion/imageSynthesizer.ts';
import type { DiffusionProgress } from '../../src/engine/synthesis/diffusion/pipeline/runDiffusion.ts';
import { TorchNoise } from '../../src/engine/synthesis/diffusion/torchNoise.ts';
import { type SchedulerName, schedulerNames } from '../../src/protocol/synthesis.ts';
import { ddim, ddimVelocity, ddpm, euler, lcm, type Sampling } from '../unit/synthesis/diffusion/literalSampling.ts';
import { conversion, optimum, type TinyOptions, vocabulary, writeTinyModel } from '../unit/synthesis/diffusion/tinyModel.ts';
import { type Control, TinyOracle } from '../unit/synthesis/diffusion/tinyOracle.ts';
import { tiny } from '../unit/synthesis/diffusion/tinyWeights.ts';
import { temporaryFolder } from './ballast.ts';

const script = join(import.meta.dirname, '../../dist/compute.js');
const root = temporaryFolder('diffusion');
const compute = createComputeProcess(script);
const images = createImageDecoder();
const { signal } = new AbortController();

/** No square, so that no exchange of sides goes unseen. */
const width = 32;
const height = 24;
const seed = 1234;
let folders = 0;

const open = (options: TinyOptions = optimum): Promise<ImageSynthesizer> =>
  openImageSynthesizer(writeTinyModel(join(root, `model${folders++}`), options), { compute, images, device: 'cpu', threads: 1 }, signal);
const make = (synthesizer: ImageSynthesizer, more: Partial<ImageRequest> = {}): Promise<SynthesizedImage> =>
  synthesizer.synthesize({ method: 'text-to-image', prompt: 'A RED cat', seed, width, height, steps: 4, signal, ...more });

/** A picture without compression losses, and its pixels. */
const source = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * i * 7 + (i >> 5) * 31) % 256);
const sourceImage = await sharp(source, { raw: { width, height, channels: 3 } })
  .png()
  .toBuffer();
const planes = (rgb: Uint8Array, rule: (byte: number) => number): number[] =>
  [0, 1, 2].flatMap((colour) => Array.from({ length: rgb.length / 3 }, (_, i) => rule(rgb[3 * i + colour] ?? 0)));

const oracleOf = ({ type }: TinyOptions): TinyOracle => new TinyOracle(width / 8, height / 8, Object.keys(vocabulary).length, type);
const count = 4 * (width / 8) * (height / 8);
/** Ids of a prompt whose words are known, padded. */
const ids = (words: readonly string[], pad = '<|endoftext|>'): number[] => {
  const tokens = ['<|startoftext|>', ...words, '<|endoftext|>'];
  return [...tokens, ...new Array<string>(tiny.tokens - tokens.length).fill(pad)].map((token) => vocabulary[token] ?? -1);
};
const prompt = ['a</w>', 'red</w>', 'cat</w>'];
const samplers: Readonly<Record<SchedulerName, (sampling: Sampling) => number[]>> = {
  ddim,
  ddpm,
  euler,
  'euler-ancestral': (sampling) => euler(sampling, true),
  lcm,
};

interface Literal {
  readonly sampler: (sampling: Sampling) => number[];
  readonly guidance: number;
  readonly negative?: readonly string[];
  readonly strength?: number;
  readonly control?: Control;
  readonly states?: { readonly condition: number[][]; readonly none: number[][] };
}

/** The whole pipeline by hand. */
function literal(options: TinyOptions, { sampler, guidance, negative = [], strength, control, states }: Literal): number[] {
  const oracle = oracleOf(options);
  const noise = new TorchNoise(seed);
  const draw = (): number[] => [...noise.draw(count)];
  const condition = states?.condition ?? oracle.text(ids(prompt, options.pad));
  const none = states?.none ?? oracle.text(ids(negative, options.pad));
  const isWhole = options.timestep?.type.startsWith('int') ?? false;
  const predict = (seen: number[], timestep: number): number[] => {
    const t = isWhole ? Math.trunc(timestep) : timestep;
    const told = oracle.unet(seen, t, condition, { ...(control ? { control } : {}), ...(options.guidance ? { guidance } : {}) });
    if (options.guidance || guidance <= 1) return told;
    return oracle.unet(seen, t, none, control ? { control } : {}).map((u, i) => u + guidance * ((told[i] ?? 0) - u));
  };
  let picture: number[] | undefined;
  if (strength !== undefined) {
    const { mean, logVariance } = oracle.encode(planes(source, (byte) => (2 * byte) / 255 - 1));
    const drawn = options.encoder === 'parameters' ? draw() : mean.map(() => 0);
    picture = mean.map(
      (value, i) => (value + Math.exp(0.5 * Math.min(Math.max(logVariance[i] ?? 0, -30), 20)) * (drawn[i] ?? 0)) * tiny.scale,
    );
  }
  return oracle.decode(sampler({ steps: 4, predict, draw, ...(picture && strength !== undefined ? { picture, strength } : {}) }));
}

/** Equal but for the last digit of the sums, which may tip a rounding; half precision tips more of them. */
function expectPicture(made: SynthesizedImage, expected: readonly number[], type: TinyOptions['type'] = 'float32'): void {
  expect(made.rgb.length).toBe(expected.length);
  let different = 0;
  let largest = 0;
  for (const [i, value] of expected.entries()) {
    const error = Math.abs((made.rgb[i] ?? 0) - value);
    if (error > 0) different++;
    largest = Math.max(largest, error);
  }
  expect(largest).toBeLessThanOrEqual(type === 'float16' ? 2 : 1);
  expect(different / expected.length).toBeLessThan(type === 'float16' ? 0.1 : 0.001);
  // Nothing is proven by an empty picture.
  expect(new Set(expected).size).toBeGreaterThan(50);
}

describe('pictures from text', () => {
  it.each(schedulerNames.filter((name) => name !== 'lcm'))('are what the mathematics say, guided, with %s', async (scheduler) => {
    const made = await make(await open(), { scheduler, guidance: 3, negativePrompt: 'car' });
    expectPicture(made, literal(optimum, { sampler: samplers[scheduler], guidance: 3, negative: ['car</w>'] }));
    expect(made).toMatchObject({
      width,
      height,
      facts: { provider: 'cpu', scheduler, steps: 4, stepsRun: 4, seed, promptCut: false, repeatable: true },
    });
  });

  it('are made without a second run where guidance is 1', async () => {
    expectPicture(await make(await open(), { guidance: 1 }), literal(optimum, { sampler: ddim, guidance: 1 }));
  });

  const variants: readonly (readonly [string, TinyOptions])[] = [
    ['optimum', optimum],
    ['optimum, half precision', { ...optimum, type: 'float16' }],
    ['conversion script', conversion],
    ['conversion script, half precision', { ...conversion, type: 'float16' }],
    ['older optimum, a list of one timestep', { ...optimum, ids: 'int32', timestep: { type: 'int64', shape: ['steps'] } }],
    ['a timestep of fixed length', { ...optimum, timestep: { type: 'int64', shape: [1] } }],
    ['half precision timesteps', { ...optimum, type: 'float16', timestep: { type: 'float16', shape: ['batch'] } }],
    ['a batch of one', { ...optimum, batch: 1 }],
    ['fixed sizes', { ...optimum, batch: 2, latentSize: [height / 8, width / 8] }],
    ['another padding', { ...optimum, pad: '!' }],
    ['velocity', { ...optimum, prediction: 'v_prediction' }],
  ];
  it.each(variants)('are the same from every layout: %s', async (_, options) => {
    const sampler = options.prediction === 'v_prediction' ? ddimVelocity : ddim;
    expectPicture(
      await make(await open(options), { scheduler: 'ddim', guidance: 2 }),
      literal(options, { sampler, guidance: 2 }),
      options.type,
    );
  });

  it.each([
    ['optimum', { ...optimum, guidance: true }],
    ['conversion script, half precision', { ...conversion, guidance: true, type: 'float16' }],
  ] as const)('come from consistency models, which are told their guidance: %s', async (_, options) => {
    const synthesizer = await open(options);
    expect(synthesizer.model.defaults).toEqual({ scheduler: 'lcm', steps: 4, guidance: 8.5 });
    expectPicture(await make(synthesizer), literal(options, { sampler: lcm, guidance: 8.5 }), options.type);
    expect((await make(synthesizer, { guidance: 2 })).rgb).not.toEqual((await make(synthesizer)).rgb);
  });

  it('cut fractions of timesteps off where the graph wants whole ones', async () => {
    const options: TinyOptions = { ...optimum, timestep: { type: 'int64', shape: [] }, scheduler: { timestep_spacing: 'linspace' } };
    const [whole, fraction] = await Promise.all([open(options), open({ ...options, timestep: { type: 'float32', shape: [] } })]);
    // 999, 666, 333, 0 for 4 steps; 6 steps have fractions.
    expect((await make(whole, { scheduler: 'euler' })).rgb).toEqual((await make(fraction, { scheduler: 'euler' })).rgb);
    expect((await make(whole, { scheduler: 'euler', steps: 6 })).rgb).not.toEqual(
      (await make(fraction, { scheduler: 'euler', steps: 6 })).rgb,
    );
  });
});

describe('variations of a picture', () => {
  it.each(['euler', 'ddim', 'euler-ancestral', 'ddpm'] as const)(
    'are what the mathematics say: image to image with %s',
    async (scheduler) => {
      const made = await make(await open(), { method: 'variation', sourceImage, strength: 0.75, scheduler, guidance: 2 });
      expectPicture(made, literal(optimum, { sampler: samplers[scheduler], guidance: 2, strength: 0.75 }));
      expect(made.facts).toMatchObject({ stepsRun: 3, repeatable: true, strength: 0.75 });
    },
  );

  it.each([
    ['gives a sample', conversion],
    ['gives a sample in half precision', { ...conversion, type: 'float16' }],
  ] as const)('work with an encoder that %s', async (_, options) => {
    const made = await make(await open(options), { method: 'variation', sourceImage, strength: 0.5, scheduler: 'ddim', guidance: 2 });
    expectPicture(made, literal(options, { sampler: ddim, guidance: 2, strength: 0.5 }), options.type);
    expect(made.facts.repeatable).toBe(false);
  });

  it('come from consistency models, whose timesteps the strength shortens', async () => {
    const options: TinyOptions = { ...optimum, guidance: true };
    const made = await make(await open(options), { method: 'variation', sourceImage, strength: 0.5 });
    expectPicture(made, literal(options, { sampler: lcm, guidance: 8.5, strength: 0.5 }));
  });

  it('come from the embedding of the picture where that conditions the model', async () => {
    const options: TinyOptions = { ...optimum, condition: 'image' };
    const synthesizer = await open(options);
    expect(synthesizer.model).toMatchObject({ methods: ['variation'], conditionedBy: 'image', defaults: { guidance: 3, steps: 50 } });
    const made = await make(synthesizer, { method: 'variation', sourceImage, prompt: '' });
    const small = await images.cover(sourceImage, tiny.visionSide, tiny.visionSide);
    if (!small.ok) throw new Error(small.detail);
    const [mean, deviation] = [
      [0.48145466, 0.4578275, 0.40821073],
      [0.26862954, 0.26130258, 0.27577711],
    ];
    const size = tiny.visionSide ** 2;
    const pixels = planes(small.rgb, (byte) => byte / 255).map((value, i) => {
      const colour = Math.floor(i / size);
      return (value - (mean?.[colour] ?? 0)) / (deviation?.[colour] ?? 1);
    });
    const condition = [oracleOf(options).image(pixels)];
    const none = [new Array<number>(tiny.dimensions).fill(0)];
    expectPicture(made, literal(options, { sampler: ddim, guidance: 3, states: { condition, none } }));
  });
});

describe('pictures that follow the edges of another', () => {
  it.each([
    ['a ControlNet beside the UNet', { ...optimum, control: 'separate' }],
    ['a ControlNet beside the UNet, half precision', { ...conversion, control: 'separate', type: 'float16' }],
    ['a ControlNet inside the UNet', { ...optimum, control: 'fused' }],
  ] as const)('come from %s', async (_, options) => {
    const synthesizer = await open(options);
    expect(synthesizer.model.methods).toContain('controlnet');
    const made = await make(synthesizer, { method: 'controlnet', sourceImage, guidance: 2, controlScale: 0.5 });
    const pixels = planes(edgesOf({ width, height, rgb: source }), (byte) => byte / 255);
    expect(new Set(pixels)).toEqual(new Set([0, 1]));
    expectPicture(
      made,
      literal(options, { sampler: ddim, guidance: 2, control: { kind: options.control, pixels, scale: 0.5 } }),
      options.type,
    );
    const asIs = await make(synthesizer, { method: 'controlnet', sourceImage, guidance: 2, controlBy: 'source' });
    const colours = { kind: options.control, pixels: planes(source, (byte) => byte / 255), scale: 1 };
    expectPicture(asIs, literal(options, { sampler: ddim, guidance: 2, control: colours }), options.type);
    expect(asIs.facts).toMatchObject({ strength: null, controlScale: 1 });
    // Without a picture to follow, the same model makes what it would make without its ControlNet.
    expectPicture(await make(synthesizer, { guidance: 2 }), literal(options, { sampler: ddim, guidance: 2 }), options.type);
  });
});

describe('a seed', () => {
  it('gives the same picture in another process, and another one for anything that is changed', async () => {
    const options: TinyOptions = optimum;
    const synthesizer = await open(options);
    const request: Partial<ImageRequest> = { method: 'variation', sourceImage, guidance: 2, scheduler: 'euler-ancestral' };
    const { rgb } = await make(synthesizer, request);
    const other = createComputeProcess(script);
    const again = await openImageSynthesizer(synthesizer.model.folder, { compute: other, images, device: 'cpu', threads: 2 }, signal);
    expect(again.model).toEqual(synthesizer.model);
    expect((await make(again, request)).rgb).toEqual(rgb);
    const changes: readonly Partial<ImageRequest>[] = [
      { seed: seed + 1 },
      { prompt: 'A red car' },
      { negativePrompt: 'cat' },
      { guidance: 3 },
      { strength: 0.9 },
      { steps: 5 },
      { scheduler: 'ddim' }, // DDPM would draw and add the very same noise
      { sourceImage: await sharp(sourceImage).negate().png().toBuffer() },
    ];
    for (const change of changes)
      expect((await make(synthesizer, { ...request, ...change })).rgb, JSON.stringify(Object.keys(change))).not.toEqual(rgb);
  });
});

describe('a run', () => {
  it('reports each step with a small picture', async () => {
    const seen: DiffusionProgress[] = [];
    await make(await open(), { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ step, steps }) => [step, steps])).toEqual([1, 2, 3, 4].map((step) => [step, 4]));
    for (const { preview } of seen) {
      expect(preview).toMatchObject({ width: width / 8, height: height / 8 });
      expect(new Set(preview?.rgb).size).toBeGreaterThan(5);
    }
    expect(seen[3]?.preview?.rgb).not.toEqual(seen[0]?.preview?.rgb);
  });

  it('ends at once when it is cancelled, and the next one runs', async () => {
    const synthesizer = await open();
    const abort = new AbortController();
    let steps = 0;
    const run = make(synthesizer, { steps: 1000, signal: abort.signal, onProgress: () => void (++steps === 3 && abort.abort()) });
    await expect(run).rejects.toMatchObject({ code: 'run.cancelled' });
    expect(steps).toBeLessThan(1000);
    expect((await make(synthesizer)).rgb.length).toBe(width * height * 3);
  });

  it('says that a prompt was too long', async () => {
    expect((await make(await open(), { prompt: 'red cat '.repeat(9) })).facts.promptCut).toBe(true);
  });

  it('keeps to what the model can do', async () => {
    const synthesizer = await open({ ...optimum, encoder: undefined as never });
    const refused: readonly (readonly [Partial<ImageRequest>, RegExp])[] = [
      [{ method: 'variation', sourceImage }, /no vae_encoder/],
      [{ method: 'controlnet', sourceImage }, /no controlnet/],
      [{ width: 30 }, /multiples of 8/],
      [{ height: 0 }, /multiples of 8/],
      [{ steps: 0 }, /1 to 1000/],
      [{ seed: -1 }, /no seed/],
      [{ seed: 0.5 }, /no seed/],
      [{ guidance: Number.NaN }, /guidance/],
      [{ scheduler: 'heun' as never }, /no scheduler heun/],
    ];
    for (const [request, message] of refused)
      await expect(make(synthesizer, request), String(message)).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringMatching(message),
      });
    const whole = await open();
    await expect(make(whole, { method: 'variation' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('source picture'),
    });
    await expect(make(whole, { method: 'variation', sourceImage: Buffer.from('no picture') })).rejects.toMatchObject({ code: 'usage' });
    await expect(make(whole, { method: 'variation', sourceImage, strength: 0.1 })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('at least 1'),
    });
    await expect(make(await open({ ...optimum, latentSize: [4, 4] }))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('32 x 32'),
    });
  });

  it('refuses a device that is not there', async () => {
    const { folder } = (await open()).model;
    const synthesizer = await openImageSynthesizer(folder, { compute, images, device: 'coreml', threads: 1 }, signal);
    if (process.platform !== 'darwin') await expect(make(synthesizer)).rejects.toMatchObject({ code: 'device.unavailable' });
  });

  it('finds what works here by itself', async () => {
    const { folder } = (await open()).model;
    const synthesizer = await openImageSynthesizer(folder, { compute, images, device: 'auto', threads: 1 }, signal);
    const { facts } = await make(synthesizer);
    expect(facts.provider).toMatch(/^(cpu|cuda|webgpu|dml|coreml)$/);
    for (const { provider, reason } of facts.refused) {
      expect(provider).not.toBe(facts.provider);
      expect(reason).not.toBe('');
    }
  });
});

describe('a model folder', () => {
  const breaking: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
    ['a cut graph', (folder) => truncateSync(join(folder, 'unet/model.onnx'), 500), /unet.model\.onnx cannot be loaded/],
    [
      'a graph that is none',
      (folder) => writeFileSync(join(folder, 'vae_decoder/model.onnx'), 'version https://git-lfs'),
      /vae_decoder.model\.onnx cannot be loaded/,
    ],
    [
      'the text encoder of another model',
      (folder) => void writeFileSync(join(folder, 'tokenizer/tokenizer_config.json'), '{"model_max_length": 10}'),
      /cannot be run/,
    ],
    [
      'a UNet in place of the decoder',
      (folder) => copyOver(folder, 'unet', 'vae_decoder'),
      /vae_decoder.model\.onnx has no input latent_sample/,
    ],
    ['a decoder in place of the UNet', (folder) => copyOver(folder, 'vae_decoder', 'unet'), /wants latent_sample/],
    [
      'a vocabulary without its special tokens',
      (folder) => writeFileSync(join(folder, 'tokenizer/vocab.json'), '{"a": 0}'),
      /no vocabulary of CLIP/,
    ],
    ['a broken list of merges', (folder) => writeFileSync(join(folder, 'tokenizer/merges.txt'), 'a b c'), /no pair of tokens/],
    ['no vocabulary', (folder) => rmSync(join(folder, 'tokenizer/vocab.json')), /vocab\.json is missing/],
  ];
  it.each(breaking)('is refused for %s, by name', async (_, damage, message) => {
    const { folder } = (await open()).model;
    damage(folder);
    await refuses(folder, {}, message);
  });

  it('is refused for numbers that are none', async () => {
    const { folder } = (await open()).model;
    const graph = unetWith((each) => each.node('Log', [each.node('Neg', [each.node('Abs', ['sample'])])], {}, 'out_sample'));
    writeFileSync(join(folder, 'unet/model.onnx'), graph);
    await refuses(folder, {}, /unet.model\.onnx gives what is no number/);
  });

  it('is refused for a UNet that gives something else', async () => {
    const { folder } = (await open()).model;
    const graph = unetWith((each) => each.node('Concat', ['sample', 'sample'], { axis: 1 }, 'out_sample'));
    writeFileSync(join(folder, 'unet/model.onnx'), graph);
    await refuses(folder, { guidance: 1 }, /unet.model\.onnx gives 1 x 8 x 3 x 4 numbers where 1 x 4 x 3 x 4/);
  });

  it('is refused for a text encoder of other dimensions', async () => {
    const { folder } = (await open()).model;
    const encoder = new OnnxGraph();
    encoder.input('input_ids', 'int64', ['batch', 'sequence']);
    encoder.constant('table', 'float32', [600, 5], new Uint8Array(600 * 5 * 4));
    encoder.node('Gather', ['table', 'input_ids'], { axis: 0 }, 'last_hidden_state');
    encoder.output('last_hidden_state', 'float32', ['batch', 'sequence', 5]);
    writeFileSync(join(folder, 'text_encoder/model.onnx'), encoder.model());
    await refuses(folder, {}, /wants 6 numbers a token where the encoder gives 5/);
  });

  it('is refused where UNet and ControlNet were not made for each other', async () => {
    const { folder: plain } = (await open()).model;
    const { folder: controlled } = (await open({ ...optimum, control: 'separate' })).model;
    cpSync(join(controlled, 'controlnet'), join(plain, 'controlnet'), { recursive: true });
    await refuses(plain, { method: 'controlnet', sourceImage }, /unet.model\.onnx takes no signals of a ControlNet/);
    rmSync(join(controlled, 'controlnet'), { recursive: true });
    await refuses(controlled, {}, /unet.model\.onnx wants the signals of a ControlNet/);
  });

  it('is used only by who accepts a licence that forbids training', async () => {
    const { folder } = (await open()).model;
    writeFileSync(join(folder, 'README.md'), '---\nlicense: other\nlicense_name: sai-nc-community\n---\n# Tiny turbo\n');
    const options = { compute, images, device: 'cpu', threads: 1 } as const;
    const refused = await openImageSynthesizer(folder, options, signal);
    await expect(make(refused)).rejects.toMatchObject({
      code: 'model.licence',
      data: { licence: 'sai-nc-community', model: 'tiny-sd', file: 'README.md' },
    });
    const accepted = await openImageSynthesizer(folder, { ...options, licenceAccepted: true }, signal);
    expect((await make(accepted)).rgb.length).toBeGreaterThan(0);
  });
});

describe('candidates', () => {
  type Picture = ReturnType<typeof sharp>;
  let reddish: Buffer;
  beforeAll(async () => {
    reddish = await sharp(sourceImage).linear([0.4, 1, 0.4], [150, 0, 0]).png().toBuffer();
  });
  const candidate = async (change: (image: Picture) => Picture): Promise<RgbPicture> => {
    const rgb = await change(sharp(reddish)).raw().toBuffer();
    return { width, height, rgb };
  };

  it.each([
    ['builtin', optimum],
    ['clip', { ...optimum, condition: 'image' }],
  ] as const)('are ranked by their similarity with the source: %s', async (by, options) => {
    const synthesizer = await open(options);
    const candidates = [
      await candidate((image) => image.negate()),
      await candidate((image) => image),
      await candidate((image) => image.linear(0.9, 8)),
    ];
    const ranking = await synthesizer.rank(reddish, candidates, signal);
    expect(ranking.by).toBe(by);
    expect(ranking.order).toEqual([1, 2, 0]);
    expect(ranking.similarities[1]).toBeCloseTo(1, 5);
    expect(ranking.similarities[0]).toBeLessThan(ranking.similarities[2] ?? 0);
  });
});

async function refuses(folder: string, request: Partial<ImageRequest>, message: RegExp): Promise<void> {
  const synthesizer = await openImageSynthesizer(folder, { compute, images, device: 'cpu', threads: 1 }, signal);
  await expect(make(synthesizer, request)).rejects.toMatchObject({ code: 'model.invalid', message: expect.stringMatching(message) });
}

/** A denoiser with the usual inputs. */
function unetWith(build: (graph: OnnxGraph) => void): Uint8Array {
  const graph = new OnnxGraph();
  graph.input('sample', 'float32', ['batch', 'channels', 'height', 'width']);
  graph.input('timestep', 'float32', []);
  graph.input('encoder_hidden_states', 'float32', ['batch', 'sequence', 6]);
  build(graph);
  graph.output('out_sample', 'float32', ['batch', 'channels', 'height', 'width']);
  return graph.model();
}

function copyOver(folder: string, from: string, to: string): void {
  copyFileSync(join(folder, from, 'model.onnx'), join(folder, to, 'model.onnx'));
}
