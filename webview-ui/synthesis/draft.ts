import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import type {
  SynthesisMethodName,
  SynthesisParameterDeclaration,
  SynthesisParameterName,
  SynthesisProvider,
} from '../../src/protocol/synthesis.ts';
import type { LimitField, MethodView, SynthesisFolder, SynthesisSettings } from '../../src/protocol/synthesisPage.ts';

/** Changes of the settings, one function per gesture. */

/** Another method; who made the last one goes on where the new one allows it. */
export function withMethod(settings: SynthesisSettings, method: SynthesisMethodName): SynthesisSettings {
  return { ...settings, method };
}

/** `undefined` gives the parameter back to the method's default. */
export function withParameter(
  settings: SynthesisSettings,
  name: SynthesisParameterName,
  value: string | number | undefined,
): SynthesisSettings {
  const { [name]: _, ...others } = settings.parameters;
  return { ...settings, parameters: value === undefined ? others : { ...others, [name]: value } };
}

type OptionalField = Exclude<
  {
    [K in keyof SynthesisSettings]-?: undefined extends SynthesisSettings[K] ? K : never;
  }[keyof SynthesisSettings],
  undefined
>;

/** An absent value is the engine's default. */
export function withField<K extends OptionalField>(
  settings: SynthesisSettings,
  name: K,
  value: SynthesisSettings[K] | undefined,
): SynthesisSettings {
  const { [name]: _, ...others } = settings;
  return (value === undefined ? others : { ...others, [name]: value }) as SynthesisSettings;
}

/** A text that is empty is none. */
export function withText(
  settings: SynthesisSettings,
  name: 'endpoint' | 'model' | 'textEndpoint' | 'textModel',
  text: string,
): SynthesisSettings {
  return withField(settings, name, text.trim() === '' ? undefined : text);
}

/** Another model's terms are not agreed to. */
export function withFolder(settings: SynthesisSettings, folder: SynthesisFolder, path: string | undefined): SynthesisSettings {
  return withField(settings, folder, path);
}

export function withAgreement(settings: SynthesisSettings, on: boolean): SynthesisSettings {
  return withField(settings, 'agreedTo', on ? settings.modelFolder : undefined);
}

export function withLimit(settings: SynthesisSettings, name: LimitField, value: number | undefined): SynthesisSettings {
  const { [name]: _, ...others } = settings.limits;
  return { ...settings, limits: value === undefined ? others : { ...others, [name]: value } };
}

/** Another way to say how much. @param planned instances of the plan, when there is one */
export function withAmount(
  settings: SynthesisSettings,
  kind: SynthesisSettings['amount']['kind'],
  planned: number | undefined,
): SynthesisSettings {
  if (settings.amount.kind === kind) return settings;
  return { ...settings, amount: kind === 'deficit' ? { kind } : { kind, value: Math.max(1, planned ?? 100) } };
}

/** Chosen or no longer, in their own order. */
export function withPerspective(settings: SynthesisSettings, name: Perspective, on: boolean): SynthesisSettings {
  const chosen = new Set(settings.perspectives);
  if (on) chosen.add(name);
  else chosen.delete(name);
  return { ...settings, perspectives: perspectives.filter((one) => chosen.has(one)) };
}

/** The value that a method uses: the user's where it fits, else the default. */
export function usedValue(settings: SynthesisSettings, declared: SynthesisParameterDeclaration): string | number {
  const given = settings.parameters[declared.name];
  if (declared.kind === 'choice') return typeof given === 'string' && declared.choices.includes(given) ? given : declared.default;
  const { from, to, above, integer } = declared;
  const isInRange =
    typeof given === 'number' && given >= from && given <= to && !(above && given === from) && (!integer || Number.isInteger(given));
  return isInRange ? given : declared.default;
}

/** Who does the work: the user's choice where the method knows it. */
export function usedProvider({ provider }: SynthesisSettings, { providers }: MethodView): SynthesisProvider {
  return (providers.find(({ name }) => name === provider) ?? providers[0])?.name ?? 'local';
}

/** Which fields of *By whom* the settings make use of. */
export function sourcesIn(
  settings: SynthesisSettings,
  method: MethodView,
): { readonly endpoint: boolean; readonly editor: boolean; readonly folder: boolean; readonly text: boolean; readonly confirm: boolean } {
  const provider = usedProvider(settings, method);
  const makesPictures = method.needs.includes('imageModel');
  const words = method.parameters.find(({ declared }) => declared.name === 'text');
  const text = words === undefined ? 'source' : usedValue(settings, words.declared);
  const canConfirm = method.makes !== 'text';
  return {
    endpoint: provider === 'endpoint',
    editor: provider === 'editor',
    folder: provider === 'local' && makesPictures,
    text: (makesPictures && text !== 'source') || (canConfirm && settings.confirm === true),
    confirm: canConfirm,
  };
}

/** What a local pipeline alone reads. */
const ofLocalModels: readonly string[] = ['steps', 'guidance', 'strength', 'scheduler', 'controlScale', 'controlBy'];
/** What only who writes new words reads. */
const ofWriters: readonly string[] = ['temperature', 'maxTokens', 'pairs'];

/** Whether a parameter changes anything as the settings are. */
export function matters(settings: SynthesisSettings, method: MethodView, { name }: SynthesisParameterDeclaration): boolean {
  if (!method.needs.includes('imageModel')) return true;
  if (ofLocalModels.includes(name)) return usedProvider(settings, method) === 'local';
  const words = method.parameters.find(({ declared }) => declared.name === 'text');
  const text = words === undefined ? 'source' : usedValue(settings, words.declared);
  return !ofWriters.includes(name) || text === 'converse' || (text === 'caption' && name !== 'pairs');
}

/** Settings with the same text have the same plan: limits but prices, and keys, change nothing that is made. */
export function planKey(settings: SynthesisSettings): string {
  const { limits, agreedTo: _, ...rest } = settings;
  const { concurrency, priceInput, priceOutput, priceImage } = limits;
  return JSON.stringify([rest, settings.agreedTo === settings.modelFolder, concurrency, priceInput, priceOutput, priceImage]);
}
