import { noUsage } from '../endpoint/languageModel.ts';
import { recipeOf, variationsOf } from '../images/recipes.ts';
import { truthRulesOf } from '../images/truthRules.ts';
import { imageProblem } from './imageParent.ts';
import { ItemFailed, type SynthesisMethod } from './method.ts';

/** Plain augmentation: the picture turned, made smaller or mirrored as far as its text stays true. Needs no model. */
export const augmentMethod: SynthesisMethod = {
  declaration: {
    name: 'augment',
    summary: 'plain augmentation: the picture turned, made smaller or mirrored as far as its text stays true; needs no model',
    makes: 'image',
    needs: ['image'],
    providers: ['local'],
    parameters: [
      {
        name: 'photometric',
        kind: 'number',
        from: 0,
        to: 1,
        default: 0.5,
        help: 'how strongly brightness, contrast and saturation change where no text speaks of light or colour',
      },
    ],
  },
  capacity(view) {
    const problem = imageProblem(view);
    if (problem) return problem;
    const rules = truthRulesOf(view.turns);
    if (rules.coordinates) return 'coordinates';
    return variationsOf(rules) || 'noVariation';
  },
  requests: () => 0,
  async make(item, { view, image }, { pictures, parameters }) {
    const change = recipeOf(truthRulesOf(view.turns), item.copy, item.id, parameters.photometric);
    if (!change) throw new ItemFailed('noVariation', 'the text allows no further variation');
    if (!image) throw new ItemFailed('image.missing', 'the image cannot be read');
    const file = await pictures.change(image, change);
    if (!file) throw new ItemFailed('image.undecodable', 'the image cannot be decoded');
    return { image: file.bytes, prompt: null, parameters: { ...change }, usage: noUsage };
  },
};
