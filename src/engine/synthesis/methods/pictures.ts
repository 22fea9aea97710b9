import { addUsage } from '../endpoint/languageModel.ts';
import { bestPicture } from './bestPicture.ts';
import { imageProblem } from './imageParent.ts';
import type { SynthesisMethod } from './method.ts';
import { newWords } from './newWords.ts';
import type { PictureMethod } from './pictureMakers.ts';
import { controlParameters, pictureParameters, strengthParameter } from './pictureParameters.ts';
import { scenePrompt } from './scenePrompt.ts';

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
      parameters: [
        ...pictureParameters(text),
        ...(name === 'variation' ? [strengthParameter] : []),
        ...(name === 'controlnet' ? controlParameters : []),
      ],
    },
    capacity: (view) => imageProblem(view) ?? 16,
    requests: ({ text: words, candidates }) => candidates + (words === 'source' ? 0 : words === 'caption' ? 1 : 2),
    async make(item, parent, tools) {
      const prompt = scenePrompt(item.targets, parent.view.turns);
      const { bytes: image, usage, facts } = await bestPicture({ method: name, item, prompt, parentImage: parent.image, tools });
      const { text: words, candidates, size } = tools.parameters;
      const spoken = words === 'source' ? undefined : await newWords(words, item, parent, image, tools);
      return {
        image,
        ...(spoken ? { turns: spoken.turns } : {}),
        prompt,
        parameters: { text: words, candidates, size, ...facts },
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
