import type {
  GateName,
  MethodDeclaration,
  SkipReason,
  SynthesisMethodName,
  SynthesisParameterDeclaration,
  SynthesisParameterName,
  SynthesisProvider,
} from '../../protocol/synthesis.ts';
import type { MethodParameterView, MethodView } from '../../protocol/synthesisPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';

/** What people call a way of making instances. */
export function methodLabel(name: SynthesisMethodName, t: Localize): string {
  const labels: Readonly<Record<SynthesisMethodName, string>> = {
    augment: t('Plain augmentation'),
    synonym: t('Synonyms (WordNet)'),
    rewrite: t('Other words'),
    caption: t('New description'),
    converse: t('New conversation'),
    variation: t('Variation of the picture'),
    'text-to-image': t('New picture from text'),
    controlnet: t('New picture along the outlines'),
  };
  return labels[name];
}

function methodSummary(name: SynthesisMethodName, t: Localize): string {
  const summaries: Readonly<Record<SynthesisMethodName, string>> = {
    augment: t(
      'The picture turned, made smaller or mirrored as far as its text stays true; nothing is cut off. Needs no model. This is augmentation, no new content.',
    ),
    synonym: t('A common noun becomes a scarce synonym, in question and answer together. Needs no model.'),
    rewrite: t('The conversation in other words, by a language model. Short answers and the picture stay.'),
    caption: t('A new description of the same picture, by a model that sees.'),
    converse: t('A new conversation about the same picture, by a model that sees.'),
    variation: t('A new picture that begins from the scarce one, by an image model.'),
    'text-to-image': t('A new picture of the scene with the scarce entity, by an image model.'),
    controlnet: t('A new picture that follows the outlines of the scarce one, by an image model.'),
  };
  return summaries[name];
}

function providerLabel(name: SynthesisProvider, { needs }: MethodDeclaration, t: Localize): string {
  const labels: Readonly<Record<SynthesisProvider, string>> = {
    local: needs.includes('imageModel') ? t('A model on this machine') : t('This machine, no model'),
    endpoint: t('An endpoint'),
    editor: t('A model of the editor'),
  };
  return labels[name];
}

/** The declared methods in words. Who cannot see does not describe pictures, whatever the declaration says. */
export function methodViews(declarations: readonly MethodDeclaration[], t: Localize): readonly MethodView[] {
  return declarations.map((declaration) => {
    const { name, makes, needs, providers, parameters } = declaration;
    return {
      name,
      label: methodLabel(name, t),
      summary: methodSummary(name, t),
      makes,
      needs,
      providers: providers.map((provider) => ({ name: provider, label: providerLabel(provider, declaration, t) })),
      parameters: parameters.map((declared) => parameterView(declared, t)),
    };
  });
}

function parameterView(declared: SynthesisParameterDeclaration, t: Localize): MethodParameterView {
  return {
    declared,
    ...parameterWords(declared, t),
    choices: declared.kind === 'choice' ? declared.choices.map((choice) => choiceLabel(choice, t)) : [],
  };
}

/** Parameters are few and shared. */
function parameterWords({ name }: SynthesisParameterDeclaration, t: Localize): { readonly label: string; readonly help: string } {
  const words: Readonly<Record<SynthesisParameterName, { readonly label: string; readonly help: string }>> = {
    photometric: {
      label: t('Light and colour'),
      help: t('How strongly brightness, contrast and saturation change, 0 to 1, where no text speaks of light or colour.'),
    },
    senses: { label: t('Senses'), help: t('Senses of a noun that are looked at, the commonest first. More senses, more mistakes.') },
    temperature: { label: t('Temperature'), help: t('How freely the model writes; 0 is the most faithful.') },
    maxTokens: { label: t('Longest answer'), help: t('Tokens of an answer at most.') },
    pairs: { label: t('Questions'), help: t('Questions of a new conversation at most.') },
    text: {
      label: t('Words'),
      help: t(
        'The words of the new instance: those of its source, a new description, or a new conversation. New words need a model that sees.',
      ),
    },
    steps: { label: t('Steps'), help: t('Denoising steps of a local model; 0: as many as suit it.') },
    guidance: { label: t('Guidance'), help: t('How closely a local model follows the prompt; 0: as suits it.') },
    strength: { label: t('Strength'), help: t('How far a local model may go from the source; 1 forgets it.') },
    candidates: { label: t('Candidates'), help: t('Pictures per instance; the one closest to its source is staged.') },
    size: { label: t('Size'), help: t('Pixels on a side; 0: the own size of a local model, 512 of an endpoint.') },
    scheduler: { label: t('Scheduler'), help: t('How a local model takes its steps; the first choice is what suits it.') },
    controlScale: { label: t('Control'), help: t('How closely the outlines are followed, 0 to 2.') },
    controlBy: {
      label: t('Follows'),
      help: t('The outlines of the source, or the source as it is where that already shows outlines, depths or poses.'),
    },
  };
  return words[name];
}

function choiceLabel(choice: string, t: Localize): string {
  const labels: Readonly<Record<string, string>> = {
    source: t('of the source'),
    caption: t('new description'),
    converse: t('new conversation'),
    model: t('what suits the model'),
    edges: t('outlines'),
  };
  return labels[choice] ?? choice;
}

/** Why scarce instances cannot be parents, with how many they are. */
export function skipSentence(reason: SkipReason, count: string, t: Localize): string {
  const sentences: Readonly<Record<SkipReason, string>> = {
    noImage: t('{0} have no picture.', count),
    sharedImage: t('{0} share their picture with other instances.', count),
    severalImages: t('{0} have several pictures.', count),
    otherMedia: t('{0} hold videos or sound.', count),
    coordinates: t('{0} hold coordinates, which a moved picture would make false.', count),
    noTurns: t('{0} have no conversation.', count),
    oddTurns: t('{0} have a conversation that cannot be written anew.', count),
    noVariation: t('{0} allow no change that keeps their text true.', count),
    noSynonym: t('{0} hold no noun with a scarce synonym.', count),
  };
  return sentences[reason];
}

/** What a gate stops, as the end of a count: "12: nearly the same as the source". */
export function gateLabel(gate: GateName, t: Localize): string {
  const labels: Readonly<Record<GateName, string>> = {
    decodes: t('damaged picture'),
    size: t('size of the picture'),
    content: t('black or flat picture'),
    sourceDuplicate: t('nearly the same as its source'),
    datasetDuplicate: t('nearly the same as another instance'),
    candidateDuplicate: t('nearly the same as another candidate'),
    similarity: t('too far from its source'),
    safeText: t('unsafe text'),
    conversation: t('broken conversation'),
    mentionsEntity: t('does not mention the entity'),
    newText: t('only repeats its source'),
    confirmation: t('entity not seen in the picture'),
  };
  return labels[gate];
}
