import * as v from 'valibot';
import * as vscode from 'vscode';
import type { MethodDeclaration } from '../../protocol/synthesis.ts';
import type { KeyView, MissingField, SynthesisSettings, SynthesisSettingsView } from '../../protocol/synthesisPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';
import type { EndpointKeys } from './endpointKeys.ts';
import { defaultSynthesisSettings, synthesisSettingsSchema } from './synthesisSettings.ts';
import { askedEndpoints, keyVariable, methodOf, missingIn, originOf } from './synthesizeRequest.ts';

const keyPrefix = 'synthesis.settings:';

/** The settings of one dataset as its panel edits them, kept over closing and reloading. */
export class WorkingSynthesis {
  readonly #memory: vscode.Memento;
  readonly #key: string;
  readonly #keys: EndpointKeys;
  #settings: SynthesisSettings;
  declarations: readonly MethodDeclaration[] = [];

  constructor(memory: vscode.Memento, dataset: string, keys: EndpointKeys) {
    this.#memory = memory;
    this.#key = keyPrefix + dataset;
    this.#keys = keys;
    const stored = v.safeParse(synthesisSettingsSchema, memory.get<unknown>(this.#key));
    this.#settings = stored.success ? stored.output : defaultSynthesisSettings;
  }

  get settings(): SynthesisSettings {
    return this.#settings;
  }

  get view(): SynthesisSettingsView {
    const settings = this.#settings;
    const hasKey = (origin: string): boolean => this.#keys.standing(origin) !== 'none';
    return {
      settings,
      missing: missingIn(settings, this.declarations, hasKey).map((field) => ({ field, sentence: missingSentence(field, vscode.l10n.t) })),
      keys: this.#origins().map((origin) => keyView(origin, this.#keys.standing(origin), vscode.l10n.t)),
    };
  }

  async change(settings: SynthesisSettings): Promise<SynthesisSettingsView> {
    this.#settings = settings;
    await this.#memory.update(this.#key, settings);
    return this.view;
  }

  #origins(): readonly string[] {
    const urls = askedEndpoints(this.#settings, methodOf(this.#settings.method, this.declarations));
    return [...new Set(urls.flatMap((url) => originOf(url) ?? []))];
  }
}

function keyView(origin: string, standing: KeyView['standing'], t: Localize): KeyView {
  const name = plainText(origin, 120);
  const sentences: Readonly<Record<KeyView['standing'], string>> = {
    stored: t('The stored API key of {0} is used.', name),
    environment: t('The key in {0} of the environment is sent to {1}.', keyVariable, name),
    none: t('No API key is set for {0}; servers on this machine mostly need none.', name),
  };
  return { origin, standing, sentence: sentences[standing] };
}

function missingSentence(field: MissingField, t: Localize): string {
  const sentences: Readonly<Record<MissingField, string>> = {
    perspectives: t('Choose at least one perspective.'),
    endpoint: t('Write the address of the endpoint, e.g. http://localhost:8000/v1, without user, password or query.'),
    model: t('Write the id of the model.'),
    editorModel: t('Choose a language model of the editor.'),
    readsTextOnly: t('The language models of the editor read text only. Choose an endpoint for pictures.'),
    modelFolder: t('Choose the folder of the local model.'),
    agreement: t('Read the terms of the model and agree to them.'),
    textEndpoint: t('Write the address of the endpoint whose model sees: it writes new words and confirms pictures.'),
    textModel: t('Write the id of the model that sees.'),
    encryption: t('A key is not sent without encryption. Use an https address, or forget the key.'),
    prices: t('A limit of cost needs prices.'),
  };
  return sentences[field];
}
