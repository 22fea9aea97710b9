import type { SynthesisParameters, SynthesizeRequest } from '../../protocol/synthesis.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { cannotDo, type ImageSynthesizer, openImageSynthesizer } from '../synthesis/diffusion/imageSynthesizer.ts';
import { type ImageMethod, imageMethods } from '../synthesis/diffusion/model/diffusionModel.ts';
import type { FileHashes } from '../synthesis/diffusion/model/fileHashes.ts';
import { demandLicence } from '../synthesis/diffusion/model/licence.ts';
import { chatEndpoint } from '../synthesis/endpoint/chatEndpoint.ts';
import { type EndpointOptions, endpointBase } from '../synthesis/endpoint/endpointClient.ts';
import { type ImagesEndpoint, imagesEndpoint } from '../synthesis/endpoint/imagesEndpoint.ts';
import type { LanguageModel } from '../synthesis/endpoint/languageModel.ts';
import { Secret } from '../synthesis/endpoint/secret.ts';
import { Spending } from '../synthesis/endpoint/spending.ts';
import type { SynthesisMethod } from '../synthesis/methods/method.ts';
import type { MakerIdentity } from './prepareSynthesis.ts';

const defaultKeyVariable = 'BALLAST_API_KEY';
/** Requests under way where the call does not say. */
const defaultConcurrency = 4;
const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Whom a call asks, and what that may cost. */
export interface Makers {
  readonly identity: MakerIdentity;
  readonly chat: LanguageModel | undefined;
  readonly images: ImagesEndpoint | undefined;
  readonly confirm: LanguageModel | undefined;
  readonly synthesizer: ImageSynthesizer | undefined;
  readonly spending: Spending;
  /** Origin that is asked; null when nothing leaves this machine. */
  readonly asks: string | null;
}

/**
 * Finds out who makes the instances. Nothing is asked yet; of a local model the folder is read.
 * @throws EngineError `usage`, `synthesis.notAvailable`, `model.invalid`, `model.licence`
 */
export async function makersOf(
  request: SynthesizeRequest,
  method: SynthesisMethod,
  parameters: Required<SynthesisParameters>,
  deps: EngineDeps & { readonly hashes: FileHashes },
  job: JobContext,
): Promise<Makers> {
  const { declaration } = method;
  const spending = new Spending(request);
  const needs = new Set(declaration.needs);
  const provider =
    request.provider ?? (request.endpoint && declaration.providers.includes('endpoint') ? 'endpoint' : declaration.providers[0]);
  const secret = secretOf(request, request.apiKey);
  const optionsOf = (url: string, option: string): EndpointOptions => {
    const own = option === 'text-endpoint' ? textSecretOf(request, url, secret) : secret;
    return { base: safeBase(url, option, own), secret: own, limits: request, spending };
  };
  const asksModel = needs.has('imageModel') || needs.has('chat') || needs.has('vision');
  if (!asksModel && (request.model !== undefined || request.endpoint !== undefined))
    throw new EngineError('usage', `--${request.model === undefined ? 'endpoint' : 'model'} is nothing that ${declaration.name} reads.`, {
      option: request.model === undefined ? 'endpoint' : 'model',
    });
  const writer = (): LanguageModel => {
    if (provider === 'editor') return hostModel(request, deps);
    const url = request.textEndpoint ?? request.endpoint;
    // The model of a local pipeline is a folder, which writes nothing.
    const model = request.textModel ?? (provider === 'local' ? undefined : request.model);
    if (url === undefined || model === undefined)
      throw new EngineError(
        'usage',
        'Say which model writes: --endpoint URL --model ID (or --text-endpoint and --text-model beside an image model).',
        {
          option: `${provider === 'local' ? 'text-' : ''}${url === undefined ? 'endpoint' : 'model'}`,
        },
      );
    return chatEndpoint(optionsOf(url, request.textEndpoint === undefined ? 'endpoint' : 'text-endpoint'), model);
  };
  const writes = needs.has('chat') || needs.has('vision') || (needs.has('imageModel') && parameters.text !== 'source');
  const chat = writes ? writer() : undefined;
  const confirm = request.confirm && declaration.makes !== 'text' ? (chat ?? writer()) : undefined;
  const images = needs.has('imageModel') && provider === 'endpoint' ? imagesOf(request, optionsOf) : undefined;
  const synthesizer =
    needs.has('imageModel') && provider === 'local' ? await openLocal(request, imageMethodOf(declaration.name), deps, job) : undefined;
  const model = images?.name ?? synthesizer?.model.name ?? (needs.has('imageModel') ? undefined : chat?.name);
  const url = request.endpoint ?? request.textEndpoint;
  return {
    identity: {
      model: model ?? declaration.name,
      hash: synthesizer?.model.sha256 ?? null,
      textModel: needs.has('imageModel') && chat ? chat.name : null,
    },
    chat,
    images,
    confirm,
    synthesizer,
    spending,
    asks: images || (chat && provider !== 'editor') || confirm ? (url === undefined ? null : new URL(url).origin) : null,
  };
}

