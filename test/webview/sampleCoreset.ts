import { strategyDeclarations } from '../../src/engine/createEngine.ts';
import { collectFrontier } from '../../src/extension/coreset/collectFrontier.ts';
import { collectTrial } from '../../src/extension/coreset/collectTrial.ts';
import { defaultSettings } from '../../src/extension/coreset/coresetSettings.ts';
import { coresetStrings } from '../../src/extension/coreset/coresetStrings.ts';
import { comparedIn, frontierFractions, missingIn } from '../../src/extension/coreset/selectRequest.ts';
import { strategyViews } from '../../src/extension/coreset/strategyWords.ts';
import type { FrontierLine } from '../../src/protocol/clusters.ts';
import type { CoresetContent, CoresetSettings, FrontierView, SettingsView, TrialView } from '../../src/protocol/coresetPage.ts';
import { perspectives } from '../../src/protocol/perspectives.ts';
import { type ComparedStrategy, type StrategyName, strategyNames } from '../../src/protocol/select.ts';
import { english } from '../unit/extension/english.ts';
import type { Answers } from './openPage.ts';

const declarations = strategyDeclarations();
const instances = 6000;

/** A dataset as the engine and the host would answer; everything follows from the settings. */
export class FakeCoresetHost {
  settings: CoresetSettings;
  /** Figures come without asking. */
  isQuick = true;
  readonly #changes: Partial<CoresetContent>;

  constructor(settings: Partial<CoresetSettings> = {}, changes: Partial<CoresetContent> = {}) {
    this.settings = { ...defaultSettings, ...settings };
    this.#changes = changes;
  }

  get answers(): Answers {
    return {
      ready: () => this.content,
      edit: (settings: CoresetSettings) => {
        this.settings = settings;
        return this.view;
      },
      trial: (settings: CoresetSettings) => {
        this.isQuick = true;
        return { ok: true, value: sampleTrial(settings) };
      },
      frontier: (settings: CoresetSettings) => ({ ok: true, value: sampleFrontier(settings) }),
      copyCommand: { ok: true, value: 'ballast select /data/train.json --output /data/train.coreset.json --strategy coincide' },
    };
  }

  get view(): SettingsView {
    return {
      settings: this.settings,
      missing: missingIn(this.settings, declarations).map((field) => ({ field, sentence: `The ${field} are missing.` })),
      isQuick: this.isQuick,
      isApplied: false,
    };
  }

  get content(): CoresetContent {
    return {
      locale: 'en',
      dataset: '/data/train.json',
      title: 'Coreset: train.json',
      strings: coresetStrings(english),
      strategies: strategyViews(declarations, english),
      settings: this.view,
      trial: null,
      frontier: null,
      result: null,
      applying: false,
      ...this.#changes,
    };
  }
}

function sizeOf({ size }: CoresetSettings): number {
  return size.kind === 'count' ? size.value : Math.floor(size.value * instances);
}

/** Better strategies cover more; random the least. */
function coverageOf(strategy: StrategyName, fraction: number): ComparedStrategy {
  const rank = strategyNames.indexOf(strategy);
  const share = Math.min(1, fraction ** (0.4 + (strategy === 'random' ? 0.3 : rank / 40)));
  return {
    strategy,
    selected: Math.floor(fraction * instances),
    perspectives: Object.fromEntries(
      perspectives.map((perspective, i) => {
        const entities = 900 * (i + 1);
        return [perspective, { entities, kept: Math.round(entities * share), postings: 40_000, gini: 0.3 + rank / 100 }];
      }),
    ),
    clusters: { clusters: 91, covered: Math.round(91 * Math.min(1, share + 0.1)), largestShare: 0.0412, gini: 0.35 },
    duplicates: rank,
  };
}

export function sampleTrial(settings: CoresetSettings): TrialView {
  const selected = sizeOf(settings);
  const names = [settings.strategy, ...comparedIn(settings, declarations), 'random' as const].filter(
    (name, i, all) => all.indexOf(name) === i,
  );
  return collectTrial(
    {
      strategy: settings.strategy,
      instances,
      requested: selected,
      selected,
      shortfall: 0,
      seed: settings.seed,
      parameters: {},
      facts: { flooredEntities: 77, added: 12, paid: 12, threshold: 0.91 },
      selectionHash: 'ab',
      perCluster: Array.from({ length: 91 }, (_, cluster) => ({
        cluster,
        size: 20 + cluster,
        want: 5 + (cluster % 7),
        take: cluster % 9 === 0 ? 0 : 5 + (cluster % 7),
        ...(settings.strategy === 'hybrid' ? { paid: cluster % 5, added: cluster % 3 } : {}),
      })),
      comparison: {
        strategies: names.map((name) => coverageOf(name, selected / instances)),
        overlap: names.map((_, a) => names.map((__, b) => (a === b ? selected : Math.floor(selected / 4)))),
      },
      lengths: {
        before: { meanTurns: 1, medianTurns: 1, meanBytes: 1, medianBytes: 1 },
        after: { meanTurns: 1, medianTurns: 1, meanBytes: 1, medianBytes: 1 },
      },
      reused: [],
      seconds: 0.1,
    },
    settings,
    [],
    english,
    'en',
  );
}

function sampleFrontier(settings: CoresetSettings): FrontierView {
  const names = [settings.strategy, ...comparedIn(settings, declarations), 'random' as const];
  const strategies = [...new Set(names)].map(
    (strategy): FrontierLine => ({
      strategy,
      points: frontierFractions.map((fraction) => {
        const requested = Math.floor(fraction * instances);
        if (strategy === 'rebalance' && fraction > 0.8) return { fraction, requested, unreachable: true, minimum: null, maximum: 4800 };
        const { strategy: _, ...coverage } = coverageOf(strategy, fraction);
        return { fraction, requested, ...coverage };
      }),
    }),
  );
  return collectFrontier([{ instances, strategies, seconds: 1 }], english, 'en');
}
