import type { VisionInput } from '../model/diffusionModel.ts';
import { modelInvalid } from '../model/modelInvalid.ts';
import type { ClipTokenizer } from '../tokenizer/clipTokenizer.ts';
import { type FloatTensor, fixedSize, type Part } from './part.ts';

/** What the denoiser is conditioned on, [1, tokens, dimensions]. */
export type Condition = FloatTensor;

/** Embedding of a prompt's tokens. @throws EngineError `model.invalid` */
export async function embedPrompt(
  encoder: Part,
  tokenizer: ClipTokenizer,
  prompt: string,
): Promise<{ readonly condition: Condition; readonly cut: boolean }> {
  const input = encoder.mainInput('input_ids');
  encoder.expectInputs((name) => name === input.name);
  const { ids, cut } = tokenizer.encode(prompt);
  const length = fixedSize(input, 1) ?? ids.length;
  if (length !== ids.length) throw modelInvalid(encoder.path, `takes prompts of ${length} tokens where the tokenizer makes ${ids.length}.`);
  const condition = await encoder.output('last_hidden_state', 3, { [input.name]: { values: ids, shape: [1, length] } });
  return { condition, cut };
}

/** Embedding of a picture by the projection of CLIP's image encoder, [dimensions]. @param rgb `side` x `side` pixels @throws EngineError `model.invalid` */
export async function embedPicture(encoder: Part, { side, mean, deviation }: VisionInput, rgb: Uint8Array): Promise<Float32Array> {
  const input = encoder.mainInput('pixel_values');
  encoder.expectInputs((name) => name === input.name);
  const values = new Float32Array(3 * side * side);
  for (let channel = 0; channel < 3; channel++)
    for (let i = 0; i < side * side; i++)
      values[channel * side * side + i] =
        ((rgb[3 * i + channel] as number) / 255 - (mean[channel] as number)) / (deviation[channel] as number);
  const embedding = await encoder.output('image_embeds', 2, { [input.name]: { values, shape: [1, 3, side, side] } });
  return embedding.values;
}

/** The embedding of a picture as a condition, and what stands for none at all. */
export function pictureConditions(embedding: Float32Array): { readonly condition: Condition; readonly none: Condition } {
  const shape = [1, 1, embedding.length];
  return { condition: { values: embedding, shape }, none: { values: new Float32Array(embedding.length), shape } };
}