/** How many are made at once; undefined for work that takes a processor each. */
export function lanesOf({ images, chat, synthesizer }: Makers, { concurrency }: SynthesizeRequest): number | undefined {
  // Pictures of one model come one after another, so that each is there as soon as it can be.
  if (synthesizer) return 1;
  return images || chat ? (concurrency ?? defaultConcurrency) : undefined;
}

/** A stored key belongs to one origin: another one gets its own, or what the environment holds. */
function textSecretOf(request: SynthesizeRequest, url: string, secret: Secret | undefined): Secret | undefined {
  const { endpoint, apiKey, textApiKey } = request;
  if (textApiKey !== undefined) return new Secret(textApiKey);
  if (apiKey === undefined) return secret;
  return endpoint !== undefined && originOf(endpoint) === originOf(url) ? secret : secretOf(request, undefined);
}

/** Undefined for what is no address; that is refused elsewhere. */
function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/** The key from the request (secret storage) or the environment; undefined for endpoints that need none. */
function secretOf({ keyVariable }: SynthesizeRequest, apiKey: string | undefined): Secret | undefined {
  const name = keyVariable ?? defaultKeyVariable;
  if (!/^[A-Za-z_]\w*$/.test(name))
    throw new EngineError('usage', '--key-variable takes the name of an environment variable, never a key.', { option: 'key-variable' });
  const value = apiKey ?? process.env[name];
  if (keyVariable !== undefined && !value)
    throw new EngineError('usage', `The environment variable ${name} is not set. Put the key there; it is written nowhere.`, {
      option: 'key-variable',
    });
  return value ? new Secret(value) : undefined;
}

function safeBase(url: string, option: string, secret: Secret | undefined): URL {
  const base = endpointBase(url, option);
  if (secret && base.protocol === 'http:' && !loopback.test(base.hostname))
    throw new EngineError('usage', `--${option}: a key is not sent to ${base.hostname} without encryption. Use https, or unset the key.`, {
      option,
    });
  return base;
}

function imagesOf(request: SynthesizeRequest, optionsOf: (url: string, option: string) => EndpointOptions): ImagesEndpoint {
  const { endpoint, model } = request;
  if (endpoint === undefined || model === undefined)
    throw new EngineError('usage', 'Say which image model to ask: --endpoint URL --model ID.', {
      option: endpoint === undefined ? 'endpoint' : 'model',
    });
  return imagesEndpoint(optionsOf(endpoint, 'endpoint'), model);
}

function hostModel({ model }: SynthesizeRequest, { hostModel: open }: EngineDeps): LanguageModel {
  if (!open)
    throw new EngineError(
      'synthesis.notAvailable',
      'The language models of the editor are there only in the editor. Use --provider endpoint.',
      {
        provider: 'editor',
      },
    );
  return open(model ?? '');
}

function imageMethodOf(name: string): ImageMethod {
  const method = imageMethods.find((each) => each === name);
  if (!method) throw new Error(`${name} makes no pictures`);
  return method;
}

/** Opens the model folder. The licence is shown with the plan; nothing is made before it is accepted where it forbids training. */
async function openLocal(
  { model: folder, device, threads, acceptLicence, dryRun }: SynthesizeRequest,
  method: ImageMethod,
  { runtime, hashes }: EngineDeps & { readonly hashes: FileHashes },
  job: JobContext,
): Promise<ImageSynthesizer> {
  if (folder === undefined) throw new EngineError('usage', 'Name the folder of the local model with --model FOLDER.', { option: 'model' });
  const licenceAccepted = acceptLicence === true;
  const synthesizer = await openImageSynthesizer(
    folder,
    {
      compute: runtime.compute,
      images: runtime.images,
      device: device ?? 'auto',
      threads: threads ?? job.threads,
      licenceAccepted,
      reading: { hashes, onRead: (done, total) => job.report({ stage: 'model', done, total, unit: 'bytes' }) },
    },
    job.signal,
  );
  const { model } = synthesizer;
  if (!model.methods.includes(method)) throw cannotDo(model, method);
  if (!dryRun) demandLicence(model, licenceAccepted);
  return synthesizer;
}
