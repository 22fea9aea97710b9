import type { CoresetFile, CoresetSettings, CoresetStrings, SettingsView, StrategyView } from '../../../src/protocol/coresetPage.ts';

/** What the parts of the form need. */
export interface FormHooks {
  readonly strings: CoresetStrings;
  readonly locale: string;
  readonly strategies: readonly StrategyView[];
  /** The settings with what the user is just changing. */
  readonly settings: () => CoresetSettings;
  /** The settings change; the figures follow. */
  readonly change: (settings: CoresetSettings) => void;
  /** Instances of the dataset; undefined while they are not known. */
  readonly instances: () => number | undefined;
  /** The file that the user chooses; null when there is none. */
  readonly pickFile: (file: CoresetFile) => Promise<string | null>;
}

/** What a part shows. */
export interface FormState {
  readonly settings: CoresetSettings;
  readonly missing: SettingsView['missing'];
}

/** One group of the form. */
export interface FormPart {
  readonly root: HTMLElement;
  sync(state: FormState): void;
}
