import { collectSelectionView } from '../../src/extension/panels/collectSelectionView.ts';
import { toPanelState } from '../../src/extension/panels/panelState.ts';
import { defaultMass, perspectives } from '../../src/protocol/perspectives.ts';
import type { DistributionSummary, RankFrequency, RebalancePerspective, RebalanceReport } from '../../src/protocol/reports.ts';
import type { PanelContent } from '../../src/protocol/selectionPage.ts';

/** `vscode.l10n.t` without a translation. */
export const english = (message: string, ...values: (string | number)[]): string =>
  message.replace(/\{(\d+)\}/g, (whole, i: string) => String(values[Number(i)] ?? whole));

/** A Zipf curve of `entities` ranks, sampled log-uniformly like the engine's. */
function zipf(entities: number, top: number, ceiling = Number.POSITIVE_INFINITY): RankFrequency[] {
  const ranks = new Set<number>([0, entities - 1]);
  for (let i = 0; i <= 60; i++) ranks.add(Math.round(entities ** (i / 60)) - 1);
  return [...ranks]
    .sort((a, b) => a - b)
    .map((rank) => ({ rank, frequency: Math.max(1, Math.round(Math.min(ceiling * (1 + 0.2 / (rank + 1)), top / (rank + 1)))) }));
}

function distribution(entities: number, curve: readonly RankFrequency[], gini: number): DistributionSummary {
  const postings = curve.reduce((sum, point) => sum + point.frequency, 0);
  return { entities, postings, gini, entropy: 6.5, tailEntityShare: 0.86, tailMassShare: 0.1, curve };
}

function perspectiveReport(index: number, mass: number): RebalancePerspective {
  const entities = [900, 300, 2500, 40][index] ?? 100;
  const top = [8000, 5000, 2000, 6000][index] ?? 1000;
  return {
    tau: 120,
    boundary: 120,
    mass,
    before: distribution(entities, zipf(entities, top), 0.81),
    after: distribution(entities, zipf(entities, top, 500), 0.62),
    control: distribution(entities, zipf(Math.round(entities * 0.8), top / 2), 0.8),
    lostEntities: index,
    tailKept: 0.97,
    headKept: 0.41,
  };
}

export function sampleReport(changes: Partial<RebalanceReport> = {}): RebalanceReport {
  const parts = perspectives.map((perspective, i) => [perspective, perspectiveReport(i, defaultMass[perspective])] as const);
  return {
    instances: 66530,
    kept: 33105,
    dropped: 33425,
    expected: 33184.2,
    standardDeviation: 101.4,
    seed: 42,
    sampler: 'hash',
    minPerspectives: 1,
    alpha: 1,
    protectedInstances: 0,
    output: { path: '/data/train.rebalanced.json', sha256: 'ab', bytes: 1 },
    manifest: '/data/train.rebalanced.json.manifest.json',
    perspectives: Object.fromEntries(parts),
    problems: {},
    reused: [],
    seconds: 1,
    ...changes,
  };
}

export function sampleContent(report = sampleReport(), name = 'train.json'): PanelContent {
  return { view: collectSelectionView(report, name, english, 'en'), state: toPanelState({ dataset: `/data/${name}`, report }) };
}
