import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FileHashes } from '../../../../src/engine/synthesis/diffusion/model/fileHashes.ts';
import { readDiffusionModel } from '../../../../src/engine/synthesis/diffusion/model/readModel.ts';
import { readTokenizer } from '../../../../src/engine/synthesis/diffusion/tokenizer/readTokenizer.ts';
import { conversion, merges, optimum, type TinyOptions, vocabulary, writeTinyModel } from './tinyModel.ts';

const root = mkdtempSync(join(tmpdir(), 'ballast-model-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const { signal } = new AbortController();
let folders = 0;
const folderOf = (options: TinyOptions = optimum): string => writeTinyModel(join(root, `model${folders++}`), options);
const json = (folder: string, path: string, value: unknown): void => writeFileSync(join(folder, path), JSON.stringify(value));

describe('a model folder', () => {
  it('is described by its small files', async () => {
    const folder = folderOf();
    const model = await readDiffusionModel(folder, signal);
    expect(model).toMatchObject({
      folder,
      name: 'tiny-sd',
      licence: { id: null, known: false, terms: [] },
      methods: ['text-to-image', 'variation'],
      conditionedBy: 'text',
      side: 32,
      sizeStep: 8,
      latent: { channels: 4, factor: 8, scale: 0.5 },
      defaults: { scheduler: 'ddim', steps: 50, guidance: 7.5 },
      tokenizer: { length: 12, pad: '<|endoftext|>' },
    });
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(model.bytes).toBeGreaterThan(10_000);
  });

  it('can do what it has parts for', async () => {
    const methods = async (options: TinyOptions) => (await readDiffusionModel(folderOf(options), signal)).methods;
    expect(await methods({ timestep: { type: 'float32', shape: [] } })).toEqual(['text-to-image']);
    expect(await methods({ ...optimum, control: 'separate' })).toEqual(['text-to-image', 'variation', 'controlnet']);
    expect(await methods({ ...optimum, control: 'fused' })).toEqual(['text-to-image', 'variation', 'controlnet']);
    expect(await methods({ condition: 'image' })).toEqual(['variation']);
  });

  it('has the hash of all that decides the picture, and of nothing else', async () => {
    const folder = folderOf();
    const { sha256 } = await readDiffusionModel(folder, signal);
    writeFileSync(join(folder, 'README.md'), 'about it');
    writeFileSync(join(folder, 'unet/diffusion_pytorch_model.safetensors'), 'weights of another framework');
    const other = join(root, 'elsewhere');
    cpSync(folder, other, { recursive: true });
    expect((await readDiffusionModel(other, signal)).sha256).toBe(sha256);
    writeFileSync(join(other, 'unet/model.onnx_data'), 'weights');
    const withData = (await readDiffusionModel(other, signal)).sha256;
    expect(withData).not.toBe(sha256);
    writeFileSync(join(other, 'unet/model.onnx_data'), 'Weights');
    expect((await readDiffusionModel(other, signal)).sha256).not.toBe(withData);
    rmSync(join(other, 'unet/model.onnx_data'));
    json(other, 'scheduler/scheduler_config.json', { _class_name: 'DDIMScheduler' });
    expect((await readDiffusionModel(other, signal)).sha256).not.toBe(sha256);
  });

  it('is read again only where it changed', async () => {
    const folder = folderOf();
    const hashes = new FileHashes();
    const weights = join(folder, 'unet/weights.pb');
    writeFileSync(weights, Buffer.alloc(9_000_000, 1));
    const read = async (): Promise<{ readonly sha256: string; readonly pieces: number }> => {
      const told: (readonly [number, number])[] = [];
      const { sha256, bytes } = await readDiffusionModel(folder, signal, { hashes, onRead: (...progress) => told.push(progress) });
      expect(told.at(-1)).toEqual([bytes, bytes]);
      expect(told.map(([done]) => done)).toEqual(told.map(([done]) => done).sort((a, b) => a - b));
      return { sha256, pieces: told.length };
    };
    const first = await read();
    const again = await read();
    expect(again.sha256).toBe(first.sha256);
    expect(again.pieces).toBe(first.pieces - 2);
    writeFileSync(weights, Buffer.alloc(9_000_000, 2));
    const changed = await read();
    expect(changed.sha256).not.toBe(first.sha256);
    expect(changed.pieces).toBe(first.pieces);
    expect((await readDiffusionModel(folder, signal)).sha256).toBe(changed.sha256);
    await expect(readDiffusionModel(folder, AbortSignal.abort())).rejects.toMatchObject({ code: 'run.cancelled' });
  });

  it('may be links into a download cache, and name its graphs otherwise', async () => {
    const folder = folderOf();
    const { sha256 } = await readDiffusionModel(folder, signal);
    renameSync(join(folder, 'unet/model.onnx'), join(root, 'blob'));
    symlinkSync(join(root, 'blob'), join(folder, 'unet/model.onnx'));
    expect((await readDiffusionModel(folder, signal)).sha256).toBe(sha256);
    renameSync(join(folder, 'vae_decoder/model.onnx'), join(folder, 'vae_decoder/model_fp16.onnx'));
    expect((await readDiffusionModel(folder, signal)).parts.vae_decoder).toBe(join(folder, 'vae_decoder/model_fp16.onnx'));
  });

  it('gives defaults that suit its kind', async () => {
    const turbo = folderOf();
    json(turbo, 'model_index.json', { _name_or_path: 'stabilityai/sd-turbo' });
    expect((await readDiffusionModel(turbo, signal)).defaults).toMatchObject({ steps: 4, guidance: 1 });
    expect((await readDiffusionModel(folderOf({ ...optimum, guidance: true }), signal)).defaults).toEqual({
      scheduler: 'lcm',
      steps: 4,
      guidance: 8.5,
    });
    const pndm = folderOf({ ...conversion, scheduler: { _class_name: 'PNDMScheduler' } });
    expect((await readDiffusionModel(pndm, signal)).defaults.scheduler).toBe('ddim');
  });

  it('may lack the configurations that only some exports have', async () => {
    const folder = folderOf(conversion);
    for (const file of ['model_index.json', 'unet/config.json', 'vae_decoder/config.json', 'tokenizer/tokenizer_config.json'])
      rmSync(join(folder, file));
    const model = await readDiffusionModel(folder, signal);
    expect(model).toMatchObject({ side: 512, latent: { channels: 4, factor: 8, scale: 0.18215 }, tokenizer: { length: 77 } });
    expect(model.name).toMatch(/^model\d+$/);
  });

  const damages: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
    ['no UNet', (folder) => rmSync(join(folder, 'unet'), { recursive: true }), /no model\.onnx in unet\./],
    [
      'only a UNet',
      (folder) => {
        for (const part of ['vae_decoder', 'text_encoder']) rmSync(join(folder, part), { recursive: true });
      },
      /in vae_decoder, text_encoder \(or image_encoder\)\./,
    ],
    [
      'weights of PyTorch only',
      (folder) => renameSync(join(folder, 'unet/model.onnx'), join(folder, 'unet/diffusion_pytorch_model.safetensors')),
      /export the model to ONNX/,
    ],
    [
      'two graphs for one part',
      (folder) => {
        cpSync(join(folder, 'unet/model.onnx'), join(folder, 'unet/b.onnx'));
        renameSync(join(folder, 'unet/model.onnx'), join(folder, 'unet/a.onnx'));
      },
      /several graphs \(a\.onnx, b\.onnx\)/,
    ],
    ['no scheduler', (folder) => rmSync(join(folder, 'scheduler'), { recursive: true }), /scheduler_config\.json is missing/],
    [
      'a schedule that is not known',
      (folder) => json(folder, 'scheduler/scheduler_config.json', { beta_schedule: 'sigmoid' }),
      /scheduler_config\.json has a beta_schedule/,
    ],
    ['a cut configuration', (folder) => writeFileSync(join(folder, 'unet/config.json'), '{"in_chann'), /unet.config\.json is no JSON/],
    ['a list for a configuration', (folder) => json(folder, 'unet/config.json', [1]), /holds no JSON object/],
    [
      'a wrong configuration',
      (folder) => json(folder, 'vae_decoder/config.json', { scaling_factor: 'big' }),
      /vae_decoder.config\.json has a scaling_factor/,
    ],
    [
      'a model for inpainting',
      (folder) => json(folder, 'unet/config.json', { in_channels: 9 }),
      /wants 9 channels where the decoder has 4/,
    ],
    [
      'another architecture',
      (folder) => json(folder, 'model_index.json', { _class_name: 'ORTStableDiffusionXLPipeline' }),
      /Stable Diffusion XL model, which this version cannot run.*can be used/,
    ],
  ];
  it.each(damages)('is refused with %s, saying so', async (_, damage, message) => {
    const folder = folderOf();
    damage(folder);
    await expect(readDiffusionModel(folder, signal)).rejects.toMatchObject({
      code: 'model.invalid',
      message: expect.stringMatching(message),
    });
  });

  it('is refused where there is none', async () => {
    await expect(readDiffusionModel(join(root, 'nowhere'), signal)).rejects.toMatchObject({
      code: 'model.invalid',
      message: expect.stringContaining('does not exist'),
    });
    writeFileSync(join(root, 'file'), '');
    await expect(readDiffusionModel(join(root, 'file'), signal)).rejects.toMatchObject({ message: expect.stringContaining('is a file') });
    mkdirSync(join(root, 'empty'));
    await expect(readDiffusionModel(join(root, 'empty'), signal)).rejects.toMatchObject({
      message: expect.stringContaining('unet, vae_decoder, text_encoder'),
    });
  });

  it('is not hashed for a job that was cancelled', async () => {
    await expect(readDiffusionModel(folderOf(), AbortSignal.abort())).rejects.toMatchObject({ code: 'run.cancelled' });
  });
});

describe('tokenizer files', () => {
  const tokenizerOf = async (change: (folder: string) => void) => {
    const folder = folderOf();
    change(folder);
    const { tokenizer } = await readDiffusionModel(folder, signal);
    if (!tokenizer) throw new Error('no tokenizer');
    return readTokenizer(tokenizer);
  };
  const separate = () => tokenizerOf(() => undefined);

  it.each(['pairs', 'lines'] as const)('may be one, with merges as %s', async (kind) => {
    const combined = await tokenizerOf((folder) => {
      for (const file of ['vocab.json', 'merges.txt']) rmSync(join(folder, 'tokenizer', file));
      const all = kind === 'pairs' ? merges.map((merge) => merge.split(' ')) : merges;
      json(folder, 'tokenizer/tokenizer.json', { model: { type: 'BPE', vocab: vocabulary, merges: all } });
    });
    expect(combined.encode('a red car')).toEqual((await separate()).encode('a red car'));
  });

  it('may end their lines in either way, and hold tokens named as an object has members', async () => {
    const odd = await tokenizerOf((folder) => {
      writeFileSync(join(folder, 'tokenizer/merges.txt'), `#version: 0.2\r\n${merges.join('\r\n')}\r\n`);
      writeFileSync(
        join(folder, 'tokenizer/vocab.json'),
        JSON.stringify(vocabulary).replace('{', '{"__proto__": 9000, "constructor": 9001, '),
      );
    });
    expect(odd.encode('a red car')).toEqual((await separate()).encode('a red car'));
  });

  it('take the padding from either configuration', async () => {
    const padded = await tokenizerOf((folder) => {
      json(folder, 'tokenizer/tokenizer_config.json', { model_max_length: 12 });
      json(folder, 'tokenizer/special_tokens_map.json', { pad_token: '!' });
    });
    expect(padded.encode('').ids[11]).toBe(vocabulary['!']);
    const endless = await tokenizerOf((folder) => json(folder, 'tokenizer/tokenizer_config.json', { model_max_length: 1e30 }));
    expect(endless.encode('').ids.length).toBe(77);
  });
});
