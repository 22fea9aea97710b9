import type { SkipReason } from '../../../protocol/synthesis.ts';
import type { InstanceView, ViewSpec } from '../../dataset/dataset.ts';
import { turnsCanBecome } from '../records/syntheticRecord.ts';
import { imageProblem } from './imageParent.ts';
import type { SynthesisMethod } from './method.ts';
import { newWords } from './newWords.ts';
import { pairsParameter, temperatureParameter, tokensParameter } from './textParameters.ts';

function capacityForWords(view: InstanceView, record: Buffer, spec: ViewSpec, pairs: number): number | SkipReason {
  const problem = imageProblem(view);
  if (problem) return problem;
  const system = view.turns.filter(({ role }) => role === 'system').length;
  const fits = turnsCanBecome(record, spec, system + 2 * pairs) && view.turns.some(({ role }) => role === 'gpt');
  return fits ? 16 : 'oddTurns';
}

/** The parent's picture with a new description (the reference's re-captioning). */
export const captionMethod: SynthesisMethod = {
  declaration: {
    name: 'caption',
    summary: 'a new description of the same picture, by a model that sees',
    makes: 'text',
    needs: ['image', 'vision'],
    providers: ['endpoint', 'editor'],
    parameters: [temperatureParameter(0), tokensParameter],
  },
  capacity: (view, record, spec) => capacityForWords(view, record, spec, 1),
  requests: () => 1,
  async make(item, parent, tools) {
    const { temperature, maxTokens } = tools.parameters;
    return { ...(await newWords('caption', item, parent, parent.image, tools)), prompt: null, parameters: { temperature, maxTokens } };
  },
};

/** The parent's picture with a new conversation: described first, then talked about. */
export const converseMethod: SynthesisMethod = {
  declaration: {
    name: 'converse',
    summary: 'a new conversation about the same picture, by a model that sees',
    makes: 'text',
    needs: ['image', 'vision'],
    providers: ['endpoint', 'editor'],
    parameters: [temperatureParameter(0), tokensParameter, pairsParameter],
  },
  capacity: (view, record, spec, { pairs }) => capacityForWords(view, record, spec, pairs),
  requests: () => 2,
  async make(item, parent, tools) {
    const { temperature, maxTokens, pairs } = tools.parameters;
    return {
      ...(await newWords('converse', item, parent, parent.image, tools)),
      prompt: null,
      parameters: { temperature, maxTokens, pairs },
    };
  },
};
