import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Dimension, OnnxGraph, type TensorType } from '../../../../src/engine/runtime/onnx/graph.ts';
import { byteCharacters } from '../../../../src/engine/synthesis/diffusion/tokenizer/byteLevel.ts';
import { tiny, weights } from './tinyWeights.ts';

/** What exports differ in. */
export interface TinyOptions {
  /** Number type of pictures and embeddings at the graphs' borders; inside they are float32. */
  readonly type?: 'float32' | 'float16';
  readonly ids?: 'int64' | 'int32';
  readonly timestep?: { readonly type: TensorType; readonly shape: readonly Dimension[] };
  readonly batch?: Dimension;
  /** Fixed sizes of the latent picture. */
  readonly latentSize?: readonly [height: number, width: number];
  readonly guidance?: boolean;
  readonly encoder?: 'parameters' | 'sample';
  readonly control?: 'separate' | 'fused';
  readonly condition?: 'text' | 'image';
  readonly prediction?: 'epsilon' | 'v_prediction';
  readonly scheduler?: object;
  readonly pad?: string;
}

/** The two layouts of the specification: optimum's, and that of diffusers' conversion script. */
export const optimum: TinyOptions = { ids: 'int64', timestep: { type: 'float32', shape: [] }, encoder: 'parameters' };
export const conversion: TinyOptions = { ids: 'int32', timestep: { type: 'int64', shape: ['batch'] }, encoder: 'sample' };

/** CLIP's vocabulary in small: bytes, bytes that end a word, three words, the special tokens. */
export const merges = ['r e', 're d</w>', 'c a', 'ca t</w>', 'ca r</w>'];
export const vocabulary: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ...byteCharacters,
    ...byteCharacters.map((character) => `${character}</w>`),
    ...merges.map((merge) => merge.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ].map((token, id) => [token, id]),
);

/** Writes a model folder of three small graphs and more; nothing in it was ever trained. */
export function writeTinyModel(folder: string, options: TinyOptions = optimum): string {
  const file = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const json = (path: string, value: object): void => file(path, JSON.stringify(value));
  json('model_index.json', {
    _class_name: options.control === 'fused' ? 'OnnxStableDiffusionControlNetPipeline' : 'OnnxStableDiffusionPipeline',
    _name_or_path: 'somebody/tiny-sd',
  });
  json('scheduler/scheduler_config.json', {
    _class_name: options.guidance ? 'LCMScheduler' : 'DDIMScheduler',
    beta_schedule: 'scaled_linear',
    beta_start: 0.00085,
    beta_end: 0.012,
    timestep_spacing: 'leading',
    steps_offset: 1,
    set_alpha_to_one: false,
    prediction_type: options.prediction ?? 'epsilon',
    ...options.scheduler,
  });
  json('unet/config.json', {
    in_channels: 4,
    sample_size: 4,
    ...(options.guidance ? { time_cond_proj_dim: tiny.guidanceDimensions } : {}),
  });
  json('vae_decoder/config.json', { scaling_factor: tiny.scale, latent_channels: 4, block_out_channels: [1, 1, 1, 1] });
  if (options.condition === 'image') {
    file('image_encoder/model.onnx', imageEncoder(options));
    json('feature_extractor/preprocessor_config.json', { crop_size: { height: tiny.visionSide, width: tiny.visionSide } });
  } else {
    json('tokenizer/vocab.json', vocabulary);
    file('tokenizer/merges.txt', `#version: 0.2\n${merges.join('\n')}\n`);
    json('tokenizer/tokenizer_config.json', {
      model_max_length: tiny.tokens,
      ...(options.pad ? { pad_token: { content: options.pad } } : {}),
    });
    file('text_encoder/model.onnx', textEncoder(options));
  }
  file('unet/model.onnx', unet(options));
  file('vae_decoder/model.onnx', decoder(options));
  if (options.encoder) file('vae_encoder/model.onnx', encoder(options, options.encoder));
  if (options.control === 'separate') file('controlnet/model.onnx', controlNet(options));
  return folder;
}

class TinyGraph extends OnnxGraph {
  /** A constant of seeded weights. */
  weights(name: string, shape: readonly number[], range: number): string {
    const count = shape.reduce((product, size) => product * size, 1);
    return this.constant(name, 'float32', shape, new Uint8Array(weights(name, count, range).buffer));
  }

