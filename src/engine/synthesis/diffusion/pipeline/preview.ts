import type { RgbPicture } from '../../../runtime/contracts.ts';
import type { LatentSpace } from '../model/diffusionModel.ts';

/** Colour of each latent channel, a linear fit to Stable Diffusion's decoder that its users published; good enough to look at. */
const colours = [
  [0.298, 0.207, 0.208],
  [0.187, 0.286, 0.173],
  [-0.158, 0.189, 0.264],
  [-0.184, -0.271, -0.473],
] as const;

/** What a latent picture looks like, one pixel for each place, without running the decoder; undefined for other latent spaces. */
export function previewOf(latents: Float32Array, { channels }: LatentSpace, width: number, height: number): RgbPicture | undefined {
  if (channels !== colours.length) return undefined;
  const size = width * height;
  const rgb = new Uint8Array(3 * size);
  for (let i = 0; i < size; i++) {
    for (let colour = 0; colour < 3; colour++) {
      let sum = 0;
      for (const [channel, factors] of colours.entries()) sum += (latents[channel * size + i] as number) * (factors[colour] as number);
      rgb[3 * i + colour] = Math.round(Math.min(Math.max(sum / 2 + 0.5, 0), 1) * 255);
    }
  }
  return { width, height, rgb };
}
