import { collectLiveView } from '../../src/extension/selection/collectLiveView.ts';
import { collectPlanView } from '../../src/extension/selection/collectPlanView.ts';
import { panelStrings } from '../../src/extension/selection/panelStrings.ts';
import { PlanHistory } from '../../src/extension/selection/planHistory.ts';
import { withKnobs } from '../../src/extension/selection/planKnobs.ts';
import { defaultMass, type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import type { RebalancePlan } from '../../src/protocol/plan.ts';
import type { DistributionSummary, RankFrequency, RebalancePerspective } from '../../src/protocol/reports.ts';
import type { Answer, LiveView, PanelContent, PlanKnobs } from '../../src/protocol/selectionPage.ts';
import type { WhatIfReport } from '../../src/protocol/whatIf.ts';
import { english } from '../unit/extension/english.ts';

/** A Zipf curve of `entities` ranks, sampled log-uniformly like the engine's. */
function zipf(entities: number, top: number, ceiling = Number.POSITIVE_INFINITY): RankFrequency[] {
  const ranks = new Set<number>([0, entities - 1]);
  for (let i = 0; i <= 60; i++) ranks.add(Math.round(entities ** (i / 60)) - 1);
  return [...ranks]
    .sort((a, b) => a - b)
    .map((rank) => ({ rank, frequency: Math.max(1, Math.round(Math.min(ceiling * (1 + 0.2 / (rank + 1)), top / (rank + 1)))) }));
}

/** A Lorenz curve of a Gini near `gini`: y = x^k. */
function lorenz(gini: number): [number, number][] {
  const k = (1 + gini) / (1 - gini);
  return Array.from({ length: 51 }, (_, i) => [i / 50, (i / 50) ** k]);
}

function distribution(entities: number, curve: readonly RankFrequency[], gini: number): DistributionSummary {
  const postings = curve.reduce((sum, point) => sum + point.frequency, 0);
  return { entities, postings, gini, entropy: 6.5, tailEntityShare: 0.86, tailMassShare: 0.1, curve, lorenz: lorenz(gini) };
}

/** What a report says at a threshold; the fake host answers with it. */
function perspectiveReport(perspective: Perspective, tau: number, mass: number): RebalancePerspective {
  const index = perspectives.indexOf(perspective);
  const entities = [9000, 3000, 25000, 400][index] ?? 100;
  const top = [48000, 25000, 9000, 36000][index] ?? 1000;
  return {
    tau,
    boundary: tau,
    mass,
    before: distribution(entities, zipf(entities, top), 0.81),
    after: distribution(entities - index, zipf(entities - index, top, tau * 4), 0.62),
    control: distribution(Math.round(entities * 0.8), zipf(Math.round(entities * 0.8), top / 2), 0.8),
    lostEntities: index,
    lostSample: Array.from({ length: index }, (_, i) => ({ entity: `lost ${perspective} ${i}`, frequency: i + 1 })),
    controlLostEntities: Math.round(entities * 0.2),
    tailKept: 0.97,
    headKept: 0.41,
    controlTailKept: 0.5,
    controlHeadKept: 0.498,
  };
}

export const sampleInstances = 66530;

/** What the engine would say about a plan; kept follows the threshold of the token perspective. */
export function sampleReport(plan: RebalancePlan = samplePlan, changes: Partial<WhatIfReport> = {}): WhatIfReport {
  const tauOf = (perspective: Perspective): number =>
    plan.tau?.[perspective] ?? [120, 304, 24, 4895][perspectives.indexOf(perspective)] ?? 1;
  const parts = (plan.perspectives ?? perspectives).map(
    (perspective) =>
      [perspective, perspectiveReport(perspective, tauOf(perspective), plan.mass?.[perspective] ?? defaultMass[perspective])] as const,
  );
  const kept = Math.min(sampleInstances, 33105 + Math.round((tauOf('token') - 120) * 10));
  return {
    instances: sampleInstances,
    kept,
    dropped: sampleInstances - kept,
    expected: kept + 79.2,
    standardDeviation: 101.4,
    seed: plan.seed ?? 42,
    sampler: 'hash',
    minPerspectives: plan.minPerspectives ?? 1,
    alpha: plan.alpha ?? 1,
    protectedInstances: 0,
    perspectives: Object.fromEntries(parts),
    sources: [
      { source: 'coco', before: 36478, after: 15024, control: 18152 },
      { source: 'gqa', before: 7210, after: 5110, control: 3588 },
      { source: 'ocr_vqa', before: 8000, after: 3122, control: 3980 },
      { source: 'textvqa', before: 2197, after: 1802, control: 1093 },
      { source: 'vg', before: 8645, after: 5947, control: 4302 },
      { source: 'text-only', before: 4000, after: 2100, control: 1990 },
    ],
    lengths: {
      before: { meanTurns: 10.4, medianTurns: 6, meanBytes: 1411, medianBytes: 980 },
      after: { meanTurns: 12.8, medianTurns: 8, meanBytes: 1702, medianBytes: 1203 },
      control: { meanTurns: 10.3, medianTurns: 6, meanBytes: 1409, medianBytes: 981 },
    },
    overrides: { kept: 0, dropped: 0, unmatched: 0 },
    problems: {},
    reused: [],
    seconds: 1,
    milliseconds: 42,
    loaded: false,
    ...changes,
  };
}

export const samplePlan: RebalancePlan = { dataset: '/data/train.json' };

export function sampleLive(plan: RebalancePlan = samplePlan, changes: Partial<WhatIfReport> = {}): LiveView {
  return collectLiveView(sampleReport(plan, changes), plan, english, 'en');
}

export function sampleContent(changes: Partial<PanelContent> = {}, plan: RebalancePlan = samplePlan): PanelContent {
  return {
    locale: 'en',
    dataset: plan.dataset,
    title: 'Rebalance: train.json',
    strings: panelStrings(english),
    plan: collectPlanView(new PlanHistory(plan), { file: undefined, applied: undefined }, english, 'en'),
    live: null,
    result: null,
    writeControl: false,
    applying: false,
    ...changes,
  };
}

/** A host that keeps a plan and answers like the real one. */
export class FakeHost {
  readonly history: PlanHistory;
  /** Knobs of every question, in order. */
  readonly asked: PlanKnobs[] = [];
  /** Resolves when the answer may leave. */
  delay: (() => Promise<unknown>) | undefined;

  constructor(plan: RebalancePlan = samplePlan) {
    this.history = new PlanHistory(plan);
  }

  get answers(): Readonly<Record<string, unknown>> {
    const view = (): unknown => collectPlanView(this.history, { file: undefined, applied: undefined }, english, 'en');
    return {
      ready: () => ({ ...sampleContent({}, this.history.present), plan: view() }),
      whatIf: async (knobs: PlanKnobs): Promise<Answer<LiveView>> => {
        this.asked.push(knobs);
        await this.delay?.();
        return { ok: true, value: sampleLive(withKnobs(this.history.present, knobs)) };
      },
      edit: (knobs: PlanKnobs) => {
        this.history.push(withKnobs(this.history.present, knobs));
        return view();
      },
      step: (step: 'undo' | 'redo' | 'reset') => {
        if (step === 'reset') this.history.push(withKnobs(this.history.present, {}));
        else if (step === 'undo') this.history.undo();
        else this.history.redo();
        return view();
      },
      removeOverride: ({ content }: { content: string }) => {
        const { overrides, ...plan } = this.history.present;
        this.history.push({ ...plan, overrides: (overrides ?? []).filter((one) => one.content !== content) });
        return view();
      },
    };
  }
}