  number(name: string, value: number): string {
    return this.constant(name, 'float32', [], new Uint8Array(Float32Array.of(value).buffer));
  }

  /** An input of a border's type, as float32. */
  floatInput(name: string, type: TensorType, shape: readonly Dimension[]): string {
    return this.node('Cast', [this.input(name, type, shape)], { to: 1 });
  }

  floatOutput(value: string, name: string, type: TensorType, shape: readonly Dimension[]): void {
    this.node('Cast', [value], { to: type === 'float16' ? 10 : 1 }, name);
    this.output(name, type, shape);
  }

  reshaped(value: string, shape: readonly number[]): string {
    const name = `shape ${value}`;
    this.constant(name, 'int64', [shape.length], new Uint8Array(BigInt64Array.from(shape, BigInt).buffer));
    return this.node('Reshape', [value, name]);
  }

  sum(first: string, ...others: readonly string[]): string {
    return others.reduce((total, other) => this.node('Add', [total, other]), first);
  }
}

/** tanh(embedding of the token + embedding of its place) */
function textEncoder({ ids = 'int64', type = 'float32' }: TinyOptions): Uint8Array {
  const graph = new TinyGraph();
  graph.input('input_ids', ids, ['batch', 'sequence']);
  const table = graph.weights('text table', [Object.keys(vocabulary).length, tiny.dimensions], 1);
  const places = graph.weights('text places', [1, tiny.tokens, tiny.dimensions], 1);
  const states = graph.node('Tanh', [graph.sum(graph.node('Gather', [table, 'input_ids'], { axis: 0 }), places)]);
  graph.floatOutput(graph.node('ReduceMean', [states], { axes: [1], keepdims: 0 }), 'pooler_output', type, ['batch', tiny.dimensions]);
  graph.floatOutput(states, 'last_hidden_state', type, ['batch', 'sequence', tiny.dimensions]);
  return graph.model();
}

/** tanh(mean colour times a matrix) */
function imageEncoder({ type = 'float32' }: TinyOptions): Uint8Array {
  const graph = new TinyGraph();
  const pixels = graph.floatInput('pixel_values', type, ['batch', 3, tiny.visionSide, tiny.visionSide]);
  const mean = graph.reshaped(graph.node('GlobalAveragePool', [pixels]), [-1, 3]);
  const embedding = graph.node('Tanh', [graph.node('MatMul', [mean, graph.weights('image projection', [3, tiny.dimensions], 1)])]);
  graph.floatOutput(embedding, 'image_embeds', type, ['batch', tiny.dimensions]);
  return graph.model();
}

/** tanh(3 x 3 convolution + sin(timestep) + mean condition times a matrix + guidance times a matrix + control) */
function unet(options: TinyOptions): Uint8Array {
  const {
    type = 'float32',
    timestep = { type: 'float32', shape: [] },
    batch = 'batch',
    latentSize: [h, w] = ['height', 'width'],
  } = options;
  const graph = new TinyGraph();
  const picture = [batch, 4, h, w];
  const sample = graph.floatInput('sample', type, picture);
  const time = graph.reshaped(graph.floatInput('timestep', timestep.type, timestep.shape), [-1, 1, 1, 1]);
  const states = graph.floatInput('encoder_hidden_states', type, [batch, 'sequence', tiny.dimensions]);
  const mean = graph.node('ReduceMean', [states], { axes: [1], keepdims: 0 });
  const terms = [
    graph.node('Conv', [sample, graph.weights('unet kernel', [4, 4, 3, 3], 0.3)], { pads: [1, 1, 1, 1] }),
    graph.node('Sin', [graph.node('Mul', [time, graph.weights('unet frequencies', [1, 4, 1, 1], 0.01)])]),
    graph.reshaped(graph.node('MatMul', [mean, graph.weights('unet states', [tiny.dimensions, 4], 3)]), [-1, 4, 1, 1]),
  ];
  if (options.guidance) {
    const guidance = graph.floatInput('timestep_cond', type, [batch, tiny.guidanceDimensions]);
    const matrix = graph.weights('unet guidance', [tiny.guidanceDimensions, 4], 0.2);
    terms.push(graph.reshaped(graph.node('MatMul', [guidance, matrix]), [-1, 4, 1, 1]));
  }
  if (options.control === 'separate') {
    terms.push(graph.floatInput('down_block_0', type, picture));
    terms.push(graph.node('Mul', [graph.floatInput('mid_block_additional_residual', type, picture), graph.number('mid', 0.25)]));
    terms.push(graph.node('Mul', [graph.floatInput('down_block_1', type, picture), graph.number('down', 0.5)]));
  }
  if (options.control === 'fused') {
    const all = graph.floatInput('controlnet_conds', type, [1, 'twice', 3, 'pixelHeight', 'pixelWidth']);
    const axis = graph.constant('axis', 'int64', [1], new Uint8Array(BigInt64Array.of(0n).buffer));
    const shapes = graph.node('Conv', [graph.node('Squeeze', [all, axis]), graph.weights('control kernel', [4, 3, 8, 8], 0.1)], {
      strides: [8, 8],
    });
    terms.push(graph.node('Mul', [shapes, graph.reshaped(graph.floatInput('conditioning_scales', type, [1, 1]), [1, 1, 1, 1])]));
  }
  const [first = '', ...others] = terms;
  const output = graph.node('Tanh', [graph.sum(first, ...others)]);
  graph.floatOutput(output, options.control === 'fused' ? 'noise_pred' : 'out_sample', type, picture);
  return graph.model();
}

