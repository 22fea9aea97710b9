import type { SynthesisMethodName } from '../../../protocol/synthesis.ts';
import { EngineError } from '../../jobs/engineError.ts';
import { augmentMethod } from './augment.ts';
import { captionMethod, converseMethod } from './describe.ts';
import type { SynthesisMethod } from './method.ts';
import { controlnetMethod, textToImageMethod, variationMethod } from './pictures.ts';
import { rewriteMethod } from './rewrite.ts';
import { synonymMethod } from './synonym.ts';

/** Every method, in the order of a picker. */
export const methods: readonly SynthesisMethod[] = [
  augmentMethod,
  synonymMethod,
  rewriteMethod,
  captionMethod,
  converseMethod,
  variationMethod,
  textToImageMethod,
  controlnetMethod,
];

export function methodOf(name: SynthesisMethodName): SynthesisMethod {
  const method = methods.find(({ declaration }) => declaration.name === name);
  if (!method) throw new EngineError('usage', `There is no method "${name}".`, { option: 'method' });
  return method;
}
