import { controlKinds, type SynthesisParameterDeclaration, schedulerNames, textSources } from '../../../protocol/synthesis.ts';
import { pairsParameter, temperatureParameter, tokensParameter } from './textParameters.ts';

/** What every method reads that makes pictures by a model. */
export function pictureParameters(text: 'source' | 'converse'): SynthesisParameterDeclaration[] {
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
    {
      name: 'scheduler',
      kind: 'choice',
      choices: ['model', ...schedulerNames],
      default: 'model',
      help: 'of a local model; model: the one its author chose',
    },
    temperatureParameter(0),
    tokensParameter,
    pairsParameter,
  ];
}

export const strengthParameter: SynthesisParameterDeclaration = {
  name: 'strength',
  kind: 'number',
  from: 0,
  to: 1,
  above: true,
  default: 0.7,
  help: 'how far a local model may go from the source: 1 forgets it',
};

/** A new picture of what an instance shows, by an image model. */
export const controlParameters: readonly SynthesisParameterDeclaration[] = [
  { name: 'controlScale', kind: 'number', from: 0, to: 2, default: 1, help: 'how closely the ControlNet is followed' },
  {
    name: 'controlBy',
    kind: 'choice',
    choices: controlKinds,
    default: 'edges',
    help: 'what the ControlNet follows: the edges of the source, or the source as it is, where that shows edges, depths or poses already',
  },
];