/** Shapes from the picture, in three signals; the outputs are named as an exporter does. */
function controlNet({ type = 'float32', timestep = { type: 'float32', shape: [] } }: TinyOptions): Uint8Array {
  const graph = new TinyGraph();
  const picture = ['batch', 4, 'height', 'width'];
  const sample = graph.floatInput('sample', type, picture);
  const time = graph.reshaped(graph.floatInput('timestep', timestep.type, timestep.shape), [-1, 1, 1, 1]);
  graph.input('encoder_hidden_states', type, ['batch', 'sequence', tiny.dimensions]);
  const pixels = graph.floatInput('controlnet_cond', type, ['batch', 3, 'pixelHeight', 'pixelWidth']);
  const scale = graph.floatInput('conditioning_scale', 'float64', []);
  const shapes = graph.node('Conv', [pixels, graph.weights('control kernel', [4, 3, 8, 8], 0.1)], { strides: [8, 8] });
  const signals = [
    graph.sum(shapes, graph.node('Mul', [sample, graph.number('sample share', 0.1)])),
    graph.node('Mul', [shapes, shapes]),
    graph.sum(graph.node('Tanh', [shapes]), graph.node('Mul', [time, graph.number('per timestep', 0.001)])),
  ];
  for (const [i, name] of ['down_block_res_samples', 'mid_block_res_sample', '24549'].entries())
    graph.floatOutput(graph.node('Mul', [signals[i] as string, scale]), name, type, picture);
  return graph.model();
}

/** tanh(each value of a channel becomes 8 x 8 pixels) */
function decoder({ type = 'float32' }: TinyOptions): Uint8Array {
  const graph = new TinyGraph();
  const latents = graph.floatInput('latent_sample', type, ['batch', 4, 'height', 'width']);
  const pixels = graph.node('ConvTranspose', [latents, graph.weights('decoder kernel', [4, 3, 8, 8], 0.4)], { strides: [8, 8] });
  graph.floatOutput(graph.node('Tanh', [pixels]), 'sample', type, ['batch', 3, 'pixelHeight', 'pixelWidth']);
  return graph.model();
}

/** Each 8 x 8 pixels become a value of each channel: means and logarithms of variances, or means alone. */
function encoder({ type = 'float32' }: TinyOptions, gives: 'parameters' | 'sample'): Uint8Array {
  const graph = new TinyGraph();
  const pixels = graph.floatInput('sample', type, ['batch', 3, 'pixelHeight', 'pixelWidth']);
  const channels = gives === 'parameters' ? 8 : 4;
  const output = graph.node('Conv', [pixels, graph.weights('encoder kernel', [8, 3, 8, 8], 0.1)], { strides: [8, 8] });
  const [starts = '', ends = '', axes = ''] = [0, channels, 1].map((value, i) =>
    graph.constant(`slice ${i}`, 'int64', [1], new Uint8Array(BigInt64Array.of(BigInt(value)).buffer)),
  );
  const name = gives === 'parameters' ? 'latent_parameters' : 'latent_sample';
  graph.floatOutput(graph.node('Slice', [output, starts, ends, axes]), name, type, ['batch', channels, 'height', 'width']);
  return graph.model();
}
