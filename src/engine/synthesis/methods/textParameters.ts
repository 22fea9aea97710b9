import type { SynthesisParameterDeclaration } from '../../../protocol/synthesis.ts';

export function temperatureParameter(value: number): SynthesisParameterDeclaration {
  return { name: 'temperature', kind: 'number', from: 0, to: 2, default: value, help: 'of the language model' };
}

export const tokensParameter: SynthesisParameterDeclaration = {
  name: 'maxTokens',
  kind: 'number',
  from: 16,
  to: 32_768,
  integer: true,
  default: 1024,
  help: 'tokens of an answer at most; a longer one counts as unusable',
};

export const pairsParameter: SynthesisParameterDeclaration = {
  name: 'pairs',
  kind: 'number',
  from: 1,
  to: 10,
  integer: true,
  default: 4,
  help: 'questions with answers of a new conversation at most',
};
