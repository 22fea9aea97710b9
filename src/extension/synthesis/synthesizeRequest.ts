import { perspectives } from '../../protocol/perspectives.ts';
import type { DatasetRequest } from '../../protocol/requests.ts';
import type {
  MethodDeclaration,
  SynthesisLimits,
  SynthesisMethodName,
  SynthesisParameterDeclaration,
  SynthesisParameters,
  SynthesisProvider,
  SynthesizeRequest,
} from '../../protocol/synthesis.ts';
import { limitFields, type MissingField, type SynthesisSettings } from '../../protocol/synthesisPage.ts';

/** Entities that a plan lists: more than a table shows at first, and few enough to travel. */
const listedEntities = 2000;
/** Where the engine finds a key when none is stored. */
export const keyVariable = 'BALLAST_API_KEY';
/** Names of this machine. */
export const loopback: RegExp = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** The request that makes what the settings say, without any key. */
export function synthesizeRequestOf(
  base: DatasetRequest,
  settings: SynthesisSettings,
  declarations: readonly MethodDeclaration[],
  dryRun: boolean,
): SynthesizeRequest {
  const declaration = methodOf(settings.method, declarations);
  const provider = providerOf(settings, declaration);
  const { method, amount, perParent, entityCap, wantAtLeast, seed, staging } = settings;
  return {
    ...base,
    method,
    ...(declaration.providers.length > 1 ? { provider } : {}),
    ...parametersOf(settings, declaration),
    ...(amount.kind === 'deficit' ? { quota: 'deficit' as const } : { count: amount.value }),
    ...(settings.perspectives.length === perspectives.length ? {} : { perspectives: settings.perspectives }),
    ...(perParent === undefined ? {} : { perParent }),
    ...(entityCap === undefined ? {} : { entityCap }),
    ...(wantAtLeast === undefined ? {} : { wantAtLeast }),
    seed,
    ...makersOf(settings, declaration),
    ...limitsOf(settings, declaration),
    ...(staging === undefined ? {} : { staging }),
    ...(dryRun ? { dryRun: true, top: listedEntities } : {}),
  };
}

/** What is missing before anything can be made. @param hasKey whether a key would go to the origin */
export function missingIn(
  settings: SynthesisSettings,
  declarations: readonly MethodDeclaration[],
  hasKey: (origin: string) => boolean,
): readonly MissingField[] {
  const declaration = methodOf(settings.method, declarations);
  const asked = asksOf(settings, declaration);
  const { endpoint, textEndpoint } = settings;
  const missing: MissingField[] = [];
  const need = (field: MissingField, isMissing: boolean): void => {
    if (isMissing) missing.push(field);
  };
  need('perspectives', settings.perspectives.length === 0);
  if (asked.endpoint) {
    need('endpoint', originOf(endpoint) === undefined);
    need('model', (settings.model ?? '').trim() === '');
  }
  if (asked.editor) {
    need('readsTextOnly', declaration.needs.includes('vision'));
    need('editorModel', settings.editorModel === undefined);
  }
  if (asked.folder) {
    need('modelFolder', settings.modelFolder === undefined);
    need('agreement', settings.modelFolder !== undefined && settings.agreedTo !== settings.modelFolder);
  }
  if (asked.text) {
    const isOptional = asked.endpoint;
    need('textEndpoint', isBlank(textEndpoint) ? !isOptional : originOf(textEndpoint) === undefined);
    need('textModel', isBlank(settings.textModel) && (!isOptional || !isBlank(textEndpoint)));
  }
  const unsafe = askedEndpoints(settings, declaration).some((url) => !isPrivate(url) && hasKey(new URL(url).origin));
  need('encryption', unsafe);
  const { maxCost, priceInput, priceOutput, priceImage } = settings.limits;
  const asksForMoney = asked.endpoint || asked.text;
  need('prices', asksForMoney && maxCost !== undefined && [priceInput, priceOutput, priceImage].every((price) => price === undefined));
  return missing;
}

/** Endpoints that the settings ask, each once, as far as they are addresses. */
export function askedEndpoints(settings: SynthesisSettings, declaration: MethodDeclaration): readonly string[] {
  const asked = asksOf(settings, declaration);
  const urls = [
    asked.endpoint ? settings.endpoint : undefined,
    asked.text && !isBlank(settings.textEndpoint) ? settings.textEndpoint : undefined,
  ];
  return [...new Set(urls.filter((url) => url !== undefined && originOf(url) !== undefined).map((url) => (url ?? '').trim()))];
}

