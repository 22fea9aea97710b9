import { methodDeclarations } from '../../src/engine/createEngine.ts';
import { collectFunnel } from '../../src/extension/synthesis/collectFunnel.ts';
import { collectPlan } from '../../src/extension/synthesis/collectPlan.ts';
import { methodViews } from '../../src/extension/synthesis/methodWords.ts';
import { defaultSynthesisSettings } from '../../src/extension/synthesis/synthesisSettings.ts';
import { synthesisStrings } from '../../src/extension/synthesis/synthesisStrings.ts';
import { methodOf, missingIn, providerOf } from '../../src/extension/synthesis/synthesizeRequest.ts';
import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import type { StagingCounts } from '../../src/protocol/synthesis.ts';
import type {
  FunnelView,
  MadeView,
  OutcomeView,
  SynthesisContent,
  SynthesisPlanView,
  SynthesisSettings,
  SynthesisSettingsView,
} from '../../src/protocol/synthesisPage.ts';
import { english } from '../unit/extension/english.ts';
import type { Answers } from './openPage.ts';

const declarations = methodDeclarations();
const entities: Readonly<Record<Perspective, number>> = { token: 60, object: 40, cooccurrence: 30, interrogation: 10 };

/** A JPEG of 12 by 8 pixels. */
export const tinyJpeg =
  '/9j/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAIAAwDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAwT/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCQCMD/2Q==';

/** A dataset as the engine and the host would answer; everything follows from the settings. */
export class FakeSynthesisHost {
  settings: SynthesisSettings;
  /** Of the plan, what is staged already. */
  ready = 0;
  readonly #changes: Partial<SynthesisContent>;

  constructor(settings: Partial<SynthesisSettings> = {}, changes: Partial<SynthesisContent> = {}) {
    this.settings = { ...defaultSynthesisSettings, ...settings };
    this.#changes = changes;
  }

  get answers(): Answers {
    return {
      ready: () => this.content,
      edit: (settings: SynthesisSettings) => {
        this.settings = settings;
        return this.view;
      },
      plan: (settings: SynthesisSettings) => ({ ok: true, value: samplePlan(settings, this.ready) }),
      copyCommand: { ok: true, value: 'ballast synthesize /data/train.json --method augment --quota deficit' },
      pickFolder: '/models/sd-turbo',
      pickModel: { id: 'vendor/m', name: 'Model M' },
    };
  }

  get view(): SynthesisSettingsView {
    const { endpoint } = this.settings;
    return {
      settings: this.settings,
      missing: missingIn(this.settings, declarations, () => false).map((field) => ({ field, sentence: `The ${field} is missing.` })),
      keys:
        endpoint === undefined
          ? []
          : [{ origin: 'https://api.example.com', standing: 'stored', sentence: 'The stored API key of https://api.example.com is used.' }],
    };
  }

  get content(): SynthesisContent {
    return {
      locale: 'en',
      dataset: '/data/train.json',
      title: 'Tail Synthesis: train.json',
      strings: synthesisStrings(english),
      methods: methodViews(declarations, english),
      settings: this.view,
      plan: null,
      funnel: null,
      made: [],
      outcome: null,
      progress: null,
      ...this.#changes,
    };
  }
}

export function samplePlan(settings: SynthesisSettings, ready = 0): SynthesisPlanView {
  const provider = providerOf(settings, methodOf(settings.method, declarations));
  const planned = settings.amount.kind === 'count' ? settings.amount.value : 140;
  const want = settings.wantAtLeast ?? 3;
  return collectPlan(
    {
      method: settings.method,
      provider,
      model: settings.model ?? null,
      localModel: null,
      asks: provider === 'endpoint' ? 'https://api.example.com' : null,
      staging: '/data/.ballast/staging',
      instances: 400,
      scarce: 120,
      parents: 110,
      skipped: { coordinates: 9, sharedImage: 1 },
      planned,
      ready,
      requests: provider === 'endpoint' ? planned - ready : 0,
      estimate: { seconds: 80, cost: settings.limits.priceInput === undefined ? null : 0.5, basis: 'default' },
      perspectives: Object.fromEntries(
        settings.perspectives.map((one) => [one, { tau: 2, want, entities: entities[one], gap: entities[one] * 2, filled: entities[one] }]),
      ),
      deficits: perspectives
        .filter((one) => settings.perspectives.includes(one))
        .flatMap((perspective) =>
          Array.from({ length: entities[perspective] }, (_, i) => ({
            perspective,
            entity: perspective === 'cooccurrence' ? `cat ${i},dog ${i}` : `${perspective} ${i}`,
            have: 1,
            want,
            gap: want - 1,
            planned: i % 3,
          })),
        ),
    },
    english,
    'en',
  );
}

const counts: StagingCounts = { planned: 140, made: 90, failed: 2, gated: 80, pending: 30, accepted: 50, rejected: 10 };

export function sampleFunnel(changes: Partial<StagingCounts> = {}): FunnelView {
  return collectFunnel({ counts: { ...counts, ...changes }, gates: { similarity: 7 }, merged: 40 }, english, 'en');
}

export function sampleMade(count: number): readonly MadeView[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${i}`.padStart(16, '0'),
    title: `From instance ${i}`,
    detail: `zebra ${i}`,
    jpeg: i % 4 === 3 ? null : tinyJpeg,
    words: i % 4 === 3 ? 'A zebra stands on the road.' : '',
  }));
}

export const sampleOutcome: OutcomeView = {
  kind: 'stopped',
  sentence: 'Made 90 instances in 12 sec. Of 90 staged ones 80 are through all gates.',
  lines: ['Stopped at the limit of requests. Raise it and choose Make to go on; nothing is made twice.'],
};
