import type {
  MethodView,
  SynthesisFolder,
  SynthesisPlanView,
  SynthesisResultAction,
  SynthesisSettings,
  SynthesisSettingsView,
  SynthesisStrings,
} from '../../../src/protocol/synthesisPage.ts';

/** What the parts of the form need. */
export interface FormHooks {
  readonly strings: SynthesisStrings;
  readonly locale: string;
  readonly methods: readonly MethodView[];
  /** The settings with what the user is just changing. */
  readonly settings: () => SynthesisSettings;
  /** The settings change; the plan follows. */
  readonly change: (settings: SynthesisSettings) => void;
  /** The folder that the user chooses; null when there is none. */
  readonly pickFolder: (folder: SynthesisFolder) => Promise<string | null>;
  readonly pickModel: () => Promise<{ readonly id: string; readonly name: string } | null>;
  readonly act: (action: SynthesisResultAction) => void;
  /** Instances of the plan; undefined while there is none. */
  readonly planned: () => number | undefined;
}

/** What a part shows. */
export interface FormState {
  readonly settings: SynthesisSettings;
  readonly method: MethodView;
  readonly keys: SynthesisSettingsView['keys'];
  readonly licence: SynthesisPlanView['licence'];
}

/** One group of the form. */
export interface FormPart {
  readonly root: HTMLElement;
  sync(state: FormState): void;
}
