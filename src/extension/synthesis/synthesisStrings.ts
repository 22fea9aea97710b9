import { perspectives } from '../../protocol/perspectives.ts';
import type { SynthesisStrings } from '../../protocol/synthesisPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { keyVariable } from './synthesizeRequest.ts';

/** All words of the page in the editor's language. */
export function synthesisStrings(t: Localize): SynthesisStrings {
  return {
    controls: controlWords(t),
    perspectives: Object.fromEntries(
      perspectives.map((perspective) => [perspective, perspectiveTitle(perspective, t)]),
    ) as SynthesisStrings['perspectives'],
    perspectivesHelp: t('Whose scarce entities count.'),
    groups: {
      settings: t('Settings'),
      method: t('How'),
      who: t('By whom'),
      amount: t('How much'),
      limits: t('Limits and prices'),
      about: t('About synthetic instances'),
    },
    about: [
      t('What is made waits in a staging folder. Gates judge it, you accept or reject it, and only what is accepted is ever merged.'),
      t(
        'An entity is scarce when fewer instances hold it than wanted: its threshold, or the number that you set where the threshold is smaller.',
      ),
      t('Making twice gives the same: what is staged is not made again, after a cancel or a crash either.'),
      t('More instances of an entity are no proof of a better model. Compare with plain repetition before you believe.'),
    ],
    amounts: { deficit: t('what each entity lacks'), count: t('a number of instances') },
    makes: {
      image: t('Makes a new picture; the words stay.'),
      text: t('Makes new words; the picture stays.'),
      both: t('Makes a new picture, and new words where you choose them.'),
    },
    choose: t('Choose…'),
    noFolder: t('No folder chosen'),
    defaultStaging: t('In the run folder'),
    noModel: t('No model chosen'),
    chooseFor: t('Choose: {0}', '{0}'),
    removeFor: t('Remove: {0}', '{0}'),
    licence: t('Terms of {0}', '{0}'),
    outOfRange: t('Write a number from {0} to {1}.', '{0}', '{1}'),
    tooSmall: t('Write a number of at least {0}.', '{0}'),
    loading: t('Planning…'),
    cancel: t('Cancel'),
    cancelling: t('Cancelling…'),
    cancelled: t('Cancelled. What was finished is used again.'),
    tryAgain: t('Try Again'),
    reload: t('Reload'),
    noPlan: t('No plan yet'),
    stalePlan: t('This plan is of earlier settings.'),
    estimate: t('What it takes'),
    skipped: t('Scarce, but no parents'),
    deficits: t('What is scarce'),
    all: t('All'),
    show: t('Show'),
    columns: {
      perspective: t('Perspective'),
      entity: t('Entity'),
      have: t('Have'),
      want: t('Want'),
      gap: t('Gap'),
      planned: t('Planned'),
    },
    deficitsCaption: t('{0} of {1} entities with a gap, the largest first', '{0}', '{1}'),
    noDeficits: t('No entity has a gap.'),
    showMore: t('Show More'),
    perspectivesTable: t('Gaps by perspective'),
    funnel: t('From plan to dataset'),
    stopped: t('Stopped by gates'),
    funnelColumns: [t('Step'), t('Instances'), t('Of the plan')],
    made: t('Newest candidates'),
    madeHint: t('What was made last, newest first. Review shows each beside its source.'),
    pictureOf: t('Picture: {0}', '{0}'),
    noPicture: t('only the words are new'),
    revealStaging: t('Reveal Staging Folder'),
    keyOfCommand: t('The command reads the API key from {0}; it is not part of it.', keyVariable),
  };
}

function controlWords(t: Localize): SynthesisStrings['controls'] {
  return {
    method: { label: t('Method'), help: t('How a new instance is made of a scarce one.') },
    provider: { label: t('Made by'), help: t('Who does the work: this machine, an endpoint, or a language model of the editor.') },
    amount: { label: t('Make'), help: t('Until every entity has as many instances as wanted, or so many scarce instances.') },
    count: { label: t('Instances'), help: t('New instances, one of each of so many scarce instances, drawn by the seed.') },
    perParent: {
      label: t('Per parent'),
      help: t('New instances of the same instance at most, 1 to 16. Empty: 2 for what is lacking, else 1.'),
    },
    entityCap: { label: t('Per entity'), help: t('New instances for the same entity at most. Empty: as many as it lacks.') },
    wantAtLeast: {
      label: t('Want at least'),
      help: t('Instances that an entity should have where its threshold is smaller. Empty: 3 for what is lacking, else 1.'),
    },
    seed: { label: t('Seed'), help: t('Seed of every draw, a whole number; the same seed gives the same result on every machine.') },
    endpoint: {
      label: t('Endpoint'),
      help: t('Base address of an OpenAI-compatible server, e.g. http://localhost:8000/v1 (vLLM, Ollama, LM Studio, a hosted one).'),
    },
    model: { label: t('Model'), help: t('Id of the model as the endpoint knows it.') },
    textEndpoint: {
      label: t('Words from'),
      help: t('Endpoint of the model that sees: it writes new words and confirms pictures. Empty: the endpoint above.'),
    },
    textModel: { label: t('Its model'), help: t('Id of the model that sees. Empty: the model above.') },
    confirm: {
      label: t('Confirm pictures'),
      help: t('A model that sees is asked whether each new picture shows its scarce entity; the gate stops the others.'),
    },
    editorModel: { label: t('Model'), help: t('A language model that an extension of this editor brings. It reads text only.') },
    modelFolder: {
      label: t('Model folder'),
      help: t('Folder of a diffusion model in the ONNX layout: text encoder, UNet, VAE. It runs on this machine.'),
    },
    agreement: {
      label: t('I have read the terms and may train with the pictures'),
      help: t('Terms of a model may forbid training other models with its pictures. Nothing is made before you have agreed.'),
    },
    staging: { label: t('Staging'), help: t('Folder where candidates wait for review.') },
    concurrency: { label: t('At once'), help: t('Requests under way at once, 1 to 64. Empty: 4.') },
    requestsPerMinute: { label: t('Per minute'), help: t('Requests per minute at most. Empty: as fast as answers come.') },
    maxRequests: { label: t('Requests'), help: t('Requests of one call at most, retries included. Empty: no limit.') },
    maxCost: { label: t('Cost'), help: t('Money of one call at most, in the unit of the prices. Empty: no limit.') },
    priceInput: { label: t('Price in'), help: t('Price of a million input tokens.') },
    priceOutput: { label: t('Price out'), help: t('Price of a million output tokens.') },
    priceImage: { label: t('Price of a picture'), help: t('Price of one picture.') },
    make: {
      label: t('Make'),
      help: t('Makes what the plan shows into the staging folder. Your dataset is never changed; you can cancel and go on at any time.'),
    },
    review: { label: t('Review'), help: t('Shows each candidate beside its source, to accept or reject it.') },
    compose: { label: t('Compose…'), help: t('Writes a dataset of accepted instances and a selection, of exactly the volume you choose.') },
    copyCommand: {
      label: t('Copy CLI Command'),
      help: t('Copies a command that makes the same from a terminal. Keys are never part of it.'),
    },
    setKey: { label: t('Set API Key…'), help: t('Keeps the key of this endpoint in the secret storage of this machine.') },
    forgetKey: { label: t('Forget API Key'), help: t('Deletes the stored key of this endpoint.') },
  };
}
