import * as path from 'node:path';
import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { CoresetSettings } from '../../protocol/coresetPage.ts';
import { type SelectReport, strategyNames } from '../../protocol/select.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';
import { settingsKey } from './coresetSettings.ts';
import { strategyLabel } from './strategyWords.ts';

const keyPrefix = 'coreset.result:';

const recordSchema = v.object({
  output: v.string(),
  manifest: v.string(),
  strategy: v.picklist(strategyNames),
  selected: v.number(),
  instances: v.number(),
  /** `settingsKey` of the settings that were applied. */
  settings: v.string(),
});
/** The last coreset of a dataset that was written from here. */
export type CoresetRecord = v.InferOutput<typeof recordSchema>;

/** Remembers the last coreset of every dataset over reloads. */
export class CoresetResults {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** A report that wrote nothing leaves nothing behind. */
  async set(dataset: string, settings: CoresetSettings, report: SelectReport): Promise<void> {
    const { output, manifest, strategy, selected, instances } = report;
    if (output === undefined || manifest === undefined) return;
    const record: CoresetRecord = { output: output.path, manifest, strategy, selected, instances, settings: settingsKey(settings) };
    await this.#memory.update(keyPrefix + dataset, record);
  }

  get(dataset: string): CoresetRecord | undefined {
    const parsed = v.safeParse(recordSchema, this.#memory.get<unknown>(keyPrefix + dataset));
    return parsed.success ? parsed.output : undefined;
  }
}

/** A coreset on the disk in a sentence. */
export function coresetSentence({ output, strategy, selected, instances }: CoresetRecord, t: Localize, locale: string): string {
  const { format } = new Intl.NumberFormat(locale);
  const name = plainText(path.basename(output), 80);
  return t('Wrote {0}: {1} of {2} instances, selected by {3}.', name, format(selected), format(instances), strategyLabel(strategy, t));
}
