import * as v from 'valibot';
import * as vscode from 'vscode';
import type { KnownClustering } from '../../protocol/clusters.ts';
import type { CoresetSettings, SettingsView } from '../../protocol/coresetPage.ts';
import type { StrategyDeclaration } from '../../protocol/select.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { coresetSettingsSchema, defaultSettings, settingsKey, withClustering } from './coresetSettings.ts';
import { clusteringKey, clusteringOptionsOf, looksAt, missingIn } from './selectRequest.ts';

const keyPrefix = 'coreset.settings:';

/** The settings of one dataset as its panel edits them, kept over closing and reloading, and what is known of them. */
export class WorkingSettings {
  readonly #memory: vscode.Memento;
  readonly #key: string;
  readonly #applied: () => string | undefined;
  #settings: CoresetSettings;
  #isUntouched: boolean;
  #declarations: readonly StrategyDeclaration[] = [];
  /** Clusters that were made, by `clusteringKey`. */
  readonly #made = new Set<string>();

  /** `applied` gives the key of the settings that gave the last result. */
  constructor(memory: vscode.Memento, dataset: string, applied: () => string | undefined) {
    this.#memory = memory;
    this.#key = keyPrefix + dataset;
    this.#applied = applied;
    const stored = v.safeParse(coresetSettingsSchema, memory.get<unknown>(this.#key));
    this.#settings = stored.success ? stored.output : defaultSettings;
    this.#isUntouched = !stored.success;
  }

  get settings(): CoresetSettings {
    return this.#settings;
  }

  set declarations(declarations: readonly StrategyDeclaration[]) {
    this.#declarations = declarations;
  }

  get view(): SettingsView {
    const settings = this.#settings;
    const needs = looksAt(settings, this.#declarations);
    const isMade = this.#made.has(clusteringKey(clusteringOptionsOf(settings), settings.seed));
    return {
      settings,
      missing: missingIn(settings, this.#declarations).map((field) => ({ field, sentence: missingSentence(field, vscode.l10n.t) })),
      isQuick: isMade || !(needs.has('features') || needs.has('clusters')),
      isApplied: this.#applied() === settingsKey(settings),
    };
  }

  async change(settings: CoresetSettings): Promise<SettingsView> {
    this.#settings = settings;
    this.#isUntouched = false;
    await this.#memory.update(this.#key, settings);
    return this.view;
  }

  /** Clusters that the engine knows. Settings that nobody has touched begin with those made last. */
  know(clusterings: readonly KnownClustering[]): void {
    for (const { options, instances } of clusterings) {
      const seed = options.seed ?? defaultSettings.seed;
      this.#made.add(clusteringKey(options, seed)).add(clusteringKey(options, seed, instances));
    }
    const newest = clusterings[0];
    if (this.#isUntouched && newest !== undefined) this.#settings = withClustering(this.#settings, newest.options);
  }

  /** The settings go on with the clusters of a known clustering. */
  async begin({ options }: KnownClustering): Promise<void> {
    await this.change(withClustering(this.#settings, options));
  }

  /** The clusters of these settings have been made. */
  made(settings: CoresetSettings): void {
    this.#made.add(clusteringKey(clusteringOptionsOf(settings), settings.seed));
  }
}

function missingSentence(field: SettingsView['missing'][number]['field'], t: Localize): string {
  const sentences: Readonly<Record<typeof field, string>> = {
    floors: t('Write a floor for at least one perspective.'),
    column: t('This strategy cuts by a score for each instance. Choose a .npy file with the scores.'),
    clusters: t('Choose both files of the imported clusters, or another kind of clusters.'),
  };
  return sentences[field];
}