/** Origin of an address that an endpoint can have; undefined for any other text. */
export function originOf(text: string | undefined): string | undefined {
  const address = text?.trim() ?? '';
  if (!URL.canParse(address)) return undefined;
  const { protocol, username, password, search, hash, origin } = new URL(address);
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === '') ? origin : undefined;
}

/** Who does the work: the user's choice where the method knows it. */
export function providerOf({ provider }: SynthesisSettings, { providers }: MethodDeclaration): SynthesisProvider {
  return providers.find((one) => one === provider) ?? providers[0] ?? 'local';
}

export function methodOf(name: SynthesisMethodName, declarations: readonly MethodDeclaration[]): MethodDeclaration {
  return (
    declarations.find((one) => one.name === name) ?? { name, summary: '', makes: 'both', needs: [], providers: ['local'], parameters: [] }
  );
}

/** Which of the sources of a model the settings make use of. */
function asksOf(
  settings: SynthesisSettings,
  declaration: MethodDeclaration,
): { readonly endpoint: boolean; readonly editor: boolean; readonly folder: boolean; readonly text: boolean } {
  const provider = providerOf(settings, declaration);
  const { needs, makes } = declaration;
  const makesPictures = needs.includes('imageModel');
  const text = usedValue(settings, declaration, 'text');
  return {
    endpoint: provider === 'endpoint',
    editor: provider === 'editor',
    folder: provider === 'local' && makesPictures,
    // A model that writes or looks, beside the one that draws.
    text: (makesPictures && text !== undefined && text !== 'source') || (makes !== 'text' && settings.confirm === true),
  };
}

function makersOf(settings: SynthesisSettings, declaration: MethodDeclaration): Partial<SynthesizeRequest> {
  const asked = asksOf(settings, declaration);
  const { modelFolder, editorModel, agreedTo } = settings;
  const filled = (name: 'endpoint' | 'model' | 'textEndpoint' | 'textModel'): Partial<SynthesizeRequest> => {
    const value = settings[name]?.trim();
    return value === undefined || value === '' ? {} : { [name]: value };
  };
  return {
    ...(asked.endpoint ? { ...filled('endpoint'), ...filled('model') } : {}),
    ...(asked.editor && editorModel !== undefined ? { model: editorModel.id } : {}),
    ...(asked.folder && modelFolder !== undefined ? { model: modelFolder } : {}),
    ...(asked.folder && agreedTo === modelFolder && agreedTo !== undefined ? { acceptLicence: true } : {}),
    ...(asked.text ? { ...filled('textEndpoint'), ...filled('textModel') } : {}),
    ...(settings.confirm && declaration.makes !== 'text' ? { confirm: true } : {}),
  };
}

/** Limits bound who is asked; nobody is asked by a method that needs no model. */
function limitsOf(settings: SynthesisSettings, declaration: MethodDeclaration): SynthesisLimits {
  const asked = asksOf(settings, declaration);
  if (!asked.endpoint && !asked.editor && !asked.text) return {};
  return Object.fromEntries(limitFields.flatMap((name) => (settings.limits[name] === undefined ? [] : [[name, settings.limits[name]]])));
}

/** The values that the method reads and that differ from its defaults. */
function parametersOf({ parameters }: SynthesisSettings, { parameters: declared }: MethodDeclaration): SynthesisParameters {
  return Object.fromEntries(
    declared.flatMap((one) => {
      const value: unknown = parameters[one.name];
      return value !== undefined && value !== one.default && fits(one, value) ? [[one.name, value]] : [];
    }),
  );
}

function usedValue(settings: SynthesisSettings, declaration: MethodDeclaration, name: string): string | number | undefined {
  const declared = declaration.parameters.find((one) => one.name === name);
  if (declared === undefined) return undefined;
  const value = settings.parameters[declared.name];
  return value !== undefined && fits(declared, value) ? value : declared.default;
}

function fits(declared: SynthesisParameterDeclaration, value: unknown): boolean {
  if (declared.kind === 'choice') return declared.choices.some((choice) => choice === value);
  const { from, to, above, integer } = declared;
  return typeof value === 'number' && value >= from && value <= to && !(above && value === from) && (!integer || Number.isInteger(value));
}

function isBlank(text: string | undefined): boolean {
  return (text ?? '').trim() === '';
}

/** A key stays on this machine, or travels encrypted. */
function isPrivate(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || loopback.test(hostname);
}
