import type { GateWords } from '../../protocol/reviewPage.ts';
import { type GateName, gateNames } from '../../protocol/synthesis.ts';
import type { Localize } from '../errors/errorCatalogue.ts';

/** Gates that protect a dataset: the engine accepts nothing that they stop. */
const hard: readonly GateName[] = ['decodes', 'size', 'content', 'safeText', 'conversation'];

/** Each gate by name and by what it looks at. */
export function gateWords(t: Localize): Readonly<Record<GateName, GateWords>> {
  const words: Readonly<Record<GateName, readonly [title: string, help: string]>> = {
    decodes: [t('Picture decodes'), t('The picture can be read to its last row and is what its file name says.')],
    size: [t('Picture size'), t('A still picture whose sides and pixels are within bounds.')],
    content: [t('Picture content'), t('Not black, white or one colour: how far the brightness spreads, of 255.')],
    sourceDuplicate: [t('Differs from its source'), t('How much of the source’s details is the same after the best alignment.')],
    datasetDuplicate: [t('Differs from the dataset'), t('The same, with the most similar picture of the whole dataset.')],
    candidateDuplicate: [t('Differs from other candidates'), t('The same, with the candidates that were judged before it.')],
    similarity: [t('Likeness to its source'), t('What the picture looks like beside its source: neither far off nor the source again.')],
    safeText: [t('Safe text'), t('No control characters, markup, template marks, paths or orders in the new words.')],
    conversation: [t('Conversation'), t('Roles alternate, placeholders stand as in the source, and the model has the last word.')],
    mentionsEntity: [t('Mentions the entity'), t('The share of the target entities that the new words speak of.')],
    newText: [t('New words'), t('How many pairs of words are the source’s own; another candidate does not say the same.')],
    confirmation: [t('Seen by a model'), t('A model that sees was asked whether the picture shows the entity.')],
  };
  return Object.fromEntries(
    gateNames.map((gate) => [gate, { title: words[gate][0], help: words[gate][1], isHard: hard.includes(gate) }]),
  ) as Readonly<Record<GateName, GateWords>>;
}

/** What a gate found, by the engine's code; `{0}` is what it is about. */
export function findingWords(t: Localize): Readonly<Record<string, string>> {
  return {
    empty: t('The file is empty.'),
    unsupported: t('The file is no picture of a known format.'),
    undecodable: t('The picture is damaged.'),
    tooLarge: t('The picture has more pixels than Ballast decodes.'),
    extension: t('The file is a {0}, its name says something else.'),
    pages: t('The picture has several pages or moves.'),
    pixels: t('The picture has too many pixels.'),
    black: t('The picture is black.'),
    white: t('The picture is white.'),
    flat: t('The picture is one colour.'),
    length: t('A turn is too long.'),
    control: t('The text holds characters that cannot be seen or that turn its direction.'),
    template: t('The text holds marks of a chat template or of roles.'),
    markup: t('The text holds markup.'),
    path: t('The text holds a file path.'),
    orders: t('The model talks about its orders instead of the picture.'),
    noTurns: t('There is no conversation.'),
    emptyTurn: t('A turn is empty.'),
    firstTurn: t('The conversation does not begin with the user.'),
    alternate: t('User and model do not take turns.'),
    lastTurn: t('The conversation does not end with the model.'),
    placeholders: t('There are more or fewer image placeholders than in the source.'),
    placeholderPlace: t('The image placeholder stands in another turn than in the source.'),
    missing: t('The text does not speak of “{0}”.'),
    candidate: t('Candidate {0} says the same.'),
    notSeen: t('The model does not see “{0}” in the picture.'),
    noAnswer: t('The model gave no usable answer.'),
    closest: t('Closest to {0}.'),
  };
}

/** Parameters that a candidate was made with; one that is not listed keeps its own name. */
export function parameterWords(t: Localize): Readonly<Record<string, string>> {
  return {
    photometric: t('Light and colour'),
    senses: t('Senses'),
    temperature: t('Temperature'),
    maxTokens: t('Longest answer'),
    pairs: t('Questions'),
    text: t('Words'),
    steps: t('Steps'),
    guidance: t('Guidance'),
    strength: t('Strength'),
    candidates: t('Candidates'),
    size: t('Size'),
    scheduler: t('Scheduler'),
    controlScale: t('Control'),
    controlBy: t('Follows'),
    angle: t('Turned by (degrees)'),
    scale: t('Scaled by'),
    x: t('Shifted to the right'),
    y: t('Shifted down'),
    flip: t('Mirrored'),
    brightness: t('Brightness'),
    contrast: t('Contrast'),
    saturation: t('Saturation'),
    noun: t('Noun'),
    synonym: t('Synonym'),
  };
}
