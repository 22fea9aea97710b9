import { EngineError } from '../../../jobs/engineError.ts';
import type { NumberTensor, ValueInfo } from '../../../runtime/contracts.ts';
import type { LatentSpace } from '../model/diffusionModel.ts';
import { modelInvalid } from '../model/modelInvalid.ts';
import { combine } from '../schedule/plan.ts';
import type { Condition } from './conditioning.ts';
import { type ControlPicture, ControlSignal, isControlInput } from './control.ts';
import { type FloatTensor, fixedSize, type Part } from './part.ts';
import { repeated, timestepTensor } from './tensors.ts';

export interface DenoiserOptions {
  readonly unet: Part;
  readonly controlNet: Part | undefined;
  readonly latent: LatentSpace;
  /** Of the latent picture, in its own pixels. */
  readonly width: number;
  readonly height: number;
  readonly condition: Condition;
  /** What stands for no condition, where guidance compares with it. */
  readonly unconditioned: Condition | undefined;
  readonly guidance: number;
  /** How a consistency model is told its guidance. */
  readonly guidanceEmbedding: Float32Array | undefined;
  readonly control: ControlPicture | undefined;
}

/** The UNet, fed as its own inputs ask for it: number types, ranks, batch, and a ControlNet beside or inside it. */
export class Denoiser {
  readonly #options: DenoiserOptions;
  readonly #control: ControlSignal;
  /** With and without condition; each with their batch, or one after the other where the graph has a batch of 1. */
  readonly #batches: readonly (readonly Condition[])[];

  /** @throws EngineError `model.invalid` when the parts do not belong together, `usage` when the model has another size */
  constructor(options: DenoiserOptions) {
    const { unet, condition, unconditioned, width, height } = options;
    unet.expectInputs((name) => ['sample', 'timestep', 'encoder_hidden_states', 'timestep_cond'].includes(name) || isControlInput(name));
    for (const name of ['sample', 'timestep', 'encoder_hidden_states'])
      if (!unet.input(name)) throw modelInvalid(unet.path, `has no input ${name}: it is no denoiser of a diffusion model.`);
    this.#options = options;
    this.#checkSizes(unet.input('sample'), unet.input('encoder_hidden_states'));
    const all = unconditioned ? [unconditioned, condition] : [condition];
    const batch = fixedSize(unet.input('sample'), 0);
    if (batch !== undefined && batch !== 1 && batch !== all.length)
      throw modelInvalid(unet.path, `was exported for ${batch} pictures at once; export it with a batch that is left open.`);
    this.#batches = batch === 1 ? all.map((each) => [each]) : [all];
    this.#control = new ControlSignal(options, { width: width * options.latent.factor, height: height * options.latent.factor });
  }

  /** What the model says about a sample, guided. @param sample [channels, height, width], scaled as the step wants it */
  async predict(sample: Float32Array, timestep: number): Promise<Float32Array> {
    const outputs: Float32Array[] = [];
    for (const conditions of this.#batches) outputs.push(...(await this.#run(sample, timestep, conditions)));
    const [first, second] = outputs;
    const { guidance } = this.#options;
    // Without condition first: u + g (c - u).
    return second && first ? combine(first, 1 - guidance, second, guidance) : (first as Float32Array);
  }

  async #run(sample: Float32Array, timestep: number, conditions: readonly Condition[]): Promise<Float32Array[]> {
    const { unet, latent, width, height, guidanceEmbedding } = this.#options;
    const count = conditions.length;
    const shape = [count, latent.channels, height, width];
    const common = {
      sample: { values: repeated(sample, count), shape },
      encoder_hidden_states: stacked(conditions),
    };
    const feeds: Record<string, NumberTensor> = { ...common, timestep: timestepTensor(unet.input('timestep'), timestep, count) };
    if (guidanceEmbedding && unet.input('timestep_cond'))
      feeds.timestep_cond = { values: repeated(guidanceEmbedding, count), shape: [count, guidanceEmbedding.length] };
    Object.assign(feeds, await this.#control.feeds(common, timestep, count));
    const output = await unet.output('out_sample', 4, feeds);
    if (output.values.length !== sample.length * count)
      throw modelInvalid(unet.path, `gives ${output.shape.join(' x ')} numbers where ${shape.join(' x ')} were expected.`);
    return conditions.map((_, i) => output.values.subarray(i * sample.length, (i + 1) * sample.length));
  }

  #checkSizes(sample: ValueInfo | undefined, states: ValueInfo | undefined): void {
    const { unet, latent, width, height, condition } = this.#options;
    const channels = fixedSize(sample, 1) ?? latent.channels;
    if (channels !== latent.channels)
      throw modelInvalid(
        unet.path,
        `wants ${channels} channels where the decoder has ${latent.channels}: they are parts of different models.`,
      );
    const [onlyHeight, onlyWidth] = [fixedSize(sample, 2) ?? height, fixedSize(sample, 3) ?? width];
    if (onlyHeight !== height || onlyWidth !== width)
      throw new EngineError(
        'usage',
        `This model was exported for pictures of ${onlyWidth * latent.factor} x ${onlyHeight * latent.factor} pixels only.`,
        { width: onlyWidth * latent.factor, height: onlyHeight * latent.factor },
      );
    const [tokens, dimensions] = [condition.shape[1], condition.shape[2]];
    const wanted = fixedSize(states, 2);
    if (wanted !== undefined && wanted !== dimensions)
      throw modelInvalid(
        unet.path,
        `wants ${wanted} numbers a token where the encoder gives ${dimensions}: they are parts of different models.`,
      );
    const wantedTokens = fixedSize(states, 1);
    if (wantedTokens !== undefined && wantedTokens !== tokens)
      throw modelInvalid(
        unet.path,
        `wants prompts of ${wantedTokens} tokens where the encoder gives ${tokens}: they are parts of different models.`,
      );
  }
}

function stacked(conditions: readonly Condition[]): FloatTensor {
  const [first] = conditions;
  if (!first || conditions.length === 1) return first as Condition;
  const values = new Float32Array(first.values.length * conditions.length);
  for (const [i, condition] of conditions.entries()) values.set(condition.values, i * first.values.length);
  return { values, shape: [conditions.length, ...first.shape.slice(1)] };
}
