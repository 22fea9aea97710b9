import {
  type SynthesisMethodName,
  type SynthesisParameterDeclaration,
  type SynthesisUsage,
  textSources,
} from '../../../protocol/synthesis.ts';
import type { PictureEditor } from '../../runtime/contracts.ts';
import { addUsage, noUsage } from '../endpoint/languageModel.ts';
import { CandidatePicture } from '../gates/candidatePicture.ts';
import { pictureSimilarity, similarityWindow } from '../gates/similarity.ts';
import { imageProblem } from './imageParent.ts';
import { ItemFailed, type MethodTools, type Parent, type SynthesisItem, type SynthesisMethod } from './method.ts';
import { newWords } from './newWords.ts';
import { scenePrompt } from './scenePrompt.ts';
import { pairsParameter, temperatureParameter, tokensParameter } from './textParameters.ts';

type PictureMethod = Extract<SynthesisMethodName, 'variation' | 'text-to-image' | 'controlnet'>;

/** Pixels on a side that every images endpoint makes. */
const endpointSide = 512;
const negativePrompt = 'text, watermark, blurry, deformed, low quality';

function sharedParameters(text: 'source' | 'converse'): SynthesisParameterDeclaration[] {
  return [
    {
      name: 'text',
      kind: 'choice',
      choices: textSources,
      default: text,
      help: "words of the new instance: the source's, a new description, or a new conversation (the last two need a model that sees)",
    },
    {
      name: 'steps',
      kind: 'number',
      from: 0,
      to: 200,
      integer: true,
      default: 0,
      help: 'denoising steps of a local model; 0: as many as suit it',
    },
    { name: 'guidance', kind: 'number', from: 0, to: 30, default: 0, help: 'classifier-free guidance of a local model; 0: as suits it' },
    {
      name: 'candidates',
      kind: 'number',
      from: 1,
      to: 8,
      integer: true,
      default: 2,
      help: 'pictures per instance; the one closest to its source is staged',
    },
    {
      name: 'size',
      kind: 'number',
      from: 0,
      to: 2048,
      integer: true,
      default: 0,
      help: "pixels on a side; 0: the local model's own, 512 of an endpoint",
    },
    temperatureParameter(0),
    tokensParameter,
    pairsParameter,
  ];
}

const strengthParameter: SynthesisParameterDeclaration = {
  name: 'strength',
  kind: 'number',
  from: 0,
  to: 1,
  above: true,
  default: 0.7,
  help: 'how far a local model may go from the source: 1 forgets it',
};

/** A new picture of what an instance shows, by an image model. */
function pictureMethod(
  name: PictureMethod,
  summary: string,
  text: 'source' | 'converse',
  providers: readonly ('local' | 'endpoint')[],
): SynthesisMethod {
  return {
    declaration: {
      name,
      summary,
      makes: 'both',
      needs: ['image', 'imageModel'],
      providers,
      parameters: [...sharedParameters(text), ...(name === 'variation' ? [strengthParameter] : [])],
    },
    capacity: (view) => imageProblem(view) ?? 16,
    requests: ({ text: words, candidates }) => candidates + (words === 'source' ? 0 : words === 'caption' ? 1 : 2),
    async make(item, parent, tools) {
      const prompt = scenePrompt(item.targets, parent.view.turns);
      const { image, usage } = await best(name, item, parent, tools, prompt);
      const { text: words, steps, guidance, candidates, size, strength } = tools.parameters;
      const spoken = words === 'source' ? undefined : await newWords(words, item, parent, image, tools);
      return {
        image,
        ...(spoken ? { turns: spoken.turns } : {}),
        prompt,
        parameters: { text: words, steps, guidance, candidates, size, ...(name === 'variation' ? { strength } : {}) },
        usage: spoken ? addUsage(usage, spoken.usage) : usage,
      };
    },
  };
}

export const variationMethod = pictureMethod(
  'variation',
  "a variation of the picture, by an image model; the text stays the source's",
  'source',
  ['local', 'endpoint'],
);
export const textToImageMethod = pictureMethod(
  'text-to-image',
  'a new picture of the scene with the scarce entity, by an image model',
  'converse',
  ['local', 'endpoint'],
);
export const controlnetMethod = pictureMethod(
  'controlnet',
  'a new picture along the outlines of the source, by a local image model',
  'source',
  ['local'],
);

/** Of several pictures the one most similar to the source that does not leave the window upwards; the first when none fits. */
async function best(
  name: PictureMethod,
  item: SynthesisItem,
  parent: Parent,
  tools: MethodTools,
  prompt: string,
): Promise<{ readonly image: Uint8Array; readonly usage: SynthesisUsage }> {
  const source = parent.image && new CandidatePicture(parent.image, '', tools.pictures);
  let usage = noUsage;
  let chosen: { readonly image: Uint8Array; readonly similarity: number } | undefined;
  for (let i = 0; i < tools.parameters.candidates; i++) {
    const made = await makeOne(name, { ...item, seed: (item.seed + i) >>> 0 }, parent, tools, prompt);
    usage = addUsage(usage, made.usage);
    const cosine = source && (await pictureSimilarity(new CandidatePicture(made.image, '', tools.pictures), source, tools.pictures));
    const upper = similarityWindow(name)?.[1] ?? 1;
    const similarity = cosine === undefined || cosine > upper ? -1 : cosine;
    if (!chosen || similarity > chosen.similarity) chosen = { image: made.image, similarity };
  }
  if (!chosen) throw new ItemFailed('image.none', 'no picture was made');
  return { image: chosen.image, usage };
}

async function makeOne(
  name: PictureMethod,
  item: SynthesisItem,
  parent: Parent,
  { images, synthesizer, pictures, parameters, preview, signal }: MethodTools,
  prompt: string,
): Promise<{ readonly image: Uint8Array; readonly usage: SynthesisUsage }> {
  const { size, steps, guidance, strength } = parameters;
  const usesSource = name !== 'text-to-image';
  const source = usesSource ? parent.image : undefined;
  if (usesSource && !source) throw new ItemFailed('image.missing', 'the image cannot be read');
  if (images) {
    const side = size || endpointSide;
    const png = source && (await asPng(source, side, pictures));
    const { bytes, usage } = await images.make({ prompt, size: side, signal, ...(png ? { source: png } : {}) });
    return { image: bytes, usage };
  }
  if (!synthesizer) throw new ItemFailed('noModel', 'no image model is configured');
  const picture = await synthesizer.synthesize({
    task: name,
    prompt,
    negativePrompt,
    seed: item.seed,
    signal,
    ...(source ? { source } : {}),
    ...(name === 'variation' ? { strength } : {}),
    ...(steps > 0 ? { steps } : {}),
    ...(guidance > 0 ? { guidance } : {}),
    ...(size > 0 ? { size } : {}),
    onPreview: ({ step, steps: all, image }) => preview(item, image, step, all),
  });
  return { image: (await pictures.encode(picture.rgb, picture.width, picture.height)).bytes, usage: noUsage };
}

/** Endpoints take PNG, and none takes a picture larger than what it makes. */
async function asPng(source: Uint8Array, side: number, pictures: PictureEditor): Promise<Uint8Array> {
  const pixels = await pictures.rgb(source, side);
  if (!pixels) throw new ItemFailed('image.undecodable', 'the image cannot be decoded');
  return (await pictures.encode(pixels.rgb, pixels.width, pixels.height)).bytes;
}
