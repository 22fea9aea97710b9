import type { LatentSpace } from '../model/diffusionModel.ts';
import { modelInvalid } from '../model/modelInvalid.ts';
import { roundHalfEven } from '../schedule/timesteps.ts';
import type { TorchNoise } from '../torchNoise.ts';
import type { Part } from './part.ts';
import { planesOf } from './tensors.ts';

/** Logarithms of variances beyond these are mistakes of the encoder. */
const leastLogVariance = -30;
const mostLogVariance = 20;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export interface EncodedPicture {
  /** [channels, height / factor, width / factor], scaled. */
  readonly values: Float32Array;
  /** Whether the graph draws by itself, without a seed: the same request may give another picture then. */
  readonly drewItself: boolean;
}

/**
 * A picture in the latent space. Graphs give mean and logarithm of the variance, of which one is drawn with `noise`, or have drawn already.
 * @throws EngineError `model.invalid`
 */
export async function encodePicture(
  encoder: Part,
  { channels, factor, scale }: LatentSpace,
  rgb: Uint8Array,
  { width, height }: PictureSize,
  noise: TorchNoise,
): Promise<EncodedPicture> {
  const input = encoder.mainInput('sample');
  const output = await encoder.output('latent_parameters', 4, {
    [input.name]: { values: planesOf(rgb, 2 / 255, -1), shape: [1, 3, height, width] },
  });
  const count = channels * (height / factor) * (width / factor);
  const values = new Float32Array(count);
  if (output.values.length === count) {
    for (let i = 0; i < count; i++) values[i] = (output.values[i] as number) * scale;
    return { values, drewItself: true };
  }
  if (output.values.length !== 2 * count)
    throw modelInvalid(
      encoder.path,
      `gives ${output.shape.join(' x ')} numbers, which are neither a latent picture nor its mean and variance.`,
    );
  const drawn = noise.draw(count);
  for (let i = 0; i < count; i++) {
    const logVariance = Math.min(Math.max(output.values[count + i] as number, leastLogVariance), mostLogVariance);
    values[i] = ((output.values[i] as number) + Math.exp(0.5 * logVariance) * (drawn[i] as number)) * scale;
  }
  return { values, drewItself: false };
}

/** The picture of a latent sample, one at a time: some exports are wrong for more. @throws EngineError `model.invalid` */
export async function decodePicture(
  decoder: Part,
  { channels, factor, scale }: LatentSpace,
  latents: Float32Array,
  { width, height }: PictureSize,
): Promise<Uint8Array> {
  const input = decoder.mainInput('latent_sample');
  const shape = [1, channels, height / factor, width / factor];
  const output = await decoder.output('sample', 4, { [input.name]: { values: latents.map((value) => value / scale), shape } });
  const size = width * height;
  if (output.values.length !== 3 * size)
    throw modelInvalid(decoder.path, `gives ${output.shape.join(' x ')} numbers where 1 x 3 x ${height} x ${width} were expected.`);
  const rgb = new Uint8Array(3 * size);
  for (let i = 0; i < size; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = output.values[channel * size + i] as number;
      if (Number.isNaN(value)) throw modelInvalid(decoder.path, 'gives what is no number: its precision is too low for this picture.');
      rgb[3 * i + channel] = roundHalfEven(Math.min(Math.max(value / 2 + 0.5, 0), 1) * 255);
    }
  }
  return rgb;
}
